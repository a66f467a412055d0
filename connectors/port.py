"""Port: what every connector is, whatever tongue its province speaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypedDict, runtime_checkable

import msgspec

from schema.records.change import Changes
from schema.records.command import Act, Receipt
from schema.records.kinds import KINDS, RecordKind
from schema.records.selection import Selection
from schema.records.told import Fault
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema.records.command import Command
    from schema.records.keys import ProvinceCode


class Clock(Protocol):
    """Tells the time; ``hub.clock`` has the machine's."""

    def now(self) -> datetime:
        """Tell the present moment, in UTC."""
        ...


class Ask(msgspec.Struct, frozen=True):
    """The same fields of several workers.

    Attributes:
        keys: Local keys, without repetition.
        selection: What is wanted of each.
    """

    keys: tuple[str, ...]
    selection: Selection


class Size(TypedDict):
    """How much one question asks: about how many workers, how many kinds of rows."""

    workers: int
    kinds: int


class Question(msgspec.Struct, frozen=True):
    """All that one request wants of one province: it becomes *one* call.

    Attributes:
        asks: One for each distinct selection.
        request: Id of the request, passed on so that both sides' logs meet.
        purpose: Why it is asked; the province may record it.
    """

    asks: tuple[Ask, ...]
    request: str
    purpose: str

    @property
    def size(self) -> Size:
        """How much is asked, for who counts."""
        kinds = {kind for ask in self.asks for kind in ask.selection.kinds}
        return {"workers": sum(len(ask.keys) for ask in self.asks), "kinds": len(kinds)}


class Answer(msgspec.Struct, frozen=True):
    """What one province told.

    Attributes:
        workers: For each ask, the workers in the order of its keys; ``None``
            where the province has no such worker. Empty when the whole call
            failed.
        faults: None, or what is missing. A fault without kinds means that
            nothing was told.
        fetched_at: When the answer was complete.
    """

    workers: tuple[tuple[WorkerRecord | None, ...], ...]
    faults: tuple[Fault, ...]
    fetched_at: datetime


class Acted(msgspec.Struct, frozen=True):
    """What one province answered to commands.

    Attributes:
        receipts: One for each command, in their order; ``None`` where nobody knows
            whether it was done: it is to be asked again with the same key.
        fault: Why some are unknown; none if none is.
    """

    receipts: tuple[Receipt | None, ...]
    fault: Fault | None = None


class ChangesWanted(msgspec.Struct, frozen=True):
    """Which changes of case files are asked for.

    Attributes:
        request: Id of the request, passed on so that both sides' logs meet.
        first: How many changes at most.
        after: The log's own cursor, as the last page told it; empty at its beginning.
        case_no: Only the file of this case, whole from a number on; empty for the log.
        seq: With ``case_no``: the number after which it is asked for.
    """

    request: str
    first: int
    after: str = ""
    case_no: str = ""
    seq: int = 0


class Changed(msgspec.Struct, frozen=True):
    """What one province told of its case files.

    Attributes:
        changes: The page; none if it did not tell.
        fault: Why not.
    """

    changes: Changes | None
    fault: Fault | None = None


class Capabilities(msgspec.Struct, frozen=True):
    """What a province declares that it serves.

    Attributes:
        contract_version: ``major.minor`` of the province contract.
        fields: For each kind that is served, its fields (Python names).
        acts: The acts that its register of members takes.
        changes: Whether it tells what happens in its case files.
    """

    contract_version: str
    fields: Mapping[RecordKind, frozenset[str]]
    acts: frozenset[Act] = frozenset()
    changes: bool = False

    @property
    def kinds(self) -> frozenset[RecordKind]:
        """Which kinds are served."""
        return frozenset(self.fields)

    def covers(self, selection: Selection) -> bool:
        """Tell whether all that is selected is served."""
        return all(
            kind in self.fields and names <= self.fields[kind]
            for kind, names in selection.parts
        )

    def narrow(self, selection: Selection) -> Selection:
        """Drop from a selection what the province does not serve."""
        return Selection.of(
            {
                kind: names & self.fields[kind]
                for kind, names in selection.parts
                if kind in self.fields
            }
        )


#: The whole contract, as this hub knows it.
WHOLE_CONTRACT = Capabilities(
    "1.2",
    {line.kind: line.fields for line in KINDS.values()},
    frozenset(Act),
    changes=True,
)

#: So many commands fit into one call: contract 1.1 lets a province refuse more.
MOST_COMMANDS = 500

#: So many changes fit into one page: contract 1.2 lets a province refuse more.
MOST_CHANGES = 500


class Connector(Protocol):
    """One province, spoken to in its own tongue.

    A connector raises ``connectors.faults.ProvinceFault`` and nothing else for
    what goes wrong on the province's side. Wrapped in ``connectors.guard``, it
    does not raise at all: the fault is in the answer.
    """

    @property
    def province(self) -> ProvinceCode:
        """Which province this speaks to."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What the province declared last; what the settings say until then."""
        ...

    async def ask(self, question: Question, deadline: float) -> Answer:
        """Ask one question, in one call.

        Args:
            question: All that is wanted. It must lie within ``capabilities``.
            deadline: The moment by the event loop's clock (``loop.time()``)
                after which nobody waits any more.
        """
        ...

    async def act(
        self, commands: Sequence[Command], request: str, deadline: float
    ) -> Acted:
        """Have commands carried out in one call, in their order.

        Every command bears its idempotency key, so the same may be asked again.

        Args:
            commands: Within ``capabilities.acts``, all for this province. At most
                ``MOST_COMMANDS`` are carried out; the rest stays unknown.
            request: Id of the request, passed on so that both sides' logs meet.
            deadline: As in ``ask``.
        """
        ...

    async def changes(self, wanted: ChangesWanted, deadline: float) -> Changed:
        """Ask for changes of case files, in one call; asking again changes nothing.

        Args:
            wanted: At most ``MOST_CHANGES``; only where ``capabilities.changes``.
            deadline: As in ``ask``.
        """
        ...

    async def probe(self, deadline: float) -> Capabilities:
        """Ask the province what it serves, and remember it."""
        ...

    async def close(self) -> None:
        """Give back connections and other resources."""
        ...


@runtime_checkable
class Dated(Protocol):
    """A connector whose rows are of one moment until the province delivers others."""

    @property
    def as_of(self) -> datetime | None:
        """Which moment that is; none if nothing was delivered yet."""
        ...
