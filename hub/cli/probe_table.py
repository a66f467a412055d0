"""Adapter: shows the report of a conformance test: a table in a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from connectors.conformance.html import NOTES, WORDS, verdict_of
from connectors.conformance.report import PARTS, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.conformance.report import Finding, Report
    from schema.records.refusal import Bilingual

_COLOURS = {
    Outcome.FAILED: "bold red",
    Outcome.WARNED: "yellow",
    Outcome.SKIPPED: "cyan",
    Outcome.PASSED: "green",
    Outcome.INAPPLICABLE: "dim",
}
#: So many lines of one reason are one line.
_MANY = 3
_TO_MEND = (Outcome.FAILED, Outcome.WARNED)


def show(report: Report) -> None:
    """Show a report on standard output; what does not apply is counted only."""
    terminal = sys.stdout.isatty()
    # A log is searched line by line: nothing is broken there.
    console = Console(soft_wrap=not terminal, highlight=False, emoji=False)
    facts = (report.province, report.name.zh, report.name.en, report.kind)
    console.print(
        Text(" · ".join(filter(None, (" ".join(facts), report.version))), "bold")
    )
    shown = [one for one in report.findings if one.outcome is not Outcome.INAPPLICABLE]
    if terminal:
        console.print(_table(shown))
    else:
        for one in shown:
            console.print(Text(f"{one.outcome} {one.check.id} {_both(one.came)}"))
    for alike in _of_one_cause(report):
        console.print()
        title, *lines = _mending(*alike)
        console.print(title)
        for line in lines:
            indented = Padding(line, (0, 0, 0, 2), expand=False)
            console.print(indented if terminal else Text("  ").append_text(line))
    if report.notes:
        console.print()
        console.print(Text(_both(NOTES), "bold"))
        for note in report.notes:
            console.print(Text(f"  {note}"))
    console.print()
    console.print(_counts(report))
    verdict = verdict_of(report)
    colour = "bold green" if report.conforms else "bold red"
    console.print(Text(f"{verdict.zh} {verdict.en}", colour))


def _table(shown: list[Finding]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(width=1)
    table.add_column(no_wrap=True, style="default")
    table.add_column(overflow="fold", ratio=1)
    for part, words in PARTS.items():
        found = [one for one in shown if one.check.part == part]
        if found:
            table.add_row()
            table.add_row("", Text(words.zh, "bold"), Text(words.en, "bold"))
        for alike in _alike(found):
            one = alike[0]
            sign, _ = WORDS[one.outcome]
            name = one.check.id if len(alike) < _MANY else f"{part}.* ({len(alike)})"
            table.add_row(
                Text(sign, _COLOURS[one.outcome]), name, Text(_both(one.came))
            )
    return table


def _alike(found: list[Finding]) -> list[list[Finding]]:
    """Put together what could not be checked for one reason, if it is much."""
    runs = [list(run) for _, run in groupby(found, lambda one: (one.outcome, one.came))]
    return [
        part
        for run in runs
        for part in (
            [run]
            if run[0].outcome is Outcome.SKIPPED and len(run) >= _MANY
            else [[one] for one in run]
        )
    ]


def _of_one_cause(report: Report) -> list[list[Finding]]:
    """Put together what is to mend and came out alike: one cause fails many checks."""
    found: dict[tuple[Outcome, Bilingual], list[Finding]] = {}
    for one in report.findings:
        if one.outcome in _TO_MEND:
            found.setdefault((one.outcome, one.came), []).append(one)
    return list(found.values())


def _mending(one: Finding, *others: Finding) -> Iterator[Text]:
    check, colour = one.check, _COLOURS[one.outcome]
    sign, _ = WORDS[one.outcome]
    yield Text(f"{sign} {check.id}  {_both(check.title)}", colour)
    for label, said in (
        ("应为 expected", check.expected),
        ("实为 came    ", one.came),
        ("怎样改 mend  ", check.remedy),
    ):
        line = Text(f"{label}  ", "dim")
        yield line.append(_both(said), "default")
    yield Text("出处 source    ", "dim").append(check.source, "default")
    if others:
        names = ", ".join(other.check.id for other in others)
        yield Text("同一结果 as well  ", "dim").append(names, "default")


def _counts(report: Report) -> Text:
    text = Text()
    for outcome, (sign, word) in WORDS.items():
        if count := report.counts[outcome]:
            text.append(f"{sign} {count} {word.zh} {word.en}   ", _COLOURS[outcome])
    text.rstrip()
    return text


def _both(said: Bilingual) -> str:
    return said.zh if said.zh == said.en else f"{said.zh} / {said.en}"
