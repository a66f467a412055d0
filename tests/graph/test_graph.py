"""The graph: one honest file, whatever the shape of the query."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLObjectType

import schema
from connectors.faults import ProvinceFault
from connectors.port import Capabilities
from schema.graph.build import build_schema
from schema.records.hardship import AidRecord, HardshipFileRecord
from schema.records.kinds import KINDS, RecordKind
from schema.records.membership import MembershipState
from schema.records.purpose import PurposeOfUse
from schema.records.told import FaultCode
from tests.builders.tellings import WORKER, case, day, membership, worker
from tests.fakes.hub import NUMBER, Hub, caller

BY_NUMBER = {"residentId": NUMBER}


@pytest.fixture
def hub() -> Hub:
    made = Hub()
    made.province(
        "44",
        W1=worker(
            9, name="王芳",
            memberships=(membership("m1", since=date(2024, 3, 1)),),
            rights_cases=(case("g", "CASE-1", lead_province="44"),),
        ),
    )  # fmt: skip
    made.province(
        "51",
        W1=worker(
            3, name="汪芳",
            memberships=(membership(
                "m7", since=date(2015, 3, 1), state=MembershipState.OUT_REGISTERED),),
            rights_cases=(case("s", "CASE-1", lead_province="44"),),
        ),
    )  # fmt: skip
    made.link("44", "51")
    return made


async def test_one_file_with_the_source_of_each_row_and_the_conflicts(hub):
    result, extensions = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: RIGHTS_PROTECTION) {
          __typename
          ... on Worker {
            id name
            sources { province asOf }
            memberships { id state since source { province asOf fetchedAt } }
            rightsCases { id caseNo source { province } sources { province } }
            conflicts { kind row field rule versions { value province asOf } }
            completeness { complete asked answered faults { province } unknownTo }
            withheld { kind field rule }
          }
        } }""",
        by=BY_NUMBER,
    )

    assert result.errors is None
    found = result.data["worker"]
    assert found["__typename"] == "Worker"
    assert found["id"] == WORKER
    assert found["name"] == "王芳"
    assert [s["province"] for s in found["sources"]] == ["44", "51"]
    assert [
        (m["id"], m["state"], m["since"], m["source"]["province"])
        for m in found["memberships"]
    ] == [
        ("44:m1", "ACTIVE", "2024-03-01", "44"),
        ("51:m7", "OUT_REGISTERED", "2015-03-01", "51"),
    ]
    assert found["rightsCases"] == [
        {
            "id": "44:g",
            "caseNo": "CASE-1",
            "source": {"province": "44"},
            "sources": [{"province": "44"}, {"province": "51"}],
        }
    ]
    assert found["conflicts"] == [
        {
            "kind": "WORKER",
            "row": None,
            "field": "name",
            "rule": "latest",
            "versions": [
                {
                    "value": "王芳",
                    "province": "44",
                    "asOf": "2026-01-10T00:00:00+00:00",
                },
                {
                    "value": "汪芳",
                    "province": "51",
                    "asOf": "2026-01-04T00:00:00+00:00",
                },
            ],
        }
    ]
    assert found["completeness"] == {
        "complete": True,
        "asked": ["44", "51"],
        "answered": ["44", "51"],
        "faults": [],
        "unknownTo": [],
    }
    assert found["withheld"] == []
    assert extensions == {}


async def test_a_province_that_cannot_answer_is_named_in_both_languages(hub):
    async def fail() -> None:
        raise ProvinceFault(FaultCode.UNTRUSTED)

    hub.provinces["51"].before = fail
    document = """query($by: WorkerBy!) { worker(by: $by, purpose: RIGHTS_PROTECTION) {
      ... on Worker { name completeness {
        complete faults { province code message retryable kinds } } } } }"""

    english, extensions = await hub.ask(document, by=BY_NUMBER)
    chinese, _ = await hub.ask(document, language="zh", by=BY_NUMBER)

    (fault,) = english.data["worker"]["completeness"]["faults"]
    assert (fault["province"], fault["code"], fault["retryable"]) == (
        "51", "UNTRUSTED", False,
    )  # fmt: skip
    assert "certificate" in fault["message"]
    (fault,) = chinese.data["worker"]["completeness"]["faults"]
    assert "证书" in fault["message"]
    assert extensions["provinces"] == [
        {"province": "51", "code": "UNTRUSTED", "retryable": False}
    ]


