"""The bench of cases: that it can tell a target that is missed, and a list that is torn."""

from __future__ import annotations

from io import StringIO

import pytest
from msgspec import json, structs
from rich.cells import cell_len
from rich.console import Console

from tests.bench.casework import Casework, Load, Walked
from tests.bench.casework_questions import (
    Page,
    cases,
    flaw_of_act,
    flaw_of_pages,
    read_page,
)
from tests.bench.casework_report import judge, show
from tests.bench.machine import Machine

FREE = Machine(2, "any", "3.11", "Linux", (1.0,))


def found(*, slow=0.05, flaws=(), walk="", clocks=9.0, changed=50.0, act=3.0):
    took = [0.01] * 98 + [slow] * 2
    lists = load("province, due, later pages", took, rows=50.0)
    acts = load("recordAct", [act], act=True, crowd=16, flaws=list(flaws))
    walked = [Walked("due", 5_000, 5_000, 3.0, walk)]
    return Casework(FREE, 100_000, [lists, acts], walked, clocks, changed, 150_000_000)


def load(name, took, **facts):
    given = {
        "act": False, "crowd": 1, "hub": 0.004, "cpu": {"hub": 3.25, "postgres": 1.5},
        "flaws": [], "rows": 0.0, "seconds": 2.0,
    }  # fmt: skip
    return Load(name=name, took=took, **(given | facts))


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        ({}, []),
        ({"flaws": ["NO_SUCH_CASE: gone"]}, [0]),
        ({"walk": "3 stand on it, and 4 should"}, [0]),
        ({"slow": 0.11}, [1]),
        ({"clocks": 61.0}, [2]),
        ({"changed": 61.0}, [3]),
    ],
)
def test_a_target_that_is_missed_is_told(given, missed):
    verdicts = judge(found(**given))

    assert [place for place, one in enumerate(verdicts) if not one.good] == missed


def test_an_act_that_lasts_is_no_slow_list():
    assert all(one.good for one in judge(found(act=30.0)))


def test_a_narrow_terminal_shows_every_heading_and_figure_whole():
    text, some = StringIO(), found(flaws=["HTTP 503 b'nobody is there'"])
    wide = [structs.replace(one, took=[9.8765] * 9) for one in some.loads]
    some = structs.replace(some, loads=wide)

    show(some, judge(some), Console(file=text, width=80))

    said = text.getvalue()
    assert "…" not in said
    assert max(map(cell_len, said.splitlines())) <= 80
    for whole in ("province, due, later pages", "at once", "postgres", "9876.5"):
        assert whole in said
    assert "HTTP 503" in said


def page(*names, end=None, due=None):
    days = due or [""] * len(names)
    return Page([{"no": n, "dueOn": d} for n, d in zip(names, days, strict=True)], end)


@pytest.mark.parametrize(
    ("pages", "flaw"),
    [
        ([page("a", "b"), page("c")], ""),
        ([page("a", "b"), page("b")], "1 of 3 rows stand there twice"),
        ([page("a", "b", due=["2026-01-01", "2026-02-01"]), page("c", due=[None])], ""),
        (
            [page("a", due=["2026-02-01"]), page("b", due=["2026-01-01"])],
            "what is due later stands before what is due sooner",
        ),
    ],
)
def test_a_torn_list_is_found(pages, flaw):
    assert flaw_of_pages("DUE", pages) == flaw


def test_two_tasks_of_one_case_and_one_number_in_two_cases_are_different_rows():
    rows = [{"caseNo": no, "no": task} for no in ("a", "b") for task in ("t1", "t2")]

    assert flaw_of_pages("OPENED", [Page(rows, None)]) == ""


def test_a_page_is_read_with_where_it_ends():
    told = {
        "edges": [{"node": {"no": "1"}}],
        "pageInfo": {"endCursor": "x", "hasNextPage": True},
    }

    assert read_page(json.encode({"data": {"page": told}})) == Page([{"no": "1"}], "x")
    last = told | {"pageInfo": {"endCursor": "x", "hasNextPage": False}}
    assert read_page(json.encode({"data": {"page": last}})).end is None


@pytest.mark.parametrize(
    "answer",
    [
        b'{"data":{"page":null}}',
        b'{"data":null,"errors":[{"message":"no"}]}',
        b'{"data":{"page":{}},"errors":[{"message":"no"}]}',
    ],
)
def test_what_is_no_page_is_a_flaw(answer):
    with pytest.raises(ValueError, match="data"):
        read_page(answer)


def test_a_refusal_is_a_flaw_and_a_case_is_none():
    refused = {"__typename": "Refusal", "code": "NO_SUCH_CASE", "message": "gone"}
    assert "NO_SUCH_CASE" in flaw_of_act(json.encode({"data": {"done": refused}}))
    case = {"__typename": "Case", "no": "1"}
    assert flaw_of_act(json.encode({"data": {"done": case}})) == ""
    assert flaw_of_act(b'{"errors":[{"message":"x"}]}')


def test_the_question_for_a_page_says_where_it_goes_on():
    asked = json.decode(cases("DUE", asked=True).body(50, "x"))

    assert asked["variables"] == {
        "filter": {"asked": True}, "first": 50, "after": "x", "order": "DUE"
    }  # fmt: skip
