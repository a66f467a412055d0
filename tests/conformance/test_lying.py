"""Each check finds the province that breaks just what it looks at."""

from __future__ import annotations

import pytest

from connectors.conformance.report import Outcome, catalogue
from connectors.conformance.running import STEPS
from tests.conformance.lies import LIES
from tests.conformance.lying_wire import WIRE_LIES
from tests.conformance.sound import SAMPLE, province, visited


async def test_a_province_that_keeps_the_contract_passes_everything():
    report, outcomes = await visited(province())

    assert report.conforms
    aside = {name for name, one in outcomes.items() if one is not Outcome.PASSED}
    # Nothing is undeclared, there is no line and no secret.
    assert {name.partition(".")[0] for name in aside} == {"refuse", "secrets", "wire"}


@pytest.mark.parametrize("name", LIES)
async def test_a_lie_is_found_by_its_check(name):
    _, seen_by, make, more = LIES[name]
    means = dict(more)
    on, warned = means.pop("on", None), means.pop("warned", False)
    sample = means.pop("sample", SAMPLE)
    liar = make()

    def tell(check, _place, _total):
        liar.on = check.id == on

    if on:
        liar.on = False
        means["tell"] = tell
    _, outcomes = await visited(liar, sample, **means)

    wanted = Outcome.WARNED if warned else Outcome.FAILED
    assert {name for name, one in outcomes.items() if one is wanted} == seen_by
    if warned:
        assert Outcome.FAILED not in outcomes.values()


def test_every_check_has_a_lie_that_it_finds():
    targets = {one[0] for one in LIES.values()} | {one[0] for one in WIRE_LIES.values()}

    assert targets == set(catalogue()) == set(STEPS)
