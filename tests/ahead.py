"""What takes long to be installed, begun when the tests begin: ``python -m tests.ahead``.

Whoever needs it waits for what is not ready then, and tells why it cannot be had:
here all goes on in silence, at a low priority, while other tests run.
"""

from __future__ import annotations

import contextlib
import os
import subprocess

from tests.peers import ariadne, node
from tests.peers.kept import Missing
from tests.web.bundle import bundled


def main() -> None:
    """Install and bundle what is not there yet."""
    os.nice(5)
    for make in (node.installed, bundled, ariadne.installed):
        with contextlib.suppress(Missing, AssertionError, subprocess.SubprocessError):
            make()


if __name__ == "__main__":
    main()
