"""Itinerary: a links file is registered, batch by batch, in constant memory.

A kill at any instruction harms nothing: a batch is in the store whole or not at
all, and importing the same file again changes nothing that is there already.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import Counter
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import msgspec

from hub.linking.file_mistakes import FILE_EMPTY, FILE_UNREADABLE, because
from hub.linking.lines import LinksFile
from hub.linking.registrar import BATCH, Prepared
from hub.linking.report import Report
from hub.linking.rows import Outcome
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.linking.lines import Line
    from hub.linking.registrar import Registrar
    from hub.linking.report import ReportLine
    from hub.linking.rows import LinkResult, LinkRow
    from schema.records.keys import ProvinceCode

_log = logging.getLogger(__name__)

#: In place of a path: read the standard input.
STANDARD_INPUT: Final = "-"

#: While the store is away, an import waits this long for it, in seconds.
PATIENCE_S: Final = 60.0
_PAUSE_S = 1.0


class ImportProgress(msgspec.Struct, frozen=True):
    """How far an import is.

    Attributes:
        bytes_done: How much of the file is registered.
        bytes_total: How much there is; unknown for the standard input.
        rows: How many rows that is.
        outcomes: How many of each outcome.
    """

    bytes_done: int
    bytes_total: int | None
    rows: int
    outcomes: dict[Outcome, int]


class _Batch(msgspec.Struct, frozen=True):
    lines: list[int]
    unreadable: list[tuple[int, Refusal]]
    prepared: Prepared
    bytes_done: int


async def import_links(
    path: str,
    registrar: Registrar,
    source: str,
    *,
    report: Path | None = None,
    every_row: bool = False,
    only: ProvinceCode | None = None,
    progress: Callable[[ImportProgress], None] = lambda _: None,
    patience: float = PATIENCE_S,
) -> ImportProgress:
    """Register the links of a file.

    Args:
        path: A CSV or JSON lines file; ``-`` for the standard input.
        registrar: Registers them.
        source: Who states them, for the record. No path: it may tell a name.
        report: Where to write what became of each row; nowhere if none.
        every_row: Report the rows that went well, too.
        only: The one province that may be spoken for; all if none.
        progress: Told after each batch.
        patience: Seconds to wait for a store that is away.

    Returns:
        What became of it all.

    Raises:
        Refused: The file cannot be read or the report not written, or the store
            was away for too long. What was registered so far stays; import the
            same file again.
    """
    with ExitStack() as open_files:
        stream, total = _open(path, open_files)
        written = report and open_files.enter_context(
            Report(report, every_row=every_row)
        )
        state = _Import(registrar, source, written or None, total, patience)
        batches = _batches(stream, registrar, only)
        batch = await asyncio.to_thread(_next, batches)
        if batch is None and total == 0:
            raise Refused(FILE_EMPTY)
        while batch is not None:
            # The next batch is read and hashed while the store keeps this one.
            following = asyncio.create_task(asyncio.to_thread(_next, batches))
            try:
                progress(await state.keep(batch))
            finally:
                await asyncio.wait([following])
            batch = following.result()
        with suppress(Refused):  # all is registered; the store counts later by itself
            await registrar.counted()
        return state.progress


def _open(path: str, open_files: ExitStack) -> tuple[IO[bytes], int | None]:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer, None
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  # the stack closes it
    except OSError as error:
        raise Refused(because(FILE_UNREADABLE, error)) from error
    open_files.enter_context(stream)
    return stream, os.fstat(stream.fileno()).st_size


def _batches(
    stream: IO[bytes], registrar: Registrar, only: ProvinceCode | None
) -> Iterator[_Batch]:
    file = LinksFile(stream)
    lines = file.lines()
    try:
        while part := list(islice(lines, BATCH)):
            yield _batch(part, registrar, only, file.bytes_read)
    except OSError as error:
        raise Refused(because(FILE_UNREADABLE, error)) from error


def _next(batches: Iterator[_Batch]) -> _Batch | None:
    return next(batches, None)


def _batch(
    part: list[Line],
    registrar: Registrar,
    only: ProvinceCode | None,
    bytes_done: int,
) -> _Batch:
    rows: list[LinkRow] = []
    lines: list[int] = []
    unreadable: list[tuple[int, Refusal]] = []
    for line in part:
        if isinstance(line.read, Refusal):
            unreadable.append((line.number, line.read))
        else:
            rows.append(line.read)
            lines.append(line.number)
    return _Batch(lines, unreadable, registrar.prepare(rows, only), bytes_done)


class _Import:
    """An import under way."""

    def __init__(
        self,
        registrar: Registrar,
        source: str,
        report: Report | None,
        total: int | None,
        patience: float,
    ) -> None:
        self._registrar = registrar
        self._source = registrar.checked_source(source)
        self._report = report
        self._patience = patience
        self._outcomes: Counter[Outcome] = Counter()
        self.progress = ImportProgress(0, total, 0, {})

    async def keep(self, batch: _Batch) -> ImportProgress:
        results = await self._settle(batch.prepared)
        told: list[ReportLine] = [
            (number, Outcome.REFUSED, refusal) for number, refusal in batch.unreadable
        ]
        told += [
            (batch.lines[each.row], each.outcome, each.refusal) for each in results
        ]
        self._outcomes.update(outcome for _, outcome, _ in told)
        if self._report is not None:
            self._report.write(sorted(told, key=lambda line: line[0]))
        self.progress = ImportProgress(
            batch.bytes_done,
            self.progress.bytes_total,
            self.progress.rows + len(told),
            dict(self._outcomes),
        )
        return self.progress

    async def _settle(self, prepared: Prepared) -> list[LinkResult]:
        """Settle a batch; if the store is away, wait for it and try again."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._patience
        while True:
            try:
                return await self._registrar.settle(prepared, self._source)
            except Refused as error:
                if loop.time() >= give_up_at:
                    raise
                _log.warning("import waits for the store: %s", error)
                await asyncio.sleep(_PAUSE_S)
