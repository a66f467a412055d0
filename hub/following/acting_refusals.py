"""Value: why an act on a case is refused before the case is asked, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.refusals import about
from hub.following.written import is_text, is_union, names_somebody
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from datetime import date


def _refuse(
    code: str, rule: str, said: tuple[str, str], remedy: tuple[str, str]
) -> Refusal:
    return Refusal(code, rule, Bilingual(*said), Bilingual(*remedy))


NO_SCOPE: Final = _refuse(
    "SCOPE_MISSING",
    "scope.cases:write",
    (
        "您的授权范围不允许立案或者办理案件。",
        "Your token's scopes do not allow opening cases or working on them.",
    ),
    (
        "请向签发机构申请 cases:write 授权范围。",
        "Ask your issuer for the scope cases:write.",
    ),
)
REPORT_ONLY: Final = _refuse(
    "SCOPE_REPORTS_ONLY",
    "scope.arrears:report",
    (
        "劳动关系信息员只能报告欠薪，不能办理案件。",
        "An informant reports arrears, and does nothing else about cases.",
    ),
    (
        "请由收到报告的工会办理。",
        "Have the union that received the report do it.",
    ),
)
OFFICE_ELSEWHERE: Final = _refuse(
    "OFFICE_NOT_OF_PROVINCE",
    "cases.office",
    (
        "您的机构不是授权所写省份的现有工会，不能办理案件。",
        (
            "Your office is no standing union of the province in your token: it can do"
            " nothing about cases."
        ),
    ),
    (
        (
            "请由签发机构更正授权中的机构或省份；新设工会请先登记"
            "（hub organisations import）。"
        ),
        (
            "Have your issuer correct office or province in the token; a new union must be"
            " registered first (hub organisations import)."
        ),
    ),
)
NO_SUCH_CASE: Final = _refuse(
    "NO_SUCH_CASE",
    "cases.seen",
    (
        "没有该编号的案件，或者贵机构在其中没有角色。",
        "There is no case with this number in which your office has a part.",
    ),
    ("请核对案号。", "Check the number."),
)
SAY_WHICH_UNION: Final = _refuse(
    "SAY_WHICH_UNION",
    "cases.office",
    (
        "贵机构在本案中可代表多个工会：{unions}。",
        "Your office acts for several unions of this case: {unions}.",
    ),
    ("请写明代表哪一个（by）。", "Say for which one (by)."),
)
_NOT_YOUR_UNION: Final = _refuse(
    "NOT_YOUR_UNION",
    "cases.office",
    (
        "您的机构既不是 {union}，也不是其上级。",
        "Your office is neither {union} nor above it.",
    ),
    ("请由该工会或其上级办理。", "Have that union or one above it do this."),
)
NOT_ABOVE_LEAD: Final = _refuse(
    "NOT_ABOVE_LEAD",
    "case-superior",
    (
        "只有主办工会 {lead} 的上级工会才能记录跟踪。",
        "Only a union above the lead, {lead}, records that it followed the matter up.",
    ),
    (
        "请由上级工会记录；主办工会请登记办案事项。",
        "Have a union above it record this; the lead records acts.",
    ),
)
_UNKNOWN_UNION: Final = _refuse(
    "UNKNOWN_UNION",
    "cases.union",
    ("今日没有代码为 {union} 的工会。", "No union with the code {union} stands today."),
    (
        "请核对统一社会信用代码；新设工会请先登记（hub organisations import）。",
        (
            "Check the unified social credit code; a new union must be registered first"
            " (hub organisations import)."
        ),
    ),
)
UNKNOWN_WORKER: Final = _refuse(
    "UNKNOWN_WORKER",
    "cases.worker",
    (
        "枢纽不知道所写的职工：不是枢纽的编号，或者本省没有登记该本地编号。",
        (
            "The hub does not know a worker that was named: it is no name of the hub's, or"
            " your province has registered no such local id."
        ),
    ),
    (
        "请先登记关联（links），或者不写职工。",
        "Register the link first, or leave the worker out.",
    ),
)
CASE_NO_TAKEN: Final = _refuse(
    "CASE_NO_TAKEN",
    "cases.number",
    ("该案号已经使用。", "This case number is used already."),
    (
        "一案一号：请核对；不填时由枢纽编号。",
        "A case has one number everywhere: check it; left out, the hub makes one.",
    ),
)
CASE_NO_UNUSABLE: Final = _refuse(
    "CASE_NO_UNUSABLE",
    "cases.number",
    (
        (
            "案号连同省级代码须为至多 64 个可见字符，不含空格、冒号和竖线，"
            "且不得含有公民身份号码。"
        ),
        (
            "A case number has 64 printable characters at most, with the code of the province"
            " in front; no space, colon or bar, and no resident ID number."
        ),
    ),
    ("请照卷宗填写，或者不填。", "Write it as on the file, or leave it out."),
)
_TEXT_UNUSABLE: Final = _refuse(
    "TEXT_UNUSABLE",
    "cases.text",
    (
        "{field} 须为 1 至 {most} 个可见字符。",
        "{field} has 1 to {most} printable characters.",
    ),
    ("请改短或更正。", "Shorten or correct it."),
)
_TEXT_HAS_NUMBER: Final = _refuse(
    "TEXT_HAS_ID_NUMBER",
    "no-readable-id-number",
    (
        "{field} 中不得出现公民身份号码。",
        "No resident ID number may stand in {field}.",
    ),
    ("请去掉号码。", "Leave the number out."),
)
WRONG_HASH: Final = _refuse(
    "WRONG_HASH",
    "case-documents",
    (
        "sha256 须为 64 个小写十六进制字符。",
        "sha256 has 64 lower-case hexadecimal characters.",
    ),
    (
        "请对文件内容计算 SHA-256 后原样填写。",
        "Compute the SHA-256 of the content, and write it as it is.",
    ),
)
UNKNOWN_TASK: Final = _refuse(
    "UNKNOWN_TASK",
    "case-documents",
    ("材料所写的任务不在本案中。", "The case has no task as the document names."),
    ("请核对任务编号，或者不填。", "Check the number of the task, or leave it out."),
)
HUB_KNOWS: Final = _refuse(
    "HUB_STATES_THIS_FACT",
    "clock-facts",
    (
        "该事实由枢纽自己记录，不能登记。",
        "The hub knows this fact by itself: it is not stated.",
    ),
    (
        "请直接办理（接办、答复任务等）。",
        "Do the act itself (accept, answer the task and so on).",
    ),
)
NO_FACTS: Final = _refuse(
    "NO_FACTS",
    "clock-facts",
    ("没有填写事实。", "No fact was stated."),
    ("请至少填写一项。", "State one at least."),
)
_TOO_MANY: Final = _refuse(
    "TOO_MANY",
    "cases.sizes",
    ("{field} 最多 {most} 项。", "{field} has {most} entries at most."),
    ("请分次办理。", "Do it in several acts."),
)
NOT_THE_FILE: Final = _refuse(
    "NOT_THE_FILE",
    "case-file-province",
    (
        "该事实不是由主办工会在卷宗所在省登记的。",
        (
            "The fact was not stated by the union that leads, in the province that keeps the"
            " file."
        ),
    ),
    (
        "请由主办工会登记；移交后由新主办省登记。",
        "Have the lead state it; after a hand-over, in the new lead's province.",
    ),
)


def unknown_union(union: str) -> Refusal:
    """Say that no such union stands; what is no code is not repeated."""
    return about(_UNKNOWN_UNION, union=_shown(union))


def not_your_union(union: str) -> Refusal:
    """Say that the office does not act for a union."""
    return about(_NOT_YOUR_UNION, union=_shown(union))


def too_many(field: str, most: int) -> Refusal:
    """Say how many there may be."""
    return about(_TOO_MANY, field=field, most=most)


def text_refused(field: str, text: str, most: int, on: date) -> Refusal | None:
    """Refuse a text that is none, is too long, or names somebody by number.

    Args:
        field: What the caller knows it as.
        text: As the caller sent it.
        most: How many characters it may have.
        on: The day, in China.
    """
    if not is_text(text, most):
        return about(_TEXT_UNUSABLE, field=field, most=most)
    if names_somebody(text, on):
        return about(_TEXT_HAS_NUMBER, field=field)
    return None


def _shown(union: str) -> str:
    return union if is_union(union) else "?"
