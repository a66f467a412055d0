"""Adapter: the port made plain. A province that keeps its rows in memory.

What any other connector answers over the same rows, this one answers too: it is
the oracle of the contract suite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from connectors.faults import ProvinceFault, fault
from connectors.memory_file import MemoryFile
from connectors.memory_register import MemoryRegister
from connectors.port import (
    MOST_CHANGES,
    MOST_COMMANDS,
    WHOLE_CONTRACT,
    Acted,
    Answer,
    Changed,
)
from schema.records.kinds import KINDS, RecordKind
from schema.records.told import FaultCode
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from connectors.port import Ask, Capabilities, ChangesWanted, Clock, Question
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode
    from schema.records.selection import Selection
    from schema.records.told import Fault


class MemoryConnector:
    """A province without a line to it.

    Attributes:
        register: Its register of members, with what acts have changed.
        file: Its case files: what happens in them is written there.
        untold: Kinds that it cannot tell this time, though it serves them.
        before: Awaited before each answer; it may wait, or raise a
            ``ProvinceFault``.
        after: Awaited when commands have been carried out; if it raises, their
            receipts are lost.
    """

    def __init__(
        self,
        province: ProvinceCode,
        workers: Mapping[str, WorkerRecord],
        clock: Clock,
        capabilities: Capabilities = WHOLE_CONTRACT,
    ) -> None:
        """Serve these workers.

        Args:
            province: Which province this is.
            workers: By local key; read at every question, so it may change.
            clock: Tells when an answer was complete.
            capabilities: What is declared; it may be narrower than the contract.
        """
        self.untold: frozenset[RecordKind] = frozenset()
        self.before: Callable[[], Awaitable[None]] | None = None
        self.after: Callable[[], Awaitable[None]] | None = None
        self._province = province
        self.file = MemoryFile(province)
        self.workers = workers
        self._clock = clock
        self._capabilities = capabilities

    @property
    def workers(self) -> Mapping[str, WorkerRecord]:
        """Its workers by local key, as they were before any act.

        A field that is ``UNSET`` here is one for which the province has no value.
        Whoever sets them anew begins a new register.
        """
        return self._workers

    @workers.setter
    def workers(self, workers: Mapping[str, WorkerRecord]) -> None:
        self._workers = workers
        self.register = MemoryRegister(self._province, workers)

    @property
    def province(self) -> ProvinceCode:
        """Which province this is."""
        return self._province

    @property
    def capabilities(self) -> Capabilities:
        """What it serves."""
        return self._capabilities

    async def ask(self, question: Question, deadline: float) -> Answer:  # noqa: ARG002  # the port's
        """Answer from memory.

        Raises:
            ProvinceFault: The question lies outside what is declared.
        """
        if self.before is not None:
            await self.before()
        if not all(self._capabilities.covers(ask.selection) for ask in question.asks):
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "not declared")
        workers = tuple(self._answer(ask) for ask in question.asks)
        return Answer(workers, self._faults(question), self._clock.now())

    async def act(
        self,
        commands: Sequence[Command],
        request: str,  # noqa: ARG002  # the port's
        deadline: float,  # noqa: ARG002
    ) -> Acted:
        """Carry commands out in memory.

        Raises:
            ProvinceFault: An act is not declared.
        """
        if self.before is not None:
            await self.before()
        if not {command.act for command in commands} <= self._capabilities.acts:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "acts are not declared")
        at = self._clock.now()
        done = [self.register.act(one, at) for one in commands[:MOST_COMMANDS]]
        if self.after is not None:
            await self.after()
        rest = len(commands) - len(done)
        why = fault(self._province, FaultCode.PARTIAL) if rest else None
        return Acted((*done, *(None,) * rest), why)

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:  # noqa: ARG002  # the port's
        """Tell of the case files.

        Raises:
            ProvinceFault: Changes are not declared, or too many are asked for.
        """
        if self.before is not None:
            await self.before()
        if not self._capabilities.changes:
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "changes are not declared")
        if not 1 <= wanted.first <= MOST_CHANGES:
            raise ProvinceFault(FaultCode.PROVINCE_ERROR, "no such page")
        if wanted.case_no:
            return Changed(self.file.of(wanted.case_no, wanted.seq, wanted.first))
        return Changed(self.file.log(wanted.after, wanted.first))

    async def probe(self, deadline: float) -> Capabilities:  # noqa: ARG002  # the port's
        """Tell what is served."""
        if self.before is not None:
            await self.before()
        return self._capabilities

    async def close(self) -> None:
        """Nothing is open."""

    def _answer(self, ask: Ask) -> tuple[WorkerRecord | None, ...]:
        found = map(self.register.file, ask.keys)
        return tuple(
            None if worker is None else self._tell(worker, ask.selection)
            for worker in found
        )

    def _tell(self, worker: WorkerRecord, selection: Selection) -> WorkerRecord:
        told = project(worker, selection)
        untold = {
            KINDS[kind].rows: None
            for kind in self.untold & selection.kinds
            if KINDS[kind].rows
        }
        return msgspec.structs.replace(told, **untold) if untold else told

    def _faults(self, question: Question) -> tuple[Fault, ...]:
        asked = frozenset[RecordKind]().union(
            *(ask.selection.kinds for ask in question.asks)
        )
        missing = tuple(sorted(self.untold & asked))
        if not missing:
            return ()
        return (fault(self._province, FaultCode.PARTIAL, missing),)


def project(worker: WorkerRecord, selection: Selection) -> WorkerRecord:
    """Keep of a worker exactly what is selected.

    Fields that are not selected become ``UNSET``; of those that are, one
    without a value becomes ``None``, and a kind without rows an empty tuple.
    """
    kept: dict[str, object] = {}
    for kind, names in selection.parts:
        line = KINDS[kind]
        if not line.rows:
            kept.update(_values(worker, names))
            continue
        rows = getattr(worker, line.rows) or ()
        kept[line.rows] = tuple(
            line.record(id=row.id, as_of=row.as_of, **_values(row, names))
            for row in rows
        )
    return WorkerRecord(local_id=worker.local_id, as_of=worker.as_of, **kept)  # type: ignore[arg-type]


def _values(record: msgspec.Struct, names: frozenset[str]) -> dict[str, object]:
    values = {name: getattr(record, name) for name in names}
    return {name: None if value is UNSET else value for name, value in values.items()}
