"""The explorer's page, bundled once and by one process."""

from __future__ import annotations

import fcntl
from pathlib import Path

from deploy.explorer.__main__ import build, find_node
from hub.web.explorer.endpoint import BUILT

_ROOT = Path(__file__).parents[2]
_CACHE = _ROOT / ".cache"


def bundled() -> Path:
    """Bundle the page, unless it is new or Node is missing; answers where it belongs."""
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / "explorer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_new() and (node := find_node()):
            build(node)
    return BUILT


def _is_new() -> bool:
    """Tell whether it was bundled after its sources were written."""
    made = BUILT / "main.js"
    sources = (_ROOT / "deploy/explorer/src").iterdir()
    return made.exists() and all(
        one.stat().st_mtime <= made.stat().st_mtime for one in sources
    )
