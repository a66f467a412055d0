"""The demo's story of a case: what would be noticed if hub and file did not agree."""

from __future__ import annotations

import copy

import pytest

from deploy.demo.checking import case_differences
from deploy.demo.following import CaseFiles as Files
from deploy.demo.following import Help, change, in_file
from deploy.demo.province.case_file import CaseFile

WANTED = Help("l-1", "u-home", "51", "440804", "44")
LEAD = "440804-01"
FILE = [("MEDIATION", LEAD), ("ARBITRATION", LEAD)]
CASE = {
    "state": "CLOSED",
    "lead": {"union": LEAD, "province": "44"},
    "tasks": [{"no": "t3", "state": "CLOSED", "to": {"union": "u-home"}}],
    "timeline": {
        "lines": [
            {"milestone": {"step": "OPENED"}, "change": None},
            *(
                {"milestone": None, "change": {"act": act, "union": union}}
                for act, union in FILE
            ),
        ],
        "gaps": [],
        "contradictions": [],
    },
}


def test_a_case_that_agrees_with_the_file_has_no_differences():
    assert case_differences(CASE, WANTED, 200, FILE) == []


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (lambda case: case.update(state="OPEN"), "hub: OPEN"),
        (lambda case: case["lead"].update(province="51"), "lead: of 51"),
        (lambda case: case["tasks"][0].update(state="ANSWERED"), "tasks: [("),
        (lambda case: case["tasks"].clear(), "tasks: []"),
        (lambda case: case["timeline"]["lines"].pop(), "file: told {"),
        (
            lambda case: case["timeline"]["lines"].append(
                case["timeline"]["lines"][-1]
            ),
            "file: told ",
        ),
        (lambda case: case["timeline"]["gaps"].append({"first": 1}), "gaps: "),
        (
            lambda case: case["timeline"]["contradictions"].append({"seq": 1}),
            "contradictions: ",
        ),
    ],
)
def test_each_kind_of_disagreement_is_found(broken, found):
    case = copy.deepcopy(CASE)
    broken(case)
    (difference,) = case_differences(case, WANTED, 200, FILE)
    assert difference.startswith(found)


def test_a_message_that_was_not_taken_is_found():
    assert case_differences(CASE, WANTED, 401, FILE) == ["callback: HTTP 401"]


def test_what_the_file_says_is_read_in_its_order(tmp_path):
    files = Files("44", tmp_path / "44.cases.sqlite", "")
    kept = CaseFile(files.file)
    for key, (act, union) in enumerate(FILE):
        kept.write(str(key), "c-1", change(union, act, "mediation-requested"))
    kept.write("other", "c-2", change(LEAD, "OTHER", "mediation-requested"))
    kept.close()

    assert in_file(files, "c-1") == FILE
