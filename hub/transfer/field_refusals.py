"""Value: why a field of an act is refused, and what to write into it."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

MEMBERSHIP_NO_UNUSABLE: Final = Refusal(
    "MEMBERSHIP_NO_UNUSABLE",
    "transfers.membership_no",
    Bilingual(
        "会员证号须为 1 至 64 个可见字符，首尾不得有空格。",
        "A membership number has 1 to 64 printable characters and no space at either"
        " end.",
    ),
    Bilingual(
        "请照会员证或本省登记填写。",
        "Write it as it stands on the card or in the province's register.",
    ),
)
MEMBERSHIP_NO_IS_ID_NUMBER: Final = Refusal(
    "MEMBERSHIP_NO_IS_ID_NUMBER",
    "no-readable-id-number",
    Bilingual(
        "会员证号就是（或含有）居民身份号码，枢纽不保存可读的居民身份号码。",
        "The membership number is, or contains, a resident ID number, and the hub stores"
        " none that can be read.",
    ),
    Bilingual(
        "请填写会员证号；以身份号码编号的省，请先改号。",
        "Write the number of the card; a province that numbers cards by the resident ID"
        " number must renumber them first.",
    ),
)


def in_field(refusal: Refusal, field: str) -> Refusal:
    """Say which field is meant; what was written is not repeated."""
    return Refusal(
        refusal.code,
        refusal.rule,
        Bilingual(f"{field}：{refusal.message.zh}", f"{field}: {refusal.message.en}"),
        refusal.remedy,
    )
