"""Value: why an act is refused before the saga is asked, and what can be done."""

from __future__ import annotations

from typing import Final

from hub.transfer.fields import is_code
from schema.records.refusal import Bilingual, Refusal

NO_SCOPE: Final = Refusal(
    "SCOPE_MISSING",
    "scope.transfers:write",
    Bilingual(
        "您的授权范围不允许办理会籍转接。",
        "Your token's scopes do not allow moving memberships.",
    ),
    Bilingual(
        "请向签发机构申请 transfers:write 授权范围。",
        "Ask your issuer for the scope transfers:write.",
    ),
)
OFFICE_ELSEWHERE: Final = Refusal(
    "OFFICE_NOT_OF_PROVINCE",
    "transfers.office",
    Bilingual(
        "您的机构不是授权所写省份的现有工会，不能办理或查看会籍转接。",
        "Your office is no standing union of the province in your token: it can neither"
        " move memberships nor look at transfers.",
    ),
    Bilingual(
        "请由签发机构更正授权中的机构或省份；新设工会请先登记"
        "（hub organisations import）。",
        "Have your issuer correct office or province in the token; a new union must be"
        " registered first (hub organisations import).",
    ),
)
UNKNOWN_UNION: Final = Refusal(
    "UNKNOWN_UNION",
    "transfers.union",
    Bilingual(
        "今日没有代码为 {union} 的工会。",
        "No union with the code {union} stands today.",
    ),
    Bilingual(
        "请核对统一社会信用代码；新设工会请先登记（hub organisations import）。",
        "Check the unified social credit code; a new union must be registered first"
        " (hub organisations import).",
    ),
)
NOT_YOUR_UNION: Final = Refusal(
    "NOT_YOUR_UNION",
    "transfers.office",
    Bilingual(
        "您的机构既不是 {union}，也不是其上级。",
        "Your office is neither {union} nor above it.",
    ),
    Bilingual("请由该工会或其上级办理。", "Have that union or one above it do this."),
)
NOT_YOUR_TURN: Final = Refusal(
    "NOT_YOUR_TRANSFER",
    "transfers.office",
    Bilingual(
        "此事应由 {union} 或其上级办理。",
        "This is for {union} or one above it to do.",
    ),
    Bilingual("请联系该工会。", "Ask that union."),
)
NO_SUCH_TRANSFER: Final = Refusal(
    "UNKNOWN_TRANSFER",
    "transfers.id",
    Bilingual("没有您可见的此项转接。", "There is no such transfer that you may see."),
    Bilingual("请核对编号。", "Check the id."),
)
UNKNOWN_WORKER: Final = Refusal(
    "UNKNOWN_WORKER",
    "transfers.worker",
    Bilingual(
        "枢纽不知道该职工在转出省的档案号。",
        "The hub does not know the worker's local id in the old province.",
    ),
    Bilingual(
        "请先登记关联（registerLinks），或核对档案号。",
        "Register the link first (registerLinks), or check the local id.",
    ),
)
WORKER_NOT_SAID: Final = Refusal(
    "WORKER_NOT_SAID",
    "transfers.worker",
    Bilingual(
        "请给出职工的枢纽编号或转出省档案号，二者择一。",
        "Name the worker by the hub's id or by the old province's, and not by both.",
    ),
    Bilingual("请只填其中一项。", "Fill in one of the two."),
)
ANOTHER_WORKER: Final = Refusal(
    "LOCAL_ID_OF_ANOTHER",
    "transfers.worker",
    Bilingual("该档案号属于另一名职工。", "This local id is another worker's."),
    Bilingual(
        "请核对档案号；如确为同一人，请先更正关联。",
        "Check the local id; if it is the same person, correct the link first.",
    ),
)
ANOTHER_LOCAL_ID: Final = Refusal(
    "LOCAL_ID_DIFFERS",
    "transfers.worker",
    Bilingual(
        "枢纽已知该职工在转入省的另一个档案号。",
        "The hub knows this worker by another local id in the new province.",
    ),
    Bilingual(
        "请省略档案号，或先更正关联。",
        "Leave the local id out, or correct the link first.",
    ),
)
OTHER_PROVINCE: Final = Refusal(
    "LOCAL_ID_OF_OTHER_PROVINCE",
    "transfers.worker",
    Bilingual(
        "只有转入省的机构才能给出该省的档案号。",
        "Only an office of the new province can name its local id.",
    ),
    Bilingual("请省略档案号。", "Leave the local id out."),
)
NO_LANDING: Final = Refusal(
    "NO_LANDING_UNION",
    "transfer-landing",
    Bilingual(
        "找不到职工居住地工会，撤并的工会也未指定接收工会。",
        "There is no union of residence for the worker, and the closing union names none"
        " that takes its members in.",
    ),
    Bilingual(
        "请填写职工居住地的区划代码，或为该工会登记接收工会（landing）。",
        "Give the division code of where the worker lives, or register a landing union"
        " for the closing one.",
    ),
)
CREDENTIAL_UNKNOWN: Final = Refusal(
    "CREDENTIAL_UNKNOWN",
    "credential.redeem",
    Bilingual("本枢纽没有签发过该会员证。", "This hub has not issued that credential."),
    Bilingual(
        "请由职工的原工会重新签发。", "Have the worker's old union issue a new one."
    ),
)
CREDENTIAL_REVOKED: Final = Refusal(
    "CREDENTIAL_REVOKED",
    "credential.redeem",
    Bilingual("该会员证已被撤销。", "The credential has been revoked."),
    Bilingual(
        "请由职工的原工会重新签发。", "Have the worker's old union issue a new one."
    ),
)
CREDENTIAL_REDEEMED: Final = Refusal(
    "CREDENTIAL_REDEEMED",
    "credential.redeem",
    Bilingual(
        "该会员证已用于一次转接，不能再用。",
        "The credential has served its one transfer, and serves no other.",
    ),
    Bilingual(
        "请由职工现在的工会重新签发。",
        "Have the worker's present union issue a new one.",
    ),
)


def about(refusal: Refusal, union: str) -> Refusal:
    """Fill in which union is meant; what has not the shape of a code is not shown."""
    zh, en = (union, union) if is_code(union) else ("（不予显示）", "(not shown)")
    return Refusal(
        refusal.code,
        refusal.rule,
        Bilingual(
            refusal.message.zh.replace("{union}", zh),
            refusal.message.en.replace("{union}", en),
        ),
        refusal.remedy,
    )
