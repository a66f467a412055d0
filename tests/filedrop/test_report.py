"""What an office reads about its batch: rows, columns, causes and cures; never a value."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest

from connectors.filedrop import findings, words
from connectors.mapping.mistakes import SENTENCES
from tests.filedrop.conftest import CARD, LI, WANG


def _report(drop, batch):
    book = openpyxl.load_workbook(drop.places.reports / f"{batch}.xlsx")
    return [list(sheet.iter_rows(values_only=True))[1:] for sheet in book]


def test_names_rows_as_the_office_counts_them_and_how_to_mend_them(dropping):
    drop = dropping(most_unreadable=1)
    hidden = "绝密姓名"
    drop.deliver(
        "a", 1,
        workers=[LI, {**WANG, "出生日期": hidden}, {**WANG, "工号": ""},
                 {**LI, "姓名": f"{hidden}\x07"}],
        cards=[CARD, {**CARD, "状态": hidden}, {**CARD, "编号": ""},
               {**CARD, "状态": "60"}],
    )  # fmt: skip
    drop.take()
    overview, kinds, causes, rows = _report(drop, "a")
    assert overview[0][:2] == ("a", "2026-10-02T00:00:00+00:00")
    assert "已采用" in overview[0][2]
    assert kinds == [("WORKER", 4, 2, 1), ("MEMBERSHIP", 4, 1, 1)]
    assert [row[:4] for row in rows] == [
        ("hy.csv", 2, "MEMBERSHIP", "编号"),
        ("hy.csv", 3, "MEMBERSHIP", "状态"),
        ("hy.csv", 3, "MEMBERSHIP", "编号"),
        ("hy.csv", 4, "MEMBERSHIP", "编号"),
        ("hy.csv", 5, "MEMBERSHIP", "编号"),
        ("zg.csv", 2, "WORKER", "工号"),
        ("zg.csv", 3, "WORKER", "出生日期"),
        ("zg.csv", 4, "WORKER", "工号"),
        ("zg.csv", 5, "WORKER", "姓名"),
        ("zg.csv", 5, "WORKER", "工号"),
    ]
    assert all(one[5] and one[6] for one in causes)
    with zipfile.ZipFile(drop.places.reports / "a.xlsx") as archive:
        text = b"".join(map(archive.read, archive.namelist())).decode()
    assert "zg.csv" in text
    for value in (hidden, "gd-1", "李四"):
        assert value not in text


def test_says_why_a_batch_was_not_taken_and_which_columns_it_lacks(drop):
    folder = drop.deliver("a", 1)
    (folder / "zg.csv").write_text("工号,姓名\n1,2\n")
    drop.take()
    overview, *_ = _report(drop, "a")
    assert overview[0][3] == "zg.csv"
    assert "校验和" in overview[0][5]
    assert "hub province pack" in overview[0][6]


def test_counts_all_rows_and_names_the_first(dropping, monkeypatch):
    monkeypatch.setattr(findings, "MOST", 3)
    drop = dropping(most_unreadable=1)
    drop.deliver("a", 1, workers=[{**LI, "工号": ""}] * 10)
    drop.take()
    _, _, causes, rows = _report(drop, "a")
    assert causes[0][4] == 10
    assert len(rows) == 3


def test_a_report_that_cannot_be_written_keeps_no_batch_away(drop):
    drop.places.reports.write_text("no folder")
    drop.deliver("a", 1)
    assert drop.take().taken.batch == "a"


@pytest.mark.parametrize("code", [*words.BATCHES, *words.ROWS])
def test_every_cause_has_a_cure_in_both_languages(code):
    said = words.BATCHES.get(code) or (words.ROWS[code], words.remedy(code))
    assert all(one.zh and one.en for one in said)
    assert SENTENCES.keys() <= words.ROWS.keys()
