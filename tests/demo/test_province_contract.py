"""The contract file says what the records say, and so does the reference province."""

from __future__ import annotations

import re
import types
import typing
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_ast_schema,
    parse,
)
from msgspec import UNSET, UnsetType

from connectors.port import WHOLE_CONTRACT
from deploy.demo.province import tables
from deploy.demo.province.case_file import CaseFile
from deploy.demo.province.subgraph import KINDS as SERVED_KINDS
from deploy.demo.province.subgraph import VERSIONS, build
from schema.records.case import ActKind
from schema.records.command import Act, Answered, Command, Receipt, RefusalCode
from schema.records.hardship import AidRecord
from schema.records.keys import Moment
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.record import Record, Yuan

CONTRACT = Path(__file__).parents[2] / "schema" / "province.graphql"
NEVER_NULL = {"id": "ID!", "localId": "ID!", "asOf": "DateTime!"}
OF_ACTS = {
    "Mutation", "RegisterEntryInput", "Receipt", "Answered", "RefusalCode"
}  # fmt: skip
OF_CASES = {
    "CaseChanges", "CaseChange", "CaseDocument", "CaseFact", "CaseWatermark", "CaseAct"
}  # fmt: skip
#: Nothing is read of it here.
CASES = CaseFile.__new__(CaseFile)
RECORDS = [*(line.record for line in KINDS.values()), AidRecord]


def sdl(version="1.2", kept=frozenset(SERVED_KINDS), *, acts=True, cases=CASES):
    as_of = datetime(2026, 11, 1, tzinfo=UTC)
    subgraph = build("44", as_of, version, kept, acts=acts, cases=cases)
    served = subgraph.execute_sync("{ _service { sdl } }")
    return served.data["_service"]["sdl"]


