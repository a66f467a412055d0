"""The contract is cut to exactly what is declared."""

from __future__ import annotations

import enum

from graphql import GraphQLEnumType, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.graphql.declaration import Contract, capabilities
from connectors.port import WHOLE_CONTRACT, Capabilities
from hub.subgraph.cutting import cut
from schema.records import (
    command,
    employment,
    hardship,
    kinds,
    membership,
    rights_case,
    skill,
    worker,
)
from schema.records.command import Act
from schema.records.kinds import KINDS, RecordKind


@st.composite
def declared(draw):
    chosen = draw(st.sets(st.sampled_from(list(RecordKind))))
    fields = {
        kind: draw(st.frozensets(st.sampled_from(sorted(KINDS[kind].fields))))
        for kind in chosen
    }
    acts = draw(st.frozensets(st.sampled_from(list(Act))))
    return Capabilities("1.2", fields, acts, draw(st.booleans()))


@settings(max_examples=25, deadline=None)
@given(declared())
def test_the_hub_reads_out_of_the_sdl_what_was_declared(wanted):
    made = cut(wanted)

    contract = Contract("1.2", "44", tuple(wanted.kinds))

    assert capabilities(contract, made.sdl) == wanted


def test_what_nothing_refers_to_is_not_there():
    names = set(cut(Capabilities("1.0", {RecordKind.WORKER: {"name"}})).schema.type_map)

    assert {"Worker", "Contract", "Query", "_Entity"} <= names
    left = {"Mutation", "Receipt", "RegisterEntryInput", "CaseChange", "Membership"}
    assert not left & names
    assert "Sex" not in names


def test_the_whole_contract_says_what_each_field_means_and_links_federation():
    sdl = cut(WHOLE_CONTRACT).sdl

    parse(sdl)
    assert '@link(url: "https://specs.apollo.dev/federation/v2.3"' in sdl
    assert 'type Worker @key(fields: "localId")' in sdl
    assert "本省的 SDL" not in sdl, "what federation adds is not in the SDL"
    assert "姓名。 Name as registered here." in sdl


def test_every_value_that_a_record_can_hold_is_one_of_the_contract():
    """Rows are written down without looking each value up (``writing``)."""
    schema = cut(WHOLE_CONTRACT).schema
    ours = {
        name: one
        for module in (worker, membership, rights_case, skill, employment, hardship)
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, enum.Enum) and len(one)
    }
    theirs = {
        name: one
        for name, one in schema.type_map.items()
        if isinstance(one, GraphQLEnumType)
    }

    assert len(ours.keys() & theirs.keys()) >= 10
    for name in ours.keys() & theirs.keys():
        assert {one.value for one in ours[name]} <= set(theirs[name].values), name
    assert {one.value for one in command.Answered} == set(theirs["Answered"].values)
    assert kinds.ROW_KINDS
