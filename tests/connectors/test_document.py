"""The document that is sent, and the declaration that comes back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from connectors.faults import ProvinceFault
from connectors.graphql.commands import among, runs
from connectors.graphql.commands import body as acts_body
from connectors.graphql.commands import document as acts_document
from connectors.graphql.declaration import Contract, capabilities
from connectors.graphql.document import body, document
from connectors.port import WHOLE_CONTRACT, Acted, Ask, Question
from schema.records.command import Act, Answered, Command, Receipt
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.told import FaultCode

SDL = (Path(__file__).parents[2] / "schema" / "province.graphql").read_text("utf-8")
ALL = tuple(RecordKind)
NAMES = Selection.of({RecordKind.WORKER: {"name"}})
STATES = Selection.of({RecordKind.MEMBERSHIP: {"union_name", "state"}})


def declared(sdl=SDL, version="1.2", kinds=ALL):
    return capabilities(Contract(version, "44", tuple(kinds)), sdl)


def whole_schema():
    return build_schema(
        SDL
        + """scalar _Any
        union _Entity = Worker
        directive @link(url: String!, import: [String]) repeatable on SCHEMA
        directive @key(fields: String!) on OBJECT
        extend type Query { _entities(representations: [_Any!]!): [_Entity]! }"""
    )


def test_one_document_asks_for_all_with_an_alias_for_each_selection():
    assert document((NAMES, STATES)) == (
        "query Hub($k0:[_Any!]!,$k1:[_Any!]!){"
        "a0:_entities(representations:$k0){...on Worker{localId asOf name}} "
        "a1:_entities(representations:$k1){...on Worker{localId asOf "
        "memberships{id asOf state unionName}}}}"
    )


def test_what_is_nested_is_selected_as_a_whole():
    aids = Selection.of({RecordKind.HARDSHIP_FILE: {"aids"}})
    assert "aids{programme period amount givenOn givenBy}" in document((aids,))


def test_keys_travel_as_variables_so_that_none_can_change_the_document():
    evil = '"}){__schema{types{name}}} #'
    sent = json.loads(body(Question((Ask((evil,), NAMES),), "r", "p")))
    assert evil not in sent["query"]
    representations = [{"__typename": "Worker", "localId": evil}]
    assert sent["variables"] == {"k0": representations}
    assert sent["operationName"] == "Hub"


def test_the_document_for_everything_is_valid_by_the_committed_contract():
    asked = document((Selection.everything(), NAMES))
    assert validate(whole_schema(), parse(asked)) == []


def test_the_committed_contract_declares_every_field():
    assert declared() == WHOLE_CONTRACT


def test_a_field_that_the_sdl_lacks_is_not_served():
    older = SDL.replace("  seasonal: Boolean", "  other: Boolean")
    assert older != SDL
    served = declared(older, "0.9").fields[RecordKind.MEMBERSHIP]
    assert served == WHOLE_CONTRACT.fields[RecordKind.MEMBERSHIP] - {"seasonal"}


def test_a_nested_field_that_lacks_a_part_is_not_served():
    older = SDL.replace("  givenBy: String", "  other: String")
    assert older != SDL
    assert "aids" not in declared(older).fields[RecordKind.HARDSHIP_FILE]


def test_a_kind_that_the_contract_does_not_name_is_not_served():
    kept = declared(kinds=[RecordKind.WORKER, RecordKind.SKILL]).kinds
    assert kept == {RecordKind.WORKER, RecordKind.SKILL}


def test_a_newer_minor_version_adds_what_we_pass_over():
    newer = SDL + "extend type Worker { shoeSize: Int } type Pet { id: ID! }"
    told = declared(newer, "1.7", [*ALL, "PET"])
    assert told.fields == WHOLE_CONTRACT.fields
    assert told.contract_version == "1.7"


BAD = {
    "another major version": ({"version": "2.0"}, FaultCode.NOT_SUPPORTED),
    "a version that is none": ({"version": "newest"}, FaultCode.MALFORMED),
    "no SDL": ({"sdl": "<html>"}, FaultCode.MALFORMED),
    "an SDL without Worker": ({"sdl": "type Query{a: Int}"}, FaultCode.MALFORMED),
    "an SDL without end": ({"sdl": "#" * 600_000}, FaultCode.TOO_LARGE),
    "too many words": ({"sdl": "type A{a:A}" * 5_000}, FaultCode.MALFORMED),
    "deep nesting": (
        {"sdl": "type A{a:" + "[" * 9_000 + "A" + "]" * 9_000 + "}"},
        FaultCode.MALFORMED,
    ),
}


@pytest.mark.parametrize(("more", "code"), BAD.values(), ids=BAD)
def test_a_declaration_that_cannot_be_used_has_its_code(more, code):
    with pytest.raises(ProvinceFault) as raised:
        declared(**more)
    assert raised.value.code is code


def test_before_1_1_a_province_takes_no_acts_whatever_its_sdl_says():
    assert declared(version="1.0").acts == frozenset()


def test_a_province_of_1_1_cannot_take_an_in_entry_back():
    assert declared(version="1.1").acts == set(Act) - {Act.CANCEL_IN}
    assert declared(version="1.2").acts == set(Act)


def test_what_a_province_does_not_know_holds_up_nothing_else():
    undo, go = command(1, Act.CANCEL_IN), command(2, Act.REGISTER_OUT)
    receipt = Receipt(key=go.key, answered=Answered.DONE, entry="e")

    told = among("44", [undo, go], [go], Acted((receipt,)))

    assert told.receipts == (None, receipt)
    assert told.fault.code is FaultCode.NOT_SUPPORTED


def test_an_act_is_served_if_the_sdl_has_it_with_a_whole_receipt():
    without = SDL.replace("  cancelOut(", "  cancelled(")
    assert declared(without).acts == set(Act) - {Act.CANCEL_OUT}
    other = SDL.replace("  answered: Answered!", "  went: Answered!")
    assert declared(other).acts == frozenset()


def test_the_document_of_acts_is_valid_by_the_committed_contract():
    acts = (Act.REGISTER_OUT, Act.REGISTER_IN, Act.CANCEL_OUT, Act.COMPLETE_OUT)
    assert validate(whole_schema(), parse(acts_document(acts))) == []


def command(n, act, **more):
    about = {
        "key": f"t{n}:{act}",
        "transfer": f"t{n}",
        "local_id": f"w{n}",
        "membership_no": f"c{n}",
    }
    told = {**about, "act": act, "province": "44", "union": "U", **more}
    return Command(
        **told, counterpart_union="V", counterpart_province="51", on=date(2026, 11, 2)
    )


def test_commands_about_different_members_are_sorted_into_few_runs():
    acts = [Act.REGISTER_OUT, Act.COMPLETE_OUT, Act.REGISTER_OUT, Act.REGISTER_IN]
    commands = [command(n, act) for n, act in enumerate(acts)]
    assert runs(commands) == (
        (Act.COMPLETE_OUT, (1,)),
        (Act.REGISTER_IN, (3,)),
        (Act.REGISTER_OUT, (0, 2)),
    )


def test_commands_about_one_member_keep_their_order():
    for same in ({"membership_no": "c"}, {"transfer": "t"}, {"local_id": "w"}):
        acts = [Act.REGISTER_OUT, Act.COMPLETE_OUT, Act.REGISTER_OUT]
        commands = [command(n, act, **same) for n, act in enumerate(acts)]
        assert [act for act, _ in runs(commands)] == acts


def test_what_a_command_says_travels_in_variables():
    evil = '"}){__schema{types{name}}} #'
    commands = [command(1, Act.REGISTER_OUT, key=evil, local_id=None)]
    sent = json.loads(acts_body(commands, runs(commands)))
    assert evil not in sent["query"]
    ((entry,),) = sent["variables"].values()
    assert entry == {
        "key": evil, "transfer": "t1", "localId": None, "membershipNo": "c1",
        "union": "U", "counterpartUnion": "V", "counterpartProvince": "51",
        "on": "2026-11-02", "joinedOn": None, "landing": False, "reason": "",
    }  # fmt: skip
