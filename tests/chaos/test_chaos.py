"""A small run of the chaos, and that its checks can fail."""

from __future__ import annotations

import pytest
from rich.console import Console

from tests.bench.showing import Showing
from tests.chaos.run import Wishes, run
from tests.chaos.verdict import Home, Journal, Registers, judge

HERE, THERE = Home("51", "old"), Home("44", "new")
MOVED = {"REGISTER_OUT": 1, "REGISTER_IN": 1, "COMPLETE_OUT": 1}


@pytest.mark.rehearsal
def test_nothing_is_lost_and_nothing_done_twice(tmp_path):
    """Members move and cases run while all that runs is killed, frozen and cut off."""
    wishes = Wishes(
        size=24, seed=4, at_once=16, pause=0.3, provinces=("44", "51", "33"), cases=8
    )

    outcome = run(wishes, tmp_path, Showing(Console()))

    assert outcome.good, outcome.findings
    assert sum(outcome.ends.values()) >= 21
    assert sum(outcome.case_ends.values()) == 8
    assert len(outcome.case_book.acknowledged) >= 50
    assert len(outcome.case_book.changes) >= 8
    looked = {one.en: one.looked for one in outcome.findings}
    assert looked["movers whose open cases do not know the new home"]
    done = [one for one in outcome.mischief if not one.startswith("office")]
    assert sum(outcome.mischief[one] for one in done) >= 3


def wrong(state="COMPLETED", home=THERE, homes=(THERE,), done=MOVED, ids=("t",)):
    journal = {"t": Journal("t", "card", state, home)}
    acts = {("t", act): times for act, times in done.items()}
    findings = judge(dict(enumerate(ids)), journal, Registers({"card": homes}, acts))
    return {one.en for one in findings if one.wrong}


def test_a_member_who_moved_is_fine():
    assert wrong() == set()


def test_a_member_who_stayed_is_fine():
    back = {"REGISTER_OUT": 1, "CANCEL_OUT": 1}
    assert wrong("REJECTED", HERE, (HERE,), back) == set()
    assert wrong("WITHDRAWN", HERE, (HERE,), {"CANCEL_OUT": 1}) == set()
    assert wrong("REFUSED", HERE, (HERE,), {}) == set()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"homes": ()}, {"homeless", "registers and journal disagree"}),
        ({"homes": (HERE, THERE)}, {"double homes", "registers and journal disagree"}),
        ({"homes": (HERE,)}, {"registers and journal disagree"}),
        ({"ids": ("t", "gone")}, {"lost after it was acknowledged"}),
        ({"state": "CLOSING"}, {"not ended", "OUT and IN not paired"}),
        ({"done": {**MOVED, "REGISTER_IN": 2}}, {"acts done twice in a register"}),
        (
            {"done": {"REGISTER_OUT": 1, "REGISTER_IN": 1}},
            {"OUT and IN not paired"},
        ),
        ({"done": {**MOVED, "CANCEL_OUT": 1}}, {"OUT and IN not paired"}),
    ],
)
def test_each_check_can_fail(given, found):
    assert wrong(**given) == found


def test_a_move_that_was_opened_twice_is_found():
    journal = {id_: Journal(id_, "card", "COMPLETED", THERE) for id_ in ("t", "u")}
    acts = {(id_, act): 1 for id_ in journal for act in MOVED}
    findings = judge({0: "t"}, journal, Registers({"card": (THERE,)}, acts))

    assert [one.en for one in findings if one.wrong] == ["opened twice"]
