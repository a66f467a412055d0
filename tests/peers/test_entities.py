"""Entities and the SDL as gateways ask for them: over HTTP, of a real hub."""

from __future__ import annotations

import json

import pytest

from tests.peers.standing import PURPOSE

ENTITIES = """
query Entities($r: [_Any!]!) {
  _entities(representations: $r) { __typename ... on Worker { id name } }
}
"""
#: What gateways never send, and others might.
BAD = [
    {"__typename": "Worker"},
    {"__typename": "Worker", "id": None},
    {"__typename": "Worker", "id": 7},
    {"__typename": "Worker", "id": {"a": []}},
    {"__typename": "Nothing", "id": "x"},
    {"__typename": "Query", "id": "x"},
    {"__typename": None, "id": "x"},
    {"__typename": ["Worker"], "id": "x"},
    {"id": "x"},
    {},
    "Worker",
    17,
    True,
    ["Worker", "x"],
]
#: Well-formed, but nobody has them.
UNKNOWN = [
    "",
    "nobody",
    "00000000-0000-4000-8000-000000000000",
    "x" * 4000,
    "\x00",
    "号",
]


def _ask(hub, representations, **more):
    headers = {"Purpose_Of_Use": PURPOSE, **more}
    return hub.ask(ENTITIES, variables={"r": representations}, **headers)


def test_a_bad_representation_is_null_and_one_error_and_costs_no_other_its_place(hub):
    first, second = hub.ids()
    known = [{"__typename": "Worker", "id": one} for one in (first, second)]
    answer = _ask(hub, [known[0], *BAD, known[1]])

    assert answer.status == 200
    found = answer.json["data"]["_entities"]
    assert [one and one["name"] for one in found] == [
        "刘琴",
        *[None] * len(BAD),
        "王芳",
    ]
    errors = answer.json["errors"]
    assert [one["path"] for one in errors] == [
        ["_entities", place] for place in range(1, len(BAD) + 1)
    ]
    for error in errors:
        extensions = error["extensions"]
        assert extensions["code"] == "BAD_USER_INPUT"
        assert extensions["reason"] == "BAD_REPRESENTATION"
        assert "实体" in extensions["zh"]
        assert "representation" in extensions["en"]
        assert "Worker" in extensions["remedy"]["zh"]
        assert extensions["requestId"]
    assert "Traceback" not in answer.body.decode()


def test_what_else_stands_in_a_representation_is_left_alone(hub):
    (first, _) = hub.ids()
    more = {"__typename": "Worker", "id": first, "name": "x", "self": 1, "info": {}}

    answer = _ask(hub, [more, more])

    assert "errors" not in answer.json
    assert [one["name"] for one in answer.json["data"]["_entities"]] == ["刘琴"] * 2


@pytest.mark.parametrize("key", UNKNOWN)
def test_whom_nobody_knows_is_null_and_told_as_one_whom_the_caller_may_not_see(
    hub, key
):
    (_, second) = hub.ids()
    both = [{"__typename": "Worker", "id": one} for one in (key, second)]

    unknown = _ask(hub, both)
    # Sichuan has no relation to the second worker: only Guangdong knows her.
    not_theirs = _ask(hub, both[1:], Authorization=f"Bearer {hub.outflow}")

    assert [one and one["name"] for one in unknown.json["data"]["_entities"]] == [
        None,
        "王芳",
    ]
    assert not_theirs.json["data"]["_entities"] == [None]
    (one,), (other,) = unknown.json["errors"], not_theirs.json["errors"]
    assert one["extensions"]["code"] == "FORBIDDEN"
    for error in (one, other):
        del error["extensions"]["requestId"]
    assert one == other


@pytest.mark.parametrize(
    ("language", "character"), [("zh-CN", "目"), ("en", "purpose"), ("de", "purpose")]
)
def test_without_a_purpose_each_is_an_error_in_the_callers_language(
    hub, language, character
):
    one = {"__typename": "Worker", "id": hub.ids()[0]}
    answer = _ask(hub, [one, one], Purpose_Of_Use="", Accept_Language=language)

    assert answer.json["data"]["_entities"] == [None, None]
    assert len(answer.json["errors"]) == 2
    for error in answer.json["errors"]:
        assert character in error["message"]
        assert error["extensions"]["reason"] == "PURPOSE_MISSING"
        assert "Purpose-Of-Use" in error["extensions"]["remedy"]["en"]


def test_more_entities_than_a_request_may_ask_for_are_refused_each(hub):
    one = {"__typename": "Worker", "id": hub.ids()[0]}
    answer = _ask(hub, [one] * 101)

    found = answer.json.get("data", {}).get("_entities")
    assert answer.status < 500
    assert answer.json["errors"]
    assert found in (None, [None] * 101)


@pytest.mark.parametrize("representations", [None, [None]])
def test_null_is_no_representation_and_no_list_of_them(hub, representations):
    answer = _ask(hub, representations)

    (error, *_) = answer.json["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert not answer.json.get("data")


@pytest.mark.parametrize("single", ["x", {"a": 1}])
def test_a_single_value_is_a_list_of_one_as_everywhere_in_graphql(hub, single):
    answer = _ask(hub, single)

    assert answer.json["data"]["_entities"] == [None]
    assert answer.json["errors"][0]["extensions"]["reason"] == "BAD_REPRESENTATION"


READS = ["{ _service { sdl } }", "{ __schema { queryType { name } } }"]


@pytest.mark.parametrize("query", READS)
def test_nobody_reads_the_graph_without_a_token(hub, closed_hub, query):
    for one in (hub, closed_hub):
        assert one.ask(query, token="").status == 401


@pytest.mark.parametrize("query", READS)
def test_who_is_known_reads_an_open_graph(hub, query):
    assert "errors" not in hub.ask(query).json


def test_a_closed_graph_refuses_both_ways_to_read_it_alike(closed_hub):
    service, introspection = (closed_hub.ask(query).json for query in READS)

    for answer in (service, introspection):
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == "INTROSPECTION_OFF"
    for answer in (service, introspection):
        answer["errors"][0]["extensions"].pop("requestId")
        answer["errors"][0].pop("locations", None)
    assert json.dumps(service) == json.dumps(introspection)


def test_a_closed_graph_still_serves_entities(closed_hub, hub):
    answer = _ask(closed_hub, [{"__typename": "Worker", "id": hub.ids()[1]}])

    assert answer.json["data"]["_entities"][0]["name"] == "王芳"
