"""The links of the made-up population: what the hub is given to import."""

from __future__ import annotations

from collections import Counter

import pytest

from deploy.demo.population.links import REFERENCE, links, links_of
from deploy.demo.population.shares import NOT_KEPT, PROVINCES
from deploy.demo.population.telling import tell
from deploy.demo.population.world import World
from hub.identity import resident_id
from schema.records.kinds import ROW_KINDS, RecordKind

WORLD = World(7, REFERENCE)


@pytest.fixture(scope="module")
def told():
    lives = [WORLD.life(index) for index in range(2000)]
    return [(life, tell(WORLD, life)) for life in lives]


def test_a_link_names_exactly_the_kinds_that_have_rows(told):
    for life, workers in told:
        found = list(links_of(WORLD, life))
        assert {link.province for link in found} == workers.keys()
        for link in found:
            worker = workers[link.province]
            assert link.local_key == worker.local_id
            kept = {line.kind for line in ROW_KINDS if getattr(worker, line.rows)}
            assert set(link.kinds) == kept | {RecordKind.WORKER}
            assert not kept & NOT_KEPT[link.province]
            assert link.valid_from <= (link.valid_to or REFERENCE) <= REFERENCE


def test_the_same_person_is_written_in_several_ways(told):
    written = Counter()
    for life, _ in told:
        for link in links_of(WORLD, life):
            written[len(link.resident_id), link.resident_id[-1] == "x"] += 1
            number = resident_id.parse(link.resident_id, REFERENCE)
            assert number == resident_id.parse(life.identity.resident_id, REFERENCE)
    assert written[15, False] > 5
    assert written[18, True] > 0


def test_links_come_one_by_one_and_as_many_as_wanted():
    assert len(list(links(10**7, 7, limit=1000))) == 1000
    whole = list(links(50, 7))
    assert {link.province for link in whole} <= set(PROVINCES)
    assert list(links(40, 7)) == whole[: len(list(links(40, 7)))]
