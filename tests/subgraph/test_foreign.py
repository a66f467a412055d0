"""Whoever speaks GraphQL is answered rightly, or told clearly what was wrong."""

from __future__ import annotations

import json
import logging

import pytest

from connectors.faults import ProvinceFault
from schema.records.told import FaultCode
from tests.provinces.over_kit import TOKEN
from tests.subgraph.conftest import who

ONE = "query($r:[_Any!]!){_entities(representations:$r){...on Worker{localId name}}}"


def codes(told):
    return [one["extensions"]["code"] for one in told.get("errors", ())]


async def test_aliases_fragments_variables_and_directives(stranger):
    told = await stranger.ask(
        """
        query Some($r: [_Any!]!, $phones: Boolean!) {
          first: _entities(representations: $r) { ...One }
          second: _entities(representations: [{__typename: "Worker", localId: "gd-2"}]) {
            __typename
            ... on Worker { n: name name phone @include(if: $phones) sex @skip(if: true) }
          }
          contract { province v: version }
          _service { sdl }
        }
        fragment One on Worker {
          kind: __typename localId
          rows: memberships { id ...Two __typename }
          memberships { state }
        }
        fragment Two on Membership { union: unionName }
        """,
        {"r": who("gd-1", "nobody", "gd-1"), "phones": True},
    )
    assert "errors" not in told
    first, stranger_, again = told["data"]["first"]
    assert stranger_ is None
    assert first == again
    assert first == {
        "kind": "Worker",
        "localId": "gd-1",
        "rows": [
            {"id": f"m{n}", "union": "甲", "__typename": "Membership"} for n in range(2)
        ],
        "memberships": [{"state": "ACTIVE"}] * 2,
    }
    assert told["data"]["second"] == [
        {"__typename": "Worker", "n": "王五", "name": "王五", "phone": "13000000000"}
    ]
    assert told["data"]["contract"] == {"province": "44", "v": "1.2"}
    assert "type Worker" in told["data"]["_service"]["sdl"]


async def test_all_of_one_request_is_one_question_for_the_selected_fields(stranger):
    query = "query($r:[_Any!]!){" + "".join(
        f"a{n}:_entities(representations:$r){{...on Worker{{name memberships{{id}}}}}}"
        for n in range(10)
    )
    await stranger.ask(query + "}", {"r": who("gd-1", "gd-2", "gd-1")})

    (question,) = stranger.behind.asked
    assert len(question.asks) == 10
    for ask in question.asks:
        assert ask.keys == ("gd-1", "gd-2")
        told = {kind.value: set(names) for kind, names in ask.selection.parts}
        assert told == {"WORKER": {"name"}, "MEMBERSHIP": set()}


async def test_the_request_id_and_the_purposes_that_there_are_are_passed_on(stranger):
    headers = {
        "X-Request-Id": "hub-request-0001",
        "Purpose-Of-Use": "MEMBERSHIP_SERVICE, <script>, RIGHTS_PROTECTION",
    }
    await stranger.ask(ONE, {"r": who("gd-1")}, headers=headers)

    (question,) = stranger.behind.asked
    assert question.request == "hub-request-0001"
    assert question.purpose == "MEMBERSHIP_SERVICE,RIGHTS_PROTECTION"


@pytest.mark.parametrize(
    "bad",
    [
        {"__typename": "Worker"},
        {"__typename": "Union", "localId": "gd-1"},
        {"__typename": "Worker", "localId": ""},
        {"__typename": "Worker", "localId": "x" * 65},
        {"__typename": "Worker", "localId": True},
        {"__typename": "Worker", "localId": ["gd-1"]},
        "gd-1",
        7,
    ],
)
async def test_a_bad_representation_costs_its_own_place_only(stranger, bad):
    told = await stranger.ask(ONE, {"r": [*who("gd-2"), bad, *who("gd-1")]})

    assert [one and one["localId"] for one in told["data"]["_entities"]] == [
        "gd-2", None, "gd-1",
    ]  # fmt: skip
    (error,) = told["errors"]
    assert error["path"] == ["_entities", 1]
    assert codes(told) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("query", "code", "word"),
    [
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED", "nope"),
        ("{ contract { province ", "GRAPHQL_PARSE_FAILED", ""),
        ("{ contract }", "GRAPHQL_VALIDATION_FAILED", ""),
        ("{ _entities { __typename } }", "GRAPHQL_VALIDATION_FAILED", ""),
        ("subscription { x }", "GRAPHQL_VALIDATION_FAILED", ""),
        ("{" + "a{" * 40 + "b" + "}" * 40 + "}", "COST_EXCEEDED", "41"),
        ("{" + "".join(f"a{n}:contract{{version}}" for n in range(310)) + "}",
         "COST_EXCEEDED", ""),
        ("query($r:[_Any!]!){_entities(representations:$r){__typename}}",
         "BAD_USER_INPUT", ""),
    ],
)  # fmt: skip
async def test_what_cannot_be_answered_is_refused_and_nothing_is_asked(
    stranger, query, code, word
):
    status, told = await stranger.send(query)

    assert status == 400
    assert code in codes(told), told
    assert "data" not in told
    said = told["errors"][0]["extensions"]
    assert word in said["en"] + said["zh"]
    assert stranger.behind.asked == []


