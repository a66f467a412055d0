"""Adapter: ports of this machine."""

from __future__ import annotations

import errno
import socket

from deploy.demo.failure import DemoFailed
from schema.records.refusal import Bilingual


def is_free(port: int) -> bool:
    """Tell whether a program could listen on a port of this machine."""
    return _try(port) is None


def choose(wanted: int) -> int:
    """Take the wanted port, or any free one for 0.

    Raises:
        DemoFailed: It is in use, or may not be used.
    """
    if wanted == 0:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            free: int = listener.getsockname()[1]
            return free
    error = _try(wanted)
    if error is None:
        return wanted
    zh, en = (
        ("已被占用", "is in use")
        if error.errno == errno.EADDRINUSE
        else (f"不能使用（{error.strerror}）", f"cannot be used ({error.strerror})")
    )
    raise DemoFailed(
        Bilingual(f"端口 {wanted} {zh}。", f"Port {wanted} {en}."),
        Bilingual(
            "请停止占用它的程序，或换一个端口，例如："
            f'make demo ARGS="--port {wanted + 1}"。',
            "Stop the program that has it, or choose another port, e.g.: "
            f'make demo ARGS="--port {wanted + 1}".',
        ),
    )


def _try(port: int) -> OSError | None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except (OSError, OverflowError) as error:
        return error if isinstance(error, OSError) else OSError(errno.EINVAL, "?")
    return None
