"""The clients of others look workers up."""

from __future__ import annotations

import pytest
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError

from tests.peers.standing import NUMBER, OTHER

LOOK_UP = """
query LookUp($by: WorkerBy!) {
  worker(by: $by, purpose: MEMBERSHIP_SERVICE) {
    __typename
    ... on Worker { id name memberships { unionName } completeness { complete } }
    ... on Refusal { code message }
  }
}
"""


NO_VARIABLE = (
    "query($by: WorkerBy!) { worker(by: $by, purpose: MEMBERSHIP_SERVICE)"
    " { __typename } }"
)


def _asks(hub):
    def one(query, by=None, **headers):
        sent = {"Authorization": f"Bearer {hub.inflow}", **headers}
        variables = {} if by is None else {"by": by}
        return {"query": query, "variables": variables, "headers": sent}

    chinese = {"Accept-Language": "zh-CN"}
    return {
        "file": one(LOOK_UP, {"residentId": OTHER}),
        "by id": one(LOOK_UP, {"id": hub.ids()[1]}),
        "refusal": one(LOOK_UP, {"residentId": "44"}, **chinese),
        "unknown field": one("{ nothing }"),
        "no variable": one(NO_VARIABLE),
        "no token": one("{ provinces { code } }", Authorization=""),
    }


def _answers(node, hub, client):
    asks = _asks(hub)
    return node.tell("clients.mjs", {"client": client, "url": hub.url, "asks": asks})


@pytest.fixture(scope="module", params=["apollo", "urql", "request"])
def answers(request, node, hub):
    """What a client made of each answer."""
    return _answers(node, hub, request.param)


def test_a_client_of_others_gets_the_file(answers):
    for name in ("file", "by id"):
        worker = answers[name]["data"]["worker"]

        assert answers[name]["codes"] == []
        assert (worker["__typename"], worker["name"]) == ("Worker", "王芳")
        assert worker["completeness"]["complete"] is True


def test_a_client_of_others_gets_a_refusal_as_data(answers):
    refused = answers["refusal"]["data"]["worker"]

    assert answers["refusal"]["codes"] == []
    assert refused["__typename"] == "Refusal"
    assert refused["code"]
    assert "号码" in refused["message"]


def test_a_client_of_others_reads_the_codes_of_errors(answers):
    assert answers["unknown field"] == {
        "data": None,
        "codes": ["GRAPHQL_VALIDATION_FAILED"],
    }
    assert answers["no variable"] == {"data": None, "codes": ["BAD_USER_INPUT"]}


def test_a_client_of_others_gets_nothing_without_a_token(answers):
    assert answers["no token"]["data"] is None
    # Some tell no more than the status.
    assert answers["no token"]["codes"] in (["UNAUTHENTICATED"], [401])


def test_urql_as_it_is_goes_by_get_and_puts_no_number_into_an_address(node, hub):
    answers = _answers(node, hub, "urql-get")

    assert answers["by id"]["data"]["worker"]["name"] == "王芳"
    assert answers["file"] == {"data": None, "codes": ["BAD_REQUEST"]}


async def test_gql_looks_a_worker_up_and_checks_the_query_by_itself(hub):
    transport = AIOHTTPTransport(
        hub.url, headers={"Authorization": f"Bearer {hub.inflow}"}, ssl=False
    )
    client = Client(transport=transport, fetch_schema_from_transport=True)
    async with client as session:
        look_up = gql(LOOK_UP)
        look_up.variable_values = {"by": {"residentId": NUMBER}}
        found = await session.execute(look_up)
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(gql(NO_VARIABLE))

    assert found["worker"]["name"] == "刘琴"
    assert found["worker"]["completeness"] == {"complete": False}
    assert refused.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
