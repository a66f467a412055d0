"""Numbers that are names: what the office sees, or nothing and how it is mended."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from connectors.filedrop.rows import Flaw
from connectors.filedrop.sheets import sheets_of
from connectors.filedrop.shown_numbers import as_shown
from connectors.filedrop.words import remedy
from connectors.mapping.mistakes import Unfit
from connectors.mapping.texts import reader

_OTHER = Flaw("NUMBER_FORMAT")
_LONG = Flaw("LONG_NUMBER")
SHOWN = {
    "as it is": (123, "General", 123),
    "zeros in front": (123, "0000000000", "0000000123"),
    "zeros, as a text too": (123, "00000;@", "00123"),
    "longer than its zeros": (123456, "0000", "123456"),
    "money": (1.5, "#,##0.00", 1.5),
    "money with its sign": (5, '"¥"#,##0.00_);[Red]("¥"#,##0.00)', 5),
    "a percentage": (0.05, "0.00%", 0.05),
    "with a unit": (3, '0"元"', 3),
    "letters in front": (123, '"GD"0000', _OTHER),
    "one letter and one digit": (1, '"A"0', _OTHER),
    "a telephone": (5551234, "000-0000", _OTHER),
    "15 digits": (123456789012345, "0", 123456789012345),
    "16 digits": (1234567890123450, "0", _LONG),
    "18 digits": (1.23456789012345e17, "General", _LONG),
    "no number": (float("inf"), "General", float("inf")),
}


@pytest.mark.parametrize(("value", "form", "told"), SHOWN.values(), ids=list(SHOWN))
def test_a_number_is_read_as_its_cell_shows_it(value, form, told):
    assert as_shown(value, form) == told


def test_a_workbook_keeps_its_zeros(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["证号"])
    book.active.append([123])
    book.active["A2"].number_format = "0000000000"
    book.save(tmp_path / "a.xlsx")
    with sheets_of(tmp_path / "a.xlsx", 10**7) as sheets:
        (told,) = next(iter(sheets.values())).rows
    assert told == (2, {"证号": "0000000123"})


@pytest.mark.parametrize("value", ["1.38E+10", "1E+17", Decimal("1.23456E+17")])
def test_a_number_that_lost_its_digits_is_none_and_says_how_it_is_mended(value):
    with pytest.raises(Unfit) as unfit:
        reader(64, code=False, exact=False)(value)
    assert unfit.value.code == "LONG_NUMBER"
    assert "text" in remedy("LONG_NUMBER").en


@pytest.mark.parametrize("value", ["A1.38E+10", "1E+1/2", "E+10", Decimal("1.5")])
def test_what_only_looks_a_little_like_it_is_read(value):
    assert reader(64, code=False, exact=False)(value) == str(value)


def test_a_line_with_one_name_twice_is_none(tmp_path):
    lines = '{"id":"1","no":"h","id":"2"}\n{"id":"1","at":"8:00","in":{"id":"3"}}\n'
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    with sheets_of(tmp_path / "a.jsonl", 10**6) as sheets:
        first, second = sheets[""].rows
    assert first == (1, Flaw("NAME_TWICE"))
    assert second == (2, {"id": "1", "at": "8:00", "in": {"id": "3"}})
