"""GraphQL over HTTP: the MUSTs and SHOULDs of the specification, as cases."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

NEW = "application/graphql-response+json"
OLD = "application/json"


def get(**parameters):
    return {"method": "GET", "path": "/graphql?" + urlencode(parameters)}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (NEW, NEW),
        (OLD, OLD),
        ("*/*", OLD),
        ("application/*", OLD),
        (None, OLD),
        (f"{NEW}; charset=utf-8, {OLD}; q=0.9", NEW),
        (f"{NEW};q=0.5, {OLD}", OLD),
        (f"{NEW}, {OLD}, text/event-stream", NEW),
        (f"{OLD};q=0, */*", NEW),
        ("text/html, */*;q=0.1", OLD),
    ],
)
async def test_the_answer_has_the_media_type_that_was_asked_for(ask, accept, kind):
    answer = await ask("{hello}", headers={"Accept": accept or "*/*"})

    assert (answer.status, answer.kind) == (200, kind)
    assert answer.headers["Content-Type"].endswith("charset=utf-8")
    assert "Accept" in answer.headers["Vary"]
    assert answer.json == {"data": {"hello": "world"}}


@pytest.mark.parametrize("accept", ["text/html", "image/png, text/*", f"{OLD};q=0"])
async def test_a_caller_that_takes_no_json_is_told_so(ask, accept):
    answer = await ask("{hello}", headers={"Accept": accept})

    assert (answer.status, answer.code) == (406, "NOT_ACCEPTABLE")
    assert answer.kind == OLD


async def test_queries_go_by_get_with_variables_in_the_address(ask):
    answer = await ask(
        **get(
            query="query Q($t: String!) {echo(text: $t)}",
            variables=json.dumps({"t": "汉字"}),
            operationName="Q",
            extensions="{}",
        )
    )

    assert answer.status == 200
    assert answer.json == {"data": {"echo": "汉字"}}


@pytest.mark.parametrize(
    "spelt",
    [
        "11010519491231002X",
        "110105 19491231 002x",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
async def test_a_resident_id_number_in_an_address_is_refused(ask, spelt):
    query = "query Q($t: String!) {echo(text: $t)}"
    among_variables = await ask(**get(query=query, variables=json.dumps({"t": spelt})))
    escaped = await ask(
        **get(query=query, variables=json.dumps({"t": spelt}, ensure_ascii=False))
    )
    in_the_document = await ask(**get(query=f'{{echo(text: "{spelt}")}}'))

    for answer in (among_variables, escaped, in_the_document):
        assert (answer.status, answer.code) == (400, "BAD_REQUEST")
        assert "POST" in answer.error["extensions"]["remedy"]["zh"]
        assert "1949" not in answer.body.decode()


async def test_a_hash_or_an_id_in_an_address_is_no_number(ask):
    answer = await ask(
        **get(
            query="query Q($t: String!) {echo(text: $t)}",
            variables=json.dumps({"t": "12345678-1234-4123-8123-123456789012"}),
        )
    )

    assert answer.json == {"data": {"echo": "12345678-1234-4123-8123-123456789012"}}


@pytest.mark.parametrize("accept", [NEW, OLD])
async def test_a_mutation_by_get_is_405_and_names_post(ask, accept):
    answer = await ask(**get(query="mutation {touch}"), headers={"Accept": accept})

    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == "POST"


async def test_a_mutation_by_post_runs(ask):
    assert (await ask("mutation {touch}")).json == {"data": {"touch": 1}}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_405_with_allow(ask, method):
    answer = await ask(method=method)

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")
    assert answer.code == "METHOD_NOT_ALLOWED"


async def test_a_subscription_does_not_run_as_a_query(ask):
    answer = await ask("subscription {ticks}", headers={"Accept": NEW})

    assert (answer.status, answer.code) == (406, "NOT_ACCEPTABLE")
    assert "text/event-stream" in answer.error["extensions"]["remedy"]["en"]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/json; charset=latin-1",
        "multipart/form-data; boundary=x",
    ],
)
async def test_a_body_of_another_type_is_415(ask, content_type):
    answer = await ask("{hello}", headers={"Content-Type": content_type})

    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
async def test_utf_8_may_be_said(ask, charset):
    kind = f"application/json; charset={charset}"
    answer = await ask("{hello}", headers={"Content-Type": kind})

    assert answer.status == 200


async def test_a_packed_body_is_415(ask):
    answer = await ask("{hello}", headers={"Content-Encoding": "gzip"})

    assert answer.status == 415


@pytest.mark.parametrize("accept", [NEW, OLD])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": None},
        {"query": ""},
        {"query": 1},
        {"query": ["{hello}"]},
        {"query": "{hello}", "variables": "{}"},
        {"query": "{hello}", "variables": [1]},
        {"query": "{hello}", "operationName": 7},
        {"query": "{hello}", "extensions": "x"},
        [{"query": "{hello}"}],
        {"extensions": {"persistedQuery": {"sha256Hash": "0"}}},
    ],
)
async def test_parameters_of_wrong_types_are_400(ask, body, accept):
    answer = await ask(data=json.dumps(body), headers={"Accept": accept})

    assert (answer.status, answer.code) == (400, "BAD_REQUEST")
    assert "data" not in answer.json
    assert answer.kind == accept


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
async def test_optional_parameters_may_be_null(ask, name):
    answer = await ask(data=json.dumps({"query": "{hello}", name: None}))

    assert answer.json == {"data": {"hello": "world"}}


async def test_unknown_parameters_and_extensions_are_ignored(ask):
    body = {"query": "{hello}", "extensions": {"a": {"b": 1}}, "more": [1]}

    assert (await ask(data=json.dumps(body))).status == 200


@pytest.mark.parametrize(
    ("query", "also", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{nothing}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query($t: String!) {echo(text: $t)}", {}, "BAD_USER_INPUT"),
        ("query A {hello} query B {hello}", {}, "BAD_USER_INPUT"),
        ("query A {hello}", {"operationName": "C"}, "BAD_USER_INPUT"),
    ],
)
async def test_request_errors_are_400_without_data_or_200_in_the_old_type(
    ask, query, also, code
):
    new = await ask(query, also=also, headers={"Accept": NEW})
    old = await ask(query, also=also, headers={"Accept": OLD})

    assert (new.status, new.code, new.kind) == (400, code, NEW)
    assert (old.status, old.code, old.kind) == (200, code, OLD)
    assert "data" not in new.json
    assert "data" not in old.json


@pytest.mark.parametrize("accept", [NEW, OLD])
async def test_partial_success_is_200_with_data_and_errors(ask, accept):
    answer = await ask("{hello boom}", headers={"Accept": accept})

    assert answer.status == 200
    assert answer.json["data"] == {"hello": "world", "boom": None}
    assert answer.error["path"] == ["boom"]
    assert answer.error["locations"] == [{"line": 1, "column": 8}]


async def test_data_is_null_where_a_non_null_root_field_failed(ask):
    answer = await ask("{nonNullBoom}", headers={"Accept": NEW})

    assert answer.json["data"] is None
    assert answer.code == "INTERNAL"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer bad",
        "Basic Z29vZA==",
        "Bearer good extra",
        "Bearer gööd",
        "good",
    ],
)
@pytest.mark.parametrize("query", ["{hello}", "{__typename}", "{_service{sdl}}", "{"])
async def test_without_a_good_token_it_is_always_the_same_401(ask, header, query):
    same = {"X-Request-Id": "the-same-id"}
    first = await ask("{", headers={"Authorization": None, **same})
    answer = await ask(query, headers={"Authorization": header, **same})

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hub"'
    assert answer.code == "UNAUTHENTICATED"
    assert answer.body == first.body


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (None, "no valid access token"),
        ("zh-CN", "未提供有效的访问令牌"),
        ("en", "token"),
    ],
)
@pytest.mark.parametrize("header", [None, "Bearer bad"])
async def test_a_401_has_the_requests_id_and_its_language(ask, header, language, said):
    headers = {"Authorization": header, "Accept-Language": language}
    answer = await ask("{hello}", headers=headers)

    assert answer.status == 401
    assert said in answer.error["message"]
    told = answer.error["extensions"]["requestId"]
    assert told == answer.headers["X-Request-Id"]
    assert answer.headers["Vary"] == "Accept-Language"


async def test_two_authorization_headers_are_nobody(ask):
    headers = [("Authorization", "Bearer good"), ("Authorization", "Bearer good")]
    async with ask.session.post(
        ask.url + "/graphql", headers=headers, json={"query": "{hello}"}
    ) as response:
        assert response.status == 401


async def test_the_scheme_of_the_token_is_read_in_any_case(ask):
    answer = await ask("{who}", headers={"Authorization": "bEARER good"})

    assert answer.json == {"data": {"who": "officer"}}


async def test_an_unknown_address_is_a_404_in_json_and_never_a_redirect(ask):
    for path in ("/nothing", "/graphql/", "/graphql/x", "//graphql"):
        answer = await ask("{hello}", path=path, allow_redirects=False)

        assert (answer.status, answer.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("POST", "/livez"),
        ("PUT", "/graphql"),
        ("GET", "/graphql?"),
    ],
)
async def test_whatever_is_said_in_a_language_varies_by_it(ask, method, path):
    answer = await ask(method=method, path=path)

    assert answer.status >= 400
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("query", ["query=%ff", "&".join("a=1" for _ in range(20))])
async def test_a_query_string_that_cannot_be_read_is_called_so(ask, query):
    answer = await ask(method="GET", path=f"/graphql?{query}")

    assert answer.status == 400
    assert "query string cannot be read" in answer.error["message"]


async def test_every_answer_carries_safe_headers_and_no_server_name(ask):
    for answer in (
        await ask("{hello}"),
        await ask("{"),
        await ask(method="PUT"),
        await ask(path="/livez", method="GET"),
        await ask(path="/nothing"),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers


async def test_a_well_formed_request_id_is_kept_and_another_is_replaced(ask):
    kept = await ask("{boom}", headers={"X-Request-Id": "abc-DEF.123"})
    made = await ask("{boom}", headers={"X-Request-Id": "no good; id"})
    number = await ask("{hello}", headers={"X-Request-Id": "110101199003078515"})

    assert kept.headers["X-Request-Id"] == "abc-DEF.123"
    assert kept.error["extensions"]["requestId"] == "abc-DEF.123"
    assert len(made.headers["X-Request-Id"]) == 32
    assert made.error["extensions"]["requestId"] == made.headers["X-Request-Id"]
    assert "110101199003078515" not in str(number.headers)


async def test_an_upgrade_to_websocket_is_not_there(ask):
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    answer = await ask(method="GET", path="/nothing", headers=headers)

    assert answer.status == 404
