"""Value: what is said when a credential, a code or a presentation does not do."""

from __future__ import annotations

from typing import Final

from hub.credential.claims import Reason
from schema.records.refusal import Bilingual, Refusal

_ASK_HOME: Final = Bilingual(
    "请职工向原工会（会籍所在工会）重新申领会员证。",
    "Let the worker ask the home union to issue a new credential.",
)
_SCAN_AGAIN: Final = Bilingual(
    "请重新扫描完整的二维码；仍不行的，请向原工会核实。",
    "Scan the whole QR image again; if that does not help, ask the home union.",
)

NOT_SET: Final = Refusal(
    "CREDENTIALS_NOT_SET",
    "settings.credentials",
    Bilingual(
        "本枢纽未设置会员证签发密钥，不能签发或核验会员证。",
        "This hub has no keys for membership credentials: it can neither issue nor"
        " verify them.",
    ),
    Bilingual(
        "请运行 python -m hub credential keys new，并按提示设置 [credentials]。",
        "Run python -m hub credential keys new, and set [credentials] as it says.",
    ),
)

FORGED: Final = Refusal(
    "CREDENTIAL_FORGED",
    "credential.signature",
    Bilingual(
        "会员证无效：签名不符，或内容被改动、不完整。",
        "The credential is not genuine: its signature does not hold, or it was changed"
        " or is not whole.",
    ),
    _SCAN_AGAIN,
)
FOREIGN: Final = Refusal(
    "CREDENTIAL_FOREIGN",
    "credential.issuer",
    Bilingual(
        "会员证由本枢纽不认识的签发方签发。",
        "The credential was issued by somebody whom this hub does not know.",
    ),
    _ASK_HOME,
)
NOT_YET: Final = Refusal(
    "CREDENTIAL_NOT_YET",
    "credential.issued_at",
    Bilingual("会员证的签发时间在未来。", "The credential was issued in the future."),
    Bilingual(
        "请核对本机时钟，稍后再试。", "Check the clock of this machine and try again."
    ),
)
EXPIRED: Final = Refusal(
    "CREDENTIAL_EXPIRED",
    "credential.lifetime",
    Bilingual("会员证已过有效期。", "The credential has expired."),
    _ASK_HOME,
)
REVOKED: Final = Refusal(
    "CREDENTIAL_REVOKED",
    "credential.status",
    Bilingual(
        "会员证已被签发工会撤销，或已被新证取代。",
        "The credential was revoked by the union that issued it, or a newer one has"
        " taken its place.",
    ),
    _ASK_HOME,
)
REDEEMED: Final = Refusal(
    "CREDENTIAL_REDEEMED",
    "credential.once",
    Bilingual(
        "会员证已用于一次接转，一证只能接转一次。",
        "The credential has served a transfer; each serves one only.",
    ),
    _ASK_HOME,
)
UNKNOWN: Final = Refusal(
    "CREDENTIAL_UNKNOWN",
    "credential.kept",
    Bilingual(
        "签名有效，但枢纽没有此会员证的记录。",
        "The signature holds, but the hub has no record of this credential.",
    ),
    _ASK_HOME,
)
NO_SUCH: Final = Refusal(
    "CREDENTIAL_UNKNOWN",
    "credential.id",
    Bilingual(
        "没有您的工会或其下级签发的、编号如此的会员证。",
        "No credential of this id was issued by your union or one below it.",
    ),
    Bilingual(
        "请核对编号（claims.id），或由签发的工会办理。",
        "Check the id (claims.id), or have the union that issued it do this.",
    ),
)

