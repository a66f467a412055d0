"""Decider: can a row be used, and what does it state?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hub.identity.resident_id import contains_resident_id
from hub.linking import mistakes
from hub.linking.mistakes import LONGEST_LOCAL_KEY, with_known
from schema.records.kinds import RecordKind
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hub.linking.rows import LinkRow
    from schema.records.keys import ProvinceCode
    from schema.records.refusal import Refusal

_LONGEST_SOURCE = 200
_KINDS = frozenset(kind.value for kind in RecordKind)
_UNKNOWN_KIND = with_known(mistakes.UNKNOWN_KIND, " ".join(RecordKind))
_NO_KINDS = with_known(mistakes.NO_KINDS, " ".join(RecordKind))

#: ``YYYY-MM-DD``; ``fromisoformat`` alone would take weeks and days of the year.
_DATE_LENGTH, _DASHES = 10, (4, 7)


def checked_province(
    written: str, provinces: Collection[ProvinceCode], unknown: Refusal
) -> ProvinceCode:
    """Read a province.

    Raises:
        Refused: ``unknown``, if it is none of ``provinces``.
    """
    code = written.strip()
    if code not in provinces:
        raise Refused(unknown)
    return code  # type: ignore[return-value]  # it is one of them


def checked_local_key(written: str, today: date) -> str:
    """Read a local key; the space round it is not part of it.

    Raises:
        Refused: It is empty, too long, unprintable, or a resident ID number.
    """
    key = written.strip()
    if not key:
        raise Refused(mistakes.EMPTY_LOCAL_KEY)
    if len(key) > LONGEST_LOCAL_KEY:
        raise Refused(mistakes.LOCAL_KEY_TOO_LONG)
    if not key.isprintable():
        raise Refused(mistakes.LOCAL_KEY_UNPRINTABLE)
    if contains_resident_id(key, today):
        raise Refused(mistakes.LOCAL_KEY_IS_ID_NUMBER)
    return key


def checked_kinds(written: Iterable[str]) -> tuple[str, ...]:
    """Read kinds: each once, in the order of the alphabet.

    Raises:
        Refused: There are none, or one is unknown.
    """
    kinds = {kind.strip() for kind in written} - {""}
    if not kinds:
        raise Refused(_NO_KINDS)
    if not kinds <= _KINDS:
        raise Refused(_UNKNOWN_KIND)
    return tuple(sorted(kinds))


def checked_period(row: LinkRow) -> tuple[date, date | None]:
    """Read the first and the last day.

    Raises:
        Refused: One is not a date, or they are the wrong way round.
    """
    first = _date(row.valid_from.strip())
    written = (row.valid_to or "").strip()
    last = _date(written) if written else None
    if last is not None and last < first:
        raise Refused(mistakes.ENDS_BEFORE_IT_BEGINS)
    return first, last


def _date(written: str) -> date:
    dashes = len(written) == _DATE_LENGTH and all(written[i] == "-" for i in _DASHES)
    if not dashes:
        raise Refused(mistakes.BAD_DATE)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refused(mistakes.BAD_DATE) from None


def checked_source(written: str, today: date) -> str:
    """Read who registers.

    Raises:
        Refused: It is empty, too long, unprintable, or has a resident ID number
            in it, as the name of a file may have.
    """
    source = written.strip()
    if not source or len(source) > _LONGEST_SOURCE or not source.isprintable():
        raise Refused(mistakes.BAD_SOURCE)
    if contains_resident_id(source, today):
        raise Refused(mistakes.BAD_SOURCE)
    return source
