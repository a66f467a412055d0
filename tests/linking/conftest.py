from __future__ import annotations

from tests.builders.link_fixtures import pool, registrar, store  # noqa: F401  # fixtures
