"""Decider: is it an employer's code (GB 32100), and to which group does it belong?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec
from stdnum.cn import uscc

from hub.following.written import names_somebody
from hub.rules.dated import InForce, read_rules
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

#: GB 32100: eighteen characters; the last checks all others.
RULE: Final = "employer-code"
_LENGTH: Final = 18
_REMEDY: Final = Bilingual(
    "请核对营业执照上的 18 位统一社会信用代码；不知道的请留空。",
    "Check the 18 characters on the business licence; leave it out if it is not known.",
)
WRONG_LENGTH: Final = Refusal(
    "EMPLOYER_CODE_LENGTH",
    RULE,
    Bilingual(
        "统一社会信用代码不是 18 位。",
        "A unified social credit code has 18 characters.",
    ),
    _REMEDY,
)
WRONG_CHARACTER: Final = Refusal(
    "EMPLOYER_CODE_CHARACTER",
    RULE,
    Bilingual(
        "统一社会信用代码含有不允许的字符：前 8 位为数字，其余不用 I、O、Z、S、V。",
        "A character cannot be: the first eight are digits, and I, O, Z, S and V are"
        " never used.",
    ),
    _REMEDY,
)
IS_RESIDENT_ID: Final = Refusal(
    "EMPLOYER_CODE_IS_ID_NUMBER",
    "no-readable-id-number",
    Bilingual(
        "所填代码同时是一个有效的公民身份号码，枢纽不予保存。",
        "This code is a valid resident ID number as well, and the hub keeps none.",
    ),
    Bilingual(
        "若填的是身份证号，请改填营业执照上的代码；若确为单位代码，请用 openCase 立案"
        "（事由：欠薪），单位记在本省卷宗中。",
        "If it is somebody's number, write the code of the business licence. If it is the"
        " employer's, open the case by openCase (matter: wage arrears), and name the"
        " employer in your province's file.",
    ),
)
WRONG_CHECK_DIGIT: Final = Refusal(
    "EMPLOYER_CODE_CHECK_DIGIT",
    RULE,
    Bilingual(
        "统一社会信用代码的校验位不符。",
        "The check digit of the unified social credit code does not fit.",
    ),
    _REMEDY,
)


def employer_code(written: str) -> str | Refusal:
    """Read an employer's code as people write it.

    Returns:
        The code without blanks and in capitals; or why it is none.
    """
    code = "".join(written.split()).replace("-", "").upper()
    if len(code) != _LENGTH:
        return WRONG_LENGTH
    if not code.isascii():
        return WRONG_CHARACTER
    if names_somebody(code, date.max):
        return IS_RESIDENT_ID
    try:
        return str(uscc.validate(code))
    except uscc.InvalidChecksum:
        return WRONG_CHECK_DIGIT
    except uscc.ValidationError:
        return WRONG_CHARACTER


class GroupMember(InForce, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An employer of a group, for a time.

    Attributes:
        code: Its unified social credit code.
        group: Name of the group.
        valid_from: First day on which it belongs to it.
        valid_to: Last such day; none while it does.
        source: Who said so.
    """

    code: str
    group: str
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    member: tuple[GroupMember, ...]


class GroupMistake(ValueError):
    """The groups contradict themselves; the text says where."""


class EmployerGroups:
    """All groups of employers."""

    def __init__(self, members: Iterable[GroupMember] = ()) -> None:
        """Check and index.

        Raises:
            GroupMistake: A code is none, or is in two groups on one day.
        """
        self._members: dict[str, list[GroupMember]] = defaultdict(list)
        for member in members:
            if employer_code(member.code) != member.code:
                raise GroupMistake(f"{member.code}: no unified social credit code")
            if member.valid_to is not None and member.valid_to < member.valid_from:
                raise GroupMistake(f"{member.code}: ends before it begins")
            for other in self._members[member.code]:
                if other.holds(member.valid_from) or member.holds(other.valid_from):
                    raise GroupMistake(f"{member.code}: in two groups at once")
            self._members[member.code].append(member)

    @classmethod
    def load(cls, text: bytes) -> EmployerGroups:
        """Read the file of groups.

        Raises:
            GroupMistake: It is none.
        """
        file = read_rules(text, _File, GroupMistake)
        return cls(file.member)

    def together(self, code: str, on: date) -> tuple[str, ...]:
        """List all that are ever in the group that an employer is in on a day."""
        group = self.group_of(code, on)
        found = {
            each for each, some in self._members.items()
            if any(one.group == group for one in some)
        }  # fmt: skip
        return tuple(sorted(found | {code}))

    def group_of(self, code: str, on: date) -> str:
        """Name the group of an employer on a day; alone, it is its own."""
        for member in self._members.get(code, ()):
            if member.holds(on):
                return member.group
        return code
