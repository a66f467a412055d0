"""Whatever unions do, however late, and whatever breaks: what must hold of a case."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from hub.clock import day_in_china, end_of_day_in_china
from hub.following import moments
from hub.following.facts import LED
from hub.following.ports import HomeMove
from hub.following.tasks import WAITS_FOR_CO_HANDLER
from hub.following.watching import Watching
from schema.records import case_wish as w
from schema.records.case import ENDED, ActKind, Case, Outcome, SubCaseKind
from schema.records.case_powers import Role
from schema.records.case_task import TaskKind, TaskLimit, TaskState
from schema.records.clock import Phase
from schema.records.refusal import Refusal, Refused
from tests.following.world import (
    ABOVE,
    BOOK,
    DAY,
    FIRM,
    HOME,
    HOME_CITY,
    HOME_FIRM,
    PLACE,
    TODAY,
    TOP,
    WORKER,
    Memory,
    TurnedClock,
    World,
    key,
    replayed,
    speaks,
    wish,
)

SEATS = (HOME, HOME_FIRM, HOME_CITY, PLACE, ABOVE, TOP, FIRM)
UNIONS = st.sampled_from([seat.union for seat in SEATS])
NUMBERS = st.sampled_from([f"t{n}" for n in range(2, 7)])
DAYS = st.integers(-40, 0)
FACTS = st.builds(
    lambda kind, days: w.FactWish(kind=kind, on=TODAY + days * DAY),
    st.sampled_from(
        ["mediation-requested", "mediation-ended", "consultation-asked", "right-known"]
    ),
    DAYS,
)
WISHES = st.one_of(
    st.just(w.AcceptLead()),
    st.just(w.DeclineLead("R")),
    st.builds(w.ForwardLead, to=UNIONS, reason=st.just("R")),
    st.just(w.ReportUp("R")),
    st.builds(w.OfferHandOver, to=UNIONS, reason=st.just("R")),
    st.just(w.RecallHandOver()),
    st.just(w.TakeOver()),
    st.just(w.LeaveBelow("R")),
    st.just(w.FollowUp(TODAY)),
    st.builds(
        w.RecordAct, kind=st.sampled_from(ActKind), on=st.just(TODAY),
        facts=st.lists(FACTS, max_size=1).map(tuple),
    ),
    st.builds(w.StateFacts, facts=st.lists(FACTS, min_size=1, max_size=2).map(tuple)),
    st.builds(w.OpenSubCase, kind=st.sampled_from(SubCaseKind), to=UNIONS),
    st.builds(w.AssignTask, kind=st.sampled_from(TaskKind), to=UNIONS),
    st.builds(w.AcknowledgeTask, no=NUMBERS),
    st.builds(w.AnswerTask, no=NUMBERS),
    st.builds(w.ExtendTask, no=NUMBERS, reason=st.just("R")),
    st.builds(w.RefuseTask, no=NUMBERS, reason=st.just("R")),
    st.builds(w.AskTaskAgain, no=NUMBERS),
    st.builds(w.CloseTask, no=NUMBERS),
    st.builds(w.RateTask, no=NUMBERS, timeliness=st.just(3), effort=st.just(4)),
    st.just(w.CloseCase(Outcome.SETTLED, TODAY)),
    st.just(w.WithdrawCase("R")),
)  # fmt: skip
BREAKS = st.sampled_from([None, None, None, "before", "after"])


def _waiting(case):
    """Days that a case waits for, seen without the decider; and whether they passed."""
    for task in case.tasks:
        if task.state in WAITS_FOR_CO_HANDLER:
            yield task.answer_by, TaskLimit.ANSWER in task.late
        if task.state is TaskState.ASSIGNED:
            yield task.acknowledge_by, TaskLimit.ACKNOWLEDGE in task.late
    for due in case.dues:
        if due.phase is Phase.RUNNING:
            yield due.due_on, due.missed


class AnyCase(RuleBasedStateMachine):
    """One case, between unions of two provinces, in whatever order things happen."""

    def __init__(self):
        super().__init__()
        self.loop = asyncio.Runner()
        self.clock = TurnedClock()
        self.store = Memory(self.clock)
        self.world = World(self.store, self.store, self.clock)
        self.watching = Watching(self.store, self.world.following, self.clock)
        self.done = []
        self.first = TODAY
        self.looked = False

    @initialize(green=st.booleans())
    def open(self, green):
        case = self.loop.run(self.world.opened(green=green))
        self.no = case.no
        self.first = case.first_touch_on

    @property
    def case(self) -> Case:
        return self.store.cases[self.no]

    def _act(self, actor, wished, by, name):
        acted = self.world.following.act(actor, self.no, wished, by, name)
        try:
            return self.loop.run(acted)
        except Refused:
            return None

    @rule(seat=st.sampled_from(SEATS), wished=WISHES, breaks=BREAKS)
    def act(self, seat, wished, breaks):
        """A union acts; the transaction may be killed, before or after its end."""
        name, before = key(), self.case
        actor, by = speaks(seat), seat.union
        self.store.fails = breaks
        answer = self._act(actor, wished, by, name)
        self.store.fails = None
        if answer is None:
            assert breaks == "after" or self.case == before
            answer = self._act(actor, wished, by, name)
        if isinstance(answer, Refusal):
            assert self.case == before
        else:
            assert self.case == answer
            self.done.append((actor, wished, by, name))
        self.looked = self.looked or self.case is not before

    @rule(to=UNIONS, kind=st.sampled_from(TaskKind))
    def lead_gives_a_task(self, to, kind):
        self._does(self.case.lead, w.AssignTask(kind, to))

    @precondition(lambda self: self.case.asked is not None)
    @rule()
    def asked_accepts(self):
        self._does(self.case.asked, w.AcceptLead())

    @precondition(lambda self: self.case.tasks)
    @rule(data=st.data(), kind=st.sampled_from([w.AcknowledgeTask, w.AnswerTask]))
    def co_handler_does_a_task(self, data, kind):
        task = data.draw(st.sampled_from(self.case.tasks))
        self._does(task.to, kind(no=task.no))

    def _does(self, seat, wished):
        name, before = key(), self.case
        self._act(speaks(seat), wished, seat.union, name)
        self.looked = self.looked or self.case is not before

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def again(self, data):
        """An act is sent once more under its key: nothing more comes of it."""
        before = self.case
        answer = self._act(*data.draw(st.sampled_from(self.done)))
        assert isinstance(answer, Case)
        assert len(self.store.journal[self.no]) == self.case.seq
        kept = {task.no for task in before.tasks}
        assert {task.no for task in self.case.tasks} == kept

    @rule(to=st.sampled_from([FIRM, HOME_FIRM, TOP]))
    def home_moves(self, to):
        before = self.case
        move = HomeMove(1, WORKER, to, self.clock.now(), (self.no,))
        self.loop.run(self.world.following.moved([move]))
        assert self.case.lead == before.lead

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours):
        self.clock.turn(hours=hours)
        self.looked = False

    @rule(breaks=BREAKS)
    def runner_looks(self, breaks):
        self.store.fails = breaks
        try:
            self.loop.run(self.watching.look())
        except Refused:
            self.loop.run(self.watching.look())
        self.store.fails = None
        assert self.loop.run(self.watching.look()) == 0
        self.looked = True

    @invariant()
    def one_union_leads(self):
        if self.store.cases:
            assert sum(one.role is Role.LEAD for one in self.case.held) == 1

    @invariant()
    def first_touch_is_kept(self):
        if self.store.cases:
            assert self.case.first_touch_on <= self.first

    @invariant()
    def nothing_waits_without_end(self):
        """What waits is looked at when its day ends, or is noted as passed."""
        if not self.store.cases or self.case.state in ENDED:
            return
        case, now, at = self.case, self.clock.now(), self.store.next_at[self.no]
        waits = list(_waiting(case))
        if case.asked is not None and not case.overdue:
            assert at is not None
        for day, noted in waits:
            assert noted or (at is not None and at <= end_of_day_in_china(day))
        if waits:
            assert self.store.due_on[self.no] <= min(day for day, _ in waits)
        if self.looked:
            assert at is None or at > now
            assert all(noted or day >= day_in_china(now) for day, noted in waits)

    @invariant()
    def what_was_missed_is_asked_of_the_union_above(self):
        """A clock that escalates has its effect as soon as somebody leads for good."""
        if self.store.cases and self.case.state in LED:
            assert not any(
                one.unasked and one.phase is Phase.RUNNING for one in self.case.dues
            )

    @invariant()
    def the_journal_tells_the_case(self):
        if self.store.cases:
            assert replayed(self.store.journal[self.no]) == self.case

    @invariant()
    def what_was_ended_stays_so(self):
        if self.store.cases and self.case.state in ENDED:
            assert not self.case.open_tasks
            assert self.store.next_at[self.no] is None

    def teardown(self):
        self.loop.run(self.world.following.close())
        self.loop.close()


AnyCase.TestCase.settings = settings(
    max_examples=settings().max_examples // 2, stateful_step_count=30, deadline=None
)
test_any_case = AnyCase.TestCase


async def test_many_acts_on_one_case_by_many_at_once_leave_one_journal():
    clock = TurnedClock()
    store = Memory(clock)
    world = World(store, store, clock)
    case = await world.opened()
    acts = [
        (PLACE, w.AcceptLead()),
        *[(PLACE, w.AssignTask(TaskKind.OTHER, "firm51"))] * 20,
        *[(HOME_FIRM, w.AcknowledgeTask(f"t{n}")) for n in range(3, 23)],
        (PLACE, w.WithdrawCase("R")),
        (PLACE, w.AssignTask(TaskKind.OTHER, "firm51")),
    ]
    async with asyncio.TaskGroup() as group:
        begun = [group.create_task(world.tries(case, who, act)) for who, act in acts]

    assert [isinstance(one.result(), Case) for one in begun] == [True] * 42 + [False]
    assert replayed(store.journal[case.no]) == store.cases[case.no]
    assert len(store.journal[case.no]) == 43


async def test_two_hubs_that_open_one_case_under_one_key_open_one():
    clock = TurnedClock()
    store = Memory(clock)
    one, other = (World(store, store, clock) for _ in range(2))
    mine = key()
    async with asyncio.TaskGroup() as group:
        begun = [
            group.create_task(hub.following.open(speaks(HOME), wish(), mine))
            for hub in (one, other)
        ]

    assert begun[0].result() == begun[1].result()
    assert len(store.cases) == 1


def test_a_reminder_comes_before_the_day_and_not_after_it():
    clock = TurnedClock()
    store = Memory(clock)
    world = World(store, store, clock)
    with asyncio.Runner() as loop:
        case = loop.run(world.opened())
        some = moments.limits(BOOK, case)
        loop.run(world.following.close())
    (limit,) = some

    def told(days):
        return len(moments.reminders(some, clock.now() + timedelta(days=days)))

    assert limit.due_on == TODAY + 2 * DAY
    assert [told(days) for days in range(4)] == [0, 1, 1, 0]