SHAPES = {
    "aliases": """{ a: worker(by: %s, purpose: RIGHTS_PROTECTION) { ...N }
                    b: worker(by: %s, purpose: RIGHTS_PROTECTION) { ...M } }""",
    "lists": """{ a: workers(by: [%s], purpose: RIGHTS_PROTECTION) {
                    ... on Workers { items { ...N } } }
                  b: workers(by: [%s], purpose: RIGHTS_PROTECTION) {
                    ... on Workers { items { ...M } } } }""",
    "mixed": """{ a: worker(by: %s, purpose: RIGHTS_PROTECTION) { ...N }
                  b: workers(by: [%s], purpose: RIGHTS_PROTECTION) {
                    ... on Workers { items { ...M } } } }""",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
async def test_whatever_the_shape_one_call_per_province_for_exactly_the_fields(
    hub, shape
):
    by = f'{{residentId: "{NUMBER}"}}'
    result, _ = await hub.ask(
        shape % (by, by)
        + """ fragment N on Worker { name sex @include(if: false) }
              fragment M on Worker { memberships { id ...S } x: memberships { since } }
              fragment S on Membership { state }"""
    )

    assert result.errors is None
    assert sorted(code for code, _ in hub.calls) == ["44", "51"]
    asks = {ask.selection.parts for _, question in hub.calls for ask in question.asks}
    assert asks == {
        ((RecordKind.WORKER, frozenset({"name"})),),
        ((RecordKind.MEMBERSHIP, frozenset({"state", "since"})),),
    }


async def test_what_is_asked_of_a_refusal_or_of_completeness_asks_no_province(hub):
    result, _ = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: RIGHTS_PROTECTION) {
          ... on Refusal { code message }
          ... on Worker { id completeness { asked } } } }""",
        by=BY_NUMBER,
    )

    assert result.data["worker"] == {"id": WORKER, "completeness": {"asked": []}}
    assert hub.calls == []


async def test_withheld_rows_are_null_and_listed(hub):
    result, _ = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: HARDSHIP_AID) {
          ... on Worker { name rightsCases { id } withheld { kind field rule } } } }""",
        by=BY_NUMBER,
    )

    assert result.data["worker"]["rightsCases"] is None
    assert result.data["worker"]["withheld"] == [
        {"kind": "RIGHTS_CASE", "field": None, "rule": "default-deny"}
    ]


async def test_an_older_contract_is_asked_for_less_and_the_rest_is_named(hub):
    hub.province(
        "51",
        Capabilities("0.9", {
            RecordKind.WORKER: KINDS[RecordKind.WORKER].fields,
            RecordKind.MEMBERSHIP: frozenset({"state"}),
        }),
        W1=worker(name="汪芳", memberships=(membership("m7"),)),
    )  # fmt: skip

    result, _ = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: RIGHTS_PROTECTION) {
          ... on Worker { memberships { id seasonal } rightsCases { id }
            completeness { complete faults { code }
              notOffered { province kind field } } } } }""",
        by=BY_NUMBER,
    )

    whole = result.data["worker"]["completeness"]
    assert whole["faults"] == []
    assert not whole["complete"], "51 keeps cases, says the link, but serves none"
    assert whole["notOffered"] == [
        {"province": "51", "kind": "MEMBERSHIP", "field": "seasonal"},
        {"province": "51", "kind": "RIGHTS_CASE", "field": None},
    ]
    assert len(result.data["worker"]["memberships"]) == 2


async def test_unknown_and_refused_workers_stand_in_their_places(hub):
    result, _ = await hub.ask(
        """query($by: [WorkerBy!]!) { workers(by: $by, purpose: RIGHTS_PROTECTION) {
          ... on Workers { items { __typename ... on Worker { name }
            ... on UnknownWorker { message } ... on Refusal { code remedy } } } } }""",
        by=[
            {"residentId": "123"},
            BY_NUMBER,
            {"local": {"province": "44", "localId": "nobody"}},
            {"local": {"province": "51", "localId": "W1"}},
        ],
    )

    kinds = [item["__typename"] for item in result.data["workers"]["items"]]
    assert kinds == ["Refusal", "Worker", "UnknownWorker", "Worker"]
    assert result.data["workers"]["items"][0]["code"] == "WRONG_LENGTH"


async def test_a_hundred_and_one_workers_are_refused_as_a_whole(hub):
    result, _ = await hub.ask(
        """query($by: [WorkerBy!]!) { workers(by: $by, purpose: RIGHTS_PROTECTION) {
          __typename ... on Refusal { code message remedy } } }""",
        by=[BY_NUMBER] * 101,
        language="zh",
    )

    assert result.data["workers"]["__typename"] == "Refusal"
    assert result.data["workers"]["code"] == "TOO_MANY_WORKERS"
    assert "100" in result.data["workers"]["message"]
    assert hub.calls == []


async def test_exactly_one_way_to_name_a_worker(hub):
    result, _ = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: RIGHTS_PROTECTION) {
          __typename } }""",
        by={"residentId": NUMBER, "id": WORKER},
    )

    assert result.errors
    assert result.data is None


