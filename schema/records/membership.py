"""Value: a union membership as one province keeps it (RULEBOOK §2)."""

from __future__ import annotations

from datetime import date

from schema.records.record import UNSET, Code, OpenCode, Record, Text, UnsetType


class MembershipState(OpenCode):
    """Where a membership stands; the states of RULEBOOK §2."""

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


class OrganisationKind(OpenCode):
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


class JoinChannel(OpenCode):
    """How the worker joined (000 三(一): online and at the window)."""

    ONLINE = "ONLINE"
    WINDOW = "WINDOW"
    COLLECTIVE = "COLLECTIVE"
    OTHER = "OTHER"


class DispatchSide(OpenCode):
    """On which side a dispatched worker joined (004 三.3)."""

    AGENCY = "AGENCY"
    USER_UNIT = "USER_UNIT"
    OTHER = "OTHER"


class Sector(OpenCode):
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


class OccupationGroup(OpenCode):
    """The eight groups, 八大群体 (001; RULEBOOK §7)."""

    TRUCK_DRIVER = "TRUCK_DRIVER"
    COURIER = "COURIER"
    NURSES_AIDE = "NURSES_AIDE"
    DOMESTIC_WORKER = "DOMESTIC_WORKER"
    MALL_SHOP_ASSISTANT = "MALL_SHOP_ASSISTANT"
    ONLINE_ORDER_DELIVERY = "ONLINE_ORDER_DELIVERY"
    REAL_ESTATE_AGENT = "REAL_ESTATE_AGENT"
    SECURITY_GUARD = "SECURITY_GUARD"
    OTHER = "OTHER"


class MembershipRecord(Record, frozen=True, kw_only=True, rename="camel"):
    """One membership, at one union, over one period.

    Attributes:
        membership_no: The number on the membership card; the same in every
            province that registers the same membership.
        union_code: The unified social credit code of the union.
        union_name: Its name.
        union_division: GB/T 2260 code of its place, valid at ``since``.
        organisation_kind: What kind of union it is.
        state: Where the membership stands.
        join_channel: How the worker joined.
        joined_on: When the worker first joined any union (一次入会); it counts
            for waiting periods in every later province (RULEBOOK §8).
        since: First day at this union.
        until: Last day at this union; none while it lasts.
        source_enrolled: Joined at home before or without a job (源头入会).
        dispatch_side: For dispatched workers, the side that was joined.
        sector: Sector of the employer.
        occupation_group: One of the eight groups, if any.
        seasonal: Joined for seasonal work (RULEBOOK §7, F1).
        registered_out_on: Day of the OUT entry (出登记).
        registered_in_on: Day of the IN entry (进登记).
        counterpart_province: The other province of the last transfer.
    """

    membership_no: Code | UnsetType | None = UNSET
    union_code: Code | UnsetType | None = UNSET
    union_name: Text | UnsetType | None = UNSET
    union_division: Code | UnsetType | None = UNSET
    organisation_kind: OrganisationKind | UnsetType | None = UNSET
    state: MembershipState | UnsetType | None = UNSET
    join_channel: JoinChannel | UnsetType | None = UNSET
    joined_on: date | UnsetType | None = UNSET
    since: date | UnsetType | None = UNSET
    until: date | UnsetType | None = UNSET
    source_enrolled: bool | UnsetType | None = UNSET
    dispatch_side: DispatchSide | UnsetType | None = UNSET
    sector: Sector | UnsetType | None = UNSET
    occupation_group: OccupationGroup | UnsetType | None = UNSET
    seasonal: bool | UnsetType | None = UNSET
    registered_out_on: date | UnsetType | None = UNSET
    registered_in_on: date | UnsetType | None = UNSET
    counterpart_province: Code | UnsetType | None = UNSET
