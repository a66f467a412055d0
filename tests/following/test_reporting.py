"""Which facts acts are by themselves, and which steps of cooperation transfers are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from hub.following.collecting import KeptReport, counted, view_of, warned
from hub.following.implied import at_opening, implied
from hub.transfer.cooperating import steps
from schema.records.arrears import CollectiveCase, KeptCollective
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
from tests.following.case_samples import AT, HOME, PLACE, TODAY, after, due, opened
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


def kept(name, province="44", **more):
    given = {"case_no": f"no-{name}", "lead": PLACE, "signal_on": TODAY} | more
    return KeptReport(report=report(name, province), **given)


def test_closed_ones_count_only_in_the_case_that_they_were_part_of():
    reports = [
        kept("a"), kept("b", state="CLOSED", collective="k"),
        kept("c", state="CLOSED"), kept("d", state="WITHDRAWN", collective="k"),
    ]  # fmt: skip

    assert [one.case_no for one in counted(reports, "k")] == ["no-a", "no-b"]
    assert [one.case_no for one in counted(reports, None)] == ["no-a"]
    assert counted(reports[1:], "k") == ()


def test_a_province_sees_the_ids_of_what_it_received_or_leads_and_no_others():
    case = CollectiveCase(
        group="g", reports={"51": ("a",), "33": ("b",)}, workers=12, reached_on=TODAY
    )
    linked = [kept("a", "51"), kept("b", "33", lead=HOME)]
    standing = KeptCollective(id="k", formed_at=AT, case=case)

    seen = {code: view_of(standing, linked, code) for code in ("51", "33", "44", "11")}

    # Sichuan received the one and leads the other; Guangdong leads the one.
    assert seen["51"].own == ("a", "b")
    assert seen["33"].own == ("b",)
    assert seen["44"].own == ("a",)
    assert seen["11"].own == ()
    assert {one.workers for one in seen.values()} == {12}
    assert [one.others for one in seen.values()] == [1, 1, 2, 2]


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
