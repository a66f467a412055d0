"""Itinerary: a question becomes statements, and their rows become workers.

It runs in a thread, in one transaction: all kinds are read at one moment's state.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from connectors.faults import ProvinceFault, fault
from connectors.port import Answer
from connectors.sql.failures import of_one_source
from connectors.sql.statements import MOST_KEYS, bound, look_up
from schema.records.kinds import KINDS, RecordKind
from schema.records.selection import Selection
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from connectors.mapping.mistakes import RowMistake
    from connectors.port import Ask, Question
    from connectors.sql.catalogue import Source
    from connectors.sql.database import Session
    from schema.records.keys import ProvinceCode
    from schema.records.told import Fault
    from schema.records.worker import WorkerRecord

_LOG = logging.getLogger(__name__)

#: More rows of one kind for one call: no worker has them, the key is not what it seems.
_MOST_ROWS = 50_000

#: The rows of each key, and the keys of which not all could be read.
Rows = tuple[dict[str, list[Any]], set[str]]


class Reading:
    """One question under way."""

    def __init__(
        self,
        province: ProvinceCode,
        sources: Mapping[RecordKind, Source],
        as_of: datetime,
        now: Callable[[], datetime],
    ) -> None:
        """Begin.

        Args:
            province: Who is asked.
            sources: Where its rows are.
            as_of: How fresh a row is that does not tell it.
            now: Tells the moment when the answer is complete.
        """
        self._province = province
        self._sources = sources
        self._as_of = as_of
        self._now = now
        self._missing: set[RecordKind] = set()
        self._logged: set[RowMistake] = set()

    def answer(self, session: Session, question: Question) -> Answer:
        """Read all that is wanted.

        Raises:
            ProvinceFault: Nothing can be told.
        """
        workers = tuple(self._workers(session, ask) for ask in question.asks)
        faults: tuple[Fault, ...] = ()
        if self._missing:
            kinds = tuple(sorted(self._missing))
            faults = (fault(self._province, FaultCode.PARTIAL, kinds),)
        return Answer(workers, faults, self._now())

    def _workers(self, session: Session, ask: Ask) -> tuple[WorkerRecord | None, ...]:
        people, flawed = self._rows(
            session, self._sources[RecordKind.WORKER], ask.keys, ask.selection
        )
        found = {
            key: rows[0]
            for key, rows in people.items()
            # Two workers of one name: nobody knows which is meant.
            if len(rows) == 1 and rows[0] is not None
        }
        if flawed or len(found) < len(people):
            self._missing.add(RecordKind.WORKER)
        more: dict[str, dict[str, object]] = {key: {} for key in found}
        for kind in ask.selection.kinds - {RecordKind.WORKER}:
            rows_name = KINDS[kind].rows
            told = self._kind(session, self._sources[kind], found, ask.selection)
            for key, values in more.items():
                values[rows_name] = told and told[key]
        return tuple(
            msgspec.structs.replace(found[key], local_id=key, **more[key])
            if key in found
            else None
            for key in ask.keys
        )

    def _kind(
        self,
        session: Session,
        source: Source,
        keys: Mapping[str, object],
        selection: Selection,
    ) -> dict[str, tuple[Any, ...] | None] | None:
        """Read the rows of one kind; none if its table cannot be read just now."""
        try:
            rows, flawed = self._rows(session, source, tuple(keys), selection)
        except SQLAlchemyError as error:
            if not of_one_source(error):
                raise
            _LOG.warning(
                "source unreadable province=%s kind=%s error=%s",
                self._province, source.kind.kind, type(error).__name__,
            )  # fmt: skip
            self._missing.add(source.kind.kind)
            session.begin()
            return None
        if flawed:
            self._missing.add(source.kind.kind)
        told: dict[str, tuple[Any, ...] | None] = {}
        for key in keys:
            unread = key in flawed and any(one is None for one in rows[key])
            told[key] = (
                None if unread else tuple(sorted(rows[key], key=lambda one: one.id))
            )
        return told

    def _rows(
        self,
        session: Session,
        source: Source,
        keys: tuple[str, ...],
        selection: Selection,
    ) -> Rows:
        found: dict[str, list[Any]] = defaultdict(list)
        flawed: set[str] = set()
        names = selection.fields(source.kind.kind)
        own = Selection.of({source.kind.kind: names})
        for key, row in self._fetched(session, source, keys, own):
            record, flaws = source.kind.sound(row, own, self._as_of)
            found[key].append(record)
            if flaws:
                self._log(flaws)
                flawed.add(key)
        return found, flawed

    def _fetched(
        self,
        session: Session,
        source: Source,
        keys: tuple[str, ...],
        selection: Selection,
    ) -> Iterator[tuple[str, dict[str, object]]]:
        """Fetch rows, each with the key that was asked for it."""
        columns = source.kind.columns_for(selection)
        statement = look_up(source, columns).limit(_MOST_ROWS + 1)
        asked = {
            value: key
            for key in keys
            if (value := bound(key, source.key_type)) is not None
        }
        values = list(asked)
        for at in range(0, len(values), MOST_KEYS):
            part = {"keys": values[at : at + MOST_KEYS]}
            told = session.connection.execute(statement, part).all()
            if len(told) > _MOST_ROWS:
                raise ProvinceFault(FaultCode.TOO_LARGE, f"{source.kind.kind} rows")
            for values_told in told:
                row: dict[str, Any] = dict(zip(columns, values_told, strict=True))
                held = row[source.kind.key]
                key = asked.get(held)
                if key is None and isinstance(held, str):
                    key = asked.get(held.rstrip(" "))  # CHAR(n) comes padded
                if key is not None:
                    row[source.kind.key] = key
                    yield key, row

    def _log(self, flaws: tuple[RowMistake, ...]) -> None:
        """Tell once for each call what kind of value it is, and never the value."""
        for one in flaws:
            if one not in self._logged:
                self._logged.add(one)
                _LOG.warning(
                    "row unreadable province=%s kind=%s field=%s column=%s why=%s",
                    self._province, one.kind, one.field, one.column, one.code,
                )  # fmt: skip
