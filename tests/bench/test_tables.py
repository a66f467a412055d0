"""The bench of a province's own tables asks what it says it asks."""

from __future__ import annotations

import random

from connectors.mapping.mapping import Mapping
from tests.bench.tables import FIELDS, fill, measure
from tests.provinces import over_sql, own_tables


async def test_every_look_up_finds_its_worker_and_the_row(empty_database_url, tmp_path):
    file = tmp_path / "own.sqlite"
    file.touch()
    mapping = Mapping.load(own_tables.mapping_text(FIELDS).encode(), "44.toml")
    for url in (empty_database_url, f"sqlite:///{file}"):
        fill(url, 200)
        one = over_sql.connector(url, mapping, over_sql.NEITHER)
        spent = await measure(one, 200, 5, random.Random(6))  # noqa: S311

        assert len(spent) == 5
        assert spent == sorted(spent)
