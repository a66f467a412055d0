"""GraphQL over HTTP: the audits of the reference suite, against a real hub."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.peers.kept import CACHE
from tests.web.test_audits import ALL


@pytest.fixture(scope="module")
def audits(node, hub):
    return node.tell("audit.mjs", {"url": hub.url, "token": hub.inflow})


def test_every_must_and_every_should_is_met(audits):
    table = "\n".join(f"{one['status']:5} {one['id']}  {one['name']}" for one in audits)
    (CACHE / "graphql-http-audits.txt").write_text(f"{table}\n", encoding="utf-8")
    counted = Counter(one["status"] for one in audits)
    print(f"graphql-http audits: {dict(counted)}\n{table}")  # noqa: T201  # pytest -rP

    assert [one for one in audits if one["status"] != "ok"] == []
    assert len(audits) == 61


def test_every_audit_is_a_test_without_node_too(audits):
    assert {one["id"] for one in audits} == set(ALL)
