"""What nobody knows whose it is: no answer that it may belong to passes as whole."""

from __future__ import annotations

from datetime import timedelta

import openpyxl
import pytest

from connectors.filedrop.opening import open_files
from connectors.filedrop.taking import Refused
from connectors.port import Ask, Question
from hub.clock import SystemClock
from schema.records.selection import Selection
from schema.records.told import FaultCode
from tests.filedrop.conftest import CARD, LI, WANG, ask, soon
from tests.provinces.dropping import as_csv

GOOD = as_csv([CARD])
BAD = {
    "one cell too many": GOOD + b"gd-2,m2,20,2024,0301\n",
    "an empty key": as_csv([CARD, {**CARD, "工号": "", "编号": "m2"}]),
    "a key that is too long": as_csv([CARD, {**CARD, "工号": "g" * 65, "编号": "m2"}]),
}


async def _answer(drop, *keys):
    hub = open_files(drop.province, {}, SystemClock())
    try:
        await hub.take(lambda *_: None)
        return await ask(hub, *keys)
    finally:
        await hub.close()


@pytest.mark.parametrize("cards", BAD.values(), ids=list(BAD))
async def test_a_row_that_may_be_anybodys_leaves_no_empty_list_as_whole(
    dropping, cards
):
    drop = dropping(most_unreadable=1)
    drop.deliver("a", 1, files={"hy.csv": cards}, rows={"hy.csv": 2})
    answer = await _answer(drop, "gd-1", "gd-2")
    ((li, wang),) = answer.workers
    assert ([one.id for one in li.memberships], wang.memberships) == (["m1"], None)
    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, ("MEMBERSHIP",))


async def test_a_worker_without_a_key_may_be_any_stranger_and_no_one_that_is_known(
    dropping,
):
    drop = dropping(most_unreadable=1)
    drop.deliver("a", 1, workers=[LI, WANG, {**LI, "工号": ""}])
    stranger = await _answer(drop, "gd-1", "gd-9")
    assert stranger.workers[0][1] is None
    (fault,) = stranger.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, ("WORKER",))
    assert (await _answer(drop, "gd-1", "gd-2")).faults == ()


async def test_what_the_next_batch_lacks_is_missing_at_once_and_the_rest_is_told(drop):
    """Whoever asks saw the batch before: a probe has not come round yet."""
    drop.deliver("a", 1)
    hub = open_files(drop.province, {}, SystemClock())
    await hub.take(lambda *_: None)
    before = hub.capabilities
    renamed = GOOD.replace("状态".encode(), "状态2".encode())
    drop.deliver("b", 2, files={"hy.csv": renamed})
    assert drop.take().taken.batch == "b"
    hub_before = await _ask_as(hub, before, "gd-1")
    after = hub.capabilities
    await hub.close()
    (li,) = hub_before.workers[0]
    assert (li.name, li.memberships[0].id) == ("李四", "m1")
    assert [one.kinds for one in hub_before.faults] == [("MEMBERSHIP",)]
    assert "state" not in after.fields["MEMBERSHIP"]


async def _ask_as(connector, capabilities, *keys):
    selection = capabilities.narrow(Selection.everything())
    question = Question((Ask(keys, selection),), "request-1", "TEST")
    return await connector.ask(question, soon())


LOSING = {
    "its rows": ({"cards": ()}, "SHRUNK", 0),
    "its head": ({"files": {"hy.csv": "会籍\n1\n".encode()}}, "KIND_LOST", 1),
}


@pytest.mark.parametrize(("more", "code", "at"), LOSING.values(), ids=list(LOSING))
def test_a_batch_that_lost_a_kind_is_not_taken_unless_a_person_says_so(
    drop, more, code, at
):
    drop.deliver("a", 1)
    drop.take()
    drop.deliver("b", 2, **more)
    look = drop.take()
    assert (look.taken, look.refused) == (None, (Refused("b", code, "hy.csv", at),))
    assert drop.take(anew=True).taken.batch == "b"


def test_a_first_batch_of_nobody_is_not_taken(drop):
    drop.deliver("a", 1, workers=())
    assert drop.take().refused == (Refused("a", "NOBODY", "zg.csv"),)


def test_a_column_that_is_not_there_stands_in_what_was_taken(drop):
    renamed = GOOD.replace("状态".encode(), "状态2".encode())
    drop.deliver("a", 1, files={"hy.csv": renamed})
    assert drop.take().taken.kinds["MEMBERSHIP"].absent == ("状态",)


async def test_a_row_of_a_day_to_come_does_not_win_until_then(dropping):
    drop = dropping(most_unreadable=1)
    drop.mapping = drop.mapping.replace(
        'id = "编号"', 'id = "编号"\nas_of = "更新时间"'
    )
    now = SystemClock().now()
    cards = [
        {**CARD, "更新时间": (now + timedelta(minutes=5)).isoformat()},
        {**CARD, "工号": "gd-2", "更新时间": (now + timedelta(days=365)).isoformat()},
        {**CARD, "工号": "gd-2", "编号": "m2", "起": "?",
         "更新时间": (now + timedelta(days=365)).isoformat()},
    ]  # fmt: skip
    drop.deliver("a", 1, files={"hy.csv": as_csv(cards)}, rows={"hy.csv": 3})
    answer = await _answer(drop, "gd-1", "gd-2")
    ((li, wang),) = answer.workers
    assert (len(li.memberships), wang.memberships) == (1, None)
    assert [one.kinds for one in answer.faults] == [("MEMBERSHIP",)]


def test_one_id_of_two_workers_is_told_to_the_office(drop):
    cards = as_csv([CARD, {**CARD, "工号": "gd-2"}])
    drop.deliver("a", 1, files={"hy.csv": cards}, rows={"hy.csv": 2})
    assert drop.take().taken.batch == "a"
    book = openpyxl.load_workbook(drop.places.reports / "a.xlsx")
    rows = [row[1] for row in book["行 rows"].iter_rows(min_row=2, values_only=True)]
    assert rows == [2, 3]


@pytest.mark.parametrize("name", [".snapshot", "@eaDir", "~tmp", "#recycle"])
def test_folders_of_file_servers_are_no_batches(drop, name):
    drop.deliver("a", 1)
    drop.deliver(name, 2)
    look = drop.take()
    assert (look.taken.batch, look.refused) == ("a", ())
