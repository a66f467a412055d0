"""What a transfer becomes: each way through it, and what comes too late."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.transfer import refusals
from hub.transfer.events import Accepted, LimitPassed, Rejected, Withdrawn
from hub.transfer.saga import LIMIT_PASSED, Decision, Silent, decide, open_saga
from hub.transfer.states import (
    STATES,
    Effect,
    Owner,
    StatesMistake,
    Wait,
    allowed,
    check,
    owner,
)
from schema.records.command import Act
from schema.records.refusal import Refusal
from schema.records.transfer import ENDED, Basis, Step, TransferState
from tests.transfer.samples import (
    CANCELLED,
    IN,
    IN_RESIDENCE,
    NEW,
    NO_IN,
    NO_OUT,
    OLD,
    OUT,
    P_NEW,
    P_OLD,
    P_RESIDENCE,
    PAIRED,
    RESIDENCE,
    UNDONE,
    after,
    opened,
)

YES = Accepted(office="o", local_id="l44")
NO = Rejected(office="o", reason="NO_SUCH_EMPLOYEE")
BACK = Withdrawn(office="o", reason="BY_MISTAKE")
S = TransferState


def limit(decision: Decision) -> LimitPassed:
    return LimitPassed(since=decision.saga.since)


def acts(decision: Decision) -> list[Act]:
    return [asked.act for asked in decision.asked]


WAYS = [
    (Basis.REQUEST, [OUT, IN, PAIRED], S.COMPLETED, NEW),
    (Basis.OFFER, [OUT, YES, IN, PAIRED], S.COMPLETED, NEW),
    (Basis.DUPLICATE, [OUT, PAIRED], S.COMPLETED, NEW),
    (Basis.CLOSURE, [OUT, IN, PAIRED], S.LANDED, NEW),
    (Basis.OFFER, [OUT, "limit", IN_RESIDENCE, PAIRED], S.LANDED, RESIDENCE),
    (Basis.REQUEST, [NO_OUT], S.REFUSED, OLD),
    (Basis.REQUEST, [OUT, NO_IN, CANCELLED], S.REFUSED, OLD),
    (Basis.CLOSURE, [OUT, NO_IN, CANCELLED], S.EXPIRED, OLD),
    (Basis.OFFER, [NO, CANCELLED], S.REJECTED, OLD),
    (Basis.OFFER, [OUT, NO, CANCELLED], S.REJECTED, OLD),
    (Basis.OFFER, [OUT, BACK, CANCELLED], S.WITHDRAWN, OLD),
    (Basis.DUPLICATE, [BACK, CANCELLED], S.WITHDRAWN, OLD),
    (Basis.REQUEST, ["limit", CANCELLED], S.EXPIRED, OLD),
    (Basis.REQUEST, [OUT, "limit", IN, "limit", PAIRED], S.COMPLETED, NEW),
    (Basis.OFFER, [OUT, NO, "limit", CANCELLED], S.REJECTED, OLD),
    (Basis.REQUEST, [OUT, "limit", "limit", UNDONE, CANCELLED], S.EXPIRED, OLD),
]


@pytest.mark.parametrize(("basis", "events", "end", "home"), WAYS, ids=range(len(WAYS)))
def test_a_transfer_goes_its_way_to_the_end(basis, events, end, home):
    decision = open_saga(opened(basis))
    for event in events:
        happened = limit(decision) if event == "limit" else event
        decision = decide(decision.saga, happened)
        assert isinstance(decision, Decision)

    saga = decision.saga
    assert (saga.state, saga.home) == (end, home)
    assert owner(saga) == (saga.home, saga.home_province)
    assert decision.asked == ()
    assert allowed(saga) == frozenset()


def test_registers_are_told_all_that_they_need():
    begun = after(opened())
    (out,) = begun.asked
    assert out == replace(
        out, act=Act.REGISTER_OUT, province=P_OLD, local_id="l51", union=OLD,
        counterpart_union=NEW, counterpart_province=P_NEW, landing=False,
    )  # fmt: skip

    (into,) = after(opened(), OUT, YES).asked
    assert into == replace(
        into, act=Act.REGISTER_IN, province=P_NEW, local_id="l44", union=NEW,
        counterpart_union=OLD, counterpart_province=P_OLD,
        joined_on="2009-07-31", landing=False,
    )  # fmt: skip

    (paired,) = after(opened(), OUT, YES, IN).asked
    assert paired == replace(out, act=Act.COMPLETE_OUT)

    (cancelled,) = after(opened(), OUT, NO).asked
    assert cancelled == replace(out, act=Act.CANCEL_OUT, reason="NO_SUCH_EMPLOYEE")


def test_who_lands_is_registered_as_landing_where_the_worker_lives():
    waiting = after(opened(), OUT)
    landing = decide(waiting.saga, limit(waiting))
    (into,) = landing.asked

    assert into.landing
    assert (into.union, into.province) == (RESIDENCE, P_RESIDENCE)
    assert into.local_id == "l33"
    assert owner(landing.saga) == (RESIDENCE, P_RESIDENCE)
    (paired,) = after(opened(), OUT, limit(waiting), IN_RESIDENCE).asked
    assert paired.counterpart_union == RESIDENCE


def test_who_has_nowhere_to_land_stays():
    at_home = opened(fallback_union=OLD, fallback_province=P_OLD)
    waiting = after(at_home, OUT)
    returning = decide(waiting.saga, limit(waiting))

    assert acts(returning) == [Act.CANCEL_OUT]
    assert returning.asked[0].reason == LIMIT_PASSED
    assert decide(returning.saga, CANCELLED).saga.state is S.EXPIRED


def test_the_home_moves_with_the_in_entry_and_not_before():
    homes = [
        after(opened(), *events).saga.home
        for events in ((), (OUT,), (OUT, YES), (OUT, YES, IN), (OUT, YES, IN, PAIRED))
    ]

    assert homes == [OLD, OLD, OLD, NEW, NEW]


def test_what_a_register_names_the_worker_is_remembered():
    assert after(opened(), OUT, Accepted(office="o"), IN).saga.to_local_id == "l44"
    known = after(opened(to_local_id="known"), OUT, Accepted(office="o"))
    assert known.asked[0].local_id == "known"


def test_a_register_that_does_not_answer_is_overdue_until_it_does():
    waiting = after(opened(Basis.REQUEST), OUT)
    late = decide(waiting.saga, limit(waiting))

    assert (late.saga.state, late.saga.overdue, late.asked) == (S.IN_PENDING, True, ())
    assert late.saga.since == late.saga.seq == waiting.saga.seq + 1
    assert isinstance(decide(late.saga, limit(waiting)), Silent)
    assert not decide(late.saga, IN).saga.overdue


def silence(decision):
    """Let nobody answer any more: only clocks ring, until it has ended."""
    told = [decision]
    while told[-1].saga.state not in ENDED:
        told.append(decide(told[-1].saga, limit(told[-1])))
    return told


def test_a_register_that_never_answers_is_asked_to_undo_and_the_member_stays():
    told = silence(after(opened(Basis.REQUEST), OUT))

    assert [(one.saga.state, one.saga.overdue, acts(one)) for one in told] == [
        (S.IN_PENDING, False, [Act.REGISTER_IN]),
        (S.IN_PENDING, True, []),
        (S.IN_CANCELLING, False, [Act.CANCEL_IN]),
        (S.RETURNING, False, [Act.CANCEL_OUT]),
        (S.RETURNING, True, []),
        (S.EXPIRED, True, []),
    ]
    undo = told[2].asked[0]
    assert (undo.union, undo.province, undo.reason) == (NEW, P_NEW, LIMIT_PASSED)
    ended = told[-1].saga
    assert (ended.home, ended.owed) == (OLD, (Act.CANCEL_IN, Act.CANCEL_OUT))
    assert isinstance(decide(ended, IN), Silent)
    once = decide(ended, UNDONE)
    assert (once.saga.state, once.saga.overdue) == (S.EXPIRED, True)
    assert isinstance(decide(once.saga, UNDONE), Silent)
    paid = decide(once.saga, CANCELLED)
    assert (paid.saga.state, paid.saga.overdue, paid.saga.owed) == (
        S.EXPIRED,
        False,
        (),
    )


def test_a_register_that_undoes_in_time_lets_the_member_go_home():
    told = silence(after(opened(Basis.REQUEST), OUT))
    cancelling = told[2].saga

    assert isinstance(decide(cancelling, IN), Silent)
    assert isinstance(decide(cancelling, NO_IN), Silent)
    returning = decide(cancelling, UNDONE)
    assert (returning.saga.state, acts(returning)) == (S.RETURNING, [Act.CANCEL_OUT])
    ended = decide(returning.saga, CANCELLED).saga
    assert (ended.state, ended.home, ended.overdue) == (S.EXPIRED, OLD, False)


def test_the_home_has_moved_though_the_old_register_never_pairs():
    ended = silence(after(opened(), OUT, YES, IN))[-1].saga

    assert (ended.state, ended.home) == (S.COMPLETED, NEW)
    assert (ended.overdue, ended.owed) == (True, (Act.COMPLETE_OUT,))
    assert isinstance(decide(ended, replace(PAIRED, province=P_NEW)), Silent)
    paid = decide(ended, PAIRED).saga
    assert (paid.state, paid.overdue) == (S.COMPLETED, False)


def test_a_register_of_residence_that_never_answers_lets_the_member_stay():
    landing = decide(after(opened(), OUT).saga, limit(after(opened(), OUT)))
    told = silence(landing)

    assert told[2].asked[0].province == P_RESIDENCE
    ended = told[-1].saga
    assert (ended.state, ended.home) == (S.EXPIRED, OLD)
    undone = replace(UNDONE, province=P_RESIDENCE)
    assert Act.CANCEL_IN not in decide(ended, undone).saga.owed


EVERY_RECEIPT = (OUT, NO_OUT, IN, NO_IN, IN_RESIDENCE, PAIRED, CANCELLED, UNDONE)
STANDINGS = {
    "out-pending": ((), {OUT, NO_OUT}),
    "in-transit": ((OUT,), set()),
    "in-pending": ((OUT, YES), {IN, NO_IN}),
    "closing": ((OUT, YES, IN), {PAIRED}),
    "returning": ((OUT, NO), {CANCELLED}),
    "completed": ((OUT, YES, IN, PAIRED), set()),
    "rejected": ((OUT, NO, CANCELLED), set()),
}


@pytest.mark.parametrize("standing", STANDINGS)
def test_receipts_that_are_not_waited_for_say_nothing(standing):
    events, awaited = STANDINGS[standing]
    saga = after(opened(), *events).saga

    for receipt in EVERY_RECEIPT:
        assert isinstance(decide(saga, receipt), Silent) is (receipt not in awaited)


def test_a_receipt_of_another_province_says_nothing():
    saga = after(opened()).saga

    assert decide(saga, replace(OUT, province=P_NEW)) == Silent()


TOO_LATE = [
    (Basis.OFFER, (), YES, refusals.NOT_YET),
    (Basis.REQUEST, (), YES, refusals.ACCEPTED_ALREADY),
    (Basis.REQUEST, (), NO, refusals.OWN_REQUEST),
    (Basis.CLOSURE, (), YES, refusals.NOTHING_TO_ANSWER),
    (Basis.DUPLICATE, (), NO, refusals.NOTHING_TO_ANSWER),
    (Basis.OFFER, (OUT, YES), YES, refusals.ACCEPTED_ALREADY),
    (Basis.OFFER, (OUT, YES), NO, refusals.ACCEPTED_ALREADY),
    (Basis.OFFER, (OUT, YES), BACK, refusals.ACCEPTED_ALREADY),
    (Basis.CLOSURE, (OUT,), BACK, refusals.LANDS_ALREADY),
    (Basis.OFFER, (OUT, YES, IN), BACK, refusals.HOME_MOVED_ALREADY),
    (Basis.OFFER, (OUT, BACK), YES, refusals.RETURNS_ALREADY),
    (Basis.OFFER, (OUT, BACK, CANCELLED), YES, refusals.ended(S.WITHDRAWN)),
    (Basis.OFFER, (OUT, YES, IN, PAIRED), NO, refusals.ended(S.COMPLETED)),
]


@pytest.mark.parametrize(
    ("basis", "events", "act", "why"), TOO_LATE, ids=range(len(TOO_LATE))
)
def test_acts_that_cannot_be_any_more_are_refused_in_words(basis, events, act, why):
    refused = decide(after(opened(basis), *events).saga, act)

    assert refused == why
    for words in (refused.message, refused.remedy):
        assert words.zh and words.en  # noqa: PT018
        assert "{" not in words.zh + words.en


def test_nobody_moves_to_where_they_are():
    refused = open_saga(opened(to_union=OLD))

    assert isinstance(refused, Refusal)
    assert refused.code == "SAME_UNION"


@pytest.mark.parametrize("state", sorted(ENDED))
def test_every_end_is_told_in_words(state):
    assert "{" not in refusals.ended(state).message.zh


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (S.CLOSING, {"owner": Owner.HOME}),
        (S.COMPLETED, {"owner": Owner.OLD}),
        (S.CLOSING, {"wait": None}),
        (S.CLOSING, {"effect": None}),
        (S.RETURNING, {"leads_to": frozenset()}),
        (S.CLOSING, {"leads_to": frozenset({S.RETURNING})}),
        (S.COMPLETED, {"wait": STATES[S.CLOSING].wait}),
        (S.CLOSING, {"overdue_wait": None}),
        (S.CLOSING, {"overdue_effect": Effect.OVERDUE}),
        (S.IN_TRANSIT, {"overdue_wait": Wait.CLOSING_OVERDUE}),
    ],
    ids=range(10),
)
def test_a_table_of_states_that_breaks_an_invariant_cannot_be_imported(state, change):
    with pytest.raises(StatesMistake, match=state):
        check({**STATES, state: replace(STATES[state], **change)})


def test_a_state_that_is_not_in_the_table_is_found():
    with pytest.raises(StatesMistake, match="RETURNING"):
        check({name: s for name, s in STATES.items() if name is not S.RETURNING})


def test_what_people_may_do_is_what_is_not_refused():
    offered, requested = after(opened()).saga, after(opened(Basis.REQUEST)).saga

    assert allowed(offered) == {Step.WITHDRAWN, Step.REJECTED}
    assert allowed(requested) == {Step.WITHDRAWN}
