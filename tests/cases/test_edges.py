"""Days and numbers at the ends of what can be are refused, and break nothing."""

from __future__ import annotations

import pytest

from tests.cases.asking import BOTH, PLACE, clerk
from tests.cases.test_arrears import DIGEST, report

COOPERATION = """query($office: String, $since: DateTime, $until: DateTime) {
 cooperation(office: $office, since: $since, until: $until) { __typename
  ... on Refusal { code } ... on Cooperation { withinDays } } }"""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"employer": "510106198704120597"}, "EMPLOYER_CODE_IS_ID_NUMBER"),
        ({"mainContractor": "510106198704120597"}, "EMPLOYER_CODE_IS_ID_NUMBER"),
        ({"workers": 2**31 - 1}, "NUMBER_UNUSABLE"),
        ({"workers": 1_000_001}, "NUMBER_UNUSABLE"),
        ({"on": "0001-01-01", "signalOn": None}, "DAY_TOO_EARLY"),
        ({"since": "0001-01-01"}, "DAY_TOO_EARLY"),
        ({"signalOn": "1900-01-01"}, "DAY_TOO_EARLY"),
    ],
)
async def test_a_report_beyond_what_can_be_is_refused(hub, given, code):
    assert (await report(hub, **given))["code"] == code


async def test_figures_and_digests_are_of_a_time_that_can_be(hub):
    who = clerk(PLACE, *BOTH)
    ends = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-08:00")
    questions = [{"until": one} for one in ends] + [{"since": one} for one in ends]
    questions.append({"since": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"})
    for one in questions:
        found = await hub(COOPERATION, who, office=PLACE, **one)
        assert found.get("code") == "DAY_OUT_OF_RANGE", one
    assert (await hub(COOPERATION, who, office=PLACE))["withinDays"] == 7
    for day in ("0001-01-01", "9999-12-31"):
        found = await hub(DIGEST, who, office=PLACE, on=day)
        assert found["code"] == "DAY_OUT_OF_RANGE"
