"""One long word in a request is read once, and answered at once."""

from __future__ import annotations

import logging
import time

import pytest
from graphql import GraphQLError, execute, parse, validate
from graphql.error import GraphQLSyntaxError

from hub.web.errors import Code
from hub.web.logs import KeyValue
from hub.web.translate import translate
from tests.fakes.hub import graph

LONG = 200_000


def errors_of(document, variables=None, operation=None):
    try:
        parsed = parse(document)
    except GraphQLSyntaxError as error:
        return [error]
    found = validate(graph(), parsed)
    if found:
        return found
    result = execute(
        graph(), parsed, variable_values=variables, operation_name=operation
    )
    return result.errors


LINK = {"residentId": "1", "province": "44", "localId": "a", "kinds": []}
SHAPES = {
    "default": lambda word: errors_of(f"query($a:Int={word}){{__typename}}"),
    "fragment": lambda word: errors_of(f"{{...f{word}}}"),
    "type": lambda word: errors_of(f"query($a:T{word}){{__typename}}"),
    "field": lambda word: errors_of(f"{{f{word}}}"),
    "operation": lambda word: errors_of("query A{__typename}", operation=f"a{word}"),
    "date": lambda word: errors_of(
        "mutation($l:[LinkInput!]!){registerLinks(links:$l){__typename}}",
        {"l": [{**LINK, "validFrom": word}]},
    ),
    "enum": lambda word: errors_of(
        "query($p:PurposeOfUse!){worker(by:{id:1},purpose:$p){__typename}}",
        {"p": word},
    ),
}


@pytest.mark.parametrize("letter", ["9", "a", "é", "9 ", "eyJ"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_long_word_costs_no_more_than_reading_it(shape, letter):
    found = shape(letter * (LONG // len(letter)))
    began = time.process_time()

    for error in found:
        translate(error, Code.BAD_USER_INPUT, graph(), closed=False)

    assert time.process_time() - began < 0.05 * len(found)


def test_a_phrase_is_still_found_behind_a_long_value():
    message = f"Int cannot represent non-integer value: '{'9' * LONG}'"

    made = translate(GraphQLError(message), Code.BAD_USER_INPUT, graph(), closed=False)

    assert "Int" in made.message.en


def test_a_long_word_in_the_log_costs_no_more_than_reading_it():
    record = logging.LogRecord("x", 20, "f", 1, "eyJ" * (LONG // 3), (), None)
    began = time.process_time()

    KeyValue().format(record)

    assert time.process_time() - began < 0.3
