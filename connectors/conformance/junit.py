"""Decider (pure): a report as JUnit XML, for whatever runs tests and keeps score."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from connectors.conformance.report import Outcome

if TYPE_CHECKING:
    from connectors.conformance.report import Finding, Report

#: What XML 1.0 cannot hold.
_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ASIDE = frozenset({Outcome.SKIPPED, Outcome.INAPPLICABLE})


def as_junit(report: Report) -> str:
    """Write a report: one suite, one case for each check.

    Failed checks are failures, what could not be checked or does not apply is skipped,
    and a warning is a case that passed with something in its output.
    """
    counts = report.counts
    totals = {
        "tests": str(len(report.findings)),
        "failures": str(counts[Outcome.FAILED]),
        "errors": "0",
        "skipped": str(sum(counts[one] for one in _ASIDE)),
        "time": f"{report.seconds:.3f}",
    }
    root = ET.Element("testsuites", {"name": "hub province probe", **totals})
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "name": _text(f"province {report.province} {report.name.en}"),
            "timestamp": report.at.strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": f"province-{report.province}",
            **totals,
        },
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (("kind", report.kind), ("contract", report.version)):
        ET.SubElement(properties, "property", {"name": name, "value": _text(value)})
    for one in report.findings:
        _case(suite, report, one)
    if report.notes:
        ET.SubElement(suite, "system-err").text = _text("\n".join(report.notes))
    ET.indent(root)
    return ET.tostring(root, "unicode", xml_declaration=False) + "\n"


def _case(suite: ET.Element, report: Report, one: Finding) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": f"province.{report.province}.{one.check.part}",
            "name": one.check.id,
            "time": f"{one.seconds:.3f}",
        },
    )
    said = _text(f"{one.came.zh} / {one.came.en}")
    if one.outcome is Outcome.FAILED:
        found = ET.SubElement(
            case, "failure", {"message": said, "type": one.check.source}
        )
        found.text = _text(_whole(one))
    elif one.outcome in _ASIDE:
        ET.SubElement(case, "skipped", {"message": said})
    elif one.outcome is Outcome.WARNED:
        ET.SubElement(case, "system-out").text = _text(f"WARNED\n{_whole(one)}")


def _whole(one: Finding) -> str:
    check = one.check
    return (
        f"{check.title.zh} / {check.title.en}\n"
        f"应为 expected: {check.expected.zh} / {check.expected.en}\n"
        f"实为 came: {one.came.zh} / {one.came.en}\n"
        f"怎样改 mend: {check.remedy.zh} / {check.remedy.en}\n"
        f"出处 source: {check.source}"
    )


def _text(text: str) -> str:
    return _NO_TEXT.sub("�", text)
