"""Everything that a caller sends has a limit, and so has the time."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import weakref
from datetime import timedelta
from time import perf_counter

import pytest
from graphql import get_introspection_query, parse

from hub.config.server import LimitSettings
from hub.web.cost import weigh
from hub.web.documents import Documents
from hub.web.list_sizes import assumed_sizes
from schema.graph.build import build_schema as build_hub
from tests.web.serving import NUMBER, schema

NEW = {"Accept": "application/graphql-response+json"}


def weight(text, **sizes):
    return weigh(parse(text), sizes, 100)


@pytest.mark.parametrize(
    ("text", "cost", "depth", "roots"),
    [
        ("{a}", 1, 1, 1),
        ("{a b{c d}}", 4, 2, 2),
        ("{a{...F} b{...F}} fragment F on T{x y}", 6, 2, 2),
        ("{w(by:[{a:1},{a:2},{a:3}]){x y}}", 7, 2, 1),
        ("{w(by:[1,2]){m(by:[1,2]){x}}}", 1 + 2 + 4, 3, 1),
        ("query($i:[X!]!){w(by:$i){x}}", 101, 2, 1),
        ("query($i:X){w(by:$i){x}}", 2, 2, 1),
        ("{...F} fragment F on Q{...G} fragment G on Q{a b}", 2, 1, 2),
        ("{... on Q{a{... on T{b}}}}", 2, 2, 1),
        ("query A{a} query B{a b c}", 3, 1, 3),
        ("{...F} fragment F on Q{a ...F}", 1, 1, 1),
        ("{...Nowhere}", 0, 1, 0),
    ],
)
def test_a_document_weighs_what_its_answer_may_hold(text, cost, depth, roots):
    found = weight(text)

    assert (found.cost, found.depth, found.root_fields) == (cost, depth, roots)


def test_the_length_of_a_list_variable_multiplies():
    text = "query($i:[X!]!){w(by:$i){x y}}"

    assert weight(text, i=3).cost == 7
    assert weight(text, i=3).lists == {"i"}


def test_repeats_count_through_inline_fragments():
    assert weight("{a a ... on Q{a}}").repeats == 2
    assert weight("{a b ...F ...F} fragment F on Q{a}").repeats == 1


def test_a_fragment_bomb_is_weighed_at_once():
    bomb = "{...F0}" + " ".join(
        f"fragment F{i} on Q{{a{{...F{i + 1}}} b{{...F{i + 1}}}}}" for i in range(300)
    )
    document = parse(bomb + "fragment F300 on Q{a}")

    began = perf_counter()
    found = weigh(document, {}, 100)

    assert perf_counter() - began < 0.5
    assert found.cost > 10**15
    assert found.depth == 301


@pytest.mark.parametrize(
    "query",
    [
        "{" + "name " * 2_400 + "}",
        "{hello " + " ".join(f"a{i}:hello" for i in range(21)) + "}",
        "{worker" + "{friends" * 18 + "{id}" + "}" * 19,
        "{...F0}"
        + " ".join(f"fragment F{i} on Query{{...F{i + 1}}}" for i in range(31))
        + "fragment F31 on Query{hello}",
        "{w{" + " ".join("a{b}" for _ in range(60)) + "}}",
        "{"
        'workers(by:[{workerId:"1"}'
        + ',{workerId:"1"}' * 90
        + "],purpose:MEMBERSHIP_SERVICE){"
        + " ".join(f"a{i}:friends{{id friends{{id name}}}}" for i in range(90))
        + "}}",
    ],
)
async def test_a_document_that_asks_for_too_much_is_refused_quickly(ask, query):
    began = perf_counter()
    answer = await ask(query, headers=NEW)

    assert (answer.status, answer.code) == (400, "COST_EXCEEDED")
    assert perf_counter() - began < 1
    assert "limit" in answer.error["extensions"]["en"]


async def test_a_long_list_in_a_variable_counts_also_for_a_known_document(ask):
    query = (
        "query($by:[WorkerBy!]!){workers(by:$by,purpose:MEMBERSHIP_SERVICE)"
        "{id name a:friends{id} b:friends{id} c:friends{id}}}"
    )
    few = await ask(query, also={"variables": {"by": [{"workerId": "1"}]}})
    many = await ask(
        query, also={"variables": {"by": [{"workerId": "1"}] * 3_000}}, headers=NEW
    )

    assert few.status == 200
    assert (many.status, many.code) == (400, "COST_EXCEEDED")


async def test_too_many_tokens_are_refused(ask):
    answer = await ask("{hello " + "a " * 3_000 + "}", headers=NEW)

    assert (answer.status, answer.code) == (400, "GRAPHQL_PARSE_FAILED")


async def test_a_full_introspection_passes(ask):
    answer = await ask(get_introspection_query(descriptions=True))

    assert "errors" not in answer.json


async def test_a_document_and_a_body_that_are_too_large_are_413(ask):
    document = await ask("{hello}" + " " * 40_000)
    body = await ask(data=json.dumps({"query": "{hello}", "x": "x" * 400_000}))
    large = await ask(data=io.BytesIO(b" " * 1_500_000))

    assert (document.status, document.code) == (413, "PAYLOAD_TOO_LARGE")
    assert (body.status, body.code) == (413, "PAYLOAD_TOO_LARGE")
    assert large.status == 413


async def test_a_body_in_chunks_has_the_same_limit(ask):
    async def chunks():
        for _ in range(40):
            yield b" " * 10_000

    answer = await ask(data=chunks())

    assert (answer.status, answer.code) == (413, "PAYLOAD_TOO_LARGE")


async def test_execution_ends_at_the_deadline(ask):
    began = perf_counter()
    answer = await ask("{slow hello}")

    assert (answer.status, answer.code) == (504, "DEADLINE")
    assert 0.4 < perf_counter() - began < 2


async def test_too_many_requests_at_once_are_told_to_come_back(ask_with):
    async with (
        ask_with(server={"requests": 1}) as ask,
        asyncio.TaskGroup() as group,
    ):
        first = group.create_task(ask("{slow}"))
        await asyncio.sleep(0.2)
        second = await ask("{hello}")
        assert (second.status, second.code) == (503, "BUSY")
        assert second.headers["Retry-After"]
        assert (await first).status == 504
        assert (await ask("{hello}")).status == 200


@pytest.mark.parametrize(
    "query",
    ["{__schema{types{name}}}", '{__type(name:"Worker"){name}}', "{s:_service{sdl}}"],
)
async def test_a_closed_graph_is_shown_in_no_way(ask_with, query):
    async with ask_with(server={"introspection": False}) as ask:
        shown = await ask(query, headers=NEW)
        wrong = await ask("{helo paint(colour:REDD)}", headers=NEW)
        purpose = await ask("{worker(by:{workerId:1},purpose:X){id}}")
        typename = await ask("{__typename}")

    assert shown.status == 400
    assert "hub.graphql" in shown.error["extensions"]["remedy"]["en"]
    assert "hello" not in wrong.body.decode()
    assert "GREEN" not in wrong.body.decode()
    assert "MEMBERSHIP_SERVICE" in purpose.body.decode()
    assert typename.json == {"data": {"__typename": "Query"}}


def test_documents_are_remembered_up_to_a_number_and_never_with_a_number():
    known = Documents(schema(), LimitSettings(documents=3))

    def prepare(text):
        return known.prepare(text, {}, closed=False)

    made = [prepare(f"{{a{i}:hello}}") for i in range(5)]
    assert len(known) == 3
    assert prepare("{a4:hello}") is made[4]
    assert prepare("{a0:hello}") is not made[0]

    by = f'{{worker(by:{{residentId:"{NUMBER}"}},purpose:MEMBERSHIP_SERVICE){{id}}}}'
    assert prepare(by) is not prepare(by)
    assert len(known) == 3


async def test_a_deadline_may_be_set(ask_with):
    short = {"execution": timedelta(milliseconds=50)}
    async with ask_with(limits=short) as ask:
        assert "0.05" in (await ask("{slow}")).error["message"]


def test_remembered_documents_are_few_enough_for_the_garbage_collector():
    known = Documents(schema(), LimitSettings())
    big = "{" + " ".join(f"a{i}:hello" for i in range(20)) + "}"
    for number in range(600):
        known.prepare(f"query Q{number}{big}", {}, closed=False)

    assert 200 < len(known) < 400


def test_a_forgotten_document_is_gone_without_the_garbage_collector():
    known = Documents(schema(), LimitSettings(documents=1))
    gone = weakref.ref(known.prepare("{a:hello}", {}, closed=False).document)
    gc.collect()  # what validation leaves behind
    gc.disable()
    try:
        known.prepare("{b:hello}", {}, closed=False)
        assert gone() is None
    finally:
        gc.enable()


def _hub_weight(text):
    schema = build_hub()._schema
    return weigh(parse(text), {}, 100, assumed_sizes(schema)).cost


@pytest.mark.parametrize(
    ("arguments", "items"),
    [
        ("(first: 7)", 7),
        ("", 50),
        ("(first: $n)", 100),
        ("(first: 0)", 1),
        ("(first: 100000)", 100),
        (f"(first: {'9' * 5000})", 100),
    ],
    ids=["literal", "usual", "variable", "none", "too-many", "digits"],
)
def test_a_page_weighs_what_first_asks_for(arguments, items):
    head = "query($n: Int!)" if "$" in arguments else "query"
    asked = f"{head} {{ transfers{arguments} {{ edges {{ node {{ id }} }} }} }}"

    assert _hub_weight(asked) == 1 + 3 * items, "edges are not counted a second time"


def test_the_files_of_a_page_of_members_weigh_for_each_member():
    file = "... on Worker { name memberships { unionName } }"
    asked = "query { transferredMembers(purpose: MEMBERSHIP_SERVICE, first: %d) { edges { node { worker { %s } } } } }"

    one, ten = (_hub_weight(asked % (n, file)) for n in (1, 10))
    assert ten - 1 == 10 * (one - 1)


def test_rows_of_a_batch_and_links_that_are_registered_weigh_apart():
    batch = 'query { transferBatch(id: "b") { ... on TransferBatch { results(first: 9) { edges { node { row } } } } } }'
    links = "mutation { registerLinks(links: [1, 2, 3]) { ... on LinksRegistered { results { row } } } }"

    assert _hub_weight(batch) == 1 + 1 + 9 * 3
    assert _hub_weight(links) == 1 + 3 * 2
