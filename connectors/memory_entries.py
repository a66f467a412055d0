"""Value: entries of a province's register of members, as it is kept in memory."""

from __future__ import annotations

import msgspec

from schema.records.membership import MembershipRecord


class OutEntry(msgspec.Struct):
    """An OUT entry.

    Attributes:
        number: The province's number of it.
        local_id: Whose membership.
        before: The row as it was.
        open: Whether it is neither taken back nor paired.
        within: It was paired by the IN entry, which is in this province too.
    """

    number: str
    local_id: str
    before: MembershipRecord
    open: bool = True
    within: bool = False


class InEntry(msgspec.Struct):
    """An IN entry.

    Attributes:
        number: The province's number of it, and of the row that it made.
        local_id: Whose membership.
        open: Whether it has not been taken back.
    """

    number: str
    local_id: str
    open: bool = True
