"""A policy that is unsound is refused at the start, by file and id."""

from __future__ import annotations

import re

import pytest

from hub.access.policy import CedarPolicy
from schema.records.kinds import FieldClass
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Refused
from schema.records.verdict import Deny, Permit, Relation
from tests.access.judging import POLICIES, caller_with

SOUND = '@id("a") @source("PIPL 6") permit (principal, action, resource);\n'


@pytest.fixture
def directory(tmp_path):
    schema = (POLICIES / "hub.cedarschema").read_text("utf-8")
    (tmp_path / "hub.cedarschema").write_text(schema, "utf-8")
    (tmp_path / "own.cedar").write_text(SOUND, "utf-8")
    return tmp_path


def mistakes(directory):
    with pytest.raises(Refused) as caught:
        CedarPolicy(directory)
    refusal = caught.value.refusal
    assert refusal.code == "POLICY_UNUSABLE"
    assert refusal.remedy.zh
    assert refusal.remedy.en
    return refusal.message.en


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("permit (", "bad.cedar"),
        ("permit (principal, action, resource);", "@id"),
        ('@id("b") permit (principal, action, resource);', "bad.cedar: b"),
        (SOUND, "a: @id ×2"),
        (SOUND.replace('"a"', '"b"').replace(";", " when { principal.scpes };"),
         "bad.cedar: b"),
        (SOUND.replace('"a"', '"b"').replace(
            ";", ' when { context.purpose == Purpose::"CURIOSITY" };'), "CURIOSITY"),
        (SOUND.replace('"a"', '"b"').replace("principal,", "principal == ?principal,"),
         "template"),
    ],
    ids=["torn", "no-id", "no-source", "id-twice", "misspelt", "no-such-purpose",
         "template"],
)  # fmt: skip
def test_an_unsound_policy_is_refused_by_file_and_id(directory, text, named):
    (directory / "bad.cedar").write_text(text, "utf-8")
    assert named in mistakes(directory)


def test_all_mistakes_are_told_at_once(directory):
    (directory / "x.cedar").write_text("permit (", "utf-8")
    (directory / "y.cedar").write_text("permit (principal, action, resource);", "utf-8")
    told = mistakes(directory)
    assert "x.cedar" in told
    assert "y.cedar" in told


def test_a_schema_that_lacks_one_of_the_hubs_words_is_refused(directory):
    schema = directory / "hub.cedarschema"
    schema.write_text(schema.read_text("utf-8").replace('  "CONTACT",\n', ""), "utf-8")
    assert "FieldClass CONTACT" in mistakes(directory)


@pytest.mark.parametrize(
    "change",
    [
        lambda place: (place / "hub.cedarschema").write_text("entity {", "utf-8"),
        lambda place: (place / "hub.cedarschema").unlink(),
        lambda place: (place / "own.cedar").unlink(),
        lambda place: (place / "own.cedar").write_bytes(b"\xff"),
        lambda place: (place / "two.cedarschema").write_text("", "utf-8"),
    ],
    ids=["schema-torn", "no-schema", "no-policy", "no-utf8", "two-schemas"],
)
def test_a_directory_that_holds_no_policy_is_refused(directory, change):
    change(directory)
    assert mistakes(directory)


def test_a_directory_that_is_not_there_is_refused(tmp_path):
    assert "nowhere" in mistakes(tmp_path / "nowhere")


def test_what_a_province_adds_in_its_own_file_counts(directory):
    (directory / "more.cedar").write_text(
        '@id("no-station") @source("own rule") forbid (principal, action, resource)'
        ' when { principal.office == "station" && principal.province == "44" };',
        "utf-8",
    )
    policy = CedarPolicy(directory)
    judge = (Relation.NONE, PurposeOfUse.OWN_FILE, frozenset({FieldClass.SKILL}))
    assert policy.judge(caller_with("", "station"), *judge) == {
        FieldClass.SKILL: Deny("no-station")
    }
    for office, province in (("o-1", "44"), ("station", "51")):
        assert policy.judge(caller_with("", office, province), *judge) == {
            FieldClass.SKILL: Permit("a")
        }


FAILING = (
    '@id("b") @source("own rule") forbid (principal, action, resource)'
    " when {{ {} 9223372036854775807 + 1 == 0 }};"
)


def test_a_policy_that_fails_is_refused_at_the_start(directory):
    (directory / "more.cedar").write_text(FAILING.format(""), "utf-8")
    assert "overflow" in mistakes(directory)


def test_a_schema_that_asks_more_of_a_caller_than_there_is_is_refused(directory):
    schema = directory / "hub.cedarschema"
    text = schema.read_text("utf-8")
    more = text.replace("  office: String,", "  office: String,\n  rank: Long,")
    schema.write_text(more, "utf-8")
    assert "rank" in mistakes(directory)


def test_a_policy_that_fails_while_judging_denies(directory):
    # Cedar leaves a policy out that fails; a forbid left out would permit.
    seldom = FAILING.format('principal.province == "99" &&')
    (directory / "more.cedar").write_text(seldom, "utf-8")
    policy = CedarPolicy(directory)
    purpose = PurposeOfUse.OWN_FILE
    assert policy.may_begin(caller_with(""), purpose) == Permit("a")
    strange = caller_with("", province="99")
    assert policy.may_begin(strange, purpose) == Deny("policy-error")


def test_the_example_of_the_readme_is_sound_and_does_what_it_says(directory):
    readme = (POLICIES / "README.md").read_text("utf-8")
    [example] = re.findall(r"```cedar\n(.*?)```", readme, re.DOTALL)
    (directory / "example.cedar").write_text(example, "utf-8")
    policy = CedarPolicy(directory)
    asked = frozenset({FieldClass.HARDSHIP, FieldClass.SKILL})
    judge = (Relation.LINKED, PurposeOfUse.HARDSHIP_AID, asked)
    station = caller_with("worker:read", "81510000MC7654321X")
    assert policy.judge(station, *judge) == {
        FieldClass.HARDSHIP: Deny("station.no-hardship"),
        FieldClass.SKILL: Permit("a"),
    }
    assert (
        Deny("station.no-hardship")
        not in policy.judge(caller_with("worker:read"), *judge).values()
    )
