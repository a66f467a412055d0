"""Value: who asks."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """What a token may be used for; the issuer grants them."""

    #: Look workers up.
    WORKER_READ = "worker:read"
    #: See the rights cases of workers beyond their milestones.
    CASE_READ = "case:read"
    #: See hardship files in detail.
    HARDSHIP_READ = "hardship:read"
    #: Register links for the caller's own province.
    LINKS_WRITE = "links:write"
    #: Move memberships for the caller's own union, and issue their credentials.
    TRANSFERS_WRITE = "transfers:write"
    #: Take cases in, and work on those in which the caller's own union has a role.
    CASES_WRITE = "cases:write"
    #: Designated handlers of cases of women workers (RULEBOOK §6).
    CASES_WOMEN = "cases:women"
    #: Report arrears, and nothing else (劳动关系信息员): its case is not seen.
    ARREARS_REPORT = "arrears:report"
    #: Read the audit trail and look in for inspection.
    AUDIT_READ = "audit:read"
    #: See the health of provinces and the hub's own figures.
    HUB_OPERATE = "hub:operate"
    #: The worker's own file.
    SELF_READ = "self:read"


class Caller(msgspec.Struct, frozen=True):
    """Who asks, as a verified token says.

    Attributes:
        subject: The person or system, as the issuer names them.
        issuer: Who vouches for it.
        office: Code of the union office they act for.
        province: Code of its province.
        scopes: What the token may be used for. Unknown ones are kept; they
            grant nothing.
        expires_at: Seconds since the epoch; the caller is nobody after that.
    """

    subject: str
    issuer: str
    office: str
    province: str
    scopes: frozenset[str]
    expires_at: float
