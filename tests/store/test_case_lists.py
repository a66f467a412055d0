from __future__ import annotations

import msgspec
import psycopg
import pytest

from hub.following.task_events import Acknowledged, Answered, TaskClosed
from hub.store import case_lists
from hub.store.case_reading import CaseReading
from hub.store.case_unit import Cases
from schema.records.case import CaseState
from schema.records.case_list import CaseFilter, ListOrder, TaskFilter, TaskSide
from schema.records.case_powers import Role
from schema.records.case_task import TaskKind, TaskState
from schema.records.rights_case import CaseMatter
from tests.builders.case_lists import dated, moved, whole, write
from tests.builders.cases import going_on, later, opening
from tests.following.case_samples import (
    ACCEPTED,
    DAY,
    HOME,
    OTHER,
    PAPER,
    PLACE,
    TODAY,
    on_task,
    task,
)

_DUE = CaseFilter(order=ListOrder.DUE)
_OPENED = CaseFilter()
_UNIONS = [HOME.union, PLACE.union]


@pytest.fixture
def cases(pool):
    return Cases(pool)


@pytest.fixture
def reading(pool):
    return CaseReading(pool)


async def test_pages_are_in_the_order_that_was_asked_for(cases, reading):
    for number in (3, 1, 2):
        await write(cases, dated(number))
    await write(cases, opening(no="never"), dated(0))

    assert await whole(reading.page, _DUE, _UNIONS) == ["c0", "c1", "c2", "c3", "never"]
    assert await whole(reading.page, _DUE, None, 3) == ["c0", "c1", "c2", "c3", "never"]
    # They were opened at one moment: by their numbers.
    assert await whole(reading.page, _OPENED, _UNIONS) == sorted(
        ["c0", "c1", "c2", "c3", "never"]
    )
    assert await whole(reading.page, _DUE, [OTHER.union]) == []
    assert await whole(reading.page, _DUE, []) == []


async def test_a_day_that_moves_between_pages_tears_nothing(cases, reading):
    written = [dated(number) for number in range(6)]
    await write(cases, *written)
    first = await reading.page(_DUE, _UNIONS, 2, None)
    assert [case.no for case in first.cases] == ["c0", "c1"]

    # What was shown goes to the end, and what was to come to the beginning.
    await write(cases, moved(written[0], TODAY + 99 * DAY))
    await write(cases, moved(written[5], TODAY - DAY), moved(written[2], None))
    second = await reading.page(_DUE, _UNIONS, 9, first.cursors[-1])
    assert [case.no for case in second.cases] == ["c2", "c3", "c4", "c5"]
    assert await whole(reading.page, _DUE, _UNIONS) == [
        "c5", "c1", "c3", "c4", "c0", "c2",
    ]  # fmt: skip


async def test_who_takes_a_part_over_sees_the_case_in_its_place(cases, reading):
    written = [dated(number) for number in range(4)]
    await write(cases, *written)
    # Between two unions of one office: one of them always has a part.
    unions = [PLACE.union, OTHER.union]
    first = await reading.page(_DUE, unions, 1, None)
    held = tuple(
        msgspec.structs.replace(one, seat=OTHER) if one.seat == PLACE else one
        for one in going_on(written[2], ACCEPTED).case.held
    )
    await write(cases, moved(written[2], TODAY - 9 * DAY, held=held))

    second = await reading.page(_DUE, unions, 9, first.cursors[-1])
    assert [case.no for case in second.cases] == ["c1", "c2", "c3"]
    # And whoever has none any more does not see it.
    old = await reading.page(_DUE, [PLACE.union], 9, first.cursors[-1])
    assert [case.no for case in old.cases] == ["c1", "c3"]


async def test_who_comes_later_sees_the_case_where_it_was_when_the_list_began(
    cases, reading
):
    written = [dated(number) for number in range(4)]
    await write(cases, *written)
    unions = [PLACE.union, OTHER.union]
    first = await reading.page(_DUE, unions, 1, None)
    for days in (-9, 50):
        written[2] = moved(written[2], TODAY + days * DAY)
        await write(cases, written[2])
    held = tuple(
        msgspec.structs.replace(one, seat=OTHER) if one.seat == PLACE else one
        for one in written[2].case.held
    )
    await write(cases, moved(written[2], TODAY, held=held))

    second = await reading.page(_DUE, unions, 9, first.cursors[-1])
    assert [case.no for case in second.cases] == ["c1", "c2", "c3"]


async def test_only_what_is_asked_for_is_listed(cases, reading):
    green = opening(no="green", green=True, due_on=TODAY)
    injury = opening(no="injury", matter=CaseMatter.WORK_INJURY)
    led = opening(no="led")
    missed = opening(no="missed")
    await write(cases, green, injury, led, missed)
    taken = going_on(led, ACCEPTED)
    await write(cases, taken, moved(missed, None, overdue=True))

    async def listed(unions=_UNIONS, **terms):
        return await whole(reading.page, CaseFilter(**terms), unions)

    every = ["green", "injury", "led", "missed"]
    assert await listed(green=True) == ["green"]
    assert await listed(matters=(CaseMatter.WORK_INJURY,)) == ["injury"]
    assert await listed(states=(CaseState.OPEN,)) == ["led", "missed"]
    assert await listed(states=(CaseState.CLOSED,)) == []
    assert await listed(missed=True) == ["missed"]
    assert await listed(due_by=TODAY) == ["green"]
    assert await listed(due_by=TODAY - DAY) == []
    assert await listed(lead_province="44") == ["led", "missed"]
    assert await listed(opened_since=later(0)) == every
    assert await listed(opened_since=later(1)) == []
    assert await listed(changed_since=later(0)) == every
    assert await listed([PLACE.union], asked=True) == ["green", "injury"]
    assert await listed([HOME.union], asked=True) == []
    # To be asked is no role, and has a filter of its own.
    assert await listed([PLACE.union], roles=(Role.FOLLOWER,)) == []
    assert await listed([HOME.union], roles=(Role.LEAD,)) == ["green", "injury"]
    assert await listed([PLACE.union], roles=(Role.LEAD,), states=(CaseState.OPEN,)) \
        == ["led", "missed"]  # fmt: skip


