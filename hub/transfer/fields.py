"""Decider: what people write into an act, before it is kept anywhere.

Whatever is kept can be read for years, by every register and in every archive: so no
resident ID number may stand in it, and nothing that a register could not take.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from hub.identity.resident_id import contains_resident_id
from hub.linking.validation import checked_local_key
from hub.transfer import field_refusals as no
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from schema.records.refusal import Refusal

_LONGEST: Final = 64
_CODE: Final = re.compile(r"[0-9A-Za-z-]{1,32}", re.ASCII)


def checked_local_id(
    written: str, today: date, field: str = "localId"
) -> str | Refusal:
    """Read a local id by the rules that links have; the space round it is not its part.

    Args:
        written: As the caller wrote it.
        today: The day, in China.
        field: What the caller knows it as.
    """
    try:
        return checked_local_key(written, today)
    except Refused as refused:
        return no.in_field(refused.refusal, field)


def card_refused(
    written: str, today: date, field: str = "membershipNo"
) -> Refusal | None:
    """Refuse a membership number that is none; a register compares it as it stands.

    Args:
        written: As the caller wrote it.
        today: The day, in China.
        field: What the caller knows it as.
    """
    whole = written.strip() == written and 0 < len(written) <= _LONGEST
    if not whole or not written.isprintable():
        return no.in_field(no.MEMBERSHIP_NO_UNUSABLE, field)
    if contains_resident_id(written, today):
        return no.in_field(no.MEMBERSHIP_NO_IS_ID_NUMBER, field)
    return None


def is_code(written: str) -> bool:
    """Tell whether a text has the shape of a union's code, and names nobody."""
    return bool(_CODE.fullmatch(written)) and not contains_resident_id(
        written, date.max
    )
