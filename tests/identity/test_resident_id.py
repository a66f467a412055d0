from __future__ import annotations

import copy
import pickle
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from hub.identity.divisions import existed_between, periods
from hub.identity.resident_id import (
    check_character,
    contains_resident_id,
    parse,
)
from schema.records.refusal import Refused
from tests.builders.numbers import TODAY, number, numbers, old_form, spellings

#: The example of GB 11643-1999.
STANDARD = "11010519491231002X"


def _code(text, today=TODAY):
    with pytest.raises(Refused) as refused:
        parse(text, today)
    return refused.value.refusal.code


def test_the_example_of_the_standard_is_read():
    assert parse(STANDARD, TODAY).reveal_for_hashing() == STANDARD.encode()


def test_the_old_form_is_the_same_number():
    assert parse("110105491231002", TODAY) == parse(STANDARD, TODAY)


@given(st.data())
def test_every_spelling_is_the_same_number(data):
    text = data.draw(numbers)

    assert parse(data.draw(spellings(text)), TODAY) == parse(text, TODAY)


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(text, place, shift):
    wrong = str((int(text[place]) + shift) % 10)

    assert _code(text[:place] + wrong + text[place + 1 :]) == "WRONG_CHECK_DIGIT"


@given(numbers, st.integers(0, 15))
def test_two_neighbours_changed_round_are_found(text, place):
    turned = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if turned != text:
        assert _code(turned) == "WRONG_CHECK_DIGIT"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_both_languages(text):
    try:
        parse(text, TODAY)
    except Refused as refused:
        for said in (refused.refusal.message, refused.refusal.remedy):
            assert said.zh
            assert said.en


@given(numbers)
def test_what_is_read_is_valid_by_python_stdnum_too(text):
    assert ric.calc_check_digit(text) == check_character(text[:17])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "WRONG_LENGTH"),
        ("   ", "WRONG_LENGTH"),
        ("1101051949123100", "WRONG_LENGTH"),
        (STANDARD + "1", "NOT_DIGITS"),
        ("1" * 19, "WRONG_LENGTH"),
        ("1" * 100_000, "WRONG_LENGTH"),
        ("张三", "NOT_DIGITS"),
        ("11010519491231OO2X", "NOT_DIGITS"),
        ("X1010519491231002X", "NOT_DIGITS"),
        ("11010549123100X", "NOT_DIGITS"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٢", "NOT_DIGITS"),
        ("①10105194912310022", "NOT_DIGITS"),
        ("110105194912310021", "WRONG_CHECK_DIGIT"),
        (number(born=date(1899, 12, 31)), "IMPOSSIBLE_BIRTH_DATE"),
        (number(born=TODAY + timedelta(days=1)), "IMPOSSIBLE_BIRTH_DATE"),
        ("440106900230123", "IMPOSSIBLE_BIRTH_DATE"),
        ("440106901301123", "IMPOSSIBLE_BIRTH_DATE"),
        ("440106990229123", "IMPOSSIBLE_BIRTH_DATE"),
        (number("999999"), "UNKNOWN_DIVISION"),
        (number("000000"), "UNKNOWN_DIVISION"),
        (number("440199"), "UNKNOWN_DIVISION"),
    ],
    ids=range(21),
)
def test_a_mistake_has_its_code(text, code):
    assert _code(text) == code


def test_somebody_born_today_has_a_number():
    assert parse(number(born=TODAY), TODAY)


def test_a_leap_day_is_a_birth_date():
    assert parse(number(born=date(2000, 2, 29)), TODAY)


def test_a_county_may_be_founded_after_the_birth():
    # 110112, Tongzhou district, is of 1997; first registration may come late
    assert parse(number("110112", date(1980, 5, 5)), TODAY)


def test_a_county_that_was_gone_before_the_birth_is_refused():
    # 110103, Chongwen district, ended in 2010
    assert parse(number("110103", date(1975, 5, 5)), TODAY)
    assert parse(number("110103", date(2010, 5, 5)), TODAY)
    assert _code(number("110103", date(2011, 5, 5))) == "UNKNOWN_DIVISION"


def test_a_county_of_the_future_is_refused():
    # 110118, Miyun district, is of 2015
    assert _code(number("110118"), date(2014, 12, 31)) == "UNKNOWN_DIVISION"


def test_residents_of_hong_kong_and_macao_have_numbers():
    assert parse(number("810000", date(1988, 8, 8)), TODAY)
    assert parse(number("820000", date(1988, 8, 8)), TODAY)


def test_a_code_that_was_given_twice_has_two_periods():
    assert periods("120110") == ((0, 1991), (1992, 9999))
    assert existed_between("120110", 1960, 1960)


def test_a_number_is_not_shown_pickled_copied_into_text_or_encoded():
    resident = parse(STANDARD, TODAY)

    for shown in (repr(resident), str(resident), f"{resident}", f"{[resident]}"):
        assert "4912" not in shown
    for write in (pickle.dumps, copy.deepcopy, msgspec.json.encode):
        with pytest.raises(TypeError):
            write(resident)
    assert not hasattr(resident, "__dict__")


@given(numbers, st.sampled_from(["length", "digit", "check", "date", "division"]))
def test_a_refusal_never_repeats_what_was_written(text, kind):
    wrong = {
        "length": text[:17],
        "digit": text[:10] + "O" + text[11:],
        "check": text[:17] + ("1" if text[17] != "1" else "2"),
        "date": old_form(number())[:8] + "0230123",
        "division": number("999999"),
    }[kind]
    with pytest.raises(Refused) as refused:
        parse(wrong, TODAY)

    shown = f"{refused.value} {refused.value!r} {refused.value.refusal!r}"
    assert wrong not in shown
    assert wrong[:8] not in shown
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@given(st.data())
def test_a_number_is_noticed_inside_a_local_key(data):
    text = data.draw(numbers)

    assert contains_resident_id(text, TODAY)
    assert contains_resident_id(f"GD-{text}-1", TODAY)
    assert contains_resident_id(f"00{text}", TODAY)
    assert contains_resident_id(data.draw(spellings(text)), TODAY)


@pytest.mark.parametrize(
    "key", ["W44-00000001", "4401062024000123", "550e8400-e29b-41d4-a716-446655440000"]
)
def test_an_ordinary_local_key_is_no_number(key):
    assert not contains_resident_id(key, TODAY)


@pytest.mark.parametrize("between", [".", "_", "/", "\\", "·", "．", "年", ", ", "|"])
def test_whatever_stands_between_hides_no_number(between):
    text = number()
    parts = between.join((text[:6], text[6:10], text[10:14], text[14:]))

    assert contains_resident_id(f"file {parts}", TODAY) is (between != "年")
    wide = parts.translate({ord(n): ord(n) + 0xFEE0 for n in "0123456789X"})
    assert contains_resident_id(wide, TODAY) is (between != "年")
