"""Value: the code lists of the province contract, as this province keeps them."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    """Sex as registered (GB/T 2261.1)."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"


class HouseholdKind(StrEnum):
    """Household registration, which the definitions of 004 三.1 use."""

    RURAL = "RURAL"
    CONVERTED = "CONVERTED"
    URBAN = "URBAN"
    OTHER = "OTHER"


class MembershipState(StrEnum):
    """States of a membership (RULEBOOK §2)."""

    APPLIED = "APPLIED"
    ACTIVE = "ACTIVE"
    OUT_REGISTERED = "OUT_REGISTERED"
    IN_TRANSIT = "IN_TRANSIT"
    IN_REGISTERED = "IN_REGISTERED"
    RETAINED = "RETAINED"
    LANDED_FALLBACK = "LANDED_FALLBACK"
    TRANSFERRED = "TRANSFERRED"
    WITHDRAWN = "WITHDRAWN"
    EXPELLED = "EXPELLED"
    OTHER = "OTHER"


class OrganisationKind(StrEnum):
    """Kinds of union organisations (RULEBOOK §2)."""

    NATIONAL = "NATIONAL"
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"
    GRASSROOTS = "GRASSROOTS"
    JOINT_UNION = "JOINT_UNION"
    UNION_FEDERATION = "UNION_FEDERATION"
    PROJECT_UNION = "PROJECT_UNION"
    INDUSTRY_UNION = "INDUSTRY_UNION"
    DEVELOPMENT_ZONE = "DEVELOPMENT_ZONE"
    OUT_OF_PROVINCE_STATION = "OUT_OF_PROVINCE_STATION"
    OTHER = "OTHER"


class JoinChannel(StrEnum):
    """How a worker joined (000 三(一))."""

    ONLINE = "ONLINE"
    WINDOW = "WINDOW"
    COLLECTIVE = "COLLECTIVE"
    OTHER = "OTHER"


class DispatchSide(StrEnum):
    """On which side a dispatched worker joined (004 三.3)."""

    AGENCY = "AGENCY"
    USER_UNIT = "USER_UNIT"
    OTHER = "OTHER"


class Sector(StrEnum):
    """Sectors named by the policy documents (RULEBOOK §7)."""

    DEVELOPMENT_ZONE = "DEVELOPMENT_ZONE"
    CONSTRUCTION = "CONSTRUCTION"
    LOGISTICS = "LOGISTICS"
    DOMESTIC_SERVICE = "DOMESTIC_SERVICE"
    FARM_COOPERATIVE = "FARM_COOPERATIVE"
    LABOUR_DISPATCH = "LABOUR_DISPATCH"
    CATERING = "CATERING"
    MINING = "MINING"
    MANUFACTURING = "MANUFACTURING"
    OTHER = "OTHER"


class OccupationGroup(StrEnum):
    """The eight groups (001; RULEBOOK §7)."""

    TRUCK_DRIVER = "TRUCK_DRIVER"
    COURIER = "COURIER"
    NURSES_AIDE = "NURSES_AIDE"
    DOMESTIC_WORKER = "DOMESTIC_WORKER"
    MALL_SHOP_ASSISTANT = "MALL_SHOP_ASSISTANT"
    ONLINE_ORDER_DELIVERY = "ONLINE_ORDER_DELIVERY"
    REAL_ESTATE_AGENT = "REAL_ESTATE_AGENT"
    SECURITY_GUARD = "SECURITY_GUARD"
    OTHER = "OTHER"


class CaseMatter(StrEnum):
    """What a rights case is about (RULEBOOK §6)."""

    WAGE_ARREARS = "WAGE_ARREARS"
    LABOUR_CONTRACT = "LABOUR_CONTRACT"
    DISMISSAL = "DISMISSAL"
    WORK_INJURY = "WORK_INJURY"
    OCCUPATIONAL_DISEASE = "OCCUPATIONAL_DISEASE"
    SOCIAL_INSURANCE = "SOCIAL_INSURANCE"
    SAFETY = "SAFETY"
    WOMEN_WORKERS = "WOMEN_WORKERS"
    MEDIATION = "MEDIATION"
    LEGAL_AID = "LEGAL_AID"
    HARDSHIP_AID = "HARDSHIP_AID"
    CONSULTATION = "CONSULTATION"
    OTHER = "OTHER"


class CaseStatus(StrEnum):
    """How far a rights case is."""

    INTAKE = "INTAKE"
    ACCEPTED = "ACCEPTED"
    IN_MEDIATION = "IN_MEDIATION"
    IN_ARBITRATION = "IN_ARBITRATION"
    IN_INSPECTION = "IN_INSPECTION"
    IN_COURT = "IN_COURT"
    SETTLED = "SETTLED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    OTHER = "OTHER"


class SkillLevel(StrEnum):
    """Levels of the national vocational qualification, highest first."""

    SENIOR_TECHNICIAN = "SENIOR_TECHNICIAN"
    TECHNICIAN = "TECHNICIAN"
    ADVANCED = "ADVANCED"
    INTERMEDIATE = "INTERMEDIATE"
    PRIMARY = "PRIMARY"
    OTHER = "OTHER"


class EmploymentForm(StrEnum):
    """On what footing the work is done (004 三.2, 三.3)."""

    CONTRACT = "CONTRACT"
    DISPATCH = "DISPATCH"
    DE_FACTO = "DE_FACTO"
    PLATFORM = "PLATFORM"
    SEASONAL = "SEASONAL"
    SELF_EMPLOYED = "SELF_EMPLOYED"
    OTHER = "OTHER"


class HardshipStatus(StrEnum):
    """How a hardship file stands."""

    OPEN = "OPEN"
    LIFTED = "LIFTED"
    CLOSED = "CLOSED"
    OTHER = "OTHER"


class CaseAct(StrEnum):
    """Acts of a case."""

    INTAKE = "INTAKE"
    ACCEPTANCE = "ACCEPTANCE"
    CONSULTATION_REPLY = "CONSULTATION_REPLY"
    MEDIATION = "MEDIATION"
    ARBITRATION = "ARBITRATION"
    LAWSUIT = "LAWSUIT"
    INSPECTION_REFERRAL = "INSPECTION_REFERRAL"
    INJURY_APPLICATION = "INJURY_APPLICATION"
    LEGAL_AID = "LEGAL_AID"
    LIVING_AID = "LIVING_AID"
    SETTLEMENT = "SETTLEMENT"
    HINT_LETTER = "HINT_LETTER"
    OPINION_LETTER = "OPINION_LETTER"
    PROPOSAL_LETTER = "PROPOSAL_LETTER"
    OTHER = "OTHER"
