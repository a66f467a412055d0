"""Adapter: the index of a batch, and the workers that stand in it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing, contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from connectors.faults import ProvinceFault, fault
from connectors.port import Answer
from schema.records.kinds import KINDS, RecordKind
from schema.records.record import UNSET
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from connectors.filedrop.pointer import KindTaken, Pointer
    from connectors.port import Ask, Question
    from schema.records.keys import ProvinceCode
    from schema.records.told import Fault
    from schema.records.worker import WorkerRecord

#: More rows of one kind for one call: no worker has them, the key is not what it seems.
_MOST_ROWS: Final = 50_000
#: SQLite asks us about the time each time it has done so much.
_STEPS: Final = 2_000
_DECODERS = {line.kind: msgspec.msgpack.Decoder(line.record) for line in KINDS.values()}
_ALWAYS = frozenset({"id", "as_of", "local_id"})


class OpenBatch:
    """One index, read by as many threads as there are.

    Attributes:
        pointer: What it is of.
    """

    def __init__(self, pointer: Pointer, file: Path) -> None:
        """Open nothing yet."""
        self.pointer = pointer
        self._file = file
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def session(self, until: float) -> Iterator[sqlite3.Connection]:
        """Lend a connection; what it does ends at ``until`` by the monotonic clock.

        Raises:
            ProvinceFault: There is no such file any more, or it cannot be read.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            connection.set_progress_handler(lambda: monotonic() > until, _STEPS)
            yield connection
        except sqlite3.Error as error:
            late = monotonic() > until
            code = FaultCode.TIMED_OUT if late else FaultCode.PROVINCE_ERROR
            raise ProvinceFault(code, type(error).__name__) from None
        finally:
            self._idle.append(connection)
            if self._closed:
                self.close()

    def close(self) -> None:
        """Close all connections that are not lent; the others as they come back."""
        self._closed = True
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()

    def _connect(self) -> sqlite3.Connection:
        # It never changes once it is there: no locks are needed.
        address = f"file:{quote(str(self._file.absolute()))}?mode=ro&immutable=1"
        try:
            return sqlite3.connect(
                address, uri=True, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error:
            raise ProvinceFault(FaultCode.UNREACHABLE, "the index is gone") from None


class LookingUp:
    """One question under way, in a thread."""

    def __init__(
        self,
        province: ProvinceCode,
        connection: sqlite3.Connection,
        now: Callable[[], datetime],
        there: Mapping[RecordKind, KindTaken],
    ) -> None:
        """Begin.

        Args:
            province: Who is asked.
            connection: To the index.
            now: Tells the moment when the answer is complete.
            there: What the index has of each kind.
        """
        self._province = province
        self._connection = connection
        self._now = now
        self._there = there
        self._missing: set[RecordKind] = set()

    def answer(self, question: Question) -> Answer:
        """Read all that is wanted; what the index lacks of it is missing.

        Raises:
            ProvinceFault: Nothing can be told.
        """
        workers = tuple(self._workers(ask) for ask in question.asks)
        faults: tuple[Fault, ...] = ()
        if self._missing:
            kinds = tuple(sorted(self._missing))
            faults = (fault(self._province, FaultCode.PARTIAL, kinds),)
        return Answer(workers, faults, self._now())

    def _workers(self, ask: Ask) -> tuple[WorkerRecord | None, ...]:
        own = ask.selection.fields(RecordKind.WORKER)
        told = self._rows(RecordKind.WORKER, ask.keys, own)
        found = {
            key: rows[0]
            for key, rows in told.items()
            # Two workers of one name: nobody knows which is meant.
            if len(rows) == 1 and rows[0] is not None
        }
        # A row of nobody knows whom may be that of a stranger.
        strangers = len(set(ask.keys)) > len(told) and self._lost(RecordKind.WORKER)
        if len(found) < len(told) or strangers:
            self._missing.add(RecordKind.WORKER)
        more: dict[str, dict[str, object]] = {key: {} for key in found}
        for kind in ask.selection.kinds - {RecordKind.WORKER}:
            if found and (kind not in self._there or self._lost(kind)):
                self._missing.add(kind)
            if kind not in self._there:
                for values in more.values():
                    values[KINDS[kind].rows] = None
                continue
            rows = self._rows(kind, tuple(found), ask.selection.fields(kind))
            for key, values in more.items():
                values[KINDS[kind].rows] = self._whole(kind, rows.get(key, []))
        return tuple(
            msgspec.structs.replace(found[key], local_id=key, **more[key])
            if key in found
            else None
            for key in ask.keys
        )

    def _whole(self, kind: RecordKind, rows: list[Any]) -> tuple[Any, ...] | None:
        names = {one.id for one in rows if one is not None}
        # One that could not be read, or two of one name: nobody knows which is meant.
        if len(names) < len(rows):
            self._missing.add(kind)
            return None
        # What was lost may be theirs: none is not known, and the others are told.
        if not rows and self._lost(kind):
            return None
        return tuple(sorted(rows, key=lambda one: one.id))

    def _lost(self, kind: RecordKind) -> bool:
        """Tell whether the batch has rows of a kind that may be anybody's."""
        taken = self._there.get(kind)
        return taken is not None and taken.lost > 0

    def _rows(
        self, kind: RecordKind, keys: tuple[str, ...], fields: frozenset[str]
    ) -> dict[str, list[Any]]:
        """Find the rows of each key; none stands for one that could not be read."""
        found: dict[str, list[Any]] = defaultdict(list)
        if not keys:
            return found
        decoder, asked = _DECODERS[kind], frozenset(keys)
        statement = (
            f'SELECT key, told FROM "{kind}" WHERE key IN'  # noqa: S608  # a kind of ours
            " (SELECT value FROM json_each(?)) LIMIT ?"
        )
        values = (json.dumps(keys), _MOST_ROWS + 1)
        with closing(self._connection.execute(statement, values)) as told:
            rows = told.fetchall()
        if len(rows) > _MOST_ROWS:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"{kind} rows")
        for key, written in rows:
            if key in asked:
                record = None if written is None else decoder.decode(written)
                found[key].append(record and self._chosen(kind, record, fields))
        return found

    def _chosen(self, kind: RecordKind, record: Any, fields: frozenset[str]) -> Any:
        """Keep the fields that are asked for; one that could not be read is missing."""
        told = {
            name: value
            for name in record.__struct_fields__
            if (name in fields or name in _ALWAYS)
            and (value := getattr(record, name)) is not UNSET
        }
        if not fields <= told.keys():
            self._missing.add(kind)
        return type(record)(**told)
