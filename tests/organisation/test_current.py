"""The directory of a process follows what is kept, and reads it only when it changed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.organisation.current import CurrentDirectory
from hub.organisation.mistakes import BadDirectory
from hub.store.organisations import OrganisationStore
from schema.records.refusal import Refused
from tests.builders.linking import opened
from tests.organisation.trees import COUNTY, FIRM, TODAY, TREE, one


class Counted(OrganisationStore):
    """The real store; it counts how often all is read."""

    reads = 0

    async def all(self):
        self.reads += 1
        return await super().all()


@pytest.fixture
async def store(database_url):
    async with opened(database_url) as pool:
        yield Counted(pool)


async def test_it_is_read_again_only_when_something_changed(store):
    current = CurrentDirectory(store, 3600)
    with pytest.raises(Refused, match="has not read the unions yet"):
        current()
    await current.refresh()
    assert (len(current()), store.reads) == (0, 0)

    await store.import_many(TREE)
    await current.refresh()
    await current.refresh()
    assert current().acts_for("county", "firm", TODAY)
    assert store.reads == 1

    await store.import_many([replace(FIRM, parent="other-city")])
    await current.refresh()
    assert current().acts_for("other-city", "firm", TODAY)
    assert store.reads == 2


async def test_what_was_known_holds_when_what_is_kept_makes_no_tree(store):
    current = CurrentDirectory(store, 3600)
    await store.import_many(TREE)
    await current.refresh()

    await store.import_many([one("orphan", "nobody")])
    with pytest.raises(BadDirectory):
        await current.refresh()
    assert current().get("county", TODAY) == COUNTY

    await store.import_many([one("orphan", "county")])
    await current.refresh()
    assert current().acts_for("county", "orphan", TODAY)
