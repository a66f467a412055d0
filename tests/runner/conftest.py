from __future__ import annotations

import pytest

from tests.builders.moving import ground


@pytest.fixture
async def hub(database_url):
    """A hub that moves memberships, with six provinces in memory."""
    async with ground(database_url, commands=10) as made:
        yield made
