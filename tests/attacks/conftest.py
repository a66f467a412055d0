from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.attacks.ground import start


@pytest.fixture(scope="session")
def target(tmp_path_factory):
    """A real hub process, with all that it needs."""
    with ExitStack() as stack:
        yield start(tmp_path_factory.mktemp("attacked"), stack)
