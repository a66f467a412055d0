"""What provinces write, value by value, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import SENTENCES, RowMistake
from schema.records.kinds import RecordKind
from schema.records.worker import Sex
from tests.mapping.samples import EVERYTHING, ROW, shown, value, with_field

DAY = date(2024, 1, 31)


@pytest.mark.parametrize(
    "given",
    [
        "2024-01-31", " 2024-1-31 ", "20240131", 20240131, 20240131.0, "2024/1/31",
        "2024.1.31", "2024年1月31日", "２０２４年１月３１日", "2024-01-31 00:00:00",
        "2024-01-31T23:59:59", "2024-01-30T16:00:00Z", "2024/1/31 8:05", DAY,
        datetime(2024, 1, 31, 8), datetime(2024, 1, 30, 16, tzinfo=UTC),  # noqa: DTZ001
    ],
    ids=shown,
)  # fmt: skip
def test_a_day_is_read_in_every_usual_way_without_being_asked(given):
    assert value("birth_date", '"X"', given) == DAY


@pytest.mark.parametrize(
    ("formats", "given"),
    [
        ('["excel"]', 45322), ('["excel"]', "45322"), ('["excel"]', 45322.5),
        ('["excel1904"]', 43860), ('["epoch_ms"]', 1706630400000),
        ('["epoch_ms"]', "1706630400000"), ('["epoch_s"]', 1706630400),
        ('["excel", "yyyyMMdd"]', 20240131), ('["excel", "yyyyMMdd"]', "20240131"),
        ('["excel", "yyyyMMdd"]', 45322), ('["yyyy年M月d日"]', "2024年01月31日"),
    ],
    ids=shown,
)  # fmt: skip
def test_a_day_is_counted_where_the_mapping_says_so(formats, given):
    told = f'{{ column = "X", dates = {formats} }}'
    assert value("birth_date", told, given) == DAY


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("2024-02-30", "NOT_A_DATE"), ("31.01.2024", "NOT_A_DATE"),
        ("2024-W05-3", "NOT_A_DATE"), (45322, "NOT_A_DATE"), ("soon", "NOT_A_DATE"),
        ("民国113年1月31日", "OTHER_CALENDAR"), ("农历正月初五", "OTHER_CALENDAR"),
        ("2024年闰二月初一", "OTHER_CALENDAR"), (True, "WRONG_TYPE"),
        ([2024, 1, 31], "WRONG_TYPE"), ("2024-01-31T25:00", "NOT_A_MOMENT"),
    ],
    ids=shown,
)  # fmt: skip
def test_what_is_no_day_of_ours_is_not_guessed(given, why):
    assert value("birth_date", '"X"', given) == why


def test_only_the_formats_that_are_named_are_read():
    told = '{ column = "X", dates = ["yyyyMMdd"] }'
    assert value("birth_date", told, "20240131") == DAY
    assert value("birth_date", told, "2024-01-31") == "NOT_A_DATE"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2026-01-31T10:00:00+08:00", datetime(2026, 1, 31, 2, tzinfo=UTC)),
        ("2026-01-31 10:00:00", datetime(2026, 1, 31, 2, tzinfo=UTC)),
        ("20260131100000", datetime(2026, 1, 31, 2, tzinfo=UTC)),
        ("2026/1/31 10:00", datetime(2026, 1, 31, 2, tzinfo=UTC)),
        ("2026年1月31日 10:00:00", datetime(2026, 1, 31, 2, tzinfo=UTC)),
        ("2026-01-31T02:00:00Z", datetime(2026, 1, 31, 2, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 30, 16, tzinfo=UTC)),
        (date(2026, 1, 31), datetime(2026, 1, 30, 16, tzinfo=UTC)),
        (datetime(2026, 1, 31, 10), datetime(2026, 1, 31, 2, tzinfo=UTC)),  # noqa: DTZ001
    ],
    ids=shown,
)
def test_a_moment_without_a_zone_is_of_china(given, told):
    made = with_field("name", '"X"').to_record({**ROW, "X": "", "T": given}, EVERYTHING)
    assert made.as_of == told
    assert made.as_of.tzinfo is not None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("  王　小明 ", "王 小明"), ("ＡＢＣ１２３", "ABC123"), ("", None), ("   ", None),
        ("　", None), (None, None), ("a\nb", "a\nb"), ("é", "é"),
        ("工会（直属）", "工会（直属）"), ("x" * 501, "TOO_LONG"),
        ("a\x00b", "UNPRINTABLE"), ("\ud800", "UNPRINTABLE"), (b"x", "WRONG_TYPE"),
        ({}, "WRONG_TYPE"), (True, "WRONG_TYPE"),
    ],
    ids=shown,
)  # fmt: skip
def test_texts_are_trimmed_and_brought_to_half_width(given, told):
    assert value("name", '"X"', given) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (13800138000, "13800138000"), (13800138000.0, "13800138000"),
        (Decimal(13800138000), "13800138000"), ("１３８－００１３", "138-0013"),
        ("（２０２６）粤工维字第１号", "（2026）粤工维字第1号"),
        (UUID(int=1), str(UUID(int=1))), (0.5, "WRONG_TYPE"), (1e30, "WRONG_TYPE"),
        (Decimal("1e9999"), "TOO_LONG"), ("1" * 65, "TOO_LONG"),
        (10**5000, "WRONG_TYPE"), (float("nan"), "WRONG_TYPE"),
    ],
    ids=shown,
)  # fmt: skip
def test_a_code_may_be_a_number_in_a_spreadsheet(given, told):
    assert value("phone", '"X"', given) == told


def test_what_is_exact_is_taken_as_it_is():
    told = '{ column = "X", exact = true }'
    assert value("name", told, "  ＡＢ　") == "  ＡＢ　"
    assert value("name", told, "") == ""
    assert value("name", told, "\ud800") == "UNPRINTABLE"
    assert value("name", told, "x" * 501) == "TOO_LONG"
    everywhere = "exact = true"
    assert (
        value("household_division", '"X"', "no code", defaults=everywhere) == "no code"
    )
    assert value("birth_date", '"X"', " ", defaults=everywhere) is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("440305", "440305"), (440305, "440305"), (440305.0, "440305"),
        ("440305000000", "440305"), ("440305000", "440305"), ("4403", "440300"),
        ("44", "440000"), ("440305001", "440305001"), ("440305001002", "440305001002"),
        ("440305001000", "440305001"), ("４４０３０５", "440305"),
        ("310103", "310103"),  # 卢湾区, until 2011
        ("440399", "440399"),  # no county, but a city: development zones
        ("449999", "NOT_A_DIVISION"), ("999999", "NOT_A_DIVISION"),
        ("深圳", "NOT_A_DIVISION"), ("44030", "NOT_A_DIVISION"), ("", None),
    ],
    ids=shown,
)  # fmt: skip
def test_places_are_padded_short_or_of_any_year(given, told):
    assert value("household_division", '"X"', given) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [("44", "44"), (44, "44"), ("440000", "44"), ("99", "NOT_A_PROVINCE"),
     ("4", "NOT_A_PROVINCE"), ("4x", "NOT_A_PROVINCE")],
    ids=shown,
)  # fmt: skip
def test_a_province_has_two_digits(given, told):
    field = "counterpart_province"
    assert value(field, '"X"', given, "MEMBERSHIP") == told


@pytest.mark.parametrize(
    ("unit", "given", "told"),
    [
        ("yuan", "1200", "1200"), ("yuan", "1200.5", "1200.5"), ("yuan", 1200, "1200.00"),
        ("yuan", Decimal("1200.50"), "1200.50"), ("yuan", 0.1 + 0.2, "0.30"),
        ("yuan", "1,234,567.89", "1234567.89"), ("yuan", "¥1200元", "1200.00"),
        ("yuan", "人民币 12 元", "12.00"), ("fen", 120050, "1200.50"), ("fen", "1", "0.01"),
        ("wan", "1.2", "12000.00"), ("wan", "0.12345678万元", "FRACTION_OF_A_CENT"),
        ("wan", "1.5万元", "15000.00"), ("yuan", "1.005", "FRACTION_OF_A_CENT"),
        ("yuan", "1,23", "NOT_A_NUMBER"), ("yuan", "12 万元", "NOT_A_NUMBER"),
        ("yuan", "1e3", "NOT_A_NUMBER"), ("yuan", "NaN", "NOT_A_NUMBER"),
        ("yuan", float("inf"), "NOT_A_NUMBER"), ("yuan", Decimal("sNaN"), "NOT_A_NUMBER"),
        ("yuan", 10**13, "OUT_OF_RANGE"), ("wan", 10**10, "OUT_OF_RANGE"),
        ("yuan", Decimal("1e999999"), "OUT_OF_RANGE"), ("yuan", -0.0, "0.00"),
        ("yuan", True, "NOT_A_NUMBER"), ("yuan", "", None),
    ],
    ids=shown,
)  # fmt: skip
def test_money_is_in_yuan_to_the_cent_whatever_its_unit_was(unit, given, told):
    entry = f'{{ column = "X", unit = "{unit}" }}'
    assert value("amount", entry, given, "RIGHTS_CASE") == told


@pytest.mark.parametrize(
    ("given", "told"),
    [(3, 3), ("3", 3), (3.0, 3), ("３", 3), ("1,000", 1000), (3.5, "NOT_WHOLE"),
     (-1, "OUT_OF_RANGE"), (2**31, "OUT_OF_RANGE"), ("三", "NOT_A_NUMBER"),
     (True, "NOT_A_NUMBER"), (Decimal("1e9999"), "OUT_OF_RANGE")],
    ids=shown,
)  # fmt: skip
def test_counts_are_whole(given, told):
    assert value("workers_involved", '"X"', given, "RIGHTS_CASE") == told


def test_codes_are_translated_by_their_list():
    told = '{ column = "X", codes = { "1" = "MALE", "02" = "FEMALE" } }'
    assert value("sex", told, "1") is Sex.MALE
    assert value("sex", told, 1) is Sex.MALE
    assert value("sex", told, 1.0) is Sex.MALE
    assert value("sex", told, "０２ ") is Sex.FEMALE
    assert value("sex", told, "2") == "UNKNOWN_CODE"
    assert value("sex", told, " ") is None


def test_only_a_star_takes_every_other_code():
    told = '{ column = "X", codes = { "1" = "MALE", "*" = "OTHER" } }'
    assert value("sex", told, "?") is Sex.OTHER
    assert value("sex", told, "*") is Sex.OTHER
    assert value("sex", '"X"', "FEMALE") is Sex.FEMALE
    assert value("sex", '"X"', "GREEN") == "UNKNOWN_CODE"


def test_a_free_text_can_have_codes_too():
    told = '{ column = "X", codes = { "11" = "本科", "21" = "大专" } }'
    assert value("education", told, 21) == "大专"
    assert value("education", told, "99") == "UNKNOWN_CODE"


@pytest.mark.parametrize(
    ("given", "told"),
    [(True, True), (0, False), ("1", True), ("否", False), ("Y", True), ("false", False),
     (1.0, True), ("maybe", "UNKNOWN_CODE"), (2, "UNKNOWN_CODE"), (None, None)],
    ids=shown,
)  # fmt: skip
def test_yes_and_no(given, told):
    assert value("seasonal", '"X"', given, "MEMBERSHIP") == told


def test_what_a_province_writes_for_nothing_is_nothing():
    told = '{ column = "X", blanks = ["无", "0"] }'
    assert value("phone", told, " 无 ") is None
    assert value("phone", told, 0) is None
    assert value("phone", told, "1") == "1"
    assert (
        value("birth_date", '"X"', "9999-12-31", defaults='blanks = ["9999-12-31"]')
        is None
    )
    assert (
        value(
            "birth_date", '"X"', date(9999, 12, 31), defaults='blanks = ["9999-12-31"]'
        )
        is None
    )


def test_a_constant_needs_no_column():
    made = with_field("sex", '{ constant = "MALE" }')
    assert "X" not in made.columns_for(EVERYTHING)
    assert made.to_record(ROW, EVERYTHING).sex is Sex.MALE
    assert made.from_value("sex", Sex.MALE).code == "ONE_WAY"


def test_columns_are_joined_and_texts_split():
    joined = with_field("education", '{ columns = ["A", "B"], join = "／" }')
    assert (
        joined.to_record({**ROW, "A": "大学", "B": "本科"}, EVERYTHING).education
        == "大学／本科"
    )
    assert (
        joined.to_record({**ROW, "A": "大学", "B": None}, EVERYTHING).education
        == "大学"
    )
    assert joined.to_record({**ROW, "A": None, "B": " "}, EVERYTHING).education is None
    split = '{ column = "X", split = "-", part = 2 }'
    assert value("phone", split, "86-138") == "138"
    assert value("phone", split, "138") == "NO_SUCH_PART"
    assert value("phone", split, None) is None
    assert value("phone", '{ column = "X", split = "-", part = -1 }', "a-b-c") == "c"


def test_a_name_of_several_columns_lacks_none_of_them():
    text = 'version=1\n[kinds.WORKER]\nsource="w"\nkey="K"\nas_of="T"\n[kinds.SKILL]\n'
    text += 'source="s"\nkey="K"\nid={columns=["A","B"],join="-"}\nas_of="T"\n'
    made = Mapping.load(text.encode(), "x").kind(RecordKind.SKILL)
    assert made.to_record({**ROW, "A": 1, "B": "x"}, EVERYTHING).id == "1-x"
    assert made.to_record({**ROW, "A": 1, "B": None}, EVERYTHING) == RowMistake(
        "SKILL", "id", "A + B", "EMPTY"
    )


def test_a_column_can_be_a_path_into_an_answer():
    told = '"person.names.0.text"'
    made = with_field("name", told)
    nested = {**ROW, "person": {"names": [{"text": "张三"}]}}
    assert made.to_record(nested, EVERYTHING).name == "张三"
    assert made.to_record({**ROW, "person": None}, EVERYTHING).name is None
    assert (
        made.to_record({**ROW, "person": {"names": []}}, EVERYTHING).code == "NO_COLUMN"
    )
    assert (
        made.to_record({**ROW, "person.names.0.text": "李四"}, EVERYTHING).name
        == "李四"
    )


def test_a_missing_column_is_a_mistake_unless_the_mapping_says_otherwise():
    assert with_field("name", '"X"').to_record(ROW, EVERYTHING) == RowMistake(
        "WORKER", "name", "X", "NO_COLUMN"
    )
    absent = with_field("name", '"X"', defaults="absent_is_empty = true")
    assert absent.to_record(ROW, EVERYTHING).name is None
    assert absent.to_record({"T": ROW["T"]}, EVERYTHING).code == "EMPTY"


@pytest.mark.parametrize("code", SENTENCES)
def test_each_mistake_of_a_row_is_said_in_both_languages(code):
    told = RowMistake("WORKER", "sex", "XB", code).message
    assert "XB" in told.zh
    assert "XB" in told.en
    assert "{" not in told.zh + told.en


def test_a_moment_is_written_as_china_has_it():
    made = with_field("name", '"X"')
    at = datetime(2026, 1, 31, 2, 3, 4, tzinfo=UTC)
    assert made.from_value("as_of", at) == "2026-01-31T10:03:04+08:00"
    assert made.from_value("as_of", at.astimezone(timezone(timedelta(hours=1)))) == (
        "2026-01-31T10:03:04+08:00"
    )
    assert made.from_value("phone", "1").code == "NOT_MAPPED"
    assert made.from_value("name", None) is None
