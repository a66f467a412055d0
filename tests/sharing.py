"""How tests are shared out between processes (``make test``).

A module stays together, as its fixtures are made once; so does a room whose modules
share what is dear to start. What takes long comes first: the short ones fill up what
is left at the end.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

#: Rooms whose modules share hubs, databases and gateways.
TOGETHER = ("tests/attacks/", "tests/peers/")
#: What takes ten seconds and more. ``peers`` waits for what ``tests.ahead`` installs.
LONG = (
    "tests/chaos/test_chaos.py",
    "tests/demo/test_demo.py",
    "tests/bench/test_bench.py",
    "tests/tracing/test_nothing_of_a_person.py",
    "tests/runner/test_process.py",
    "tests/feeds/test_two_hubs.py",
    "tests/demo/test_postgres.py",
    "tests/attacks/",
    "tests/contracts/test_connector.py",
    "tests/provinces/test_registers.py",
    "tests/web/test_slow.py",
    "tests/runner/test_stopping.py",
    "tests/demo/test_population_files.py",
    "tests/peers/",
    "tests/guide/test_guide.py",
    "tests/web/test_explorer.py",
    "tests/transfer/test_any_interleaving.py",
)


def scope_of(nodeid: str) -> str:
    """Name what a test stays together with."""
    module = nodeid.split("::", 1)[0]
    return next((room for room in TOGETHER if module.startswith(room)), module)


def place_of(nodeid: str) -> int:
    """Tell how early a test begins."""
    scope = scope_of(nodeid)
    return LONG.index(scope) if scope in LONG else len(LONG)


class Sharing(LoadScopeScheduling):
    """Hands out scopes in the order in which they were collected."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid):
        return scope_of(nodeid)
