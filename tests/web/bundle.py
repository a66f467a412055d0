"""The explorer's page, bundled once and by one process."""

from __future__ import annotations

import fcntl
from pathlib import Path

from deploy.explorer.__main__ import build, find_node
from hub.web.explorer.endpoint import BUILT

_CACHE = Path(__file__).parents[2] / ".cache"


def bundled() -> Path:
    """Bundle the page, unless it is or Node is missing; answers where it belongs."""
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / "explorer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not BUILT.exists() and (node := find_node()):
            build(node)
    return BUILT
