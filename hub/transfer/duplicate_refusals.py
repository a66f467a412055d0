"""Value: why nothing is done about a duplicate membership, and what can be done."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

_RULE: Final = "transfer-duplicate"

SAME_UNION: Final = Refusal(
    "SAME_MEMBERSHIP",
    _RULE,
    Bilingual(
        "两项会籍须在不同省的不同工会。",
        "The two memberships must be at different unions of different provinces.",
    ),
    Bilingual(
        "同省重复请由该省在其登记中更正。",
        "Have the province itself correct a duplicate within its register.",
    ),
)
NOT_ONE_WORKER: Final = Refusal(
    "NOT_ONE_WORKER",
    _RULE,
    Bilingual(
        "枢纽的关联不表明这两个档案号是该职工一人。",
        "By the hub's links the two local ids are not both this worker's.",
    ),
    Bilingual(
        "请核对档案号；如确为一人，请先登记关联（registerLinks）。",
        "Check the local ids; if it is one person, register the link first"
        " (registerLinks).",
    ),
)
UNKNOWN_QUESTION: Final = Refusal(
    "UNKNOWN_QUESTION",
    _RULE,
    Bilingual("没有您可见的此项核查。", "There is no such question that you may see."),
    Bilingual("请核对编号。", "Check the id."),
)
TERM_RUNS: Final = Refusal(
    "TERM_NOT_OVER",
    "duplicate-answer-10",
    Bilingual(
        "期限至 {day} 止，期满前不得归并。",
        "The term runs until {day}; no membership is ended before.",
    ),
    Bilingual(
        "请在期满后办理；如查明不是重复，可随时终止核查（不填 kept）。",
        "Resolve it afterwards. If it is no duplicate, end the question now (without"
        " kept).",
    ),
)
NOT_ONE_OF_THEM: Final = Refusal(
    "NOT_ONE_OF_THEM",
    _RULE,
    Bilingual(
        "保留的会籍须是两者之一。", "The membership that is kept is one of the two."
    ),
    Bilingual("请填写其中一个工会。", "Name one of the two unions."),
)
GIVES_UP: Final = Refusal(
    "NOT_THE_ENDING_UNION",
    _RULE,
    Bilingual(
        "归并应由会籍将终止的工会 {union} 或其上级办理。",
        "This is for {union}, whose membership ends, or for one above it to do.",
    ),
    Bilingual("请联系该工会。", "Ask that union."),
)
NOT_THE_WORKER: Final = Refusal(
    "SELF_READ_NEEDED",
    _RULE,
    Bilingual(
        "职工本人须以自己的授权（self:read）答复。",
        "The worker answers with a token of their own (self:read).",
    ),
    Bilingual(
        "请由职工登录本人账户办理；工会请用 resolveDuplicate。",
        "Have the worker sign in. A union uses resolveDuplicate.",
    ),
)
DECIDED: Final = Refusal(
    "DECIDED_ALREADY",
    _RULE,
    Bilingual("该核查已有结论。", "The question has been decided."),
    Bilingual(
        "如有错误，请撤销（undoDuplicate）。",
        "If it is wrong, undo it (undoDuplicate).",
    ),
)
NOT_RESOLVED: Final = Refusal(
    "NOT_RESOLVED",
    _RULE,
    Bilingual("该核查没有归并可撤销。", "There is nothing resolved to undo."),
    Bilingual("无需办理。", "Nothing needs to be done."),
)
UNDER_WAY: Final = Refusal(
    "MERGE_UNDER_WAY",
    _RULE,
    Bilingual(
        "归并正在登记，暂时不能撤销。",
        "The registers are being told just now; it cannot be undone at this moment.",
    ),
    Bilingual(
        "请稍后重试：完成后可以转回。",
        "Try again in a moment: when it is complete, the member can be moved back.",
    ),
)


KEPT_NOT_CONFIRMED: Final = Refusal(
    "KEPT_NOT_CONFIRMED",
    _RULE,
    Bilingual(
        "拟保留的会籍不在 {union} 所在省的登记中有效，归并会使职工没有会籍。",
        "The membership that would be kept does not stand in the register of {union}:"
        " to end the other would leave the worker without any.",
    ),
    Bilingual(
        "请核对会员证号与工会；有误则终止核查（不填 kept）后重新提出。",
        "Check card and union. If they are wrong, end the question (without kept) and"
        " report it anew.",
    ),
)
KEPT_UNANSWERED: Final = Refusal(
    "KEPT_UNANSWERED",
    _RULE,
    Bilingual(
        "{union} 所在省的登记此刻未能答复，无法确认拟保留的会籍，未作归并。",
        "The register of {union} does not answer just now, so the membership that would"
        " be kept could not be confirmed, and nothing was ended.",
    ),
    Bilingual(
        "请稍后以同一幂等键重试。", "Try again later, with the same idempotency key."
    ),
)
MOVING_NOW: Final = Refusal(
    "OTHER_TRANSFER_OPEN",
    _RULE,
    Bilingual(
        "该职工另有一项转接正在办理，须待其结束。",
        "Another transfer of this worker is open, and has to end first.",
    ),
    Bilingual(
        "请在该转接结束后，以同一幂等键重试。",
        "Try again with the same idempotency key when it has ended.",
    ),
)
