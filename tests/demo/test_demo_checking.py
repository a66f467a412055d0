"""The demo's self-check finds every kind of wrong answer, and no right one."""

from __future__ import annotations

import copy
import io
import sqlite3
from contextlib import closing

import pytest
from rich.console import Console

from deploy.demo.checking import differences
from deploy.demo.population.building import build
from deploy.demo.table import show_file
from deploy.demo.truth import TABLES, Truth

NAMES = {
    "63": "青海",
    "51": "四川",
    "42": "湖北",
    "37": "山东",
    "44": "广东",
    "33": "浙江",
}
NOTHING = frozenset()


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    directory = tmp_path_factory.mktemp("population")
    manifest = build(directory / "population", size=400)
    databases = {code: directory / "population" / f"{code}.sqlite" for code in NAMES}
    stories = [each.resident_id for each in manifest.showcase]
    return Truth(directory / "population" / "links.csv", databases, stories)


@pytest.fixture(scope="module")
def worker(truth):
    return truth.choose(1)[0]


@pytest.fixture
def right(truth, worker):
    """The answer that an honest hub gives, from the provinces' files."""
    rows = {
        field: [
            {"sources": [{"province": code}]}
            for code, count in truth.rows(worker, field).items()
            for _ in range(count)
        ]
        for field in TABLES
    }
    for shown, kept in zip(rows["memberships"], truth.memberships(worker), strict=True):
        shown |= {"unionName": kept.union_name, "state": kept.state}
        shown |= {"since": kept.since, "until": None}
        shown |= {"source": {**shown["sources"][0], "asOf": "2026-11-01T00:00:00Z"}}
    asked = sorted(worker.local_keys)
    return {
        "__typename": "Worker",
        "name": min(truth.names(worker)),
        "birthDate": "1980-01-01",
        **rows,
        "rightsCases": [
            {**row, "closedOn": "2020-01-01"} for row in rows["rightsCases"]
        ],
        "conflicts": [
            {
                "kind": "WORKER",
                "field": "name",
                "rule": "latest",
                "versions": [
                    {"value": "甲", "province": asked[0]},
                    {"value": None, "province": asked[1]},
                ],
            }
        ],
        "withheld": [{"kind": "HARDSHIP_FILE", "field": None, "rule": "x"}],
        "completeness": {
            "complete": True,
            "asked": asked,
            "answered": asked,
            "faults": [],
            "notOffered": [{"province": "63", "kind": "TRAINING", "field": None}],
        },
    }


def test_a_right_answer_has_no_differences(right, worker, truth):
    assert differences(right, worker, truth, NOTHING) == []


def test_a_worker_with_a_story_is_known_to_several_provinces(worker):
    assert len(worker.local_keys) > 1


def test_ten_different_workers_are_chosen(truth):
    chosen = truth.choose(10)
    assert len({each.resident_id for each in chosen}) == 10
    assert chosen == truth.choose(10)


def test_a_row_that_is_missing_is_found(right, worker, truth):
    del right["employments"][0]
    (found,) = differences(right, worker, truth, NOTHING)
    assert found.startswith("employments:")


def test_a_row_that_is_told_twice_is_found(right, worker, truth):
    right["memberships"].append(copy.deepcopy(right["memberships"][0]))
    assert any(
        each.startswith("memberships: told")
        for each in differences(right, worker, truth, NOTHING)
    )


def test_another_state_is_found(right, worker, truth):
    right["memberships"][0]["state"] = "EXPELLED"
    assert differences(right, worker, truth, NOTHING) == [
        "memberships: union, state or first day differ"
    ]


def test_a_name_that_nobody_told_is_found_but_not_repeated(right, worker, truth):
    right["name"] = "张三丰"
    (found,) = differences(right, worker, truth, NOTHING)
    assert "张三丰" not in found


def test_a_fault_is_a_difference(right, worker, truth):
    right["completeness"]["faults"] = [{"province": "51", "code": "TIMED_OUT"}]
    assert differences(right, worker, truth, NOTHING) == ["fault: 51 TIMED_OUT"]


def test_a_province_that_was_not_asked_is_found(right, worker, truth):
    right["completeness"]["asked"] = right["completeness"]["asked"][1:]
    (found,) = differences(right, worker, truth, NOTHING)
    assert found.startswith("asked:")


@pytest.mark.parametrize("typename", ["UnknownWorker", "Refusal"])
def test_no_file_is_a_difference(worker, truth, typename):
    answer = {"__typename": typename, "code": "X"}
    (found,) = differences(answer, worker, truth, NOTHING)
    assert typename in found


def test_rows_of_an_older_province_must_not_be_there(right, worker, truth):
    with_employment = next(iter(truth.rows(worker, "employments")))
    not_served = frozenset({(with_employment, "employments")})
    (found,) = differences(right, worker, truth, not_served)
    assert found.startswith("employments:")


def test_the_truth_cannot_be_written_to(truth):
    with (
        closing(truth._open("51")) as database,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        database.execute("DELETE FROM worker")


def test_the_table_shows_who_where_since_when_and_what_is_missing(right):
    right["completeness"]["faults"] = [
        {"province": "51", "code": "TIMED_OUT", "message": "未在时限内答复。"}
    ]
    right["completeness"]["complete"] = False
    written = io.StringIO()
    show_file(Console(file=written, width=200), right, NAMES, 12.3)
    shown = written.getvalue()
    first = right["memberships"][0]
    for words in (
        right["name"],
        first["unionName"],
        first["since"] or "",
        f"{NAMES[first['source']['province']]} 2026-11-01",
        "不完整 incomplete",
        "四川 TIMED_OUT",
        "青海 不提供 does not offer TRAINING",
        "甲",
        "HARDSHIP_FILE",
        "无未结案件",
    ):
        assert words in shown


def test_an_open_case_is_shown_with_the_contracts_own_words(right):
    right["rightsCases"] = [
        {
            "caseNo": "（2026）川工维字第1号",
            "matter": "WAGE_ARREARS",
            "status": "ACCEPTED",
            "firstTouchOn": "2026-03-24",
            "closedOn": None,
            "leadUnionName": None,
            "source": {"province": "51", "asOf": "2026-09-05T00:00:00Z"},
        }
    ]
    written = io.StringIO()
    show_file(Console(file=written, width=200), right, NAMES, 12.3)
    shown = written.getvalue()
    assert "（2026）川工维字第1号" in shown
    assert "ACCEPTED" in shown
    assert "四川 2026-09-05" in shown
