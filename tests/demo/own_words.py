"""A population for three provinces that speak in their own words, and their systems."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

from deploy.demo import federation
from deploy.demo.kinds import OWN_WORDS, own_secrets
from deploy.demo.population.building import build
from deploy.demo.population.links import REFERENCE
from deploy.demo.population.telling import tell
from deploy.demo.population.world import World
from deploy.demo.processes import Children
from deploy.demo.settings_files import write_settings

SIZE, SEED = 500, 7
CODES = tuple(OWN_WORDS)
SECRET = "of-the-tests"  # noqa: S105


def populate(directory, *provinces):
    build(directory, size=SIZE, seed=SEED, provinces=provinces or CODES)
    return directory


def told():
    """What the provinces were told to keep, by province and local id."""
    world = World(SEED, REFERENCE)
    found = {code: {} for code in CODES}
    for index in range(SIZE):
        for code, worker in tell(world, world.life(index)).items():
            if code in found:
                found[code][worker.local_id] = worker
    return found


def standing_member(told, code, place=0):
    members = [
        (worker, row)
        for worker in told[code].values()
        for row in worker.memberships
        if row.state == "ACTIVE" and row.membership_no
    ]
    return members[place]


@contextmanager
def running(population, codes=CODES):
    """The systems of these provinces, running, with their settings."""
    with Children(population.parent / "logs") as children:
        databases = {code: population / f"{code}.sqlite" for code in codes}
        started = {
            code: federation.start_own_words(
                *(children, code, file, SECRET),
                acts=file.with_suffix(".acts.sqlite"),
                cases=file.with_suffix(".cases.sqlite"),
            )
            for code, file in databases.items()
        }
        standing = [
            federation.standing(code, databases[code], child, OWN_WORDS[code])
            for code, child in started.items()
        ]
        write_settings(population.parent, port=1, issuer="http://x", provinces=standing)
        yield SimpleNamespace(
            databases=databases,
            environ=own_secrets(dict.fromkeys(codes, SECRET), databases),
            settings=population.parent / "provinces",
            urls={each.code: each.url for each in standing},
        )
