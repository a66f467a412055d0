"""Decider: the state graph of cases, found by asking ``decide`` everything.

A case of each opening is followed through every act of every union and every clock,
until nothing new comes. What is found is held to the invariants and to the table of
states; the picture is drawn from it. Two standings are the same if they differ only in
numbers, days, and in who besides the lead has which role.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import UTC, date, datetime
from itertools import product
from typing import TYPE_CHECKING, Final

import msgspec

from hub.following import invariants
from hub.following.case import decide, open_case
from hub.following.case_events import (
    ActRecorded,
    ClockPassed,
    ClocksSet,
    Closed,
    DocumentAdded,
    FactStated,
    OnTask,
    SubCaseEnded,
    SubCaseOpened,
    TaskAssigned,
    TaskOverdue,
    Withdrawn,
)
from hub.following.clocks import FIRST_TOUCH
from hub.following.decision import Decision
from hub.following.lead_events import (
    Accepted,
    Declined,
    FollowedUp,
    Forwarded,
    HandOverOffered,
    HandOverRecalled,
    LeftBelow,
    LimitPassed,
    MembershipMoved,
    Opened,
    ReportedUp,
    TakenOver,
)
from hub.following.states import STATES
from hub.following.task_events import Answered, TaskClosed, TaskLimitPassed
from schema.records.case import (
    ENDED,
    ActKind,
    CaseState,
    DueDate,
    Outcome,
    Result,
    SubCaseKind,
)
from schema.records.case_task import Document, Seat, TaskKind, TaskLimit
from schema.records.clock import ClockFact, Phase
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from hub.following.case_events import Event
    from hub.following.invariants import Decide
    from hub.following.roles import Powers
    from schema.records.case import Case

_HOME, _PLACE, _OTHER, _ABOVE, _TOP = (
    Seat(union, ProvinceCode(province))
    for union, province in (
        ("home", "51"),
        ("place", "44"),
        ("other", "33"),
        ("above", "44"),
        ("top", "44"),
    )
)
_SEATS: Final = (_HOME, _PLACE, _OTHER, _ABOVE, _TOP)
_AT: Final = datetime(2026, 6, 1, 4, tzinfo=UTC)
_DAY: Final = date(2026, 6, 1)
_PAPER: Final = Document(reference="p", sha256="0", province=ProvinceCode("44"))
_TOUCHED: Final = ClockFact(id="touched", kind=FIRST_TOUCH, on=_DAY)
_DUE: Final = DueDate(
    clock="c", about="", rule="r", phase=Phase.RUNNING, due_on=_DAY, escalates=True
)


class Edge(msgspec.Struct, frozen=True):
    """A way from one state to another; ``start`` is none for the opening."""

    start: CaseState | None
    event: str
    end: CaseState


class Graph(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        edges: Every way between states, in the order in which it was found.
        broken: What contradicts the invariants, in words; nothing if all is well.
        standings: How many different standings of a case were looked at.
    """

    edges: tuple[Edge, ...]
    broken: tuple[str, ...]
    standings: int


def above(seat: Seat) -> Seat | None:
    """Tell who stands above a union, in the small world of this model."""
    return None if seat == _TOP else _TOP if seat == _ABOVE else _ABOVE


def openings() -> Iterator[Opened]:
    """Name a case taken in by the home union, and one where it is to be led."""
    for by in (_HOME, _PLACE):
        yield Opened(
            at=_AT, by=by, office=by.union, no="n", matter=CaseMatter.WAGE_ARREARS,
            workers=frozenset({WorkerId("w")}), to=_PLACE, outflow=(_HOME,),
            homes=(_HOME,), facts=(_TOUCHED,), dues=(_DUE,),
        )  # fmt: skip


def events(case: Case) -> Iterator[Event]:
    """Name every event that may reach a case: rightly, wrongly or too late."""
    for by in _SEATS:
        yield from _of_leading(by)
        yield from _of_working(by)
    superior = None if case.asked is None else above(case.asked)
    yield LimitPassed(at=_AT, since=case.since, superior=superior)
    yield LimitPassed(at=_AT, since=case.since - 1, superior=superior)
    yield MembershipMoved(at=_AT, worker=WorkerId("w"), to=_OTHER)
    up = above(case.lead)
    yield ClockPassed(at=_AT, clock="c", about="", due_on=_DAY, superior=up)
    yield ClocksSet(at=_AT, dues=(_DUE,))
    late = TaskLimitPassed(round=1, limit=TaskLimit.ANSWER, due_on=_DAY)
    yield TaskOverdue(at=_AT, no="t", what=late)


def _of_leading(by: Seat) -> Iterator[Event]:
    yield Accepted(at=_AT, by=by, office=by.union)
    yield Declined(at=_AT, by=by, office=by.union, reason="r", superior=above(by))
    # An office may act for a union below its own.
    up = above(by)
    acting = _ABOVE.union if up is None else up.union
    yield Declined(at=_AT, by=by, office=acting, reason="r", superior=up)
    yield ReportedUp(at=_AT, by=by, office=by.union, reason="r", superior=above(by))
    for to in (_PLACE, _OTHER):
        yield Forwarded(at=_AT, by=by, office=by.union, to=to, reason="r")
        yield HandOverOffered(at=_AT, by=by, office=by.union, to=to, reason="r")
    yield HandOverRecalled(at=_AT, by=by, office=by.union)
    yield TakenOver(at=_AT, by=by, office=by.union)
    yield LeftBelow(at=_AT, by=by, office=by.union, reason="r")
    yield FollowedUp(at=_AT, by=by, office=by.union)


