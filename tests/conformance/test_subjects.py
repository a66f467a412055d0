"""Every kind of province that passes the contract suite passes a visit."""

from __future__ import annotations

import contextlib

import pytest

from connectors.conformance.report import Outcome
from connectors.conformance.running import run
from tests.conformance import subjects

#: What each has nothing of, or what cannot be looked at there.
ASIDE = {
    "graphql": {"declare.as-set", "refuse.field", "refuse.changes", "refuse.acts"},
    "node": {"declare.as-set", "refuse."},
    "sqlite": {"refuse.", "secrets.", "wire."},
    "postgresql": {"refuse.", "secrets.", "wire."},
    "rest": {"refuse.", "wire."},
    "kit": {"declare.as-set", "refuse."},
    "foreign": {"refuse.", "wire."},
    "desk": {
        "refuse.", "changes.", "acts.out", "acts.in-and-back", "secrets.", "wire.",
        "recover.reopened",
    },
    "files": {
        "refuse.kind", "refuse.field", "refuse.acts", "changes.", "acts.", "secrets.",
        "wire.", "recover.reopened",
    },
}  # fmt: skip


#: It answers half a body with 500, which is no breach.
LOOKED_AT = {"node": {"wire.not-graphql"}}


@pytest.fixture
async def visit(request, tmp_path):
    kind = request.param
    make = {
        "graphql": lambda: subjects.over_graphql(tmp_path),
        "node": lambda: subjects.over_node(request.getfixturevalue("node_provinces")),
        "sqlite": lambda: subjects.over_database(_sqlite(tmp_path), tmp_path),
        "postgresql": lambda: subjects.over_database(
            request.getfixturevalue("postgres").ensure_database("visited"), tmp_path
        ),
        "rest": lambda: subjects.over_rest(tmp_path),
        "kit": lambda: subjects.over_kit(tmp_path),
        "foreign": lambda: subjects.over_foreign(
            request.getfixturevalue("node_provinces"), tmp_path
        ),
        "desk": lambda: subjects.over_desk(tmp_path),
        "files": lambda: subjects.over_drop_folder(tmp_path),
    }[kind]
    async with contextlib.AsyncExitStack() as stack:
        yield kind, await stack.enter_async_context(make())


def _sqlite(directory):
    file = directory / "own.sqlite"
    file.touch()
    return f"sqlite:///{file}"


@pytest.mark.parametrize("visit", ASIDE, indirect=True)
async def test_a_province_of_this_kind_keeps_the_contract(visit):
    kind, (connector, sample, means) = visit
    report = await run(connector, sample, means)

    told = {one.check.id: (one.outcome, one.came.en) for one in report.findings}
    assert {n: one for n, one in told.items() if one[0] is Outcome.FAILED} == {}
    looked_at = {n: one for n, one in told.items() if one[0] is Outcome.WARNED}
    assert set(looked_at) == LOOKED_AT.get(kind, set()), looked_at
    aside = {n for n, one in told.items() if one[0] is not Outcome.PASSED}
    aside -= set(looked_at)
    assert {one for one in aside if not one.startswith(tuple(ASIDE[kind]))} == set()
