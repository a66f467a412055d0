"""Value: why an act is refused for what every act must bear: its key and its reason."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

KEY_HAS_NUMBER: Final = Refusal(
    "IDEMPOTENCY_KEY_HAS_ID_NUMBER",
    "acts.idempotency",
    Bilingual(
        "幂等键中不得出现公民身份号码。",
        "No resident ID number may stand in an idempotency key.",
    ),
    Bilingual(
        "请为每次办理生成一个新的随机键。", "Make a new random key for each act."
    ),
)
KEY_UNUSABLE: Final = Refusal(
    "IDEMPOTENCY_KEY_UNUSABLE",
    "acts.idempotency",
    Bilingual(
        "幂等键须为 1 至 128 个可见字符，且不全是空格。",
        "An idempotency key has 1 to 128 printable characters, not all of them spaces.",
    ),
    Bilingual(
        "请为每次办理生成一个新的随机键，重试时沿用。",
        "Make a new random key for each act, and keep it for retries.",
    ),
)
KEY_TAKEN: Final = Refusal(
    "IDEMPOTENCY_KEY_TAKEN",
    "acts.idempotency",
    Bilingual(
        "该幂等键已用于另一次办理，未作任何改动。",
        "This idempotency key was used for another act; nothing was changed.",
    ),
    Bilingual(
        "新的办理请用新的键；重试时请原样重发。",
        "Use a new key for a new act; send a retry exactly as it was.",
    ),
)
REASON_UNUSABLE: Final = Refusal(
    "REASON_UNUSABLE",
    "acts.reason",
    Bilingual(
        "理由须为 1 至 200 个可见字符。", "A reason has 1 to 200 printable characters."
    ),
    Bilingual("请写明理由。", "Say why."),
)
REASON_HAS_NUMBER: Final = Refusal(
    "REASON_HAS_ID_NUMBER",
    "acts.reason",
    Bilingual(
        "理由中不得出现公民身份号码。", "No resident ID number may stand in a reason."
    ),
    Bilingual("请去掉号码。", "Leave the number out."),
)
