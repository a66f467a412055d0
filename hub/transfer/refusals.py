"""Value: why something cannot be done about a transfer, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.records.refusal import Bilingual, Refusal
from schema.records.transfer import TransferState

if TYPE_CHECKING:
    from collections.abc import Mapping

#: RULEBOOK §2 (i): exactly one home at every instant.
ONE_HOME: Final = "transfer-one-home"
#: 2000 rules art. 4: the old union hands over, then the new one accepts.
ORDER: Final = "transfer-order"
#: The IN entry is the pivot: behind it there is only forward.
PIVOT: Final = "transfer-pivot"
#: 2000 rules art. 6: who has nowhere to go lands at the union of residence.
LANDING: Final = "transfer-landing"

SAME_UNION = Refusal(
    "SAME_UNION",
    ONE_HOME,
    Bilingual(
        "转出与转入是同一工会，会籍已在该工会。",
        "The old union and the new one are the same: the member is at home there.",
    ),
    Bilingual(
        "请填写另一个工会；工会撤并时请先登记职工居住地工会。",
        "Name another union; where a union closes, register the workers' union of"
        " residence first.",
    ),
)
NOT_YET = Refusal(
    "NOT_YET_REGISTERED_OUT",
    ORDER,
    Bilingual(
        "转出工会所在省尚未完成出登记，现在还不能接收。",
        "The old province has not written the OUT entry yet: it is too early to accept.",
    ),
    Bilingual(
        "请在状态变为 IN_TRANSIT 后再接收；如不接收，现在即可拒绝。",
        "Accept when the state is IN_TRANSIT. If you do not want the member, you may"
        " reject now.",
    ),
)
ACCEPTED_ALREADY = Refusal(
    "ACCEPTED_ALREADY",
    ORDER,
    Bilingual(
        "转入工会已经接收（凭证接转的申请即为接收），正在办理进登记。",
        "The new union has accepted already (a request with the credential accepts),"
        " and the IN entry is being written.",
    ),
    Bilingual(
        "无需再次办理；如职工应回原工会，请在完成后另行办理转接。",
        "Nothing needs to be done. If the member is to go back, open a transfer the"
        " other way when this one is complete.",
    ),
)
OWN_REQUEST = Refusal(
    "OWN_REQUEST",
    ORDER,
    Bilingual(
        "这是转入工会自己凭证提出的申请，不能再拒绝。",
        "The new union itself asked for this transfer with the credential: it cannot"
        " reject it.",
    ),
    Bilingual(
        "请由提出申请的工会撤回。", "Have the union that asked for it withdraw it."
    ),
)
NOTHING_TO_ANSWER = Refusal(
    "NOTHING_TO_ANSWER",
    LANDING,
    Bilingual(
        "工会撤并或重复会籍的归并不需要转入工会接收，也不能拒绝。",
        "Where a union closes, or a duplicate membership was resolved, the new union is"
        " not asked: it can neither accept nor reject.",
    ),
    Bilingual(
        "无需办理；如有错误，请联系发起的工会撤回。",
        "Nothing needs to be done; if it is wrong, have the union that opened it"
        " withdraw it.",
    ),
)
LANDS_ALREADY = Refusal(
    "LANDS_ALREADY",
    LANDING,
    Bilingual(
        "期限已过或工会已撤并，会籍正在落到居住地工会。",
        "The limit has passed or the union has closed: the member is landing at the"
        " union of residence.",
    ),
    Bilingual(
        "请在落地完成后，由新工会凭会员证再申请转接。",
        "When the landing is complete, the new union can ask for the member with the"
        " credential.",
    ),
)
HOME_MOVED_ALREADY = Refusal(
    "HOME_MOVED_ALREADY",
    PIVOT,
    Bilingual(
        "进登记已完成，会籍已经转移，不能再更改。",
        "The IN entry stands and the home has moved: this cannot be changed any more.",
    ),
    Bilingual(
        "如需转回，请另行办理反向转接。",
        "If the member is to go back, open a transfer the other way.",
    ),
)
RETURNS_ALREADY = Refusal(
    "RETURNS_ALREADY",
    ORDER,
    Bilingual(
        "该转接已终止，正在撤销出登记，会籍仍在原工会。",
        "The transfer will not be: the OUT entry is being taken back, and the member"
        " stays at home at the old union.",
    ),
    Bilingual(
        "请在撤销完成后重新办理转接。",
        "Open a new transfer when it has been taken back.",
    ),
)
ENDED_ALREADY = Refusal(
    "ENDED_ALREADY",
    ORDER,
    Bilingual("该转接已经结束：{state}。", "The transfer has ended: {state}."),
    Bilingual(
        "如仍需转移会籍，请另行办理转接。",
        "If the membership is to move all the same, open a new transfer.",
    ),
)

_HOW_IT_ENDED: Final[Mapping[TransferState, Bilingual]] = {
    TransferState.COMPLETED: Bilingual("已完成", "completed"),
    TransferState.LANDED: Bilingual(
        "接收期限已过或原工会撤并，已落到居住地工会",
        "the limit for accepting had passed or the old union had closed, and the member"
        " landed at the union of residence",
    ),
    TransferState.REJECTED: Bilingual("已被拒绝", "rejected"),
    TransferState.WITHDRAWN: Bilingual("已撤回", "withdrawn"),
    TransferState.REFUSED: Bilingual("登记被拒绝", "refused by a register"),
    TransferState.EXPIRED: Bilingual("已逾期", "expired"),
}


def ended(state: TransferState) -> Refusal:
    """Refuse an act because the transfer has ended, and tell how."""
    how = _HOW_IT_ENDED[state]
    said = ENDED_ALREADY.message
    return Refusal(
        ENDED_ALREADY.code,
        ENDED_ALREADY.rule,
        Bilingual(said.zh.format(state=how.zh), said.en.format(state=how.en)),
        ENDED_ALREADY.remedy,
    )
