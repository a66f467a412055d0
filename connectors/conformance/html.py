"""Decider (pure): a report as one page that needs nothing else, for people and printers."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from connectors.conformance.report import PARTS, Outcome
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.conformance.report import Finding, Report

#: How each outcome is called, and the sign that says it without colour.
WORDS: Mapping[Outcome, tuple[str, Bilingual]] = {
    Outcome.FAILED: ("✗", Bilingual("不符", "failed")),
    Outcome.WARNED: ("!", Bilingual("注意", "look at it")),
    Outcome.SKIPPED: ("–", Bilingual("未能检查", "not checked")),
    Outcome.PASSED: ("✓", Bilingual("符合", "passed")),
    Outcome.INAPPLICABLE: ("·", Bilingual("不适用", "does not apply")),
}
NOTES = Bilingual("连接器的日志", "What the connector wrote into its log")
_OPEN = frozenset({Outcome.FAILED, Outcome.WARNED})


def as_html(report: Report) -> str:
    """Write a report as a page in both languages."""
    verdict = verdict_of(report)
    parts = "".join(_part(report, part) for part in PARTS)
    title = escape(f"{report.province} {report.name.zh} {report.name.en}")
    style = files("connectors.conformance").joinpath("report.css").read_text("utf-8")
    mark = "good" if report.conforms else "bad"
    counts = "".join(
        f'<li class="{outcome.lower()}"><b>{report.counts[outcome]}</b> '
        f"{sign} {_both(word)}</li>"
        for outcome, (sign, word) in WORDS.items()
    )
    at = report.at.strftime("%Y-%m-%d %H:%M UTC")
    facts = " · ".join(
        escape(one)
        for one in (report.kind, report.version, at, f"{report.seconds:.1f} s")
        if one
    )
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head><body>"
        f"<header><p>省级系统验收报告 <span>Conformance of a province</span></p>"
        f'<h1>{title}</h1><p class="facts">{facts}</p></header>'
        f'<p class="verdict {mark}">{_both(verdict)}</p><ul class="counts">{counts}</ul>'
        f"<main>{parts}{_notes(report)}</main><footer>报告不含任何行的内容，样本键只示开头。 "
        "<span>No value of any row is in this report; keys show their beginning only."
        "</span></footer></body></html>\n"
    )


def verdict_of(report: Report) -> Bilingual:
    """Say in one sentence what came of it."""
    failed = report.counts[Outcome.FAILED]
    aside = report.counts[Outcome.SKIPPED]
    if failed:
        return Bilingual(
            f"不符合契约：{failed} 项须改正。",
            f"It does not keep the contract: {failed} to mend.",
        )
    if aside:
        return Bilingual(
            f"已检查的都符合契约；{aside} 项未能检查。",
            f"What was checked keeps the contract; {aside} could not be checked.",
        )
    return Bilingual("符合契约。", "It keeps the contract.")


def _part(report: Report, part: str) -> str:
    found = [one for one in report.findings if one.check.part == part]
    if not found:
        return ""
    body = "".join(map(_finding, found))
    return f"<section><h2>{_both(PARTS[part])}</h2>{body}</section>"


def _notes(report: Report) -> str:
    if not report.notes:
        return ""
    lines = "".join(f"<li>{escape(one)}</li>" for one in report.notes)
    return f'<section class="notes"><h2>{_both(NOTES)}</h2><ul>{lines}</ul></section>'


def _finding(one: Finding) -> str:
    sign, word = WORDS[one.outcome]
    check = one.check
    lines = "".join(
        f"<dt>{label}</dt><dd>{_both(said)}</dd>"
        for label, said in (
            ("应为 expected", check.expected),
            ("实为 came", one.came),
            *((("怎样改 mend", check.remedy),) if one.outcome in _OPEN else ()),
        )
    )
    # What is folded up says what came all the same, on paper too.
    came = "" if one.outcome in _OPEN else f"<small>{_both(one.came)}</small>"
    return (
        f'<details class="{one.outcome.lower()}"'
        f"{' open' if one.outcome in _OPEN else ''}><summary>"
        f'<i title="{escape(word.zh)} {escape(word.en)}">{sign}</i>'
        f"<b>{_both(check.title)}{came}</b><code>{escape(check.id)}</code></summary>"
        f"<dl>{lines}"
        f"<dt>出处 source</dt><dd>{escape(check.source)}</dd></dl></details>"
    )


def _both(said: Bilingual) -> str:
    if said.zh == said.en:
        return escape(said.zh)
    return f'{escape(said.zh)} <span lang="en">{escape(said.en)}</span>'
