"""The demo's story of a case: what would be noticed if hub and file did not agree."""

from __future__ import annotations

import copy
import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from deploy.demo import following
from deploy.demo.case_story import CaseStory
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


def test_whoever_acts_says_for_which_union(monkeypatch):
    """A home union joins its case at any moment, and may be of the office that leads."""
    said = []

    def act(door, name, no, **given):  # noqa: ARG001
        said.append((name, door, given.get("by")))
        return CASE

    for name, answer in {
        "route": {"lead": LEAD}, "opened": {"no": "c1"}, "written": 1, "pushed": 200,
        "running": {"dueDates": []}, "in_file": FILE,
    }.items():  # fmt: skip
        monkeypatch.setattr(following, name, lambda *_, answer=answer: answer)
    monkeypatch.setattr(following, "act", act)
    running = SimpleNamespace(
        door=lambda code: code,
        cases={"44": None},
        unions=SimpleNamespace(division=lambda _: "440804"),
        port=0,
        provinces={"44": SimpleNamespace(kind="graphql")},
    )
    names = {"44": "广东", "51": "四川"}
    story = CaseStory(running, Console(file=io.StringIO()), names)
    move = SimpleNamespace(
        local_id="l-1", from_union="u-home", from_province="51",
        to_union=LEAD, to_province="44",
    )  # fmt: skip
    assert story.check(move, shown=False)
    assert said == [
        ("acceptCase", "44", LEAD),
        ("assignTask", "44", LEAD),
        ("acknowledgeTask", "51", "u-home"),
        ("answerTask", "51", "u-home"),
        ("closeTask", "44", LEAD),
        ("closeCase", "44", LEAD),
    ]
