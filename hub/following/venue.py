"""Decider: where a rights case goes: place, leading union, helpers, and why.

RULEBOOK §4. Never the home place as such; an intake there is routed all the same, and
where nothing is known yet, whoever received it keeps it until it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.following import venue_words as say
from hub.following.agreements import Agreements, limits_of
from hub.following.places import Places, is_division
from hub.following.venue_rules import Leads, Level, Place, VenueRules
from hub.organisation.directory import Directory
from schema.records.membership import OrganisationKind as Kind
from schema.records.venue import Routing, VenueReason

if TYPE_CHECKING:
    from datetime import date

    from hub.following.venue_rules import VenueRule
    from hub.organisation.organisation import Organisation
    from schema.records.refusal import Refusal
    from schema.records.venue import VenueQuestion

_SMALL: Final = frozenset({Kind.VILLAGE, Kind.TOWNSHIP})
_OF_EMPLOYERS: Final = frozenset(
    {Kind.GRASSROOTS, Kind.JOINT_UNION, Kind.PROJECT_UNION}
)
_DIGITS: Final = {Level.TOWNSHIP: 9, Level.COUNTY: 6, Level.CITY: 4, Level.PROVINCE: 2}
_COUNTY: Final = 6


class Atlas(msgspec.Struct, frozen=True):
    """All data by which cases are routed.

    Attributes:
        rules: Which place is competent.
        places: Which codes mean which places.
        directory: The unions.
        agreements: What provinces agreed on.
    """

    rules: VenueRules
    places: Places
    directory: Directory
    agreements: Agreements


class _Found(msgspec.Struct):
    """Places while they are looked for."""

    venues: list[str]
    reasons: list[VenueReason]
    provisional: bool = False

    @property
    def venue(self) -> str | None:
        return self.venues[0] if self.venues else None


def route(atlas: Atlas, asked: VenueQuestion) -> Routing | Refusal:
    """Say where a rights case goes.

    Returns:
        The routing; or why there is none: a code is no division, no rule held on that
        day, or the union that received it does not stand.
    """
    intake = atlas.directory.get(asked.intake, asked.on)
    if intake is None:
        return say.UNKNOWN_INTAKE
    forum = asked.forum or atlas.rules.forum(asked.matter)
    rule = atlas.rules.rule(forum, asked.on)
    if rule is None:
        return say.NO_RULE
    given = _given(atlas, asked, intake)
    if not all(map(is_division, given.values())):
        return say.BAD_DIVISION
    found = _find(atlas, rule, given, asked.on)
    lead = _leading(atlas, rule, asked, intake, found)
    if lead is None:
        return say.UNKNOWN_INTAKE
    found.reasons.append(say.leads(lead))
    station = intake.kind is Kind.OUT_OF_PROVINCE_STATION
    if station:
        found.reasons.append(say.station(intake))
    helper = _helper(atlas, asked, intake, lead)
    agreed = () if helper is None else atlas.agreements.between(
        lead.province, helper.province, asked.matter, asked.on
    )  # fmt: skip
    found.reasons += [say.agreed(each) for each in agreed]
    if helper is not None:
        found.reasons.append(say.helps(helper))
    return Routing(
        forum=forum,
        venue=found.venue,
        alternatives=tuple(found.venues[1:]),
        lead=lead.code,
        lead_province=lead.province,
        co_handler=helper.code if helper is not None else None,
        represented_by=intake.code if station else None,
        provisional=found.provisional,
        agreement=agreed[0].id if agreed else None,
        limits=limits_of(agreed),
        reasons=tuple(found.reasons),
    )


def _given(
    atlas: Atlas, asked: VenueQuestion, intake: Organisation
) -> dict[Place, str]:
    """Name the places that are known."""
    home = atlas.directory.get(asked.home, asked.on) if asked.home else None
    places = {
        Place.WORKPLACE: asked.workplace,
        Place.EMPLOYER_SEAT: asked.employer_seat,
        Place.INSURANCE_PLACE: asked.insurance_place,
        Place.BODY_PLACE: asked.body_place,
        Place.HOME: home.division if home is not None else None,
        Place.INTAKE: intake.division,
    }
    return {place: code for place, code in places.items() if code}


def _find(atlas: Atlas, rule: VenueRule, given: dict[Place, str], on: date) -> _Found:
    """Find the competent places, the first known first."""
    competent = [place for place in rule.places if place in given]
    found = _Found([], [say.rule(rule)])
    if not competent:
        competent = [place for place in rule.otherwise if place in given][:1]
        found.provisional = bool(competent)
    elif not rule.choice:
        competent = competent[:1]
    for place in competent:
        code, reasons = _standing(atlas, given[place], on)
        venue = _cut(atlas, code, rule.level)
        if venue not in found.venues:
            found.reasons += [*reasons, say.place(place, venue, first=not found.venues)]
            found.venues.append(venue)
    if found.provisional:
        found.reasons.append(say.provisional(rule))
    if not found.venues:
        found.provisional = True
        found.reasons.append(say.no_place())
    return found


def _standing(atlas: Atlas, code: str, on: date) -> tuple[str, tuple[VenueReason, ...]]:
    """Tell which place a code means; a union that has its seat there knows it too."""
    at, reasons = atlas.places.standing(code, on)
    if at != code and reasons[0].rule != say.MERGED:
        union = atlas.directory.residence(code, on)
        if union is not None and union.division[:_COUNTY] == code[:_COUNTY]:
            return code, ()
    return at, reasons


def _cut(atlas: Atlas, code: str, level: Level) -> str:
    if level is Level.CITY and code[:2] in atlas.rules.municipalities:
        level = Level.PROVINCE
    cut = code[: _DIGITS[level]]
    return cut if len(cut) >= _COUNTY else cut.ljust(_COUNTY, "0")


def _leading(
    atlas: Atlas,
    rule: VenueRule,
    asked: VenueQuestion,
    intake: Organisation,
    found: _Found,
) -> Organisation | None:
    """Find the union that leads; none if who received it is a station of nobody."""
    lead = (
        _employers(atlas, rule, asked)
        or _named(atlas, rule, asked, found.venue)
        or _local(atlas, rule, found.venue, asked.on, found.reasons)
    )
    if lead is not None:
        return lead
    found.provisional = True
    found.reasons.append(say.no_union(found.venue or ""))
    return _no_station(atlas.directory, intake, asked.on)


def _named(
    atlas: Atlas, rule: VenueRule, asked: VenueQuestion, venue: str | None
) -> Organisation | None:
    """Find the union that leads whatever the place, if one does."""
    code = asked.home if rule.lead is Leads.HOME else None
    if venue is None or rule.lead is Leads.INTAKE:
        code = code or asked.intake
    own = atlas.directory.get(code, asked.on) if code else None
    return _no_station(atlas.directory, own, asked.on)


def _local(
    atlas: Atlas,
    rule: VenueRule,
    venue: str | None,
    on: date,
    reasons: list[VenueReason],
) -> Organisation | None:
    """Find the union of the place, or the nearest above it; and say so."""
    lead = atlas.directory.residence(venue, on) if venue else None
    while lead is not None and rule.lead is not Leads.TOWNSHIP and lead.kind in _SMALL:
        lead = _above(atlas.directory, lead, on)
    if venue is None or lead is None:
        return None
    if not lead.division.startswith(venue):
        reasons.append(say.next_level_up(venue, lead))
    return lead


def _employers(
    atlas: Atlas, rule: VenueRule, asked: VenueQuestion
) -> Organisation | None:
    """Find the union in the enterprise, where it mediates."""
    if not rule.employer_union or not asked.employer_union:
        return None
    own = atlas.directory.get(asked.employer_union, asked.on)
    return own if own is not None and own.kind in _OF_EMPLOYERS else None


def _above(directory: Directory, one: Organisation, on: date) -> Organisation | None:
    return directory.get(one.parent, on) if one.parent else None


def _no_station(
    directory: Directory, one: Organisation | None, on: date
) -> Organisation | None:
    """Tell whose a station is: it takes in and represents, and does not lead."""
    while one is not None and one.kind is Kind.OUT_OF_PROVINCE_STATION:
        one = _above(directory, one, on)
    return one


def _helper(
    atlas: Atlas, asked: VenueQuestion, intake: Organisation, lead: Organisation
) -> Organisation | None:
    """Find the union of another province that helps: the home's, or who took it in."""
    home = atlas.directory.get(asked.home, asked.on) if asked.home else None
    for one in (home, intake):
        union = _no_station(atlas.directory, one, asked.on)
        if union is not None and union.province != lead.province:
            return union
    return None
