"""Attacks by the GraphQL document: bombs, floods, depths, cycles, and prying."""

from __future__ import annotations

import asyncio

from deploy.demo.issuer import Role
from tests.attacks.attack import Attack
from tests.attacks.wire import asking, send
from tests.web.serving import NUMBER

COST = frozenset({(400, "COST_EXCEEDED")})
PARSE = frozenset({(400, "GRAPHQL_PARSE_FAILED")})
VALID = frozenset({(400, "GRAPHQL_VALIDATION_FAILED")})
INPUT = frozenset({(400, "BAD_USER_INPUT")})
LARGE = frozenset({(413, "PAYLOAD_TOO_LARGE")})
WELL = frozenset({(200, "")})
WHY = "purpose:MEMBERSHIP_SERVICE"
FILE = (
    "id name sex birthDate education householdKind residenceDivision "
    "sources{province asOf} memberships{id state since source{province} "
    "sources{province asOf}} rightsCases{id caseNo matter status amount summary "
    "source{province}} skills{id source{province}} trainings{id} employments{id "
    "employerName} hardshipFiles{id} conflicts{kind row field versions{value}} "
    "withheld{kind field rule} completeness{complete asked answered faults{province}}"
)


def each(*queries: str, **variables: object):
    """Make the run that sends each of some documents."""

    async def run(target):
        token = target.tokens[Role.INFLOW]
        more = {"variables": variables} if variables else {}
        return [await send(target.port, asking(token, q, **more)) for q in queries]

    return run


def bomb(width: int, levels: int) -> str:
    """Fragments that double, level by level."""
    return (
        "{...F0}"
        + "".join(
            f"fragment F{i} on Query{{{' '.join([f'a{j}:provinces{{code}} ...F{i + 1}' for j in range(width)])}}}"
            for i in range(levels)
        )
        + f"fragment F{levels} on Query{{__typename}}"
    )


def nested(levels: int) -> str:
    return "{provinces" + "{code" * levels + "}" * levels + "}"


def uses(variables: int, operations: int, comment: str = "") -> str:
    """Operations that all use the variables of one fragment."""
    return (
        f"#{comment}\n"
        + "".join(f"query a{i}($v:DuplicateState!){{...f}}" for i in range(operations))
        + f"fragment f on Query{{duplicates(first:1,states:[{'$v ' * variables}])"
        "{__typename}}"
    )


def _at_once(count: int):
    """Make the run that sends many documents at once, none of them known before."""

    async def run(target):
        token = target.tokens[Role.INFLOW]
        asked = [asking(token, uses(98, 20, f"{i}")) for i in range(count)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(send(target.port, one)) for one in asked]
        return [task.result() for task in tasks]

    return run


async def _closed(target):
    """Ask for names that are nearly there; none of the true ones may be named."""
    token = target.tokens[Role.INFLOW]
    queries = [
        "{worke}", "{workrs}", "{province{code}}", "{provinces{cod}}",
        f'{{worker(bye:{{id:"1"}},{WHY}){{__typename}}}}',
        f'{{worker(by:{{residentID:"1"}},{WHY}){{__typename}}}}',
        f'{{worker(by:{{id:"1"}},{WHY}){{... on Worke{{id}}}}}}',
        f'{{worker(by:{{id:"1"}},{WHY}){{... on Worker{{memberhips{{id}}}}}}}}',
        "{provinces @inclde(if:true){code}}", "query($a:WorkerB){__typename}",
        "mutation{registerLink(links:[]){__typename}}",
    ]  # fmt: skip
    return [await send(target.port, asking(token, one)) for one in queries]


_TYPO_ECHOES = (
    "residentId", "memberships", "registerLinks", "WorkerBy", "contractVersion",
    "UnknownWorker",
)  # fmt: skip

