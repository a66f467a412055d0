"""Before files the kit tells the moment of the batch, and not that it looked just now."""

from __future__ import annotations

from tests.provinces import over_kit
from tests.provinces.dropping import day
from tests.provinces.over_files import OverFiles


async def test_the_contract_is_as_of_the_batch(tmp_path):
    files = OverFiles(tmp_path)
    await files.keep({})
    source = over_kit.source(files.connector)
    assert await source.probe() is None
    assert source.as_of == day(1 / 1000)
    await files.keep({})
    assert await source.probe() is None
    assert source.as_of == day(2 / 1000)
    await source.close()
