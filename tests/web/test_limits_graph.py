"""What shows the graph itself weighs by its size; many operations weigh in validation."""

from __future__ import annotations

import json
from inspect import isawaitable

import pytest
from graphql import get_introspection_query, graphql_sync, parse

from hub.config.server import LimitSettings
from hub.reading.pace import Pace
from hub.web.cost import weigh
from hub.web.executor import paced
from hub.web.list_sizes import assumed_sizes
from schema.graph.build import build_schema

NEW = {"Accept": "application/graphql-response+json"}
EVERYTHING = {
    "specified_by_url": True, "directive_is_repeatable": True,
    "schema_description": True, "input_value_deprecation": True,
}  # fmt: skip
MANY = " ".join(f"t{i}:types{{...F}}" for i in range(95))


@pytest.fixture(scope="module")
def graph():
    return build_schema()._schema


def weight(graph, text):
    return weigh(parse(text), {}, 100, assumed_sizes(graph))


def fields_in(answer):
    if isinstance(answer, dict):
        return sum(1 + fields_in(one) for one in answer.values())
    return sum(map(fields_in, answer)) if isinstance(answer, list) else 0


@pytest.mark.parametrize("options", [{}, EVERYTHING, {"descriptions": False}])
def test_the_question_of_graphiql_and_code_generators_stays_allowed(graph, options):
    found = weight(graph, get_introspection_query(**options))
    limits = LimitSettings()

    assert found.cost <= limits.cost / 2
    assert found.depth <= limits.depth
    assert found.introspections == 1


@pytest.mark.parametrize(
    "text",
    [
        get_introspection_query(),
        "{__schema{types{fields{type{fields{type{name}}}}}}}",
        '{__type(name:"Query"){fields{args{name type{ofType{name}}} type{name}}}}',
        "{__schema{types{...F}}} fragment F on __Type{fields{args{name}} enumValues{name}}",
        "{__schema{types{possibleTypes{fields{name}} interfaces{fields{name}}}}}",
        "{__schema{directives{args{name type{inputFields{name}}}}}}",
        "{__schema{queryType{...on __Type{fields{type{...F}}}}}} fragment F on __Type{fields{name}}",
    ],
)
def test_an_answer_holds_no_more_fields_than_it_weighs(graph, text):
    answer = graphql_sync(graph, text)

    assert answer.errors is None
    assert 0 < fields_in(answer.data) <= weight(graph, text).cost


def test_all_types_many_times_are_too_much(graph):
    below = "fragment F on __Type{fields{type{fields{name}}}}"

    assert weight(graph, f"{{__schema{{{MANY}}}}} {below}").cost > 1_000_000


def test_descriptions_and_the_text_of_the_graph_weigh_by_their_length(graph):
    assert weight(graph, "{__schema{description}}").cost > 2
    assert weight(graph, "{_service{sdl}}").cost > 1000
    assert weight(graph, "{_service{...S}} fragment S on _Service{sdl}").cost > 1000


def test_a_field_of_such_a_name_that_holds_data_weighs_as_any_other(graph):
    assert weight(graph, "{a{types{fields{description}}}}").cost == 4


@pytest.mark.parametrize(
    "query",
    [
        "{a:__schema{queryType{name}} b:__schema{queryType{name}} c:__schema{queryType{name}}}",
        "{a:_service{sdl} ...F} fragment F on Query{b:_service{sdl} c:__schema{description}}",
    ],
)
async def test_the_graph_many_times_over_is_refused(ask, query):
    answer = await ask(query, headers=NEW)

    assert (answer.status, answer.code) == (400, "COST_EXCEEDED")


async def test_the_graph_twice_is_answered(ask):
    answer = await ask("{a:__schema{queryType{name}} b:_service{sdl}}")

    assert answer.json["data"]["a"] == {"queryType": {"name": "Query"}}


def test_uses_of_variables_count_for_each_operation_that_may_use_them(graph):
    shared = "fragment F on T{a(x:$v,y:[$v,{z:$v}])@include(if:$w) ...G@skip(if:$w)}"
    found = weight(graph, f"query A{{...F}} query B{{...F b(x:$v)}} {shared}")

    assert (found.operations, found.variable_uses) == (2, 1 + 2 * 5)


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"query A{i}{{hello}}" for i in range(21)),
        " ".join(f"query A{i}($v:String!){{...F}}" for i in range(20))
        + "fragment F on Query{"
        + " ".join(f"a{i}:echo(text:$v)" for i in range(15))
        + "provinces(x:["
        + "$v " * 100
        + "]){x}}",
    ],
    ids=["operations", "uses"],
)
async def test_many_operations_are_refused_before_they_are_validated(ask, query):
    answer = await ask(query, headers=NEW)

    assert (answer.status, answer.code) == (400, "COST_EXCEEDED")


async def test_one_of_twenty_operations_runs(ask):
    query = " ".join(f"query A{i}{{hello}}" for i in range(20))
    answer = await ask(query, also={"operationName": "A7"})

    assert answer.json == {"data": {"hello": "world"}}


async def test_documents_are_examined_in_turns_and_known_ones_at_once(ask):
    spent, pace = [], ask.parts.pace

    class Kept(type(pace)):
        def spent(self):
            spent.append(1)
            return super().spent()

    kept, query = pace.__class__, "{who hello}"
    pace.__class__ = Kept
    try:
        await ask(query)
        first = len(spent)
        await ask(query)
    finally:
        pace.__class__ = kept

    assert len(spent) - first == first - 1


class _Turns(Pace):
    """Counts how much is completed at most before others have their turn."""

    def __init__(self):
        super().__init__(0.001)
        self.gave_way = 0

    async def breathe(self):
        self.gave_way += self.spent()
        await super().breathe()


@pytest.mark.parametrize(
    "text",
    [
        get_introspection_query(),
        # No list is long here: it is the time that decides.
        '{__type(name:"Refusal"){'
        + " ".join(f"a{i}:fields{{type{{fields{{name}}}}}}" for i in range(90))
        + "}}",
        # And here there is none at all.
        "{__schema{"
        + " ".join(f"a{i}:queryType{{name kind description}}" for i in range(300))
        + "}}",
    ],
    ids=["long-lists", "short-lists", "objects"],
)
async def test_the_graph_is_shown_in_turns_and_is_the_same(graph, text):
    pace = _Turns()
    executor = paced(pace).build(graph, parse(text))
    result = executor.execute_operation()
    if isawaitable(result):
        result = await result

    assert pace.gave_way > 3
    assert json.dumps(result.data) == json.dumps(graphql_sync(graph, text).data)