async def test_an_ended_case_is_in_its_own_part_of_the_list(cases, reading):
    written = [dated(number) for number in range(3)]
    await write(cases, *written)
    ended = moved(written[1], None, state=CaseState.WITHDRAWN)
    first = await reading.page(_DUE, _UNIONS, 1, None)
    await write(cases, ended)

    rest = await reading.page(_DUE, _UNIONS, 9, first.cursors[-1])
    assert [case.no for case in rest.cases] == ["c1", "c2"]
    open_ = CaseFilter(order=ListOrder.DUE, states=(CaseState.ROUTED, CaseState.OPEN))
    assert await whole(reading.page, open_, _UNIONS) == ["c0", "c2"]
    over = CaseFilter(states=(CaseState.WITHDRAWN,))
    assert await whole(reading.page, over, _UNIONS) == ["c1"]
    assert await whole(reading.page, _DUE, _UNIONS) == ["c0", "c2", "c1"]


async def test_tasks_are_listed_for_both_sides(cases, reading):
    written = [opening(no=f"n{number}") for number in range(3)]
    await write(cases, *written)
    given = []
    for number, each in enumerate(written):
        limits = {
            "acknowledge_by": TODAY + (9 - number) * DAY,
            "answer_by": TODAY + (20 + number) * DAY,
        }
        given.append(going_on(going_on(each, ACCEPTED), task(**limits)))
        await write(cases, going_on(each, ACCEPTED), given[-1])

    async def listed(unions, **terms):
        return await whole(reading.tasks, TaskFilter(**terms), unions)

    assert await listed([HOME.union]) == ["n2", "n1", "n0"]
    assert await listed([HOME.union], order=ListOrder.OPENED) == ["n0", "n1", "n2"]
    assert await listed([PLACE.union], side=TaskSide.ASKING) == ["n2", "n1", "n0"]
    assert await listed([PLACE.union], side=TaskSide.ASKED) == []
    assert await listed(None, kinds=(TaskKind.SERVE_PAPERS,)) == []
    assert await listed(_UNIONS, due_by=TODAY + 8 * DAY) == ["n2", "n1"]

    page = await reading.tasks(TaskFilter(), [HOME.union], 1, None)
    (one,) = page.tasks
    assert one.case_no == "n2"
    assert (one.lead, one.matter) == (PLACE, CaseMatter.WAGE_ARREARS)
    assert one.task == given[2].case.tasks[0]
    assert one.assigned_at == given[2].event.at

    # Acknowledged: what is due now is the answer; in a list that was begun, as before.
    seen = going_on(given[1], on_task(Acknowledged(round=1)))
    answered = going_on(given[0], on_task(Answered(round=1, answer=(PAPER,))))
    closed = going_on(answered, on_task(TaskClosed(round=1), who=PLACE))
    await write(cases, seen, answered, closed)
    rest = await reading.tasks(TaskFilter(), [HOME.union], 9, page.cursors[-1])
    assert [one.case_no for one in rest.tasks] == ["n1", "n0"]
    assert [one.task.state for one in rest.tasks] == [
        TaskState.ACKNOWLEDGED,
        TaskState.CLOSED,
    ]
    assert await listed([HOME.union]) == ["n2", "n1", "n0"]
    waiting = (TaskState.ASSIGNED, TaskState.ACKNOWLEDGED)
    assert await listed([HOME.union], states=waiting) == ["n2", "n1"]


def _organisations(url, unions):
    with psycopg.connect(url) as connection:
        for union, province in unions:
            connection.execute(
                "INSERT INTO organisation (code, valid_from, province, body)"
                " VALUES (%s, '2020-01-01', %s, '{}')",
                [union, province],
            )


@pytest.mark.parametrize("known", [True, False])
async def test_many_unions_are_found_by_their_provinces(
    cases, reading, database_url, monkeypatch, known
):
    """The same pages, however they are read; and whether provinces are known or not."""
    monkeypatch.setattr(case_lists, "MANY", 1)
    if known:
        _organisations(database_url, [(HOME.union, "51"), (PLACE.union, "44")])
    await write(cases, *(dated(number) for number in range(5)))
    await write(cases, dated(7, by=OTHER, to=OTHER, outflow=(), homes=()))

    for order in ListOrder:
        wanted = CaseFilter(order=order)
        found = await whole(reading.page, wanted, _UNIONS)
        assert found == ["c0", "c1", "c2", "c3", "c4"]
        assert await whole(reading.page, wanted, [PLACE.union, OTHER.union]) == [
            *found,
            "c7",
        ]
