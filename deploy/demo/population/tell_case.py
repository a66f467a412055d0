"""Decider: the rights cases of a life, as leading and following provinces tell them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from deploy.demo.population.shares import DUE_IN, SHORT_NAMES, between, chance, one_of
from deploy.demo.population.teller import day
from schema.records.rights_case import CaseMatter, CaseStatus, RightsCaseRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from deploy.demo.population.facts import Case
    from deploy.demo.population.teller import Teller

_MONEY = frozenset(
    {
        CaseMatter.WAGE_ARREARS,
        CaseMatter.WORK_INJURY,
        CaseMatter.DISMISSAL,
        CaseMatter.SOCIAL_INSURANCE,
        CaseMatter.LABOUR_CONTRACT,
        CaseMatter.MEDIATION,
    }
)

_WHAT = {
    CaseMatter.WAGE_ARREARS: "用人单位拖欠工资，多次催讨未果。",
    CaseMatter.LABOUR_CONTRACT: "入职后未签订书面劳动合同。",
    CaseMatter.DISMISSAL: "用人单位单方解除劳动关系，未支付补偿。",
    CaseMatter.WORK_INJURY: "作业时受伤，用人单位未申请工伤认定。",
    CaseMatter.OCCUPATIONAL_DISEASE: "疑患职业病，请求协助申请诊断。",
    CaseMatter.SOCIAL_INSURANCE: "社会保险未足额缴纳或转移接续受阻。",
    CaseMatter.SAFETY: "作业场所安全防护不足。",
    CaseMatter.WOMEN_WORKERS: "孕期、产期、哺乳期待遇未落实。",
    CaseMatter.MEDIATION: "就加班费发生争议，申请调解。",
    CaseMatter.LEGAL_AID: "申请法律援助，已提交材料。",
    CaseMatter.HARDSHIP_AID: "因病致困，申请帮扶。",
    CaseMatter.CONSULTATION: "来信咨询会籍接转与社保衔接。",
}

_RESULTS = {
    CaseStatus.CLOSED: (
        "裁决支持，已履行。",
        "已答复，当事人无异议。",
        "判决生效，已执行。",
    ),
    CaseStatus.SETTLED: (
        "双方达成调解协议，款项已付清。",
        "用人单位已补正，双方和解。",
    ),
    CaseStatus.WITHDRAWN: ("当事人撤回申请。",),
}


def rights_cases(teller: Teller) -> Iterator[tuple[str, RightsCaseRecord]]:
    """Tell every case: the lead's word, and the follower's, which may be older."""
    for number, case in enumerate(teller.life.cases):
        row = _led(teller, number, case)
        yield case.lead, row
        if case.follower:
            yield case.follower, _followed(teller, number, case, row)


def _led(teller: Teller, number: int, case: Case) -> RightsCaseRecord:
    rng, work = teller.rng, teller.works[case.stint]
    # With whom the work is done for (调解仲裁法 21), and the union there leads.
    about = work.user_unit or work.employer
    lead = teller.world.provinces[case.lead].own_union[about.code]
    reference = teller.world.reference
    accepted = min(case.first_touch + between(rng, 0, 5), case.ended or reference)
    living = case.ended is None
    money = f"{between(rng, 800, 96_000)}.{between(rng, 0, 99):02d}"
    return RightsCaseRecord(
        id=teller.row_id(case.lead, "C", number),
        as_of=teller.as_of(case.ended or accepted, living=living),
        case_no=_case_no(teller, number, case),
        matter=case.matter,
        status=case.status,
        first_touch_on=day(case.first_touch),
        accepted_on=None if case.status is CaseStatus.INTAKE else day(accepted),
        due_on=_due(rng, case, accepted, reference) if living else None,
        closed_on=day(case.ended),
        result=None if living else one_of(rng, _RESULTS[case.status]),
        lead_union_code=lead.code,
        lead_union_name=lead.name,
        lead_province=case.lead,
        employer_code=about.code,
        employer_name=about.name,
        workplace_division=about.division,
        workers_involved=between(rng, 10, 60) if chance(rng, 0.12) else 1,
        amount=money if case.matter in _MONEY else None,
        green_channel=chance(rng, 0.2),
        summary=_WHAT[case.matter],
    )


def _followed(
    teller: Teller, number: int, case: Case, led: RightsCaseRecord
) -> RightsCaseRecord:
    """Tell a case as its follower knows it: the milestones, perhaps not the latest."""
    rng = teller.rng
    accepted = led.accepted_on.toordinal() if led.accepted_on else case.first_touch
    told = msgspec.structs.replace(
        led,
        id=teller.row_id(case.follower, "C", number),
        as_of=teller.as_of(case.ended or accepted, living=case.ended is None),
        summary=None,
        amount=None,
    )
    if not case.behind:
        return told
    # What it heard last was before the latest turn, and so is its as-of.
    last = (case.ended or teller.world.reference) - 1
    heard = between(rng, case.first_touch, min(last, case.first_touch + 90))
    earlier = CaseStatus.ACCEPTED if led.accepted_on else CaseStatus.INTAKE
    if accepted > heard:
        earlier = CaseStatus.INTAKE
    return msgspec.structs.replace(
        told,
        as_of=teller.as_of_day(heard),
        status=earlier,
        accepted_on=None if earlier is CaseStatus.INTAKE else led.accepted_on,
        due_on=day(heard + DUE_IN[earlier]),
        closed_on=None,
        result=None,
    )


def _due(rng: Random, case: Case, accepted: int, reference: int) -> date | None:
    """Tell the next date: most are ahead, a few were missed."""
    due = accepted + DUE_IN[case.status]
    if due < reference and chance(rng, 0.8):
        due = reference + between(rng, 1, DUE_IN[case.status])
    return day(due)


def _case_no(teller: Teller, number: int, case: Case) -> str:
    year = date.fromordinal(case.first_touch).year
    short = SHORT_NAMES[case.lead]
    return f"（{year}）{short}工维字第{teller.life.index * 8 + number:08d}号"
