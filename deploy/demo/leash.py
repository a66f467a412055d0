"""Adapter: runs a program that does not outlive the process that started it.

This file is run as a script (``python -I -S leash.py …``) between the parent and
the program, so it imports the standard library only and as little of that as
it can. A function between fork and exec would do the same without the extra
20 ms, but is not safe while the parent has threads (the progress display).

Linux: the kernel is asked to signal the program when its parent dies, and
the script becomes the program. Mind that the kernel means the parent *thread*:
start programs from a thread that lives as long as they shall.

Elsewhere (macOS): the script stays, holding one end of a pipe whose other end
only the parent has; when the pipe closes, the parent is gone and the program is
stopped. Killing the script itself with SIGKILL leaves the program running there.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

TYPE_CHECKING = False  # typing itself takes 10 ms to import
if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_GRACE = 5.0
_NOT_STARTED = 127


def drop_privileges(uid: int, gid: int) -> None:
    """Become another user for good; ``uid`` below zero changes nothing."""
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def die_with_parent(prctl: Callable[[int, int], int], parent: int, deadly: int) -> None:
    """Ask the kernel for a signal when the parent dies (Linux).

    Must come after a change of user, which makes the kernel forget it.
    """
    if prctl(_PR_SET_PDEATHSIG, deadly) != 0:
        raise OSError("prctl")
    if os.getppid() != parent:  # it died before we asked
        sys.exit(_NOT_STARTED)


def _find_prctl() -> Callable[[int, int], int]:
    """Find the call before a change of user, who may not reach this Python."""
    import ctypes  # noqa: PLC0415  # 5 ms that only this way needs

    found: Callable[[int, int], int] = ctypes.CDLL(None).prctl
    return found


def watch(argv: list[str], pipe: int, deadly: int) -> int:
    """Run a program beside this one and stop it when the pipe closes.

    Returns:
        The exit status to end with, as a shell would give it.
    """
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _become(argv)
    for forwarded in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(forwarded, lambda number, _: os.kill(child, number))
    ready: list[int] = []
    while pipe not in ready:
        ready, _, _ = select.select([pipe, woken], [], [])
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return _as_shell(status)
        if woken in ready:
            os.read(woken, 64)
    return _put_down(child, deadly)


def _put_down(child: int, deadly: int) -> int:
    """Stop a program whose parent is gone: asked first, then killed."""
    os.kill(child, deadly)
    end = time.monotonic() + _GRACE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return _as_shell(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    return _as_shell(os.waitpid(child, 0)[1])


def _as_shell(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _become(argv: list[str]) -> None:
    try:
        os.execvp(argv[0], argv)  # noqa: S606  # argv is the parent's, no shell
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(_NOT_STARTED)


def main(arguments: list[str]) -> int:
    """Run ``PARENT SIGNAL UID GID PIPE PROGRAM [ARGUMENT …]``.

    ``PIPE`` below zero means that the kernel watches; else it is the number of
    the open end to watch.
    """
    parent, deadly, uid, gid, pipe = (int(word) for word in arguments[:5])
    argv = arguments[5:]
    if pipe >= 0:
        drop_privileges(uid, gid)
        return watch(argv, pipe, deadly)
    prctl = _find_prctl()
    drop_privileges(uid, gid)
    die_with_parent(prctl, parent, deadly)
    _become(argv)
    return _NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