async def test_more_workers_than_one_request_may_ask_for(stranger):
    told = await stranger.ask(
        "query($a:[_Any!]!,$b:[_Any!]!){a:_entities(representations:$a){__typename}"
        "b:_entities(representations:$b){__typename}}",
        {"a": who(*map(str, range(30))), "b": who(*map(str, range(30, 60)))},
    )
    assert told["data"] is None
    assert codes(told) == ["BAD_USER_INPUT"]
    assert "50" in told["errors"][0]["message"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "令牌"])
async def test_without_the_token_nobody_is_asked(stranger, token):
    headers = {"Authorization": f"Bearer {token}"} if token else {"Authorization": ""}
    status, told = await stranger.send(ONE, {"r": who("gd-1")}, headers=headers)

    assert (status, codes(told)) == (401, ["UNAUTHENTICATED"])
    assert stranger.behind.asked == []


async def test_the_token_may_be_written_as_http_has_it(stranger):
    headers = {"Authorization": f"bearer  {TOKEN} "}
    assert (await stranger.send(ONE, {"r": []}, headers=headers))[0] == 200


async def test_what_is_no_request_is_told_so(stranger):
    session, url = stranger.session, stranger.url
    shown = {"Authorization": f"Bearer {TOKEN}"}
    kinds = {"Content-Type": "application/json", **shown}
    for method, body, headers, status in (
        ("GET", None, shown, 405),
        ("PUT", b"{}", kinds, 405),
        ("POST", b"{}", {**shown, "Content-Type": "text/plain"}, 415),
        ("POST", b"{", kinds, 400),
        ("POST", b"[]", kinds, 400),
        ("POST", b'{"query": 7}', kinds, 400),
        ("POST", b'{"variables": {}}', kinds, 400),
        ("POST", b'{"documentId": "' + b"a" * 64 + b'"}', kinds, 400),
        ("POST", b"[" * 5_000, kinds, 400),
        ("POST", b" " * 70_000, kinds, 413),
        ("POST", b"{}", {**kinds, "Accept": "text/html"}, 406),
        ("POST", b"{}", {**kinds, "Content-Encoding": "gzip"}, 415),
    ):
        async with session.request(method, url, data=body, headers=headers) as reply:
            told = json.loads(await reply.read())
        assert (reply.status, bool(codes(told))) == (status, True), (method, body[:9])
    assert (await stranger.get("/elsewhere"))[0] == 404


async def test_introspection_shows_what_is_served(stranger):
    told = await stranger.ask("{__schema{queryType{fields{name}}mutationType{name}}}")

    names = [one["name"] for one in told["data"]["__schema"]["queryType"]["fields"]]
    assert set(names) == {
        "contract", "caseChanges", "caseFile", "_entities", "_service",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("{caseChanges(first:0){next}}", "500"),
        ("{caseChanges(first:501){next}}", "500"),
        ('{caseFile(caseNo:"",after:0,first:1){next}}', "caseNo"),
        ('{caseFile(caseNo:"c",after:-1,first:1){next}}', "after"),
        ('{caseChanges(first:1,after:"' + "x" * 129 + '"){next}}', "after"),
    ],
)
async def test_pages_out_of_range_are_told_so(stranger, query, word):
    told = await stranger.ask(query)

    assert list(told["data"].values()) == [None]
    assert codes(told) == ["BAD_USER_INPUT"]
    assert word in told["errors"][0]["message"]


async def test_the_log_tells_how_much_was_asked_and_never_for_whom(stranger, caplog):
    caplog.set_level(logging.DEBUG)
    query = ONE.replace("name", "name phone")
    await stranger.ask(query, {"r": who("gd-1", "gd-2", "a-key-of-nobody")})
    stranger.behind.fault = ProvinceFault(FaultCode.PROVINCE_ERROR)
    await stranger.ask(query, {"r": who("gd-1", "gd-2", "a-key-of-nobody")})

    lines = [
        f"{one.getMessage()} {getattr(one, 'hub_fields', '')} {one.exc_text}"
        for one in caplog.records
        if not one.name.startswith(("asyncio", "aiohttp"))
    ]
    assert sum("'workers': 3" in line for line in lines) == 2
    whole = "\n".join(lines)
    for secret in ("李四", "王五", "13000000000", "gd-1", "a-key-of-nobody", TOKEN):
        assert secret not in whole