def read(text: str) -> GraphQLSchema:
    # @link and @key belong to federation and are not defined in the file.
    return build_ast_schema(parse(text), assume_valid_sdl=True)


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return read(CONTRACT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def served() -> GraphQLSchema:
    return read(sdl())


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def graphql_type(annotation: object) -> str:
    """How a record's annotation reads in the contract."""
    if annotation == Yuan:
        return "Yuan"
    if annotation == Moment:
        return "DateTime!"
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return graphql_type(typing.get_args(annotation)[0])
    if origin is types.UnionType or origin is typing.Union:
        (one,) = set(typing.get_args(annotation)) - {types.NoneType, UnsetType}
        return graphql_type(one)
    if origin is tuple:
        return f"[{graphql_type(typing.get_args(annotation)[0])}!]"
    plain = {str: "String", int: "Int", bool: "Boolean", date: "Date"}
    return plain.get(annotation) or annotation.__name__.removesuffix("Record")


def enums_of(record: type) -> set[type[StrEnum]]:
    found = set()
    for annotation in typing.get_type_hints(record).values():
        for part in typing.get_args(annotation):
            if isinstance(part, type) and issubclass(part, StrEnum):
                found.add(part)
    return found


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_contract_type_has_the_fields_of_its_record(contract, record):
    hints = typing.get_type_hints(record, include_extras=True)
    expected = {
        camel(name): NEVER_NULL.get(camel(name)) or graphql_type(hint)
        for name, hint in hints.items()
    }
    told = contract.type_map[record.__name__.removesuffix("Record")]
    assert {name: str(field.type) for name, field in told.fields.items()} == expected


def test_contract_enums_are_the_code_lists_of_the_records(contract):
    lists = {one.__name__: list(one) for record in RECORDS for one in enums_of(record)}
    lists |= {one.__name__: list(one) for one in (Answered, RefusalCode)}
    lists["CaseAct"] = list(ActKind)
    told = {
        name: list(one.values)
        for name, one in contract.type_map.items()
        if isinstance(one, GraphQLEnumType) and not name.startswith("__")
    }
    assert told == lists


def test_everything_in_the_contract_is_described_in_chinese_and_english(contract):
    described = re.compile(r"[\u4e00-\u9fff].*。 .*[A-Za-z]{2}.*\.$")
    for name, one in contract.type_map.items():
        if name.startswith("__") or name in {"Query", "String", "Int", "Boolean", "ID"}:
            continue
        assert described.search(one.description or ""), name
        parts = {}
        if isinstance(one, GraphQLObjectType | GraphQLInputObjectType):
            parts = one.fields
        elif isinstance(one, GraphQLEnumType):
            parts = one.values
        for part, value in parts.items():
            assert described.search(value.description or ""), f"{name}.{part}"


def test_the_contract_names_its_version():
    text = CONTRACT.read_text(encoding="utf-8")
    (version,) = re.findall(r"^# contractVersion: (\S+)$", text, re.MULTILINE)
    assert version == WHOLE_CONTRACT.contract_version == list(VERSIONS)[-1]
    assert 'specs.apollo.dev/federation/v2.3", import: ["@key"]' in text
    assert 'type Worker @key(fields: "localId")' in text


def shape(schema: GraphQLSchema) -> dict:
    shapes = {}
    for name, one in schema.type_map.items():
        if name.startswith("_"):
            continue
        if isinstance(one, GraphQLEnumType):
            shapes[name] = list(one.values)
        elif isinstance(one, GraphQLObjectType):
            shapes[name] = {
                field: (
                    str(value.type),
                    {name: str(each.type) for name, each in value.args.items()},
                )
                for field, value in one.fields.items()
                if not field.startswith("_")
            }
        elif isinstance(one, GraphQLInputObjectType):
            shapes[name] = {
                field: (str(value.type), value.default_value)
                for field, value in one.fields.items()
            }
        else:
            shapes[name] = "scalar"
    return shapes


def test_the_reference_province_serves_the_contract(contract, served):
    assert shape(served) == shape(contract)


def test_the_reference_province_is_a_federation_subgraph():
    text = sdl()
    assert '@link(url: "https://specs.apollo.dev/federation/v2.3"' in text
    assert 'type Worker @key(fields: "localId")' in text


def test_an_older_version_lacks_what_was_added_later_and_has_the_rest(served):
    older = shape(read(sdl(version="0.9")))
    newer = shape(served)
    assert newer["Membership"].keys() - older["Membership"].keys() == {
        "seasonal",
        "dispatchSide",
    }
    assert newer["RightsCase"].keys() - older["RightsCase"].keys() == {"greenChannel"}
    assert newer.keys() - older.keys() == {
        "Training",
        "DispatchSide",
        *OF_ACTS,
        *OF_CASES,
    }
    for name, fields in older.items():
        if isinstance(fields, dict):
            assert fields.items() <= newer[name].items()


def test_before_1_1_and_without_a_register_of_its_own_a_province_takes_no_acts():
    whole = shape(read(sdl(cases=None)))
    for text in (sdl(version="1.0"), sdl(acts=False, cases=None)):
        without = {name: one for name, one in whole.items() if name not in OF_ACTS}
        assert shape(read(text)) == without


def test_before_1_2_and_without_case_files_a_province_tells_no_changes(served):
    assert shape(served)["Query"].keys() == {"contract", "caseChanges", "caseFile"}
    for text in (sdl(version="1.1"), sdl(cases=None)):
        shaped = shape(read(text))
        assert shaped["Query"].keys() == {"contract"}
        assert shaped.keys() & OF_CASES == set()


def test_an_entry_and_a_receipt_have_the_fields_of_their_records(contract):
    entry = contract.type_map["RegisterEntryInput"].fields
    ours = set(map(camel, Command.__struct_fields__))
    # The field of Mutation says the act, and a province knows which one it is.
    assert set(entry) == ours - {"act", "province"}
    receipt = contract.type_map["Receipt"].fields
    assert set(receipt) == set(map(camel, Receipt.__struct_fields__))
    acts = {re.sub("([A-Z])", r"_\1", name).upper() for name in whole_acts(contract)}
    assert acts == set(Act)


def whole_acts(contract):
    return contract.type_map["Mutation"].fields


def test_a_kind_that_is_not_kept_is_not_in_the_sdl():
    kept = frozenset(SERVED_KINDS) - {"HARDSHIP_FILE", "SKILL"}
    told = shape(read(sdl(kept=kept)))
    assert not {"hardshipFiles", "skills"} & told["Worker"].keys()
    assert not {"HardshipFile", "Aid", "Skill"} & told.keys()


def test_every_kind_of_the_registry_can_be_served():
    assert {str(line.kind): line.rows for line in ROW_KINDS} == SERVED_KINDS


@pytest.mark.parametrize("kind", RecordKind, ids=str)
def test_a_table_has_the_columns_of_its_record(kind):
    record = KINDS[kind].record
    columns = [column.name for column in tables.METADATA.tables[kind.lower()].columns]
    own = [] if kind is RecordKind.WORKER else ["worker"]
    rows = {line.rows for line in ROW_KINDS}
    fields = [name for name in record.__struct_fields__ if name not in rows]
    assert columns == own + fields


def test_unset_is_the_default_of_every_field_that_may_be_left_out():
    for record in RECORDS:
        if issubclass(record, Record):
            assert set(record.__struct_defaults__) == {UNSET}
