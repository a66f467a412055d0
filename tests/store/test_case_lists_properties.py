"""Lists that are read while cases change: nothing is left out, and nothing comes twice."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.following.ports import Written
from hub.store import case_lists
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records.case import CaseState, Ground, Held
from schema.records.case_list import CaseFilter, ListOrder
from schema.records.case_powers import Role
from schema.records.case_task import Seat
from tests.builders.cases import draft, opening
from tests.builders.linking import opened as opened_pool
from tests.following.case_samples import ACCEPTED, AT, DAY, TODAY

#: Two unions of the office that reads, and one that is not.
_OURS, _OTHERS = (Seat("a", "44"), Seat("b", "51")), Seat("z", "44")
_DAYS = st.none() | st.integers(0, 4)
_SEATS = st.sampled_from(
    [{_OURS[0]}, {_OURS[1]}, {*_OURS}, {_OURS[0], _OTHERS}, {_OTHERS}]
)
_STATES = st.sampled_from([CaseState.OPEN] * 4 + [CaseState.CLOSED])
_LOOK = st.tuples(_DAYS, _SEATS, _STATES)
_FIRST = st.lists(_LOOK, min_size=5, max_size=7)
#: Between two pages: which cases change, and into what; a number too high is a new one.
_CHANGES = st.lists(
    st.lists(st.tuples(st.integers(0, 8), _LOOK), min_size=2, max_size=6),
    min_size=4,
    max_size=6,
)
_FILTERS = st.sampled_from([(), (CaseState.OPEN,)])


class World:
    """Cases of one run, with unions of its own."""

    def __init__(self, pool):
        self.pool = pool
        self.cases = Cases(pool)
        self.reading = CaseReading(pool)
        self.mark = secrets.token_hex(6)
        self.kept = []

    @property
    def unions(self):
        return [self._seat(one).union for one in _OURS]

    def _seat(self, seat):
        return Seat(seat.union + self.mark, seat.province)

    def _written(self, number, look):
        day, seats, state = look
        before = self.kept[number] if number < len(self.kept) else None
        if before is None:
            made = opening(no=f"{self.mark}-{number}")
            case = made.case
            event = msgspec.structs.replace(made.event, at=AT + number * DAY)
        else:
            event = ACCEPTED
            case = msgspec.structs.replace(before.case, seq=before.case.seq + 1)
        roles = [Role.LEAD, Role.CO_HANDLER, Role.FOLLOWER]
        held = tuple(
            Held(role=role, seat=self._seat(seat), since=AT, ground=Ground.DEFAULT)
            for role, seat in zip(roles, sorted(seats), strict=False)
        )
        case = msgspec.structs.replace(case, held=held, asked=None, state=state)
        due_on = None if day is None else TODAY + day * DAY
        return Written(case=case, event=event, told=(), audit=(draft(),), due_on=due_on)

    async def change(self, looks):
        """Write it all in one transaction; a case may change twice in it."""
        written, numbers = [], []
        async with self.cases.unit() as unit:
            await unit.lock([each.case.no for each in self.kept])
            for wanted, look in looks:
                number = min(wanted, len(self.kept))
                written.append(self._written(number, look))
                self.kept[number : number + 1] = written[-1:]
                numbers.append(number)
            await unit.write(written)

    def matching(self, states):
        unions = set(self.unions)
        return {
            each.case.no
            for each in self.kept
            if (not states or each.case.state in states)
            and unions & {held.seat.union for held in each.case.held}
        }

    async def read(self, order, states, size, changes):
        """Read all pages, with changes between; what is shown is what stands."""
        wanted = CaseFilter(order=order, states=states)
        shown, after, always = [], None, self.matching(states)
        waiting = list(changes)
        while True:
            page = await self.reading.page(wanted, self.unions, size, after)
            now = self.matching(states)
            always &= now
            standing = {each.case.no: each.case for each in self.kept}
            assert all(case == standing[case.no] for case in page.cases)
            assert {case.no for case in page.cases} <= now
            shown += [case.no for case in page.cases]
            if not page.more:
                return shown, always
            after = page.cursors[-1]
            if waiting:
                await self.change(waiting.pop(0))


async def _provinces(*_):
    return ["44", "51"]


@pytest.fixture(params=[200, 1], ids=["each", "by-province"])
def run(request, database_url, monkeypatch):
    monkeypatch.setattr(case_lists, "MANY", request.param)
    if request.param == 1:
        # Whatever a union is called, its province is known.
        monkeypatch.setattr(case_lists.CaseLists, "_provinces_of", _provinces)
    with asyncio.Runner() as runner:
        opening_ = opened_pool(database_url)
        pool = runner.run(opening_.__aenter__())
        yield lambda work: runner.run(work(World(pool)))
        runner.run(opening_.__aexit__(None, None, None))


@settings(
    max_examples=max(40, settings().max_examples // 5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    wanted=st.tuples(st.sampled_from(ListOrder), _FILTERS),
    size=st.integers(1, 2),
    first=_FIRST,
    changes=_CHANGES,
)
def test_what_matches_throughout_is_on_exactly_one_page(
    run, wanted, size, first, changes
):
    order, states = wanted

    async def work(world):
        await world.change(list(enumerate(first)))
        shown, always = await world.read(order, states, size, changes)
        assert len(shown) == len(set(shown))
        assert always <= set(shown)
        # A list that nothing disturbs has just what matches, in its order.
        calm, match = await world.read(order, states, size, [])
        assert set(calm) == match
        due = {each.case.no: each.due_on for each in world.kept}
        end = TODAY + timedelta(days=99)
        if order is ListOrder.DUE:
            assert calm == sorted(calm, key=lambda no: (due[no] or end, no))
        else:
            assert calm == sorted(calm, key=lambda no: int(no.partition("-")[2]))

    run(work)
