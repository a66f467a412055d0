"""View: a worker's file and a transfer as tables in the terminal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from schema.graph.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console


def show_file(
    console: Console,
    answer: Mapping[str, Any],
    names: Mapping[str, str],
    milliseconds: float,
) -> None:
    """Show who, where, since when, from which source, and which cases are open.

    Args:
        console: Where to.
        answer: ``worker`` of the hub's answer.
        names: Chinese names of the provinces, by code.
        milliseconds: How long the look-up took.
    """
    console.print()
    console.print(
        Text.assemble(
            (f"{answer['name']}", "bold"),
            f"  出生 born {answer['birthDate']}",
            (f"  {milliseconds:.0f} ms", "dim"),
        )
    )
    console.print(_memberships(answer, names))
    cases = [each for each in answer["rightsCases"] or () if not each["closedOn"]]
    if cases:
        console.print(_open_cases(cases, names))
    else:
        console.print("无未结案件 no open cases")
    for line in _completeness(answer, names):
        console.print(line, highlight=False)


def show_transfer(
    console: Console,
    transfer: Mapping[str, Any],
    names: Mapping[str, str],
    union_name: Callable[[str], str],
) -> None:
    """Show what happened in a transfer, and who was the home after each step.

    Args:
        console: Where to.
        transfer: As the hub tells it.
        names: Chinese names of the provinces, by code.
        union_name: Gives the name of a union, by its code.
    """
    began = datetime.fromisoformat(transfer["openedAt"])
    way = " → ".join(names[transfer[f"{side}Province"]] for side in ("from", "to"))
    table = new_table(f"接转 Transfer  {way}")
    for heading in ("秒 s", "经过 Step", "登记 Entry", "此后的归属 Home after it"):
        table.add_column(heading, overflow="fold")
    for step in transfer["timeline"]:
        after = (datetime.fromisoformat(step["at"]) - began).total_seconds()
        table.add_row(
            f"{after:.2f}",
            word("TransferStep", step["step"], "hub.graphql"),
            f"{names[step['province']]} {step['entry'] or ''}"
            if step["province"]
            else "",
            union_name(step["home"]),
        )
    console.print(table)


def _memberships(answer: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    table = new_table("会籍 Memberships")
    for heading in ("工会 Union", "状态 State", "自 Since", "至 Until", "来源 Source"):
        table.add_column(heading, overflow="fold")
    for row in answer["memberships"] or ():
        table.add_row(
            row["unionName"],
            word("MembershipState", row["state"]),
            row["since"],
            row["until"] or "",
            _source(row, names),
        )
    return table


def _open_cases(cases: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table:
    table = new_table("未结案件 Open cases")
    for heading in (
        "案号 No.",
        "事由 Matter",
        "进展 Status",
        "首次受理 First touch",
        "主办工会 Lead",
        "来源 Source",
    ):
        table.add_column(heading, overflow="fold")
    for row in cases:
        table.add_row(
            row["caseNo"],
            word("CaseMatter", row["matter"]),
            word("CaseStatus", row["status"]),
            row["firstTouchOn"],
            row["leadUnionName"],
            _source(row, names),
        )
    return table


def _completeness(answer: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    told = answer["completeness"]
    asked, answered = (_named(told[key], names) for key in ("asked", "answered"))
    whole = (
        "[green]完整 complete[/]"
        if told["complete"]
        else "[yellow]不完整 incomplete[/]"
    )
    lines = [f"{whole}  已询问 asked: {asked}  已答复 answered: {answered}"]
    lines += [
        f"[red]✗ {names[fault['province']]} {fault['code']}[/] {fault['message']}"
        for fault in told["faults"]
    ]
    lines += [
        f"[dim]{names[each['province']]} 不提供 does not offer "
        f"{each['kind']}{'.' + each['field'] if each['field'] else ''}[/]"
        for each in told["notOffered"]
    ]
    counts = "  ".join(
        f"{word} {len(answer[field] or ())}"
        for field, word in (
            ("employments", "就业 jobs"),
            ("skills", "技能 skills"),
            ("trainings", "培训 trainings"),
        )
    )
    lines += [counts, *_conflicts(answer, names)]
    withheld = sorted({each["kind"] for each in answer["withheld"]})
    if withheld:
        lines.append(f"[dim]因权限未显示 withheld by policy: {', '.join(withheld)}[/]")
    return lines


def _conflicts(answer: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Show where provinces disagree; the version that the file shows stands first."""
    return [
        f"[yellow]≠ 说法不一 conflict[/] {each['kind']}.{each['field']}："
        + " ≠ ".join(
            f"{value or '—'}（{'、'.join(provinces)}）"
            for value, provinces in _held(each["versions"], names).items()
        )
        + f" [dim]{each['rule']}[/]"
        for each in answer["conflicts"]
    ]


def _held(
    versions: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> dict[str | None, list[str]]:
    """Who holds which value, in the order of rank."""
    held: dict[str | None, list[str]] = {}
    for version in versions:
        held.setdefault(version["value"], []).append(names[version["province"]])
    return held


def word(type_name: str, code: str | None, file: str = "province.graphql") -> str:
    """Put the contract's Chinese word beside a code."""
    if code is None:
        return ""
    chinese = re.split("[，。；]", words(type_name, code, file) or "")[0]
    return f"{chinese} {code}"


def new_table(title: str) -> Table:
    """Begin a table."""
    return Table(title=title, title_justify="left", header_style="bold")


def _source(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    source = row["source"]
    return f"{names[source['province']]} {source['asOf'][:10]}"


def _named(codes: list[str], names: Mapping[str, str]) -> str:
    return " ".join(f"{names[code]}" for code in codes) or "—"
