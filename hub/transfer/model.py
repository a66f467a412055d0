"""Decider: the saga's state graph, found by asking ``decide`` everything.

Every kind of transfer that can be opened is followed through every event that there
is, until nothing new comes. What is found is held to the invariants and to the table
of states; the picture is drawn from it, so neither can say what the code does not do.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import product
from typing import TYPE_CHECKING, Final

import msgspec

from hub.transfer import invariants
from hub.transfer.decision import Decision
from hub.transfer.events import (
    Accepted,
    Done,
    LimitPassed,
    Opened,
    Refused,
    Rejected,
    Withdrawn,
)
from hub.transfer.invariants import Standing
from hub.transfer.saga import decide, open_saga
from hub.transfer.states import STATES
from hub.transfer.steps import step_of
from schema.records.command import Act
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.transfer import ENDED, Basis, Step, TransferState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hub.transfer.decision import Saga
    from hub.transfer.events import Event
    from hub.transfer.invariants import Decide

_OLD, _NEW, _RESIDENCE = "old", "new", "residence"
_PROVINCES: Final = tuple(map(ProvinceCode, ("51", "44", "33")))


class Edge(msgspec.Struct, frozen=True):
    """A way from one state to another.

    Attributes:
        start: Where it begins; none for the opening.
        step: What takes it.
        end: Where it leads.
        asks: Acts that registers are then asked for.
    """

    start: TransferState | None
    step: Step
    end: TransferState
    asks: tuple[Act, ...]


class Graph(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        edges: Every way from state to state, with the bases that may take it, in the
            order in which a transfer comes to it.
        broken: What contradicts the invariants, in words; nothing if all is well.
        standings: How many different standings of a transfer were looked at.
    """

    edges: dict[Edge, frozenset[Basis]]
    broken: tuple[str, ...]
    standings: int


def openings() -> Iterator[Opened]:
    """Name a transfer of every kind.

    Of every basis, within a province and across; the union of residence is a third
    one, the new one, or none.
    """
    old, new, third = _PROVINCES
    for basis, across in product(Basis, (True, False)):
        to = new if across else old
        fallbacks = ((_RESIDENCE, third), (_NEW, to), (_OLD, old))
        for fallback, province in fallbacks:
            yield Opened(
                worker=WorkerId("w"), basis=basis, membership_no="m",
                from_union=_OLD, from_province=old, from_local_id="l",
                to_union=_NEW, to_province=to, to_local_id=None,
                fallback_union=fallback, fallback_province=province,
                fallback_local_id=None, office="o",
            )  # fmt: skip


def events(saga: Saga) -> Iterator[Event]:
    """Name every event that may reach a transfer: rightly, wrongly or too late."""
    yield saga.opened
    yield Accepted(office="o")
    yield Rejected(office="o", reason="r")
    yield Withdrawn(office="o", reason="r")
    for act, province in product(Act, _PROVINCES):
        yield Done(act=act, province=province)
        yield Refused(act=act, province=province, code="c")
    yield LimitPassed(since=saga.since)
    yield LimitPassed(since=saga.since, keeps_in=True)
    yield LimitPassed(since=saga.since - 1)


class _Search:
    """An exploration under way."""

    def __init__(self, decided_by: Decide) -> None:
        self._decided_by = decided_by
        self._waiting: deque[Standing] = deque()
        self._seen: set[bytes] = set()
        self.edges: dict[Edge, set[Basis]] = defaultdict(set)
        self.broken: set[str] = set()

    def open(self, opened: Opened) -> None:
        first = open_saga(opened)
        assert isinstance(first, Decision), "two different unions"  # noqa: S101
        nothing = frozenset[Act]()
        asks = tuple(one.act for one in first.asked)
        self.edges[Edge(None, Step.OPENED, first.saga.state, asks)].add(opened.basis)
        self._waiting.append(Standing(first.saga, nothing.union(asks), nothing))

    def run(self) -> int:
        """Follow everything; tell how many standings there were."""
        while self._waiting:
            at = self._waiting.popleft()
            # Numbers of events only count; without them there is an end.
            same = msgspec.structs.replace(at.saga, seq=0, since=0)
            facts = (sorted(at.asked), sorted(at.done), sorted(at.refused))
            key = msgspec.json.encode((same, *facts))
            if key not in self._seen:
                self._seen.add(key)
                self.broken.update(invariants.of_standing(at, self._decided_by))
                self._follow(at)
        return len(self._seen)

    def _follow(self, at: Standing) -> None:
        for event in events(at.saga):
            decision = self._decided_by(at.saga, event)
            if isinstance(decision, Decision):
                after = decision.saga
                asks = tuple(one.act for one in decision.asked)
                edge = Edge(at.saga.state, step_of(event), after.state, asks)
                self.edges[edge].add(after.opened.basis)
                self.broken.update(invariants.of_step(at, event, decision))
                self._waiting.append(at.then(event, decision))


def explore(decided_by: Decide = decide) -> Graph:
    """Follow every transfer through every event, and check all that is found.

    Args:
        decided_by: The saga to look at; a test may give a broken one.
    """
    search = _Search(decided_by)
    for opened in openings():
        search.open(opened)
    standings = search.run()
    broken = search.broken.union(_of_graph(search.edges))
    found = {edge: frozenset(bases) for edge, bases in search.edges.items()}
    return Graph(found, tuple(sorted(broken)), standings)


def _of_graph(edges: Iterable[Edge]) -> Iterator[str]:
    """Hold the graph to the table: each way out is in both, and leads to an end."""
    ways: dict[TransferState, set[TransferState]] = defaultdict(set)
    for edge in edges:
        if edge.start is not None and edge.end is not edge.start:
            ways[edge.start].add(edge.end)
    reached = {edge.end for edge in edges}
    for state in TransferState:
        if state not in reached:
            yield f"{state}: nothing leads there"
        if ways[state] != STATES[state].leads_to:
            found = ", ".join(sorted(ways[state]))
            yield f"{state}: decide leads to {found or 'nothing'}, the table elsewhere"
    for state in sorted(reached):
        if not _ends(state, ways, frozenset()):
            yield f"{state}: a transfer may go round for ever, or get stuck"


def _ends(
    state: TransferState,
    ways: Mapping[TransferState, set[TransferState]],
    met: frozenset[TransferState],
) -> bool:
    """Tell whether every way from a state ends: none leads back, none gets stuck."""
    if state in ENDED:
        return True
    onward = ways.get(state, set())
    return bool(onward - met) and all(
        each not in met and _ends(each, ways, met | {state}) for each in onward
    )