def _of_working(by: Seat) -> Iterator[Event]:
    yield ActRecorded(
        at=_AT, by=by, office=by.union, key="k", kind=ActKind.MEDIATION, on=_DAY
    )
    yield FactStated(
        at=_AT, by=by, office=by.union, dues=(_DUE,),
        facts=(ClockFact(id="f", kind="mediation-requested", on=_DAY),),
    )  # fmt: skip
    yield DocumentAdded(at=_AT, by=by, office=by.union, document=_PAPER)
    kind = SubCaseKind.LIVING_AID
    yield SubCaseOpened(at=_AT, by=by, office=by.union, no="s", kind=kind, to=_HOME)
    yield SubCaseEnded(at=_AT, by=by, office=by.union, no="s", outcome="GIVEN")
    yield TaskAssigned(
        at=_AT, by=by, office=by.union, no="t", kind=TaskKind.VISIT_FAMILY, to=_HOME,
        acknowledge_by=_DAY, answer_by=_DAY,
    )  # fmt: skip
    for what in (Answered(round=1, answer=(_PAPER,)), TaskClosed(round=1)):
        yield OnTask(at=_AT, by=by, office=by.union, no="t", what=what)
    result = Result(outcome=Outcome.SETTLED, on=_DAY)
    yield Closed(at=_AT, by=by, office=by.union, result=result)
    yield Withdrawn(at=_AT, by=by, office=by.union, reason="r")


def _same(case: Case) -> Hashable:
    """Name what makes two standings the same."""
    return (
        case.state, case.lead, case.accepted, case.asked, frozenset(case.tried),
        case.below, case.ground_office, case.overdue,
        tuple((one.missed, one.unasked) for one in case.dues),
        tuple(task.state for task in case.tasks),
        tuple(one.outcome for one in case.sub_cases),
    )  # fmt: skip


class _Search:
    """An exploration under way."""

    def __init__(self, powers: Powers, decided_by: Decide) -> None:
        self._powers = powers
        self._decided_by = decided_by
        self._waiting: deque[tuple[Hashable, Case]] = deque()
        self._into: dict[Hashable, set[Hashable]] = defaultdict(set)
        self._ends: set[Hashable] = set()
        self.seen: set[Hashable] = set()
        self.edges: dict[Edge, None] = {}
        self.broken: set[str] = set()

    def meet(self, came: Hashable, edge: Edge, case: Case) -> None:
        same = _same(case)
        self.edges[edge] = None
        self._into[same].add(came)
        if same not in self.seen:
            self.seen.add(same)
            self._waiting.append((same, case))
            if case.state in ENDED:
                self._ends.add(same)

    def run(self) -> None:
        """Follow everything; once something is broken, the rest is not worth it."""
        while self._waiting and not self.broken:
            same, case = self._waiting.popleft()
            self.broken.update(
                invariants.of_standing(case, self._powers, self._decided_by, above)
            )
            for event in events(case):
                decision = self._decided_by(case, event, self._powers)
                if isinstance(decision, Decision):
                    self.broken.update(
                        invariants.of_step(case, event, decision, self._powers)
                    )
                    after = decision.case
                    edge = Edge(case.state, type(event).__name__, after.state)
                    self.meet(same, edge, after)

    def stuck(self) -> int:
        """Count the standings from which no end can be reached."""
        good, waiting = set(self._ends), list(self._ends)
        while waiting:
            for before in self._into[waiting.pop()] - good:
                good.add(before)
                waiting.append(before)
        return len(self.seen - good)


def explore(powers: Powers, decided_by: Decide = decide) -> Graph:
    """Follow every case through every event, and check all that is found.

    Args:
        powers: The table of roles.
        decided_by: The decider to look at; a test may give a broken one.
    """
    search = _Search(powers, decided_by)
    for opened in openings():
        first = open_case(opened)
        assert isinstance(first, Decision), "a sound opening"  # noqa: S101
        search.meet(None, Edge(None, "Opened", first.case.state), first.case)
    search.run()
    edges, broken = tuple(search.edges), search.broken
    if not broken:
        broken.update(_of_graph(edges))
        if stuck := search.stuck():
            broken.add(f"a case may get stuck: {stuck} standings lead to no end")
    return Graph(edges, tuple(sorted(broken)), len(search.seen))


def _of_graph(edges: tuple[Edge, ...]) -> Iterator[str]:
    """Hold the graph to the table: each way out is in both."""
    ways = {(edge.start, edge.end) for edge in edges if edge.start is not edge.end}
    for start, end in product(CaseState, CaseState):
        told = end in STATES[start].leads_to
        if told != ((start, end) in ways):
            yield f"{start} → {end}: in the table or by decide only"
