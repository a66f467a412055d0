"""Value: why something cannot be done about a rights case, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.case_words import DEEDS, listed
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema.records.case_powers import Deed, Party

#: RULEBOOK §1, §4: exactly one union leads, and a request is always routed.
LEADING: Final = "case-lead-one"
#: 002 §11: the union above acts after a refusal or a missed limit only.
SUBSTITUTION: Final = "case-substitution"
#: A case ends when nobody has anything left to do in it.
CLOSING: Final = "case-closing"
#: RULEBOOK §5: first touch is legal evidence.
FIRST_TOUCH: Final = "case-first-touch"
#: Numbers in a case name one thing.
NUMBERS: Final = "case-numbers"

ENDED_ALREADY: Final = Refusal(
    "CASE_ENDED",
    CLOSING,
    Bilingual("该案件已经结束。", "The case has ended."),
    Bilingual(
        "如有新的请求，请另行立案，并注明原案号。",
        "Open a new case for a new request, and name this one in it.",
    ),
)
OPEN_TASKS: Final = Refusal(
    "OPEN_TASKS",
    CLOSING,
    Bilingual(
        "尚有未办结的协办任务：{tasks}。", "Tasks of co-handlers are open: {tasks}."
    ),
    Bilingual(
        "请先办结或收回这些任务，再办结案件。",
        "Close these tasks or call them off, and then close the case.",
    ),
)
OPEN_SUB_CASES: Final = Refusal(
    "OPEN_SUB_CASES",
    CLOSING,
    Bilingual("尚有未结的子案：{cases}。", "Sub-cases are open: {cases}."),
    Bilingual(
        "请先由承办工会报告子案结果。",
        "Have the unions that handle them report how they ended.",
    ),
)
LEAD_UNSETTLED: Final = Refusal(
    "LEAD_UNSETTLED",
    LEADING,
    Bilingual(
        "正在等待工会 {union} 答复是否主办，此时不能这样办理。",
        "Union {union} has yet to say whether it leads the case; until then this"
        " cannot be done.",
    ),
    Bilingual(
        "请等待其答复；移交中的案件可先收回移交。",
        "Wait for its answer; an offered hand-over can be taken back.",
    ),
)
NOTHING_OFFERED: Final = Refusal(
    "NOTHING_OFFERED",
    LEADING,
    Bilingual("没有待答复的移交。", "No hand-over is waiting for an answer."),
    Bilingual("无需收回。", "There is nothing to take back."),
)
SAME_UNION: Final = Refusal(
    "HAND_OVER_TO_SELF",
    LEADING,
    Bilingual("不能移交或转送给本工会自己。", "A union cannot hand over to itself."),
    Bilingual("请填写另一个工会。", "Name another union."),
)
ASKED_BEFORE: Final = Refusal(
    "ASKED_BEFORE",
    LEADING,
    Bilingual(
        "该工会在本次路由中已被商请过，不得来回推送。",
        "That union was asked already; a request is not sent round in circles.",
    ),
    Bilingual(
        "请接办、转送其他工会，或退回由上级工会处理。",
        "Accept it, forward it to another union, or decline: the union above then"
        " decides.",
    ),
)
NOT_TO_FORWARD: Final = Refusal(
    "NOT_TO_FORWARD",
    LEADING,
    Bilingual(
        "案件已有主办工会，被商请的工会不能再转送。",
        "The case has a lead: who is asked to take it over cannot send it on.",
    ),
    Bilingual("请接办或退回。", "Accept or decline."),
)
NOBODY_ABOVE: Final = Refusal(
    "NOBODY_ABOVE",
    SUBSTITUTION,
    Bilingual(
        "没有更上级的工会可以接手，不能退回或上报。",
        "There is no union above to take it: it cannot be declined or reported up.",
    ),
    Bilingual(
        "请接办，或转送、移交给有管辖权的工会。",
        "Accept it, or send it to the competent union.",
    ),
)
NO_GROUND: Final = Refusal(
    "NO_GROUND_TO_TAKE_OVER",
    SUBSTITUTION,
    Bilingual(
        "下级未推诿、未逾期，不能“上代下”。",
        "Nobody below has refused or missed a limit: the lead cannot be taken over.",
    ),
    Bilingual(
        "可记录跟踪情况；需要时请主办工会移交或上报。",
        "Record a follow-up; if need be have the lead hand over or report up.",
    ),
)
OWN_GROUND: Final = Refusal(
    "OWN_GROUND_TO_TAKE_OVER",
    SUBSTITUTION,
    Bilingual(
        "下级的退回或者上报是由本机构代其作出的，不能据此由本机构“上代下”。",
        "The no, or the report upwards, was given by this office for the union below: it"
        " does not take the lead by its own ground.",
    ),
    Bilingual(
        "请由下级自行接办后移交，或者转送，或者待期限届满由再上一级决定。",
        "Have the union below accept and hand over, forward it, or let the limit pass.",
    ),
)
NOBODY_LEADS: Final = Refusal(
    "NOBODY_LEADS_BELOW",
    SUBSTITUTION,
    Bilingual(
        "下级工会尚未接办，不能留给下级。",
        "Nobody below has accepted the lead: it cannot be left there.",
    ),
    Bilingual("请接办或转送。", "Take it over, or forward it."),
)
FIRST_TOUCH_KEPT: Final = Refusal(
    "FIRST_TOUCH_KEPT",
    FIRST_TOUCH,
    Bilingual(
        "首次接待日是法律证据，不得改晚。",
        "The day of first touch is legal evidence and never moves to a later day.",
    ),
    Bilingual("请保留最早的日期。", "Keep the earliest day."),
)
NUMBER_TAKEN: Final = Refusal(
    "NUMBER_TAKEN",
    NUMBERS,
    Bilingual(
        "编号 {no} 在本案中已用于其他事项。",
        "The number {no} names something else in this case.",
    ),
    Bilingual(
        "请用新的编号；重试时请原样重发。",
        "Use a new number; send a retry exactly as it was.",
    ),
)
UNKNOWN_NUMBER: Final = Refusal(
    "UNKNOWN_NUMBER",
    NUMBERS,
    Bilingual("本案没有编号 {no}。", "The case has no number {no}."),
    Bilingual("请核对编号。", "Check the number."),
)
NOT_YOURS: Final = Refusal(
    "NOT_YOUR_TASK",
    "case-co-handler",
    Bilingual("该事项由工会 {union} 承办。", "This is for union {union} to do."),
    Bilingual("请由承办工会办理。", "Have that union do it."),
)
MAY_NOT: Final = Refusal(
    "ROLE_MAY_NOT",
    "case-roles",
    Bilingual(
        "贵工会在本案中的角色（{roles}）不能{deed}。",
        "Your union's part in this case ({roles}) does not allow {deed}.",
    ),
    Bilingual("可办理者：{parties}。", "Those who may: {parties}."),
)


def about(refusal: Refusal, **values: object) -> Refusal:
    """Fill in what a refusal is about."""
    return Refusal(
        refusal.code,
        refusal.rule,
        refusal.message.format(**values),
        refusal.remedy.format(**values),
    )


def may_not(
    deed: Deed, standings: Iterable[str], parties: Iterable[Party], rule: str
) -> Refusal:
    """Refuse an act by somebody who may not, by a row of the table of roles."""
    roles, who = listed(dict.fromkeys(standings)), listed(parties)
    what, said, do = DEEDS[deed], MAY_NOT.message, MAY_NOT.remedy
    return Refusal(
        MAY_NOT.code,
        rule,
        Bilingual(
            said.zh.format(roles=roles.zh, deed=what.zh),
            said.en.format(roles=roles.en, deed=what.en),
        ),
        Bilingual(do.zh.format(parties=who.zh), do.en.format(parties=who.en)),
    )