@pytest.mark.parametrize(
    "by",
    [
        {},
        {"residentId": None},
        {"residentId": NUMBER, "id": None},
        {"residentId": NUMBER, "id": WORKER},
    ],
    ids=["none", "null", "null-beside", "two"],
)
async def test_what_names_no_one_way_is_told_by_graphql_itself(hub, by):
    result, _ = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: RIGHTS_PROTECTION) {
          __typename } }""",
        by=by,
    )

    assert "exactly one field" in result.errors[0].message
    assert result.errors[0].path is None, "nothing was executed"


async def test_aids_of_two_provinces_stand_together(hub):
    def household(code, *aids):
        return HardshipFileRecord(
            id=code, as_of=day(1), household_key="HH-1", aids=tuple(aids)
        )

    spring = AidRecord(programme="金秋助学", period="2024", amount="900.00")
    winter = AidRecord(programme="送温暖", period="2025-01", amount="500")
    hub.province("44", W1=worker(hardship_files=(household("a", winter),)))
    hub.province("51", W1=worker(hardship_files=(household("b", spring, winter),)))

    result, _ = await hub.ask(
        """query($by: WorkerBy!) { worker(by: $by, purpose: HARDSHIP_AID) {
          ... on Worker { hardshipFiles { aids { programme period amount }
            sources { province } } conflicts { field } } } }""",
        by=BY_NUMBER,
    )

    (file,) = result.data["worker"]["hardshipFiles"]
    assert [aid["programme"] for aid in file["aids"]] == ["金秋助学", "送温暖"]
    assert len(file["sources"]) == 2
    assert result.data["worker"]["conflicts"] == []


ENTITIES = """query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Worker { name memberships { state } } } }"""


async def test_entities_answer_each_in_its_place(hub):
    me = caller("44")
    result, _ = await hub.ask(
        ENTITIES,
        me,
        purpose=PurposeOfUse.RIGHTS_PROTECTION.value,
        r=[
            {"__typename": "Worker", "id": WORKER, "surprise": 1},
            {"__typename": "Nonsense", "id": WORKER},
            {"__typename": "Worker"},
            {"__typename": "Worker", "id": "00000000-0000-4000-8000-00000000ffff"},
            "text",
            {"__typename": "Worker", "id": WORKER},
        ],
    )

    names = [one and one["name"] for one in result.data["_entities"]]
    assert names == ["王芳", None, None, None, None, "王芳"]
    paths = sorted(error.path[1] for error in result.errors)
    assert paths == [1, 2, 3, 4], "unknown and not for you look alike"
    assert len(hub.calls) == 2


async def test_entities_without_a_purpose_are_refused(hub):
    result, _ = await hub.ask(ENTITIES, r=[{"__typename": "Worker", "id": WORKER}])

    assert result.data["_entities"] == [None]
    assert result.errors[0].original_error.refusal.code == "PURPOSE_MISSING"
    assert hub.calls == []


async def test_provinces_tell_how_they_do(hub):
    result, _ = await hub.ask(
        "{ provinces { code name state contractVersion kinds lastFault } }"
    )

    assert [p["code"] for p in result.data["provinces"]] == ["44", "51"]
    assert result.data["provinces"][0]["state"] == "UNKNOWN"


def test_the_committed_sdl_is_the_one_that_is_served():
    committed = Path(schema.__file__).with_name("hub.graphql").read_text("utf-8")

    assert committed == build_schema().as_str() + "\n", (
        "run: python -m hub sdl > schema/hub.graphql"
    )


def test_every_type_and_field_is_described_in_both_languages():
    served = build_schema()._schema
    silent = []
    for name, one in served.type_map.items():
        if (
            "__" in name
            or name == "_Service"
            or not isinstance(one, GraphQLObjectType | GraphQLEnumType)
        ):
            continue
        parts = one.fields if isinstance(one, GraphQLObjectType) else one.values
        told = {"": one, **parts}
        for part, shown in told.items():
            words = shown.description or ""
            both = any("一" <= c <= "鿿" for c in words) and any(
                c.isascii() and c.isalpha() for c in words
            )
            if not both and not part.startswith("_"):
                silent.append(f"{name}.{part}")
    assert silent == []


def test_workers_and_transfers_are_entities():
    sdl = build_schema().as_str()

    assert re.search(r'type Worker .*@key\(fields: "id"\)', sdl)
    assert re.search(r'type Transfer .*@key\(fields: "id"\)', sdl)
    assert "union _Entity = Case | Transfer | Worker" in sdl