CODE_MISSING: Final = Refusal(
    "CODE_MISSING",
    "credential.code",
    Bilingual(
        "缺少持证人的 8 位确认码。", "The holder's confirmation code is missing."
    ),
    Bilingual(
        "请让职工本人输入领证时得到的 8 位数字，或出示一次性凭证。",
        "Let the worker enter the 8 digits received with the credential, or show a"
        " presentation.",
    ),
)
CODE_MALFORMED: Final = Refusal(
    "CODE_MALFORMED",
    "credential.code",
    Bilingual(
        "确认码应为 8 位数字；本次不计为一次错误。",
        "A confirmation code has 8 digits; this was not counted as a wrong one.",
    ),
    Bilingual("请重新输入 8 位数字。", "Enter the 8 digits again."),
)
CODE_LOCKED: Final = Refusal(
    "CODE_LOCKED",
    "credential.wrong_codes",
    Bilingual(
        "确认码连续输错次数已达上限，会员证已锁定。",
        "Too many wrong confirmation codes: the credential is locked.",
    ),
    _ASK_HOME,
)
PRESENTATION_USED: Final = Refusal(
    "PRESENTATION_USED",
    "credential.presentation.once",
    Bilingual(
        "此一次性凭证已经用过。", "This presentation has been used; it serves once."
    ),
    Bilingual(
        "请职工用会员证和确认码重新生成。",
        "Let the worker make another with the credential and the code.",
    ),
)
PRESENTATION_EXPIRED: Final = Refusal(
    "PRESENTATION_EXPIRED",
    "credential.presentation.lifetime",
    Bilingual("此一次性凭证已过期。", "This presentation has expired."),
    PRESENTATION_USED.remedy,
)
PRESENTATION_ELSEWHERE: Final = Refusal(
    "PRESENTATION_ELSEWHERE",
    "credential.presentation.audience",
    Bilingual(
        "此一次性凭证是出示给另一家工会的。",
        "This presentation was made for another union.",
    ),
    Bilingual("请职工为本工会重新生成。", "Let the worker make one for this union."),
)
NUMBER_INSIDE: Final = Refusal(
    "RESIDENT_ID_INSIDE",
    "privacy.no_resident_id",
    Bilingual(
        "会员卡号中含有居民身份号码，会员证内不得写入。",
        "The membership number holds a resident ID number; no credential may.",
    ),
    Bilingual(
        "请改用本省会员卡号。", "Use the number of the province's membership card."
    ),
)
MALFORMED: Final = Refusal(
    "CREDENTIAL_INPUT",
    "credential.input",
    Bilingual(
        "工会代码须为 1–32 位字母数字，会员卡号须为 1–64 个可见字符。",
        "A union's code has 1–32 letters and digits, a membership number 1–64 visible"
        " characters.",
    ),
    Bilingual("请改正后重试。", "Correct it and try again."),
)

#: What to say of a credential that cannot be believed.
OF_REASON: Final = {
    Reason.UNREADABLE: FORGED,
    Reason.TYPE: FORGED,
    Reason.ALGORITHM: FORGED,
    Reason.KEY: FOREIGN,
    Reason.SIGNATURE: FORGED,
    Reason.CLAIMS: FORGED,
    Reason.ISSUER: FOREIGN,
    Reason.NOT_YET: NOT_YET,
    Reason.EXPIRED: EXPIRED,
}


def wrong_code(left: int) -> Refusal:
    """Say that a code was wrong, and how many tries are left."""
    if left <= 0:
        return CODE_LOCKED
    return Refusal(
        "WRONG_CODE",
        "credential.code",
        Bilingual(
            "确认码不对，还可再试 {left} 次。",
            "The confirmation code is wrong; {left} more may be tried.",
        ).format(left=left),
        Bilingual(
            "请让职工核对领证时得到的 8 位数字；遗失的，由原工会重新签发。",
            "Let the worker look up the 8 digits received with the credential; if they"
            " are lost, the home union issues anew.",
        ),
    )


KEY_TAKEN: Final = Refusal(
    "IDEMPOTENCY_KEY_TAKEN",
    "credential.idempotency",
    Bilingual(
        "该幂等键已为另一会籍签发会员证，未作任何改动。",
        "This idempotency key has issued a credential of another membership; nothing"
        " was changed.",
    ),
    Bilingual("请换一个新的键。", "Use a new key."),
)


def issued_already(credential: str) -> Refusal:
    """Say that the same key has issued a credential, whose code is not kept."""
    return Refusal(
        "CREDENTIAL_ISSUED_ALREADY",
        "credential.idempotency",
        Bilingual(
            "此幂等键已签发会员证 {id}；确认码只显示一次，枢纽不保存。",
            "This idempotency key has issued credential {id}; its code was shown once"
            " and is not kept.",
        ).format(id=credential),
        Bilingual(
            "如未收到，请换一个幂等键重新签发；旧证随即失效。",
            "If the answer was lost, issue again under another key; the earlier"
            " credential ends with that.",
        ),
    )
