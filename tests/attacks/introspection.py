"""Attacks by those who may ask for the graph itself: it is large, and costs little to ask."""

from __future__ import annotations

import asyncio

from graphql import get_introspection_query

from deploy.demo.issuer import Role
from tests.attacks.attack import Attack
from tests.attacks.documents import COST, WELL
from tests.attacks.wire import asking, send

#: In ``ground`` this one may ask for the graph.
_WHO = Role.INSPECTOR
_ALL = " ".join(f"t{i}:types{{...F}}" for i in range(95))
_SAID = " ".join(f"a{i}:description" for i in range(90))
_BOMB = (
    "{__schema{types{...F fields{type{...F ofType{...F ofType{...F}}} args{type{...F "
    "ofType{...F}}}} possibleTypes{...F} inputFields{type{...F}} enumValues{description}"
    f"}}}}}} fragment F on __Type{{kind name description {_SAID}}}"
)
#: The most that is allowed, nearly: of one type that may be the largest, and of all.
_MOST = (
    '{__type(name:"Query"){'
    + " ".join(f"a{i}:fields{{type{{fields{{name}}}}}}" for i in range(90))
    + "}}",
    "{__schema{types{fields{"
    + " ".join(f"a{i}:description" for i in range(40))
    + " type{name fields{name type{name}}}}}}}",
    '{__type(name:"Query"){fields{'
    + " ".join(f"a{i}:type{{name kind description}}" for i in range(95))
    + "}}}",
)


def _each(*queries: str, at_once: int = 1):
    async def run(target):
        token = target.tokens[_WHO]

        async def ask():
            return [await send(target.port, asking(token, q)) for q in queries]

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask()) for _ in range(at_once)]
        return [answer for task in tasks for answer in task.result()]

    return run


ATTACKS = [
    Attack("95 lists of all types", _each(
        f"{{__schema{{{_ALL}}}}} fragment F on __Type{{fields{{type{{fields{{name}}}}}}}}",
        f"{{__schema{{{_ALL}}}}} fragment F on __Type{{fields{{name description type{{"
        "name kind description ofType{name ofType{name fields{name description}}}}}}"),
        COST),
    Attack("a bomb of descriptions", _each(_BOMB), COST),
    Attack("the whole graph three times", _each(
        "{" + " ".join(f"a{i}:__schema{{types{{name}}}}" for i in range(3)) + "}",
        "{" + " ".join(f"a{i}:_service{{sdl}}" for i in range(3)) + "}"), COST),
    Attack("the text of the graph 90 times", _each(
        "{_service{" + " ".join(f"a{i}:sdl" for i in range(90)) + "}}"), COST),
    Attack("the heaviest introspection that is allowed", _each(*_MOST), WELL),
    Attack("the usual introspection, 8 at once", _each(
        get_introspection_query(), at_once=8), WELL),
]  # fmt: skip
