"""What callers are told: a stable code, both languages, and what to do."""

from __future__ import annotations

import io
import logging

import pytest

from hub.web.logs import KeyValue
from tests.web.serving import NUMBER

NEW = {"Accept": "application/graphql-response+json"}


@pytest.mark.parametrize(
    ("query", "zh", "en", "remedy"),
    [
        ("{helo}", "没有字段 helo", "no field helo", "remove the field helo"),
        ("{hello(a:1)}", "没有参数 a", "no argument a", "argument a"),
        ("{echo}", "缺少必填参数 text", "needs the argument text", "text: String!"),
        ("{paint(colour: BLUE)}", "Colour", "one of Colour", "RED, GREEN"),
        ('{paint(colour: "RED")}', "Colour", "value of Colour", "RED, GREEN"),
        (
            '{worker(by:{workerId:"1"},purpose:FUN){id}}',
            "PurposeOfUse",
            "not one of PurposeOfUse",
            "MEMBERSHIP_SERVICE, RIGHTS_PROTECTION",
        ),
        ("{worker(by:{},purpose:MEMBERSHIP_SERVICE){id}}", "恰好", "exactly one", ""),
        ("{echo(text: 5)}", "String", "type String is needed", "String"),
        ("query($a:Int!){echo(text:$a)}", "不合用", "wrong type, Int!", "$a"),
        ("{_service}", "_service", "needs a selection", "_service { … }"),
        ("{hello{x}}", "没有下级字段", "no fields of its own", "Remove"),
        ("{...F}", "没有片段 F", "no fragment F", "Define"),
        ("{a:hello a:who}", "两种", "two different things", "alias"),
        ("query($x:Int){hello}", "没有用到", "not used", "Remove"),
        ("{hello @no}", "没有指令 @no", "no directive @no", "@no"),
        ("{", "应为", "is expected", "syntax"),
        ("", "query", "no query", "query"),
    ],
)
async def test_what_graphql_complains_of_is_said_in_both_languages(
    ask, query, zh, en, remedy
):
    answer = await ask(query, headers=NEW)
    told = answer.error["extensions"]

    assert answer.status == 400
    assert zh in told["zh"]
    assert en in told["en"]
    assert remedy in told["remedy"]["en"]
    assert answer.error["message"] == told["en"]
    assert "{" not in told["remedy"]["en"].replace("{ … }", "").replace('{"query"', "")


@pytest.mark.parametrize(
    ("variables", "en"),
    [
        ({}, "The variable $by was not given."),
        ({"by": None}, "Null will not do here ($by)."),
        ({"by": {"residentId": 5}}, "String is needed ($by.residentId)"),
        ({"by": {"foo": "1"}}, "WorkerBy has no field foo ($by)."),
        ({"by": 7}, "WorkerBy must be an object ($by)."),
        ({"by": {"residentId": "1", "workerId": "2"}}, "exactly one field"),
    ],
)
async def test_a_wrong_variable_is_named_with_its_place_but_never_its_value(
    ask, variables, en
):
    query = "query($by:WorkerBy!){worker(by:$by,purpose:MEMBERSHIP_SERVICE){id}}"
    answer = await ask(query, also={"variables": variables}, headers=NEW)

    assert (answer.status, answer.code) == (400, "BAD_USER_INPUT")
    assert en in answer.error["extensions"]["en"]


async def test_an_unknown_purpose_in_a_variable_lists_the_known_ones(ask):
    query = "query($p:PurposeOfUse!){worker(by:{workerId:1},purpose:$p){id}}"
    answer = await ask(query, also={"variables": {"p": "FUN"}})

    allowed = ["MEMBERSHIP_SERVICE", "RIGHTS_PROTECTION"]
    assert answer.error["extensions"]["allowed"] == allowed


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB, zh;q=0.5", "en"),
        ("fr, zh;q=0.1", "zh"),
        ("de", "en"),
        ("zh;q=0", "en"),
        (";;;,=,q", "en"),
    ],
)
async def test_the_message_is_in_the_language_that_was_asked_for(
    ask, accept_language, language
):
    headers = {"Accept-Language": accept_language} if accept_language else {}
    answer = await ask("{helo}", headers=headers)

    assert answer.error["message"] == answer.error["extensions"][language]


async def test_a_refusal_comes_through_with_reason_rule_and_remedy(ask):
    answer = await ask("{refused}")
    told = answer.error["extensions"]

    assert answer.json["data"] == {"refused": None}
    assert (told["code"], told["reason"]) == ("BAD_USER_INPUT", "WRONG_CHECK_DIGIT")
    assert told["rule"] == "GB-11643-1999"
    assert told["remedy"] == {"zh": "请重新录入。", "en": "Enter it again."}
    assert NUMBER not in answer.body.decode()


async def test_a_refusal_of_the_policy_is_forbidden(ask):
    answer = await ask("{forbidden}")

    assert answer.code == "FORBIDDEN"
    assert answer.error["extensions"]["reason"] == "NO_RELATION"


async def test_a_trail_that_cannot_be_written_is_named(ask):
    assert (await ask("{trail}")).code == "TRAIL_UNAVAILABLE"


@pytest.fixture
def lines():
    """The log, as it is written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(KeyValue())
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel("DEBUG")
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("query", ["{boom}", "{rawError}", "{wrongType}"])
async def test_a_bug_is_masked_outside_and_logged_once_with_the_request_id(
    ask, lines, query
):
    answer = await ask(query, headers={"X-Request-Id": "trace-me-123"})
    bugs = [line for line in lines() if "logger=hub.bug" in line]

    assert answer.code == "INTERNAL"
    assert answer.error["extensions"]["requestId"] == "trace-me-123"
    assert "secret" not in answer.body.decode()
    assert "no number" not in answer.body.decode()
    (bug,) = bugs
    assert "request=trace-me-123" in bug
    assert "traceback=" in bug
    assert NUMBER not in bug


async def test_one_line_per_request_without_query_variables_or_token(ask, lines):
    query = f'query Find{{worker(by:{{residentId:"{NUMBER}"}},purpose:RIGHTS_PROTECTION){{id}}}}'
    await ask(
        query, also={"operationName": "Find"}, headers={"X-Request-Id": "line-12345"}
    )
    await ask(method="GET", path=f"/graphql?query={{hello}}&operationName=x{NUMBER}")
    await ask(method="GET", path=f"/{NUMBER}")

    requests = [line for line in lines() if "logger=hub.request" in line]
    (mine,) = [line for line in requests if "request=line-12345" in line]
    assert "method=POST path=/graphql status=200 outcome=ok" in mine
    assert "operation=Find" in mine
    everything = "\n".join(lines())
    assert NUMBER not in everything
    assert "uvicorn.access" not in everything
    assert "good" not in everything
