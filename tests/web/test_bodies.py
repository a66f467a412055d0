"""Whatever a body holds, the answer is JSON and never a 5xx."""

from __future__ import annotations

import asyncio
import gzip
import json
from urllib.parse import quote

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.serving import NUMBER

DEEP = b'{"query":"{hello}","variables":{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}}"
HUGE = b'{"query":"{hello}","variables":{"a":' + b"1" * 10_000 + b"}}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b'"text"',
        b"1",
        b"null",
        b"true",
        b"[]",
        b"{",
        b"NaN",
        b'{"query":"{hello}"}x',
        b"\xff\xfe{}",
        b'{"query":"\xff"}',
        b'{"query":"{echo(text:\\"\\ud800\\")}"}',
        b"\xef\xbb\xbf{}",
        gzip.compress(mtime=0, data=b'{"query":"{hello}"}'),
        DEEP,
        HUGE,
        b'{"query":"{hello}","variables":{"a":1e999}}',
        b"[" * 50_000,
        b'{"query":"{hello}","variables":' + b'{"a":' * 40 + b"1" + b"}" * 41,
    ],
)
async def test_a_body_that_is_no_request_is_400(ask, body):
    for accept in ("application/json", "application/graphql-response+json"):
        answer = await ask(data=body, headers={"Accept": accept})

        assert (answer.status, answer.code) == (400, "BAD_REQUEST")
        assert answer.error["extensions"]["remedy"]["zh"]


@pytest.mark.parametrize(
    "variables",
    [
        "text",
        '"text"',
        "1",
        "[]",
        "true",
        "{",
        "[" * 3000,
        '{"a":' * 600,
        "1" * 5000,
        "%ff",
    ],
)
async def test_variables_in_the_address_that_cannot_be_used_are_400(ask, variables):
    encoded = variables if variables == "%ff" else quote(variables)
    answer = await ask(
        method="GET", path=f"/graphql?query=%7Bhello%7D&variables={encoded}"
    )

    assert (answer.status, answer.code) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "address", ["", "?", "?query=", "?variables={}", "?" + "a=1&" * 50, "?query=%ff"]
)
async def test_an_address_without_a_query_is_400(ask, address):
    answer = await ask(method="GET", path="/graphql" + address)

    assert (answer.status, answer.code) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "query",
    [
        "{" * 1_000,
        "{paint(colour:" + "[" * 500 + "}",
        "{echo(text:" + "9" * 10_000 + ")}",
        'query($a:String="\\u{110000}"){hello}',
        "{hello" + "#c\n" * 3_000 + "}",
        "\ufeff",
        "{\x00}",
        '{echo(text:"',
        "fragment A on Query {...B} fragment B on Query {...A} {...A}",
        "{...Missing}",
        "{hello @unknown(a:{b:[1,2]})}",
        "query($x:Nope!){hello}",
        "{echo(text:$x)}",
    ],
)
async def test_a_document_that_is_wrong_is_a_4xx_with_words(ask, query):
    answer = await ask(query, headers={"Accept": "application/graphql-response+json"})

    assert 400 <= answer.status < 500
    assert answer.error["extensions"]["zh"]
    assert answer.error["extensions"]["remedy"]["en"]


async def test_no_number_comes_back_in_a_message(ask):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in NUMBER)
    for query, variables in [
        (f'{{worker(by:{{residentId:"{NUMBER}"}},purpose:"{NUMBER}"){{id}}}}', {}),
        (f"{{paint(colour:A{NUMBER}){{id}}}}", {}),
        (f"{{a{NUMBER}}}", {}),
        ("query($b:WorkerBy!){worker(by:$b){id}}", {"b": {NUMBER: wide}}),
        ("query($b:Int){echo(text:$b)}", {"b": wide}),
        (f'{{hello(a:"{wide}"', {}),
        (f"query({NUMBER}", {}),
        ("query Q($c:Colour!){paint(colour:$c)}", {"c": NUMBER}),
        ("query Q($c:[Colour!]){hello}", {"c": {"x": int(NUMBER)}}),
    ]:
        answer = await ask(query, also={"variables": variables})

        text = answer.body.decode()
        assert answer.json["errors"]
        assert NUMBER not in text
        assert wide not in text


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["{hello}", "query", "variables", "{", NUMBER]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["query", "variables", "operationName", "extensions"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    ANY_JSON.map(lambda value: json.dumps(value).encode()),
    st.text(max_size=60).map(lambda text: json.dumps({"query": text}).encode()),
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "(",
                ")",
                "[",
                "]",
                ":",
                "!",
                "$",
                "@",
                "...",
                "hello",
                "echo",
                "text",
                "worker",
                "by",
                "purpose",
                "query",
                "mutation",
                "fragment",
                "on",
                '"a"',
                "1",
                "RED",
                "$v",
                "Query",
                "__typename",
                "__schema",
            ]
        ),
        max_size=25,
    ).map(lambda words: json.dumps({"query": " ".join(words)}).encode()),
)


@given(body=BODIES, accept=st.sampled_from(["*/*", "application/json", "x", ""]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_at_all_gets_an_answer_in_json_below_500(served, body, accept):
    address, _ = served

    async def send():
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                "http://{}:{}/graphql".format(*address),
                data=body,
                headers={
                    "Authorization": "Bearer good",
                    "Content-Type": "application/json",
                    "Accept": accept,
                },
            ) as response,
        ):
            return response.status, await response.json(content_type=None)

    status, answer = asyncio.run(send())

    assert status < 500
    assert "data" in answer or answer["errors"]
    assert not any(
        error["extensions"]["code"] == "INTERNAL" for error in answer.get("errors", ())
    )
