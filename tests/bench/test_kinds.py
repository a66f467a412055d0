"""The measurement of each kind of province: that it can tell a target that is missed."""

from __future__ import annotations

from io import StringIO

import msgspec
import pytest
from rich.console import Console

from tests.bench.calls import KIT, QUESTION, connectors, whole
from tests.bench.kinds import QUICK, Found, judge, measure_kinds, show
from tests.bench.machine import Machine
from tests.bench.report import as_json
from tests.bench.showing import Showing
from tests.bench.tables import Looked
from tests.bench.timing import Part

FREE = Machine(2, "any", "3.11", "Linux", (1.0,))


def found(graphql=22.0, rest=200.0, memory=30.0, p99=2.0, kit=600.0):
    calls = {"memory": memory, "graphql": graphql, "rest": rest}
    looked = [
        Looked(kind, 1_000_000, 2_000, 1.0, slow, slow, 40.0)
        for kind, slow in (("sql, sqlite", 1.0), ("files, CSV", p99))
    ]
    parts = [
        Part(f"province call, 10 rows: {kind}", micros, "call")
        for kind, micros in calls.items()
    ]
    parts.append(Part(KIT, kit, "request"))
    return Found(FREE, parts, looked)


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        ({}, []),
        ({"memory": 900.0}, []),
        ({"graphql": 500.0}, [0]),
        ({"rest": 501.0}, [1]),
        ({"kit": 2_000.0}, [2]),
        ({"p99": 20.0}, [4]),
    ],
)
def test_a_target_that_is_missed_is_told(given, missed):
    verdicts = judge(found(**given))
    assert [place for place, one in enumerate(verdicts) if not one.good] == missed


def test_ten_rows_with_every_field_are_asked_of_each_kind():
    worker = whole()
    assert 1 + len(worker.memberships) == 10
    (ask,) = QUESTION.asks
    assert worker.local_id in ask.keys
    for kind in ask.selection.kinds:
        rows = [worker] if kind == "WORKER" else worker.memberships
        for field in ask.selection.fields(kind):
            assert all(getattr(row, field) is not msgspec.UNSET for row in rows)
    kinds = ["memory", "graphql", "graphql by mapping", "rest"]
    assert list(connectors(worker)) == kinds


def test_a_quick_run_measures_every_kind_and_finds_everybody(tmp_path):
    for one in (tmp_path, *tmp_path.parents[:2]):
        one.chmod(0o711)  # as root the database is another user, who must pass
    text = StringIO()
    console = Console(file=text, width=80)
    told = measure_kinds(QUICK, tmp_path, Showing(console))
    show(told, judge(told), console)

    assert [one.kind for one in told.looked] == [
        "sql, postgresql",
        "sql, sqlite",
        "files, CSV",
    ]
    assert all(0 < one.p50 <= one.p99 <= one.most for one in told.looked)
    assert all(one.micros > 0 for one in told.calls)
    assert msgspec.json.decode(as_json(told))["looked"][2]["taken"] > 0
    for words in ("rest", KIT, "files, CSV", "Targets"):
        assert words in text.getvalue()
    assert list(tmp_path.iterdir()) == []
