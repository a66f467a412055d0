"""The clients of others follow a stream: over server-sent events and WebSockets."""

from __future__ import annotations

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from tests.peers.standing import NUMBER

FOLLOW = """
subscription Follow($after: ID, $codes: [String!]) {
  provinceStatus(after: $after, codes: $codes) {
    cursor
    province { code name }
    state
  }
}
"""
LOOK_UP = """
query($by: WorkerBy!) {
  worker(by: $by, purpose: MEMBERSHIP_SERVICE) {
    ... on Worker { name completeness { answered } }
  }
}
"""


@pytest.fixture(scope="module")
def asked(hub):
    """A hub of which both provinces have been asked, so that there is news."""
    hub.data(LOOK_UP, variables={"by": {"residentId": NUMBER}})
    return hub


@pytest.fixture(scope="module", params=["sse", "ws", "ws-header"])
def follow(request, node, asked):
    """Follow several streams at once through a client of others."""

    def one(events, query=FOLLOW, token=asked.inflow, until=None, **variables):
        return {
            "events": events,
            "until": until,
            "query": query,
            "token": token,
            "variables": variables,
        }

    def followed(**follows):
        wanted = {name: one(**each) for name, each in follows.items()}
        told = {"client": request.param, "url": asked.url, "follows": wanted}
        return node.tell("streams.mjs", told, limit=60)

    return followed


@pytest.fixture(scope="module")
def seen(follow):
    return follow(
        all={"events": 2},
        one={"events": 1, "codes": ["44"]},
        nothing={"events": 1, "query": "subscription { nothing }"},
        nobody={"events": 1, "token": "ey.ey.ey"},
    )


def _told(stream):
    assert stream["failed"] is None, stream
    return [one["data"]["provinceStatus"] for one in stream["seen"]]


def _codes(stream):
    return {one["province"]["code"] for one in _told(stream)}


def test_a_stream_begins_with_how_every_province_does(seen):
    assert _codes(seen["all"]) == {"44", "51"}


def test_a_stream_tells_of_the_provinces_that_were_asked_for_only(seen):
    (event,) = _told(seen["one"])

    assert event["province"]["code"] == "44"
    assert event["state"] == "ANSWERING"


def test_a_stream_goes_on_where_it_was_left(follow, seen):
    first, second = _told(seen["all"])
    after, until = first["cursor"], second["cursor"]
    rest = follow(rest={"events": 50, "after": after, "until": until})
    cursors = [one["cursor"] for one in _told(rest["rest"])]

    # A province may have changed more than once since: nothing is left out.
    assert cursors[-1] == until
    assert after not in cursors
    assert len(set(cursors)) == len(cursors)


def test_a_stream_of_what_is_not_there_ends_with_our_error(seen):
    assert seen["nothing"]["seen"] == []
    assert seen["nothing"]["failed"] in (["GRAPHQL_VALIDATION_FAILED"], [400])


def test_nobody_follows_without_a_token(seen):
    assert seen["nobody"]["seen"] == []
    assert seen["nobody"]["failed"] in (["UNAUTHENTICATED"], [401], [4401], [4403])


async def _first(asked, **variables):
    transport = WebsocketsTransport(
        url=asked.url.replace("http", "ws"),
        init_payload={"Authorization": f"Bearer {asked.inflow}"},
    )
    async with Client(transport=transport) as session:
        document = gql(FOLLOW)
        document.variable_values = variables
        async for event in session.subscribe(document):
            return event["provinceStatus"]
    raise AssertionError("the stream ended before it began")


async def test_gql_follows_over_a_websocket(asked):
    event = await _first(asked, codes=["44"])

    assert event["province"] == {"code": "44", "name": "Guangdong"}
    assert event["state"] == "ANSWERING"


async def test_gql_reads_the_refusal_of_a_cursor(asked):
    with pytest.raises(TransportQueryError) as refused:
        await _first(asked, after="no cursor")

    (error,) = refused.value.errors
    assert error["extensions"]["reason"] == "CURSOR_INVALID"
    assert error["extensions"]["zh"]
