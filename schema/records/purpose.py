"""Value: why somebody asks (PIPL 6 and 13; RULEBOOK §9). A closed list."""

from __future__ import annotations

from enum import StrEnum


class PurposeOfUse(StrEnum):
    """Required with every question about a person, and recorded with it."""

    #: Joining, transferring and keeping a membership (会籍接转与会员服务).
    MEMBERSHIP_SERVICE = "MEMBERSHIP_SERVICE"
    #: Taking in, routing and handling a rights case (维权).
    RIGHTS_PROTECTION = "RIGHTS_PROTECTION"
    #: Opening and serving a hardship file (困难帮扶).
    HARDSHIP_AID = "HARDSHIP_AID"
    #: Training, certificates, finding work (技能培训与就业服务).
    SKILLS_EMPLOYMENT = "SKILLS_EMPLOYMENT"
    #: Inspection and audit, time-limited (督查审计, 003).
    SUPERVISION = "SUPERVISION"
    #: The worker's own file (PIPL 45).
    OWN_FILE = "OWN_FILE"
