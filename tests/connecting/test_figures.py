"""How old a province's batch is can be read off, as long as that is so."""

from __future__ import annotations

import pytest

from connectors.guard import Guard
from hub.clock import SystemClock
from hub.runner.figures import RunnerFigures
from hub.web.metrics import Figures
from tests.connectors.conftest import Observed
from tests.provinces.dropping import day
from tests.provinces.over_files import OverFiles, soon
from tests.provinces.over_kit import OWN

NAME = "province_batch_as_of_timestamp_seconds"


async def test_a_guard_tells_of_which_moment_the_batch_is(tmp_path):
    files = OverFiles(tmp_path)
    observed = Observed()
    await files.keep({})
    guard = Guard(
        files.connector,
        OWN,
        SystemClock(),
        observed,
    )
    await guard.probe(soon())
    await guard.close()
    ((province, as_of),) = observed.dates
    assert (province, as_of) == ("44", day(1 / 1000))


@pytest.mark.parametrize(
    ("figures", "name"),
    [(Figures, f"hub_{NAME}"), (RunnerFigures, f"hub_runner_{NAME}")],
)
def test_the_moment_is_shown_until_the_province_changes(figures, name):
    made = figures()
    made.dated("44", day(1))
    line = f'{name}{{province="44"}}'

    def shown():
        return [one for one in made.text()[0].decode().splitlines() if line in one]

    (told,) = shown()
    assert float(told.split()[-1]) == day(1).timestamp()
    made.province_changed("44", "changed")
    assert shown() == []
