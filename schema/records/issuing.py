"""Value: for whom a union wishes to issue a credential."""

from __future__ import annotations

import msgspec

from schema.records.keys import WorkerId


class IssueWish(msgspec.Struct, frozen=True, kw_only=True):
    """The home union wishes a credential for a member.

    Attributes:
        union: The home union.
        membership_no: Number of the membership card.
        worker: The hub's name of the worker; or else
        local_id: the worker's name in the union's province.
    """

    union: str
    membership_no: str
    worker: WorkerId | None = None
    local_id: str | None = None
