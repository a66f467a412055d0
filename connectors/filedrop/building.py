"""Itinerary: the rows of a whole batch become an index of SQLite, in constant memory.

What stands in the index are records already: each row was read by the mapping, once, and
what could not be read is noted for the office. It runs in a process of its own.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Final

from connectors.filedrop import manifest
from connectors.filedrop.findings import Finding
from connectors.filedrop.reading_rows import KindReading
from connectors.filedrop.rows import Flaw
from connectors.filedrop.sheets import sheets_of, split
from connectors.filedrop.torn import Torn
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from connectors.filedrop.findings import Findings
    from connectors.filedrop.manifest import Batch, Part
    from connectors.filedrop.pointer import KindTaken
    from connectors.filedrop.rows import Numbered, Sheet
    from connectors.filedrop.rules import Rules
    from connectors.filedrop.settings import FilesSettings
    from connectors.mapping.mapping import Mapping as MappingFile

    Tell = Callable[[int, int], None]

#: So many rows are read between two looks at the clock, and written at once.
_AT_ONCE: Final = 2_000
#: SQLite's own memory for pages, in KiB; more goes to its file.
_CACHE_KIB: Final = 16 * 1024


def build(
    batch: Batch,
    rules: Rules,
    index: Path,
    findings: Findings,
    tell: Tell,
    *,
    latest: datetime,
) -> dict[RecordKind, KindTaken]:
    """Build the index of a batch, and sync it.

    Args:
        batch: What was delivered.
        rules: How it is read.
        index: The file to make; it must not be there.
        findings: Where to note what cannot be read.
        tell: Is told how many rows are done, of how many.
        latest: No row is fresher than this moment.

    Raises:
        Torn: The batch cannot be taken; ``index`` is then of no use.
    """
    mapping, settings = rules.mapping, rules.settings
    parts = {part.name: part for part in batch.manifest.files}
    wanted = _wanted(mapping, parts, settings)
    total = sum(parts[name].rows for name in wanted)
    with closing(_opened(index)) as database:
        building = _Building(
            database, mapping, findings, lambda done: tell(done, total)
        )
        for name, sources in wanted.items():
            file = manifest.check(batch, parts[name])
            with sheets_of(file, settings.most_bytes) as sheets:
                count = building.read(
                    name, sheets, _readings(mapping, batch, sources, sheets, latest)
                )
            if count != parts[name].rows:
                raise Torn("ROW_COUNT", name)
            # Whoever copied something else over it meanwhile has torn it.
            manifest.check(batch, parts[name])
        taken = building.finish()
    _sync(index)
    return taken


def _wanted(
    mapping: MappingFile, parts: Mapping[str, Part], settings: FilesSettings
) -> dict[str, dict[str, list[RecordKind]]]:
    """Tell which kinds are read from which sheet of which file."""
    wanted: dict[str, dict[str, list[RecordKind]]] = {}
    for kind in mapping.kinds.values():
        name, sheet = split(kind.source)
        part = parts.get(name)
        if part is None:
            raise Torn("NOT_IN_MANIFEST", name)
        if part.rows > settings.most_rows:
            raise Torn("TOO_MANY_ROWS", name)
        wanted.setdefault(name, {}).setdefault(sheet, []).append(kind.kind)
    return wanted


def _readings(
    mapping: MappingFile,
    batch: Batch,
    sources: Mapping[str, list[RecordKind]],
    sheets: Mapping[str, Sheet],
    latest: datetime,
) -> dict[str, list[KindReading]]:
    readings: dict[str, list[KindReading]] = {}
    for wanted, kinds in sources.items():
        # Without a name it is the first, however it is called.
        sheet = wanted or next(iter(sheets), "")
        if sheet not in sheets:
            name, _ = split(mapping.kinds[kinds[0]].source)
            raise Torn("NO_SHEET", name)
        readings.setdefault(sheet, []).extend(
            KindReading(
                mapping.kinds[kind], sheets[sheet].head, batch.manifest.as_of, latest
            )
            for kind in kinds
        )
    return readings


def _opened(index: Path) -> sqlite3.Connection:
    """Make a database that needs to hold only when it is done."""
    # It holds whole files of workers: nobody else reads it.
    os.close(os.open(index, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    database = sqlite3.connect(index, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
                   f"cache_size = -{_CACHE_KIB}", "temp_store = FILE"):  # fmt: skip
        database.execute(f"PRAGMA {pragma}")
    return database


class _Building:
    def __init__(
        self,
        database: sqlite3.Connection,
        mapping: MappingFile,
        findings: Findings,
        tell: Callable[[int], None],
    ) -> None:
        self._database = database
        self._mapping = mapping
        self._findings = findings
        self._tell = tell
        self._done = 0
        self._taken: dict[RecordKind, KindTaken] = {}

    def read(
        self,
        name: str,
        sheets: Mapping[str, Sheet],
        readings: Mapping[str, list[KindReading]],
    ) -> int:
        """Read a file; tells how many rows it has in all its sheets."""
        before = self._done
        for one, sheet in sheets.items():
            self._sheet(sheet.rows, readings.get(one, []), name)
        return self._done - before

    def _sheet(
        self, rows: Iterator[Numbered], readings: list[KindReading], name: str
    ) -> None:
        for reading in readings:
            for finding in reading.absent:
                self._findings.add(finding, 1)
            if RecordKind.WORKER is reading.kind and not reading.usable:
                raise Torn("NO_WORKERS", name, 1)
        usable = [one for one in readings if one.usable]
        for one in usable:
            self._database.execute(
                f'CREATE TABLE "{one.kind}" (key TEXT, id TEXT, at INTEGER, told BLOB)'
            )
        self._database.execute("BEGIN")
        while part := list(islice(rows, _AT_ONCE)):
            for reading in usable:
                self._database.executemany(
                    f'INSERT INTO "{reading.kind}" VALUES (?, ?, ?, ?)',  # noqa: S608  # ours
                    reading.stored(part, self._findings),
                )
            self._whole_rows(part, name)
            self._done += len(part)
            self._tell(self._done)
        self._database.execute("COMMIT")
        for reading in usable:
            self._taken[reading.kind] = reading.taken

    def _whole_rows(self, part: list[Numbered], name: str) -> None:
        for number, row in part:
            if isinstance(row, Flaw):
                self._findings.add(Finding(name, "", "", "", row.code), number)

    def finish(self) -> dict[RecordKind, KindTaken]:
        """Make what rows are found by."""
        for kind in self._taken:
            self._database.execute(f'CREATE INDEX "by_{kind}" ON "{kind}" (key, id)')
            self._twice(kind)
            if kind is not RecordKind.WORKER:
                self._shared(kind)
        return self._taken

    def _twice(self, kind: RecordKind) -> None:
        """Note rows of one name: nobody knows which is meant, so none is told."""
        told = self._database.execute(
            f'SELECT at FROM "{kind}" WHERE (key, id) IN (SELECT key, id FROM "{kind}"'  # noqa: S608  # ours
            " WHERE id IS NOT NULL GROUP BY key, id HAVING count(*) > 1)"
        )
        mapping = self._mapping.kinds[kind]
        field = "local_id" if kind is RecordKind.WORKER else "id"
        columns = mapping.columns.get(field, (mapping.key,))
        finding = Finding(
            mapping.source, str(kind), field, " + ".join(columns), "TWICE"
        )
        for (number,) in told:
            self._findings.add(finding, number)

    def _shared(self, kind: RecordKind) -> None:
        """Note rows of several workers under one id: each is told, the office hears it."""
        told = self._database.execute(
            f'SELECT at FROM "{kind}" WHERE id IN (SELECT id FROM "{kind}"'  # noqa: S608  # ours
            " WHERE id IS NOT NULL GROUP BY id HAVING min(key) < max(key))"
        )
        mapping = self._mapping.kinds[kind]
        columns = " + ".join(mapping.columns.get("id", (mapping.key,)))
        finding = Finding(mapping.source, str(kind), "id", columns, "SHARED_ID")
        for (number,) in told:
            self._findings.add(finding, number)


def _sync(file: Path) -> None:
    place = os.open(file, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
