"""Value: which place is competent for a rights case, and which union leads there."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from schema.records.clock import AgreedLimit
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual
from schema.records.rights_case import CaseMatter


class Forum(StrEnum):
    """Who decides, where a law says which place is competent (RULEBOOK §4)."""

    ARREARS = "ARREARS"
    ARBITRATION = "ARBITRATION"
    COURT = "COURT"
    INSPECTION = "INSPECTION"
    INJURY_RECOGNITION = "INJURY_RECOGNITION"
    LEGAL_AID = "LEGAL_AID"
    MEDIATION = "MEDIATION"
    #: Nobody outside: the union with the membership helps (RULEBOOK §8).
    MEMBERSHIP = "MEMBERSHIP"
    #: Nobody outside: who was asked answers.
    REPLY = "REPLY"


class VenueQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a rights case when a union first receives it.

    Places are GB/T 2260 codes of six digits, or nine or twelve for smaller ones.

    Attributes:
        matter: What it is about.
        on: The day.
        intake: The union or station that received it.
        forum: Who is to decide; as the matter says if none.
        workplace: Where the work is done.
        employer_seat: Where the employer has its seat.
        insurance_place: Where the employer is insured (统筹地区).
        body_place: Where the body that deals with the dispute sits.
        employer_union: The union in the enterprise.
        home: The worker's home union.
    """

    matter: CaseMatter
    on: date
    intake: str
    forum: Forum | None = None
    workplace: str | None = None
    employer_seat: str | None = None
    insurance_place: str | None = None
    body_place: str | None = None
    employer_union: str | None = None
    home: str | None = None


class VenueReason(msgspec.Struct, frozen=True):
    """One reason why a case goes where it goes.

    Attributes:
        rule: The rule that says so, by its id.
        text: In words.
    """

    rule: str
    text: Bilingual


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case goes.

    Attributes:
        forum: Who is to decide.
        venue: The place that is competent; none while no place is known.
        alternatives: Other places that are competent too, as the worker chooses.
        lead: The union that leads (主办).
        lead_province: Its province.
        co_handler: The union of the other province that helps (协办), if there is one.
        represented_by: The out-of-province station that took it in, if one did.
        provisional: A fact is missing: ask, and route again.
        agreement: Id of the agreement between both provinces, if one holds.
        limits: Internal limits that it sets.
        reasons: Why, in order.
    """

    forum: Forum
    venue: str | None
    alternatives: tuple[str, ...]
    lead: str
    lead_province: ProvinceCode
    co_handler: str | None
    represented_by: str | None
    provisional: bool
    agreement: str | None
    limits: tuple[AgreedLimit, ...]
    reasons: tuple[VenueReason, ...]
