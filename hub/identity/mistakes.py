"""Value: the ways a resident ID number can be wrong, and how to mend each.

No sentence here has a blank for the number: what is refused is shown, logged
and put into report files, and the number must reach none of them.
"""

from __future__ import annotations

from schema.records.refusal import Bilingual, Refusal, Refused

_RULE = "GB-11643-1999"

_COMPARE = Bilingual(
    "请对照身份证件重新录入。", "Compare it with the identity card and enter it again."
)

WRONG_LENGTH = Refusal(
    "WRONG_LENGTH",
    _RULE,
    Bilingual(
        "居民身份号码长度不对：应为 18 位，旧号为 15 位。",
        "The resident ID number has the wrong length: it has 18 characters, the old"
        " form 15.",
    ),
    Bilingual(
        "请检查是否漏录或多录了字符。",
        "Check whether a character is missing or was typed twice.",
    ),
)
NOT_DIGITS = Refusal(
    "NOT_DIGITS",
    _RULE,
    Bilingual(
        "居民身份号码含有不允许的字符：只能是数字，仅第 18 位可以是 X。",
        "The resident ID number has a character that it cannot have: it is made of"
        " digits, and only the 18th may be X.",
    ),
    Bilingual(
        "请检查是否把字母 O、I 当成了数字 0、1。",
        "Check for a letter O or I in place of the digit 0 or 1.",
    ),
)
WRONG_CHECK_DIGIT = Refusal(
    "WRONG_CHECK_DIGIT",
    _RULE,
    Bilingual(
        "居民身份号码的校验码与前 17 位不符，至少有一位录错。",
        "The last character of the resident ID number does not fit the 17 before it:"
        " at least one is wrong.",
    ),
    _COMPARE,
)
IMPOSSIBLE_BIRTH_DATE = Refusal(
    "IMPOSSIBLE_BIRTH_DATE",
    _RULE,
    Bilingual(
        "居民身份号码中的出生日期不存在、在 1900 年以前或在今天以后。",
        "The birth date in the resident ID number does not exist, lies before 1900"
        " or after today.",
    ),
    _COMPARE,
)
UNKNOWN_DIVISION = Refusal(
    "UNKNOWN_DIVISION",
    "GB-T-2260",
    Bilingual(
        "居民身份号码前六位不是出生以后存在过的行政区划。",
        "The first six digits of the resident ID number are no administrative"
        " division that existed at or after birth.",
    ),
    _COMPARE,
)


def refused(mistake: Refusal) -> Refused:
    """Wrap a mistake so that it can be raised."""
    return Refused(mistake)
