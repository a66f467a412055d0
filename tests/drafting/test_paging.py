"""How answers go on is drafted for the kind that has pages, and never passed over."""

from __future__ import annotations

import json

import pytest

from connectors.drafting.introspection import of_introspection
from connectors.drafting.mapping_draft import draft
from connectors.drafting.openapi import of_openapi
from connectors.foreign.settings import RootSettings
from connectors.mapping.mapping import Mapping
from connectors.rest.settings import EndpointSettings
from schema.records.kinds import RecordKind
from tests.drafting.test_descriptions import introspected


def answer(beside, of, headers=()):
    rows = {"type": "array", "items": {"properties": {key: {} for key in of}}}
    schema = {"properties": {"items": rows, **{key: {} for key in beside}}}
    content = {"application/json": {"schema": schema}}
    heads = {key: {} for key in headers}
    return {"responses": {"200": {"content": content, "headers": heads}}}


def interface(parameters, beside, headers=()):
    """Workers by POST, on one page; members by GET, in the way that is told."""
    keys = {"properties": {"workerIds": {"items": {}}}}
    sent = {"content": {"application/json": {"schema": keys}}}
    people = {
        **answer((), ("workerId", "name", "sex", "birthDate", "updatedAt")),
        "requestBody": sent,
    }
    told = [{"in": "query", "name": one} for one in ("workerId", *parameters)]
    members = {
        **answer(
            beside,
            ("id", "workerId", "membershipNo", "joinedOn", "unionCode", "updatedAt"),
            headers,
        ),
        "parameters": told,
    }
    paths = {"/v1/workers": {"post": people}, "/v1/members": {"get": members}}
    return of_openapi(json.dumps({"paths": paths}).encode())


@pytest.mark.parametrize(
    ("parameters", "beside", "headers", "paging"),
    [
        (("cursor", "pageSize"), ("nextCursor",), (),
         {"style": "cursor", "parameter": "cursor", "at": "nextCursor", "size_parameter": "pageSize"}),
        (("after",), ("next", "has_more"), (),
         {"style": "cursor", "parameter": "after", "at": "next", "more_at": "has_more"}),
        (("pageNum",), ("total",), (), {"style": "page", "parameter": "pageNum"}),
        (("offset", "limit"), (), (),
         {"style": "offset", "parameter": "offset", "size_parameter": "limit"}),
        (("per_page",), (), ("Link",), {"style": "link", "size_parameter": "per_page"}),
    ],
    ids=["cursor", "flag", "page", "offset", "link"],
)  # fmt: skip
def test_pages_of_one_path_are_drafted_for_its_kind(
    parameters, beside, headers, paging
):
    told = interface(parameters, beside, headers)
    assert told.rest == ()
    drafted = draft(told.tables)
    made = Mapping.load(drafted.text.encode(), "draft")
    own = made.kind(RecordKind.MEMBERSHIP).own
    assert own["paging"] == paging
    assert EndpointSettings.model_validate(own).paging.style == paging["style"]
    assert "paging" not in made.kind(RecordKind.WORKER).own


@pytest.mark.parametrize(
    ("parameters", "beside"), [(("cursor",), ()), ((), ("hasMore",)), (("limit",), ())]
)
def test_what_speaks_of_pages_and_is_not_understood_is_a_person_s_to_decide(
    parameters, beside
):
    drafted = draft(interface(parameters, beside).tables)
    Mapping.load(drafted.text.encode(), "draft")
    (said,) = [line for _, line in drafted.open if "paging" in line]
    assert (*parameters, *beside)[0] in said
    assert "paging" not in draft(interface((), ()).tables).text


MIXED = """
type Query {
  workers(ids: [String!]!): [Worker!]!
  members(workerIds: [String!]!, after: String): MemberConnection
}
type Worker { workerId: ID! name: String gender: String birthDate: String updatedAt: String }
type MemberConnection { edges: [E] pageInfo: PI }
type PI { hasNextPage: Boolean endCursor: String }
type E { node: Member }
type Member { id: ID! workerId: ID! status: String cardNo: String joinedOn: String updatedAt: String }
"""


def test_one_root_field_s_cursors_are_no_other_s():
    drafted = draft([one.seen for one in of_introspection(introspected(MIXED)).roots])
    made = Mapping.load(drafted.text.encode(), "draft")
    members = RootSettings.model_validate(made.kind(RecordKind.MEMBERSHIP).own)
    assert members.paging.style == "cursor"
    assert members.paging.more_at == "pageInfo.hasNextPage"
    workers = RootSettings.model_validate(made.kind(RecordKind.WORKER).own)
    assert workers.paging.style == "none"


def test_a_connection_without_a_cursor_to_send_is_a_person_s_to_decide():
    told = of_introspection(introspected(MIXED.replace(", after: String", "")))
    drafted = draft([one.seen for one in told.roots])
    assert [line for _, line in drafted.open if "pageInfo" in line]
