"""The command: ``python -m hub``."""

from __future__ import annotations

import gc

#: What is imported stays: to look through it again and again took a fifth of a start.
#: The hub and the runner set their own when they are ready.
_WHILE_STARTING = (100_000, 50, 1_000)

gc.set_threshold(*_WHILE_STARTING)

from hub.cli.app import main  # noqa: E402  # it is what takes long

if __name__ == "__main__":
    main()
