from __future__ import annotations

import pytest

from tests.moving.asking import asking


@pytest.fixture
async def hub(database_url):
    async with asking(database_url) as made:
        yield made
