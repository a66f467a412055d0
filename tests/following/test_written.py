"""What provinces tell is judged in one place before it is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from hub.following.employers import IS_RESIDENT_ID, employer_code
from hub.following.written import flaw_of
from schema.records.case import ActKind
from schema.records.case_task import Document
from schema.records.change import Change, ToldFact
from schema.records.keys import ProvinceCode

TODAY = date(2026, 11, 22)
#: The example number of GB 11643, with what may stand between.
SPACED = ("11010519491231002X", "110105.19491231.002X", "１１０１０５_19491231/002Ｘ")
SOUND = Change(
    province=ProvinceCode("44"),
    case_no="44-1",
    seq=1,
    as_of=datetime(2026, 11, 1, tzinfo=UTC),
    act=ActKind.MEDIATION,
    on=TODAY,
    union="81440106MC0000001A",
    document=Document(reference="doc/1", sha256="ab" * 32, province=ProvinceCode("44")),
    fact=ToldFact(kind="mediation-requested", about="t1"),
)


def with_text(place, text):
    if place == "reference":
        paper = msgspec.structs.replace(SOUND.document, reference=text)
        return msgspec.structs.replace(SOUND, document=paper)
    if place in {"kind", "about"}:
        fact = msgspec.structs.replace(SOUND.fact, **{place: text})
        return msgspec.structs.replace(SOUND, fact=fact)
    return msgspec.structs.replace(SOUND, **{place: text})


PLACES = ["case_no", "union", "reference", "kind", "about"]


@pytest.mark.parametrize("place", PLACES)
def test_no_text_of_a_province_may_name_a_person(place):
    for text in SPACED:
        assert flaw_of(with_text(place, text), TODAY) == "personal-data", text
    assert flaw_of(with_text(place, "a\0b"), TODAY) == "unprintable-text"
    assert flaw_of(SOUND, TODAY) == ""


@pytest.mark.parametrize("union", ["", "a b", "工会", "x" * 33, "a:b"])
def test_a_union_is_named_by_a_code(union):
    assert flaw_of(with_text("union", union), TODAY) == "union-code"


def test_what_has_yet_to_come_has_not_happened():
    later = msgspec.structs.replace(SOUND, on=TODAY + timedelta(days=1))

    assert flaw_of(later, TODAY) == "day-to-come"


def test_a_code_that_is_also_somebodys_number_is_no_employers():
    assert employer_code("510106198704120597") == IS_RESIDENT_ID
    assert employer_code("510106 19870412 0597") == IS_RESIDENT_ID