ATTACKS = [
    Attack("fragment bomb, doubling 25 times", each(bomb(2, 25)), COST),
    Attack("fragment chain of 100", each(
        "{...F0}" + "".join(f"fragment F{i} on Query{{...F{i + 1}}}" for i in range(100))
        + "fragment F100 on Query{__typename}"), COST),
    Attack("cyclic fragments", each(
        "{...A} fragment A on Query{...B} fragment B on Query{...A}",
        "{...A} fragment A on Query{...A}",
        "{...A}" + "".join(f"fragment {a} on Query{{...{b} ...{c}}}" for a, b, c in (
            "ABC", "BCA", "CAB"))), VALID),
    Attack("undefined and unused fragments", each(
        "{...Nowhere}", "{__typename} fragment F on Query{__typename}"), VALID),
    Attack("alias bomb, 101", each(
        "{provinces{" + " ".join(f"a{i}:code" for i in range(101)) + "}}"), COST),
    Attack("alias bomb, 5,000", each(
        "{" + " ".join(f"a{i}:__typename" for i in range(5000)) + "}"), PARSE | LARGE),
    Attack("100 look-ups as aliases", each(
        "{" + " ".join(f'a{i}:worker(by:{{id:"1"}},{WHY}){{__typename}}'
                       for i in range(100)) + "}"), COST),
    Attack("selections 19 deep", each(nested(19)), COST),
    Attack("selections 1,000 deep", each(nested(1000)), PARSE | COST | LARGE),
    Attack("inline fragments 1,000 deep", each(
        "{" + "...{" * 800 + "__typename" + "}" * 801), PARSE | COST),
    Attack("list literals 1,000 deep", each(
        f"{{workers(by:{'[' * 1000}{']' * 1000},{WHY}){{__typename}}}}"), PARSE),
    Attack("180,000 tokens", each("{" + "a " * 180_000 + "}"), LARGE),
    Attack("2,501 tokens", each("{" + "a " * 2501 + "}"), PARSE),
    Attack("15,000 comments", each("#\n" * 15_000 + "{__typename}"), PARSE),
    Attack("directive overload", each(
        "{__typename" + " @a" * 1200 + "}",
        "{__typename" + " @include(if:true)" * 340 + "}",
        "query" + " @skip(if:false)" * 340 + "{__typename}"), VALID),
    Attack("a field 2,000 times", each("{provinces{" + "code " * 2000 + "}}"), COST),
    Attack("50 fields of 20, repeated", each(
        "{" + " ".join("provinces{" + " ".join(f"a{i}:code" for i in range(2)) + "}"
                       for _ in range(52)) + "}"), COST),
    Attack("overlap within the limits", each(
        "{provinces{" + " ".join(
            f"k{i}:kinds x{i}:name{{zh en}}" if i % 2 else f"k{i}:code" for i in range(48)
        ) + " code" * 49 + "}}"), VALID | WELL | COST),
    Attack("fragments compared pairwise, within the limits", each(
        "{" + " ".join(f"...F{i}" for i in range(29)) + "}" + "".join(
            f"fragment F{i} on Query{{provinces{{" + " ".join(
                f"a{i}x{j}:code" for j in range(3)) + " code kinds state}}"
            for i in range(29))), COST | WELL | VALID),
    Attack("500 variables", each(
        "query(" + " ".join(f"$a{i}:Int" for i in range(500)) + "){__typename}"), VALID),
    Attack("an input object of 800 fields", each(
        "{worker(by:{" + " ".join(f"a{i}:1" for i in range(800)) + f"}},{WHY})"
        "{__typename}}"), COST | PARSE),
    Attack("an input object of 390 wrong fields", each(
        "{worker(by:{" + " ".join(f"a{i}:1" for i in range(390)) + f"}},{WHY})"
        "{__typename}}"), VALID),
    Attack("300 operations", each(
        " ".join(f"query A{i}{{__typename}}" for i in range(300))), COST),
    Attack("125 operations of 395 variable uses", each(uses(395, 125)), COST),
    Attack("variable uses within the limit", each(uses(98, 20), uses(395, 5)), INPUT),
    Attack("40 documents at once", _at_once(40), INPUT, slow=True, crowd=True),
    Attack("a literal of 10,000 digits", each(
        f"{{worker(by:{{id:{'1' * 10_000}}},{WHY}){{__typename}}}}",
        f"{{provinces(x:{'9' * 10_000}){{code}}}}"), WELL | VALID | INPUT),
    Attack("escapes and block strings", each(
        f'{{worker(by:{{id:"{chr(92)}u0041{chr(92)}u0041"}},{WHY}){{__typename}}}}',
        f'{{worker(by:{{id:"""{" a" + chr(10)}"""}},{WHY}){{__typename}}}}' * 1,
        '{worker(by:{id:"\\ud800"},purpose:MEMBERSHIP_SERVICE){__typename}}',
        '{worker(by:{id:"\\u{110000}"},purpose:MEMBERSHIP_SERVICE){__typename}}',
        "{__typename\x00}", "\ufeff{__typename}", "{__typename}\u2028{"),
        WELL | PARSE | VALID),
    Attack("workers times rows beyond the cost", each(
        f"query($b:[WorkerBy!]!){{a:workers(by:$b,{WHY}){{... on Workers{{items{{... on"
        f" Worker{{{FILE}}}}}}}}} b:workers(by:$b,{WHY}){{... on Workers{{items{{... on"
        f" Worker{{{FILE}}}}}}}}}}}", b=[{"id": "1"}] * 900), COST),
    Attack("a list of 1,001 workers", each(
        f"query($b:[WorkerBy!]!){{workers(by:$b,{WHY}){{__typename}}}}",
        b=[{"id": "1"}] * 1001), COST),
    Attack("101 workers", each(
        f"query($b:[WorkerBy!]!){{workers(by:$b,{WHY}){{__typename ... on Refusal{{code"
        "}}}", b=[{"id": "1"}] * 101), frozenset({(200, "TOO_MANY_WORKERS")})),
    Attack("introspection of a closed graph", each(
        "{__schema{types{name}}}", '{__type(name:"Worker"){name}}', "{_service{sdl}}",
        "{a:_service{sdl}}", "{...F} fragment F on Query{__schema{queryType{name}}}",
        "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}"),
        frozenset({(400, "INTROSPECTION_OFF"), (400, "GRAPHQL_VALIDATION_FAILED")}),
        echoes=("WorkerAnswer",)),
    Attack("names guessed by suggestions", _closed, VALID | INPUT, echoes=_TYPO_ECHOES),
    Attack("wrong values of an enumeration", each(
        '{worker(by:{id:"1"},purpose:MEMBERSHIP){__typename}}',
        f'mutation{{registerLinks(links:[{{residentId:"{NUMBER}",province:"44",'
        'localId:"1",kinds:[WORKR],validFrom:"2020-01-01"}]){__typename}}'), VALID,
        echoes=_TYPO_ECHOES),
    Attack("@defer and @stream", each(
        "{provinces @stream{code}}", "{... @defer{provinces{code}}}"), VALID),
    Attack("a subscription as a query", each(
        "subscription{provinceStatus{__typename}}"), frozenset(
        {(406, "NOT_ACCEPTABLE"), (400, "GRAPHQL_VALIDATION_FAILED")})),
]  # fmt: skip
