"""Adapter: the programs of the demo federation, each a process of its own."""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deploy.demo.kinds import SUBGRAPH, beside, is_taken, kind_of
from deploy.demo.looking_up import is_ready
from deploy.demo.ports import is_free
from deploy.demo.settings_files import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy.demo.processes import Child, Children

_ROOT = Path(__file__).parents[2]
_READY = re.compile(r"^ready (\S.*)$", re.MULTILINE)
_WORKS = re.compile(r"the runner works; its health: http")
_LIMIT = 60.0

RUNNER_RANK: Final = 3
HUB_RANK: Final = 2
PROVINCE_RANK: Final = 1

#: Qinghai plays an older system: an earlier contract, and no hardship files. The
#: hub asks it for what it declares, and says what it does not offer.
OLDER: Final[Mapping[str, tuple[str, ...]]] = {
    "63": ("--contract-version", "0.9", "--without", "HARDSHIP_FILE"),
}
#: What the older one keeps but does not serve: province and field of the graph.
NOT_SERVED: Final = frozenset({("63", "trainings"), ("63", "hardshipFiles")})


def start_province(
    children: Children,
    code: str,
    database: Path,
    bearer: str,
    *,
    acts: Path | None = None,
    cases: Path | None = None,
) -> Child:
    """Start the system of a province that serves a subgraph.

    Args:
        children: Where it belongs.
        code: Which province.
        database: Its own data.
        bearer: The token that it wants to see.
        acts: Where it keeps who comes and goes; the older one takes no acts,
        cases: nor has it case files whose changes it tells.
    """
    kept = {"--acts": acts, "--cases": cases} if takes_acts(code) else {}
    taken = [word for name, file in kept.items() if file for word in (name, file)]
    return children.start(
        f"province-{code}",
        [
            sys.executable, "-m", "deploy.demo.province", "--code", code,
            "--database", database, "--port", "0", *OLDER.get(code, ()), *taken,
        ],
        env={"PROVINCE_TOKEN": bearer},
        cwd=_ROOT,
        rank=PROVINCE_RANK,
    )  # fmt: skip


def start_own_words(
    children: Children,
    code: str,
    database: Path,
    secret: str,
    *,
    acts: Path,
    cases: Path,
) -> Child:
    """Start the system of a province that speaks in its own words.

    Args:
        children: Where it belongs.
        code: Which province; ``kinds`` tells how it speaks.
        database: Its own data.
        secret: What an OAuth client has to show, if it serves any.
        acts: Where it keeps who comes and goes.
        cases: Where it keeps its case files.
    """
    kind = kind_of(code)
    to: list[str | Path] = [] if kind == "rest" else ["--to", beside(database, code)]
    return children.start(
        f"province-{code}",
        [
            sys.executable, "-m", "deploy.demo.own_words", kind, "--code", code,
            "--database", database, "--acts", acts, "--cases", cases, *to,
        ],
        env={"PROVINCE_TOKEN": secret},
        cwd=_ROOT,
        rank=PROVINCE_RANK,
    )  # fmt: skip


def standing(code: str, database: Path, child: Child, kind: str = SUBGRAPH) -> Standing:
    """Wait until a province is ready, and tell where it is."""
    url = child.wait_for(_READY, _LIMIT)[1]
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as kept:
        zh, en = kept.execute("SELECT name_zh, name_en FROM province").fetchone()
    return Standing(code, zh, en, url, kind)


def start_issuer(children: Children, keys: Path, last_url: str) -> Child:
    """Start the issuer, where it was at the last start if it can be.

    Tokens name the issuer's address: while it stays, they stay good.
    """
    port = last_url.rpartition(":")[2]
    again = port if port.isdecimal() and is_free(int(port)) else "0"
    return children.start(
        "issuer",
        [
            sys.executable, "-m", "deploy.demo.issuer", "--keys", keys,
            "--port", again,
        ],
        cwd=_ROOT,
    )  # fmt: skip


def url_of(child: Child) -> str:
    """Wait until a program is ready, and tell where it listens."""
    return child.wait_for(_READY, _LIMIT)[1]


def start_hub(children: Children, settings: Path, env: Mapping[str, str]) -> Child:
    """Start the hub; it is ready a little later."""
    return children.start(
        "hub",
        [sys.executable, "-m", "hub", "serve", "--config", settings],
        env=env,
        cwd=_ROOT,
        rank=HUB_RANK,
    )


def start_runner(children: Children, settings: Path, env: Mapping[str, str]) -> Child:
    """Start the runner: it stops before the hub, and the hub before the provinces."""
    return children.start(
        "runner",
        [sys.executable, "-m", "hub", "runner", "--config", settings, "--port", "0"],
        env=env,
        cwd=_ROOT,
        rank=RUNNER_RANK,
    )


def wait_for_hub(hub: Child, port: int) -> None:
    """Wait until the hub answers."""
    hub.wait_until(lambda: is_ready(port), _LIMIT)


def wait_for_batches(hub: Child, provinces: Sequence[Standing]) -> None:
    """Wait until the hub has taken a batch of each province that delivers files."""
    for one in provinces:
        if one.kind == "files":
            hub.wait_until(partial(is_taken, Path(one.url)), _LIMIT)


def wait_for_runner(runner: Child) -> None:
    """Wait until the runner works."""
    runner.wait_for(_WORKS, _LIMIT)


def takes_acts(code: str) -> bool:
    """Tell whether members can come to a province, and leave it."""
    return code not in OLDER
