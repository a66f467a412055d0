"""Value: what is said when a signed batch, or a row of it, does not do."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

_SIGN_AGAIN: Final = Bilingual(
    "请由提交单位按 RUNBOOK“集体接转”一节的格式重新签名后提交。",
    "Let the submitting office sign it anew, in the form that the RUNBOOK gives"
    " (Collective transfer).",
)


def _refuse(
    code: str, rule: str, zh: str, en: str, remedy: Bilingual = _SIGN_AGAIN
) -> Refusal:
    return Refusal(code, f"batch.{rule}", Bilingual(zh, en), remedy)


TOO_LARGE: Final = _refuse(
    "BATCH_TOO_LARGE", "size", "批次过大。", "The batch is too large.",
    Bilingual("请拆成几批提交。", "Submit it in several parts."),
)  # fmt: skip
UNREADABLE: Final = _refuse(
    "BATCH_UNREADABLE", "form",
    "不是可读的签名批次（紧凑 JWS，typ 为 union-batch+jws）。",
    "This is no readable batch (a compact JWS with typ union-batch+jws).",
)  # fmt: skip
UNKNOWN_SIGNER: Final = _refuse(
    "BATCH_UNKNOWN_SIGNER", "signer",
    "枢纽不认识签名所用的密钥。", "The hub does not know the key that signed it.",
    Bilingual(
        "请把该密钥的公钥交枢纽运维登记（batch_signers）。",
        "Give its public half to the hub's operators (batch_signers).",
    ),
)  # fmt: skip
FORGED: Final = _refuse(
    "BATCH_FORGED", "signature",
    "批次的签名不符：内容被改动，或算法与密钥不合。",
    "The signature of the batch does not hold: it was changed, or the algorithm is not"
    " that of the key.",
)  # fmt: skip
EMPTY: Final = _refuse(
    "BATCH_EMPTY", "rows", "批次没有人员。", "The batch names nobody."
)
NOT_NOW: Final = _refuse(
    "BATCH_NOT_NOW", "on",
    "批次日期在未来，或早于 30 天前。",
    "The day of the batch is in the future, or more than 30 days ago.",
)  # fmt: skip
NONCE_USED: Final = _refuse(
    "BATCH_NONCE_USED", "nonce",
    "此 nonce 已用于内容不同的另一批次。",
    "Another batch, with other content, has had this nonce.",
    Bilingual("请换一个 nonce 重新签名。", "Sign it again with another nonce."),
)  # fmt: skip
NUMBER_INSIDE: Final = Refusal(
    "RESIDENT_ID_INSIDE",
    "privacy.no_resident_id",
    Bilingual("该行含有居民身份号码。", "The row holds a resident ID number."),
    Bilingual(
        "请改用会员卡号和省内名称。",
        "Use the membership number and the province's own name of the worker.",
    ),
)
NO_DESTINATION: Final = _refuse(
    "BATCH_ROW_NO_DESTINATION", "rows.toUnion",
    "该行与批次都未写明转入工会。",
    "Neither the row nor the batch names the new union.",
    Bilingual("请写明 toUnion 或 to。", "Give toUnion, or to for all."),
)  # fmt: skip
SAME_UNION: Final = _refuse(
    "BATCH_ROW_SAME_UNION", "rows.toUnion",
    "转入工会就是现工会。", "The new union is the union that they are in.",
    Bilingual("请改正 toUnion。", "Correct toUnion."),
)  # fmt: skip


def malformed(where: str) -> Refusal:
    """Say that what was signed is not of the form of a batch."""
    return _refuse(
        "BATCH_MALFORMED", "form",
        f"批次内容不合格式（{where}）。", f"The batch is not of the right form ({where}).",
    )  # fmt: skip


def too_many(count: int, most: int) -> Refusal:
    """Say that there are too many rows."""
    return _refuse(
        "BATCH_TOO_MANY", "rows",
        f"批次有 {count} 人，上限为 {most}。", f"The batch has {count} rows; {most} are allowed.",
        TOO_LARGE.remedy,
    )  # fmt: skip


def bad_row(where: str) -> Refusal:
    """Say that a row is not of the right form."""
    return _refuse(
        "BATCH_ROW_MALFORMED", "rows",
        f"该行不合格式（{where}）。", f"The row is not of the right form ({where}).",
        Bilingual("请改正该行，另批提交。", "Correct the row, and submit it in another batch."),
    )  # fmt: skip


def twice(first: int) -> Refusal:
    """Say that a person stands in an earlier row; rows count from 1 for people."""
    return _refuse(
        "BATCH_ROW_TWICE", "rows.unique",
        f"与第 {first + 1} 行的会员卡号或省内名称重复。",
        f"Row {first + 1} has the same membership number or local name.",
        Bilingual("请核对后另批提交。", "Compare them, and submit the right one in another batch."),
    )  # fmt: skip
