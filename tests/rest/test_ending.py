"""An answer that says it goes on is not the whole, where no settings go on with it."""

from __future__ import annotations

import logging

import msgspec
import pytest

from connectors.own_words.ending import goes_on
from schema.records.kinds import RecordKind
from schema.records.skill import SkillLevel, SkillRecord
from schema.records.told import FaultCode
from tests.contracts.test_connector import AT, WANG
from tests.rest.conftest import ask, guarded
from tests.rest.foreign import mapping_text
from tests.rest.subjects import interface
from tests.rest.test_faults import SKILLS, codes

SKILLED = msgspec.structs.replace(
    WANG,
    local_id="gd-2",
    skills=tuple(
        SkillRecord(id=f"s{n}", as_of=AT, level=SkillLevel.PRIMARY) for n in range(3)
    ),
)


@pytest.mark.parametrize(
    ("told", "rows_at"),
    [
        ({"items": [], "nextCursor": "abc"}, "items"),
        ({"items": [], "hasMore": True}, "items"),
        ({"data": {"list": [], "nextPage": 1}}, "data.list"),
        ({"data": {"list": []}, "page": {"has_next": True}}, "data.list"),
        ({"rows": [], "_links": {"next": {"href": "/v1/x?p=2"}}}, "rows"),
        ({"value": [], "@odata.nextLink": "https://x.example/2"}, "value"),
    ],
)
def test_what_plainly_goes_on_is_seen(told, rows_at):
    assert goes_on(told, rows_at)


@pytest.mark.parametrize(
    ("told", "rows_at"),
    [
        ([{"next": "x"}], ""),
        ({"name": "x", "next": "x", "more": True}, ""),
        ({"row": {"next": "x"}}, "row"),
        ({"items": [], "nextCursor": None, "hasMore": False}, "items"),
        ({"list": [], "nextPage": 0, "next": "", "more": 1}, "list"),
        ({"rows": [], "_links": {"next": {"href": None}}}, "rows"),
        ({"rows": [], "pageInfo": {"endCursor": "x", "hasNextPage": False}}, "rows"),
    ],
)
def test_the_end_and_a_row_s_own_words_are_no_next_page(told, rows_at):
    assert not goes_on(told, rows_at)
    assert goes_on(told, rows_at, link="/v1/x?p=2")


@pytest.mark.parametrize("style", ["cursor", "link"])
async def test_a_first_page_does_not_pass_as_all_of_a_kind(province, style, caplog):
    await province.put(
        workers={"gd-2": SKILLED}, paging=style, faults={"/v1/jn": "endless"}
    )
    rest = interface(province.url, paging={})
    async with guarded(province, rest=rest) as guard:
        with caplog.at_level(logging.WARNING):
            answer = await ask(guard, ["gd-2"], SKILLS)
    ((worker,),) = answer.workers
    assert worker.skills is None
    assert codes(answer) == [(FaultCode.PARTIAL, (RecordKind.SKILL,))]
    assert "SKILL:MORE_PAGES" in caplog.text


async def test_a_kind_goes_on_in_its_own_way(province):
    """Of a whole interface often one path alone has pages."""
    await province.put(workers={"gd-2": SKILLED}, paging="cursor")
    own = (
        '[kinds.SKILL.own.paging]\nstyle = "cursor"\nparameter = "yb"\n'
        'size_parameter = "ts"\nsize = 1\nat = "next"\n'
    )
    mapping = mapping_text() + own
    rest = interface(province.url, paging={})
    async with guarded(province, mapping=mapping, rest=rest) as guard:
        answer = await ask(guard, ["gd-2"], SKILLS)
    assert answer.faults == ()
    assert [row.id for row in answer.workers[0][0].skills] == ["s0", "s1", "s2"]


async def test_a_first_page_of_workers_makes_no_stranger_of_the_others(
    province, caplog
):
    crowd = {
        key: msgspec.structs.replace(SKILLED, local_id=key) for key in ("gd-2", "gd-3")
    }
    await province.put(
        workers=crowd, paging="cursor", faults={"/v1/gr/query": "endless"}
    )
    rest = interface(province.url, paging={})
    async with guarded(province, rest=rest) as guard:
        with caplog.at_level(logging.WARNING):
            answer = await ask(guard, list(crowd), SKILLS)
    (workers,) = answer.workers
    assert [bool(one) for one in workers] == [True, False]
    kinds = (RecordKind.SKILL, RecordKind.WORKER)
    assert codes(answer) == [(FaultCode.PARTIAL, kinds)]
    assert "WORKER:MORE_PAGES" in caplog.text
