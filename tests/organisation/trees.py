"""Organisations for tests: small trees, and any that Hypothesis thinks of."""

from __future__ import annotations

from datetime import date

from hub.organisation.organisation import Organisation
from schema.records.membership import OrganisationKind as Kind

FROM = date(2000, 1, 1)
TODAY = date(2026, 11, 22)


def one(code: str, parent: str | None = None, **facts: object) -> Organisation:
    """Make an organisation: of Guangdong, grass-roots, from 2000 on, unless told."""
    given = {
        "name": f"{code}工会",
        "province": "44",
        "division": "440106",
        "kind": Kind.GRASSROOTS if parent else Kind.PROVINCE,
        "valid_from": FROM,
    } | facts
    return Organisation(code=code, parent=parent, **given)


PROVINCE = one("440000-01", division="440000")
CITY = one("city", "440000-01", kind=Kind.CITY, division="440100")
COUNTY = one("county", "city", kind=Kind.COUNTY)
TOWNSHIP = one("township", "county", kind=Kind.TOWNSHIP)
VILLAGE = one("village", "township", kind=Kind.VILLAGE)
FIRM = one("firm", "county")
OTHER_CITY = one("other-city", "440000-01", kind=Kind.CITY, division="440300")
OTHER_FIRM = one("other-firm", "other-city", division="440303")
SICHUAN = one("510000-01", province="51", division="510000")
TREE = (
    PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE, FIRM, OTHER_CITY, OTHER_FIRM, SICHUAN,
)  # fmt: skip
