"""The rules are data, and a file that contradicts the records cannot be loaded."""

from __future__ import annotations

from importlib.resources import files

import pytest

from hub.reading.survivorship import RuleMistake, Survivorship
from schema.records.kinds import KINDS, RecordKind

TEXT = files("hub.rules").joinpath("survivorship.toml").read_text("utf-8")


def rule(**changes: str) -> bytes:
    values = {
        "id": "x", "kind": "WORKER", "fields": ["name"], "strategy": "latest",
        "null": "unknown", "text_zh": "中", "text_en": "e", "source": "D",
    } | changes  # fmt: skip
    lines = [f"{key} = {value!r}" for key, value in values.items()]
    last = "\n".join(
        f"{key} = {value!r}"
        for key, value in {
            **values, "id": "rest", "kind": "*", "fields": ["*"],
            "strategy": "latest", "null": "unknown",
        }.items()
        if key != "authority"
    )  # fmt: skip
    return f"version = 1\n[[rule]]\n{chr(10).join(lines)}\n[[rule]]\n{last}\n".encode()


def test_every_field_of_every_kind_has_a_rule_with_both_languages_and_a_source():
    rules = Survivorship.load(TEXT.encode())

    for kind, line in KINDS.items():
        for field in line.fields:
            one = rules.rule(kind, field)
            assert one.text_zh
            assert one.text_en
            assert one.source


def test_joining_a_case_needs_its_number_and_its_lead():
    needed = Survivorship.load(TEXT.encode()).needed

    assert needed[RecordKind.RIGHTS_CASE] == {"case_no", "lead_province"}
    assert needed[RecordKind.WORKER] == frozenset()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "MEMBER"}, "no kind is called MEMBER"),
        ({"fields": ["nmae"]}, "no field nmae"),
        ({"strategy": "loudest"}, "Invalid enum value"),
        ({"strategy": "authority"}, "go together"),
        ({"authority": "name"}, "go together"),
        ({"strategy": "authority", "authority": "boss"}, "no field is called boss"),
        ({"colour": "red"}, "unknown field"),
    ],
    ids=["kind", "field", "strategy", "alone", "needless", "authority", "unknown"],
)
def test_a_rule_that_contradicts_the_records_is_refused(changes, says):
    with pytest.raises(RuleMistake, match=says):
        Survivorship.load(rule(**changes))


def test_rules_that_leave_a_field_without_one_are_refused():
    alone = rule().split(b"[[rule]]")

    with pytest.raises(RuleMistake, match="no rule fits"):
        Survivorship.load(alone[0] + b"[[rule]]" + alone[1])
