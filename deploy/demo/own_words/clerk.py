"""Adapter: Hubei's clerk: sheets of entries are worked through, and what happened is told.

What the hub asks for lies in ``acts/``; the answers go into ``receipts/`` under the same
name, as a whole. What happens in case files goes into ``changes/``, each line once.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from deploy.demo.own_words.hubei import ACT, ANSWER, ENTRY, REASON, day
from deploy.demo.own_words.words import local, moment_of
from deploy.demo.province.acting import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from deploy.demo.own_words.delivery import Exporter
    from deploy.demo.province.case_file import CaseFile
    from deploy.demo.province.ledger import Ledger

    Row = dict[str, Any]

_AT_ONCE: Final = 500
_DAY: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ACTS: Final = {word: act for act, word in ENTRY.items()}
#: What a sheet of entries calls the fields of the register.
_ENTRY: Final = {
    "编号": "key", "接转编号": "transfer", "会员编号": "local_id",
    "会员证号": "membership_no", "本省工会代码": "union",
    "对方工会代码": "counterpart_union", "对方省份": "counterpart_province",
    "登记日期": "on", "首次入会日期": "joined_on",
}  # fmt: skip
_DAYS: Final = ("on", "joined_on")


class Clerk:
    """Works through the sheets of a drop folder."""

    def __init__(
        self,
        code: str,
        folder: Path,
        ledger: Ledger,
        cases: CaseFile,
        exporter: Exporter,
    ) -> None:
        """Begin the folders, if there are none.

        Args:
            code: Which province.
            folder: The drop folder.
            ledger: What acts are written into.
            cases: Its case files.
            exporter: Delivers what has changed.
        """
        self._folder = folder
        self._desk = Desk(code, ledger)
        self._cases = cases
        self._exporter = exporter
        for name in ("acts", "receipts", "changes"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        name = cases.log("", 1)["next"].rpartition("-")[0]
        told = sorted((folder / "changes").glob("bd-*.csv"))
        place = int(told[-1].stem.rpartition("-")[2]) if told else 0
        self._told = f"{name}-{place}"

    def work(self) -> int:
        """Do what waits, and tell how much that was."""
        answered = sum(map(self._answer, self._unanswered()))
        told = self._tell()
        if answered:
            self._exporter.deliver()
        return answered + told

    def _unanswered(self) -> list[Path]:
        """Find the sheets that have no answer yet, in their order."""
        known = {file.name for file in (self._folder / "receipts").glob("*.csv")}
        sheets = sorted((self._folder / "acts").glob("acts-*.csv"))
        return [one for one in sheets if one.name not in known]

    def _answer(self, sheet: Path) -> int:
        """Enter what a sheet asks for, and answer each line.

        Killed in between, the same keys get the same answers from the register.
        """
        with sheet.open(encoding="utf-8-sig", newline="") as text:
            lines = list(csv.DictReader(text))
        receipts = asyncio.run(self._enter(lines))
        self._put(self._folder / "receipts" / sheet.name, map(_receipt, receipts))
        return len(lines)

    async def _enter(self, lines: Sequence[Row]) -> list[Row]:
        receipts: list[Row] = []
        async with self._desk.request() as acts:
            for line in lines:
                entry: Row = {ours: line[theirs] for theirs, ours in _ENTRY.items()}
                entry = {name: value or None for name, value in entry.items()}
                entry |= {name: _day(entry[name]) for name in _DAYS}
                entry["landing"] = line["挂靠"] == "是"
                receipts += await acts.act(_ACTS[line["登记事项"]], [entry])
        return receipts

    def _tell(self) -> int:
        page = self._cases.log(self._told, _AT_ONCE)
        if page["changes"]:
            place = int(page["next"].rpartition("-")[2])
            file = self._folder / "changes" / f"bd-{place:09d}.csv"
            self._put(file, map(_change, page["changes"]))
        self._told = page["next"]
        return len(page["changes"])

    def _put(self, file: Path, rows: Iterable[Row]) -> None:
        """Write a sheet so that it is there as a whole, or not at all."""
        text = io.StringIO(newline="")
        out = None
        for row in rows:
            if out is None:
                out = csv.DictWriter(text, list(row))
                out.writeheader()
            out.writerow(row)
        partial = self._folder / f".{file.name}.partial"
        with partial.open("wb") as written:
            written.write(text.getvalue().encode("utf-8-sig"))
            written.flush()
            os.fsync(written.fileno())
        partial.rename(file)


def _receipt(done: Row) -> Row:
    code = done["code"]
    joined = done["joined_on"]
    return {
        "编号": done["key"],
        "办理结果": ANSWER[done["answered"]],
        "登记编号": done["entry"],
        "新建会员编号": done["local_id"],
        "本省首次入会日期": joined and day(date.fromisoformat(joined)),
        "不办理由": code and REASON[code],
        "说明": code and REASON[code],
    }


def _change(one: Row) -> Row:
    paper, fact = one.get("document") or {}, one.get("fact") or {}
    act = one.get("act")
    return {
        "案卷号": one["caseNo"],
        "序号": one["seq"],
        "更新时间": local(moment_of(one["asOf"])),
        "事项": act and ACT.get(act, ACT["OTHER"]),
        "日期": one.get("on"),
        "工会代码": one.get("unionCode"),
        "更正序号": one.get("corrects"),
        "作废序号": one.get("gone"),
        "文书编号": paper.get("reference"),
        "文书校验": paper.get("sha256"),
        "事实": fact.get("kind"),
        "事实对象": fact.get("about"),
        "指定日期": fact.get("names"),
        "天数": fact.get("days"),
    }


def _day(text: str | None) -> str | None:
    """Read a day of a sheet; ISO 8601 is one already."""
    found = _DAY.fullmatch(text or "")
    return date(*map(int, found.groups())).isoformat() if found else text
