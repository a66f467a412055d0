"""Which facts acts are by themselves, and which steps of cooperation transfers are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from hub.following.collecting import (
    KeptReport,
    change_of,
    changed,
    listed_changes,
    view_of,
    warned,
)
from hub.following.implied import at_opening, implied
from hub.transfer.cooperating import steps
from schema.records.arrears import CollectiveTotals, KeptCollective
from schema.records.case import ActKind
from schema.records.case_wish import (
    AcceptLead,
    DeclineLead,
    FactWish,
    FollowUp,
    ForwardLead,
    IntakeWish,
    RecordAct,
    TakeOver,
)
from schema.records.clock import Phase
from schema.records.cooperation import CooperationStep
from schema.records.rights_case import CaseMatter
from schema.records.transfer import Basis, Milestone, Step, Transfer, TransferState
from tests.following.case_samples import AT, PLACE, TODAY, after, due, opened
from tests.following.test_arrears import report

CLOCKS = (
    "arrears-acceptance", "arrears-receipt-superior", "arrears-receipt-inspection",
    "arrears-follow-up", "consultation-reply",
)  # fmt: skip
WAITING = after(
    first=opened(dues=tuple(due(clock, about="r1") for clock in CLOCKS))
).case


@pytest.mark.parametrize(
    ("wish", "kinds"),
    [
        (AcceptLead(), {"arrears-accepted"}),
        (ForwardLead("u", "elsewhere"), {"arrears-forwarded"}),
        (TakeOver(), {"arrears-accepted", "superior-receipt", "superior-followed-up"}),
        (FollowUp(TODAY, receipt=True), {"superior-receipt"}),
        (FollowUp(TODAY), {"superior-receipt", "superior-followed-up"}),
        (RecordAct(kind=ActKind.ACCEPTANCE, on=TODAY), {"arrears-accepted"}),
        (
            RecordAct(kind=ActKind.CONSULTATION_REPLY, on=TODAY),
            {"consultation-answered"},
        ),
        (RecordAct(kind=ActKind.MEDIATION, on=TODAY), set()),
        (DeclineLead("no"), set()),
    ],
)
def test_an_act_is_the_fact_that_a_clock_waits_for(wish, kinds):
    found = implied(WAITING, wish, TODAY)

    assert {one.kind for one in found} == kinds
    assert {one.about for one in found} <= {"r1"}
    met = replace(
        WAITING, dues=tuple(replace(one, phase=Phase.MET) for one in WAITING.dues)
    )
    assert implied(met, wish, TODAY) == ()


def test_what_is_stated_with_an_act_is_not_stated_twice():
    stated = FactWish(kind="consultation-answered", on=TODAY, about="r1")
    wish = RecordAct(kind=ActKind.CONSULTATION_REPLY, on=TODAY, facts=(stated,))

    assert implied(WAITING, wish, TODAY) == ()


def test_a_question_is_asked_on_the_day_on_which_it_was_received():
    wish = IntakeWish(by="u", matter=CaseMatter.CONSULTATION, received_on=TODAY)

    (asked,) = at_opening(wish)

    assert (asked.kind, asked.on) == ("consultation-asked", TODAY)
    assert at_opening(replace(wish, facts=(asked,))) == ()
    assert at_opening(replace(wish, matter=CaseMatter.MEDIATION)) == ()


def kept(name, province="44", state="OPEN", signal_on=TODAY, **more):
    given = {"case_no": f"no-{name}", "lead": PLACE, "signal_on": signal_on}
    return KeptReport(report=report(name, province, **more), state=state, **given)


def totals(**more):
    given = {
        "group": "g", "reached_on": TODAY, "reports": {"51": 2}, "open": 1, "listed": 3,
        "unlisted": 9,
    } | more  # fmt: skip
    return CollectiveTotals(**given)


def test_what_a_report_was_and_is_says_what_it_changes():
    told = [
        # New, closed before it could be counted, taken back, closed, open as it was.
        (kept("a"), None, True), (kept("b", state="CLOSED"), None, None),
        (kept("c", state="WITHDRAWN"), True, None), (kept("d", state="CLOSED"), True, False),
        (kept("e"), True, True),
    ]  # fmt: skip

    for one, was, now in told:
        assert change_of(one, was=was).now is now, one.report.id


def test_totals_change_by_what_reports_change():
    before = totals()
    same = frozenset({"w1"})
    joins = change_of(kept("a", "44", workers=5, listed=same), was=None)
    goes = change_of(kept("b", "51", state="WITHDRAWN", workers=4), was=True)
    ends = change_of(kept("c", "51", state="CLOSED"), was=True)

    assert listed_changes([joins, joins, goes]) == {"w1": 2}
    after = changed(before, [joins], 1)
    assert after == totals(reports={"51": 2, "44": 1}, open=2, listed=4, unlisted=13)
    assert changed(after, [goes], 0).reports == {"51": 1, "44": 1}
    assert changed(after, [goes], 0).unlisted == 9
    assert changed(before, [ends], 0) == totals(open=0)


def test_who_owes_is_shown_to_whom_content_is_and_a_number_is_one_that_graphql_has():
    case = totals(reports={"51": 1, "33": 1}, unlisted=2**33)
    standing = KeptCollective(id="k", formed_at=AT, case=case, own=("a",))

    leads, follows = (view_of(standing, "51", content=one) for one in (True, False))

    assert (leads.group, follows.group, follows.own) == ("g", None, ("a",))
    assert (follows.workers, follows.others) == (2**31 - 1, 1)
    assert view_of(standing, "44", content=False).others == 2


def test_without_a_report_no_early_warning_is_measured():
    assert warned(WAITING.milestones, []) is None
    one = kept("a", signal_on=TODAY - timedelta(days=200))
    assert warned(WAITING.milestones, [one]).first_act is None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step.OPENED, []),
        (Step.OUT_REGISTERED, [CooperationStep.ASKED]),
        (Step.OUT_REFUSED, []),
        (Step.ACCEPTED, [CooperationStep.ACCEPTED, CooperationStep.ANSWERED]),
        (Step.REJECTED, [CooperationStep.ANSWERED]),
        (Step.WITHDRAWN, [CooperationStep.WITHDRAWN]),
        (Step.IN_REGISTERED, []),
        (Step.LIMIT_PASSED, []),
    ],
)
def test_of_transfers_only_offers_ask_another_union(step, said):
    transfer = Transfer(
        id="t", worker="w", basis=Basis.OFFER, state=TransferState.IN_TRANSIT,
        home="a", home_province="51", owner="b", membership_no="1", from_union="a",
        from_province="51", to_union="b", to_province="44", opened_at=AT, changed_at=AT,
    )  # fmt: skip
    line = Milestone(seq=2, at=AT, step=step, state=TransferState.IN_TRANSIT, home="a")

    found = steps(transfer, line)

    assert [one.step for one in found] == said
    if said == [CooperationStep.ASKED]:
        assert (found[0].asker, found[0].asked) == ("a", "b")
    for basis in set(Basis) - {Basis.OFFER}:
        assert steps(replace(transfer, basis=basis), line) == ()
