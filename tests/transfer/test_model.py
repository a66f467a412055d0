"""The saga's whole state graph: looked at, held to its invariants, and drawn."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from msgspec.structs import replace

from hub.transfer.events import (
    Accepted,
    Done,
    LimitPassed,
    Opened,
    Refused,
    Rejected,
    Withdrawn,
)
from hub.transfer.model import explore
from hub.transfer.picture import picture
from hub.transfer.saga import Decision, Silent, decide
from schema.records.command import Act
from schema.records.transfer import ENDED, Basis, TransferState
from tests.house.documents import FENCE, ROOT, read

S = TransferState


@pytest.fixture(scope="module")
def graph():
    """All ways that there are: explored by whoever asks, not by all who collect."""
    return explore()


def test_every_invariant_holds_in_every_standing(graph):
    assert graph.broken == ()
    assert graph.standings > 400


def test_every_state_is_reached_and_every_basis_ends(graph):
    assert {edge.end for edge in graph.edges} == set(S)
    assert {
        b for edge, b in graph.edges.items() if edge.end in ENDED for b in b
    } == set(Basis)


def changed(decision, **facts):
    """Break a decision."""
    if not isinstance(decision, Decision):
        return decision
    return replace(decision, saga=replace(decision.saga, **facts))


def homeless(saga, event):
    decision = decide(saga, event)
    if isinstance(event, Accepted):
        return changed(decision, home="")
    return decision


def too_early(saga, event):
    decision = decide(saga, event)
    if isinstance(decision, Decision) and decision.saga.state is S.IN_PENDING:
        return changed(decision, home=saga.to_union, home_province=saga.to_province)
    return decision


def back_after_the_pivot(saga, event):
    if saga.state is S.CLOSING and isinstance(event, Withdrawn):
        before = replace(saga, state=S.IN_TRANSIT)
        return changed(decide(before, event), home=saga.opened.from_union)
    return decide(saga, event)


def no_pair(saga, event):
    decision = decide(saga, event)
    if isinstance(decision, Decision) and decision.saga.state is S.CLOSING:
        return replace(decision, asked=())
    return decision


def asked_twice(saga, event):
    decision = decide(saga, event)
    if isinstance(decision, Decision) and decision.saga.overdue:
        (asked,) = decide(replace(saga, state=S.IN_TRANSIT), Accepted(office="o")).asked
        return replace(decision, asked=(asked,))
    return decision


def no_way_out(saga, event):
    if saga.state is S.RETURNING and isinstance(event, Done | LimitPassed):
        return Silent()
    return decide(saga, event)


def deaf_to_a_register(saga, event):
    if saga.state is S.RETURNING and isinstance(event, Done):
        return Silent()
    return decide(saga, event)


def deaf_to_limits(saga, event):
    if saga.state is S.IN_TRANSIT and isinstance(event, LimitPassed):
        return Silent()
    return decide(saga, event)


def hears_old_limits(saga, event):
    if isinstance(event, LimitPassed):
        return decide(saga, LimitPassed(since=saga.since))
    return decide(saga, event)


def believes_other_registers(saga, event):
    if isinstance(event, Done) and event.act is Act.REGISTER_IN:
        event = replace(event, province=saga.to_province)
        return decide(replace(saga, state=S.IN_PENDING), event)
    return decide(saga, event)


def takes_a_refusal_to_cancel(saga, event):
    if saga.state is S.RETURNING and isinstance(event, Refused):
        done = Done(act=Act.CANCEL_OUT, province=saga.opened.from_province)
        return decide(saga, done)
    return decide(saga, event)


def silent_to_people(saga, event):
    answer = decide(saga, event)
    people = isinstance(event, Accepted | Rejected | Withdrawn)
    return answer if isinstance(answer, Decision) or not people else Silent()


def wakes_the_ended(saga, event):
    if saga.state in ENDED and isinstance(event, Opened):
        return Decision(saga=replace(saga, seq=saga.seq + 1))
    return decide(saga, event)


def goes_round(saga, event):
    if saga.state is S.IN_PENDING and isinstance(event, Withdrawn):
        return Decision(
            saga=replace(saga, state=S.IN_TRANSIT, seq=saga.seq + 1, since=saga.seq + 1)
        )
    return decide(saga, event)


def waits_for_ever(saga, event):
    if saga.overdue and isinstance(event, LimitPassed):
        return decide(replace(saga, overdue=False), event)
    return decide(saga, event)


def gives_up_without_undoing(saga, event):
    decision = decide(saga, event)
    if isinstance(decision, Decision) and decision.saga.state is S.IN_CANCELLING:
        return decide(decision.saga, Done(act=Act.CANCEL_IN, province=saga.to_province))
    return decision


def believes_a_late_entry(saga, event):
    late = isinstance(event, Done) and event.act is Act.REGISTER_IN
    if saga.state is S.IN_CANCELLING and late:
        return decide(replace(saga, state=S.IN_PENDING), event)
    return decide(saga, event)


def forgets_who_owes(saga, event):
    decision = decide(saga, event)
    if isinstance(decision, Decision) and decision.saga.state in ENDED:
        return changed(decision, owed=(), overdue=False)
    return decision


def hides_who_owes(saga, event):
    decision = decide(saga, event)
    if isinstance(decision, Decision) and decision.saga.state in ENDED:
        return changed(decision, overdue=False)
    return decision


def moves_when_it_is_paid(saga, event):
    decision = decide(saga, event)
    if saga.state in ENDED and isinstance(decision, Decision):
        return changed(decision, state=S.COMPLETED, home=saga.to_union)
    return decision


def forgets_to_count(saga, event):
    return changed(decide(saga, event), seq=saga.seq)


@pytest.mark.parametrize(
    ("broken_saga", "said"),
    [
        (homeless, "the home is "),
        (homeless, "the home moves without an IN entry"),
        (too_early, "the home moves without an IN entry"),
        (back_after_the_pivot, "back, after the pivot"),
        (back_after_the_pivot, "the home moves twice"),
        (no_pair, "get stuck|nothing leads there|nobody asked for"),
        (asked_twice, "asked twice"),
        (no_way_out, "RETURNING: a transfer may go round for ever, or get stuck"),
        (no_way_out, "EXPIRED: nothing leads there"),
        (deaf_to_a_register, "RETURNING: CANCEL_OUT is done, and not heard"),
        (deaf_to_limits, "IN_TRANSIT: a passed limit does nothing"),
        (hears_old_limits, "the limit of a wait that is over does something"),
        (believes_other_registers, "nobody asked for REGISTER_IN"),
        (takes_a_refusal_to_cancel, "may not refuse CANCEL_OUT"),
        (silent_to_people, "of people is not answered"),
        (wakes_the_ended, "what is ended goes on"),
        (goes_round, "may go round for ever"),
        (goes_round, "allowed by the table or by decide only"),
        (goes_round, "decide leads to"),
        (waits_for_ever, "silent for ever keeps it from ending"),
        (gives_up_without_undoing, "nobody asked for CANCEL_OUT|may stand without"),
        (believes_a_late_entry, "IN_CANCELLING: decide leads to"),
        (forgets_who_owes, "an OUT entry stands alone"),
        (forgets_who_owes, "the OUT entry is not paired"),
        (forgets_who_owes, "an IN entry may stand without a home"),
        (hides_who_owes, "people do not see that a register owes"),
        (moves_when_it_is_paid, "what is ended goes on"),
        (forgets_to_count, "the event is not counted"),
    ],
)
def test_a_broken_saga_is_found(broken_saga, said):
    broken = explore(broken_saga).broken

    assert any(re.search(said, line) for line in broken), broken


@pytest.mark.parametrize(
    ("document", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")]
)
def test_the_picture_that_is_shown_is_the_one_that_the_code_draws(
    document, language, graph
):
    shown = [
        text for _, info, text in FENCE.findall(read(document)) if info == "mermaid"
    ]

    assert picture(graph, language) + "\n" in shown


def test_the_picture_has_every_state_and_way(graph):
    drawn = picture(graph, "zh")

    for edge in graph.edges:
        assert f"{edge.start or '[*]'} --> {edge.end} : " in drawn
    for state in S:
        assert f"as {state}\n" in drawn


def test_the_command_prints_it(graph):
    printed = subprocess.run(
        [sys.executable, "-m", "hub", "transfers", "picture", "--language", "en"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert printed == picture(graph, "en") + "\n"
