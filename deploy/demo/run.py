"""Itinerary: the demo from its first line to its last; what it needs is held first."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from deploy.demo import ports
from deploy.demo.presenting import Presenter
from deploy.demo.steps import Steps

if TYPE_CHECKING:
    from types import FrameType

    from rich.console import Console

    from deploy.demo.directory import Directory
    from deploy.demo.wishes import Wishes

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(wishes: Wishes, directory: Directory, console: Console) -> int:
    """Run the demo until it is done (``once``) or told to stop.

    Returns:
        0, or 1 when a look-up's answer was not what the provinces keep; 130 when
        the check was told to stop.

    Raises:
        DemoFailed: Something is missing, in the way, or stopped; nothing runs.
    """
    before = {told: signal.signal(told, _interrupt) for told in _STOPPING}
    steps = Steps(console)
    try:
        with ExitStack() as stack:
            port = ports.choose(wishes.port)
            stack.enter_context(directory.held())
            with steps.step("准备", "getting ready"):
                # Seconds of imports: a port in use is told before, not after them.
                from deploy.demo.starting import start  # noqa: PLC0415
            running = start(wishes, directory, port, stack, steps)
            presenter = Presenter(running, console)
            return presenter.check() if wishes.once else presenter.show()
    except KeyboardInterrupt:
        console.print("\n已停止，未留下任何进程。 Stopped; no process is left.")
        return 130 if wishes.once else 0
    finally:
        for told, handler in before.items():
            signal.signal(told, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop once; what follows while all is stopped changes nothing."""
    del number, frame
    for told in _STOPPING:
        signal.signal(told, signal.SIG_IGN)
    raise KeyboardInterrupt
