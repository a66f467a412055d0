"""The audits of the reference suite ``graphql-http``, by their ids, without Node.

``tests/peers/test_audit.py`` runs the suite itself where there is Node, and holds
this list to be whole.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

NEW = "application/graphql-response+json"
OLD = "application/json"
ANY = "*/*"

TYPENAME = "{ __typename }"
WRONG = "{ nothing8f31403dfe404bccbb0e835f2629c6a7 }"
COERCE = {
    "query": "query CoerceFailure($text: String!) { echo(text: $text) }",
    "variables": {"text": None},
}
WITH_VARIABLES = {
    "query": "query Type($name: String!) { __type(name: $name) { name } }",
    "variables": {"name": "sometype"},
}
NAMED = {"query": "query Query { __typename }", "operationName": "Query"}
NO_OBJECTS = ("string", 0, False, ["array"])
NO_STRINGS = ({"obj": "ect"}, 0, False, ["array"])


def _with(**more):
    return {"query": TYPENAME, **more}


#: What must be answered with data: ids, Accept (None: no such header), body.
SERVED = [
    (("22EB", "34A2"), NEW, _with()),
    (("4655", "13EE"), OLD, _with()),
    (("47DE",), ANY, _with()),
    (("80D8", "82A3", "78D5", "2C94", "03D4"), None, _with()),
    (("BF61",), None, {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}),
    (("8161",), NEW, NAMED),
    (("B8B3",), OLD, NAMED),
    *(
        ((f"{prefix}{place}",), accept, _with(**{name: None}))
        for prefix, accept in (("94B", NEW), ("022", OLD))
        for place, name in enumerate(("variables", "operationName", "extensions"))
    ),
    (("2EA1",), NEW, WITH_VARIABLES),
    (("28B9",), OLD, WITH_VARIABLES),
    (("428F",), NEW, _with(extensions={"some": "value"})),
    (("1B7A",), OLD, _with(extensions={"some": "value"})),
]
#: What is no request: ids, Accept, body. Always 400, whatever is accepted.
NO_REQUEST = [
    (("A5BF",), None, ""),
    (("423L",), NEW, {"notquery": TYPENAME}),
    (("8764", "3E3A"), None, {"qeury": TYPENAME}),
    (("B6DC", "BCF8"), OLD, '{ "not a JSON'),
    (("B7N8",), NEW, '{ "not a JSON'),
    *(
        ((f"{prefix}{place}",), None, {"query": TYPENAME, name: wrong})
        for prefix, name, values in (
            ("LKJ", "query", NO_STRINGS),
            ("6C0", "operationName", NO_STRINGS),
            ("476", "variables", NO_OBJECTS),
            ("58B", "extensions", NO_OBJECTS),
        )
        for place, wrong in enumerate(values)
    ),
]
#: What is wrong in the document or its variables: 400, or 200 in the old type.
IN_THE_DOCUMENT = [
    (("865D", "556A", "D586"), NEW, {"query": "{"}),
    (("572B",), OLD, {"query": "{"}),
    (("51FE", "74FF", "5E5B"), NEW, {"query": WRONG}),
    (("FDE2",), OLD, {"query": WRONG}),
    (("86EE",), NEW, COERCE),
    (("7B9B",), OLD, COERCE),
]
#: What goes by GET: ids, Accept, parameters.
BY_GET = [
    (("5A70",), None, _with()),
    (("D6D5",), NEW, WITH_VARIABLES),
    (("6A70",), OLD, WITH_VARIABLES),
]
BY_GET_NEVER = ("9C48",)
WITHOUT_TYPE = ("9ABE",)

ALL = [
    *BY_GET_NEVER,
    *WITHOUT_TYPE,
    *(
        name
        for table in (SERVED, NO_REQUEST, IN_THE_DOCUMENT, BY_GET)
        for names, *_ in table
        for name in names
    ),
]


def _named(value):
    return "-".join(value) if isinstance(value, tuple) else None


def cases(table):
    return pytest.mark.parametrize(
        ("accept", "body"),
        [pytest.param(*case, id=_named(names)) for names, *case in table],
    )


@pytest.fixture
def send(ask):
    """Send exactly these headers: nothing is added that the audit does not send."""

    async def sent(accept, body=None, *, method="POST", path="/graphql", kind=OLD):
        headers = {
            name: value for name, value in _headers(accept, kind) if value is not None
        }
        return await ask(
            method=method,
            path=path,
            headers=headers,
            data=None if body is None else body.encode(),
            skip_auto_headers=["Accept", "Content-Type"],
        )

    return sent


def _headers(accept, kind):
    return (("Accept", accept), ("Content-Type", kind))


def _json(body):
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


@cases(SERVED)
async def test_what_is_right_is_served_in_the_type_that_was_asked_for(
    send, accept, body
):
    answer = await send(accept, _json(body))

    assert answer.status == 200
    assert answer.headers["Content-Type"] == (
        f"{NEW if accept == NEW else OLD}; charset=utf-8"
    )
    assert "errors" not in answer.json
    assert answer.json["data"]


@cases(NO_REQUEST)
async def test_what_is_no_request_is_400(send, accept, body):
    answer = await send(accept, _json(body))

    assert answer.status == 400
    assert "data" not in answer.json
    assert answer.kind == (NEW if accept == NEW else OLD)


@cases(IN_THE_DOCUMENT)
async def test_what_is_wrong_in_a_document_is_400_or_200_in_the_old_type(
    send, accept, body
):
    answer = await send(accept, _json(body))

    assert answer.status == (400 if accept == NEW else 200)
    assert answer.json["errors"]
    assert "data" not in answer.json


@cases(BY_GET)
async def test_a_query_may_go_by_get(send, accept, body):
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()}
    path = "/graphql?" + urlencode(texts)
    answer = await send(accept, method="GET", path=path, kind=None)

    assert answer.status == 200
    assert "errors" not in answer.json


async def test_9c48_a_mutation_never_goes_by_get(send):
    path = "/graphql?" + urlencode({"query": "mutation { __typename }"})
    answer = await send(NEW, method="GET", path=path, kind=None)

    assert answer.status == 405


async def test_9abe_a_body_without_a_type_is_4xx(send):
    # The suite's own fetch says text/plain; so may a form, and others say nothing.
    for kind in ("", "text/plain;charset=UTF-8"):
        answer = await send(None, _json(_with()), kind=kind)

        assert answer.status == 415
