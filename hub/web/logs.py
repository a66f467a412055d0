"""Adapter: the log: one line per request and per province call, key=value.

What is logged are ids, codes, sizes and durations. Bodies, variables, tokens
and resident ID numbers are not; should a library quote one in a message or a
traceback, the formatter takes it out, as the last thing before the line leaves.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from connectors.tracing import CURRENT
from hub.web.scrub import scrub

if TYPE_CHECKING:
    from types import TracebackType

#: Id of the request that is being answered; empty outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

_BARE = re.compile(r"[\w.:/@+-]{1,200}", re.ASCII)
# The last value may be a sentence, such as what a system said of a fault.
_PAIRS = re.compile(r"[\w ]{1,60}(?: \w+=\S*)+(?: [^=\n]*)?", re.ASCII)
# A token begins where a word does: otherwise each of its letters is a beginning.
_TOKEN = re.compile(r"(?i)bearer\s+\S+|(?<![\w-])eyJ[\w-]+\.[\w-]+\.?[\w-]*")
_ATTRIBUTE = "hub_fields"


def fields(**values: object) -> dict[str, Any]:
    """Make the ``extra`` of a log call: what to write behind the message."""
    return {_ATTRIBUTE: values}


class KeyValue(logging.Formatter):
    """Writes a record as one line of ``key=value``, scrubbed."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        moment = datetime.fromtimestamp(record.created, UTC)
        told = _event(record.getMessage())
        told |= getattr(record, _ATTRIBUTE, {})
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        body = _scrubbed(" ".join(f"{key}={_write(told[key])}" for key in told))
        # Our own ids are written after the scrubbing: they are random, and may by
        # chance look like a number.
        request, span = REQUEST_ID.get(), CURRENT.get()
        head = (
            f"ts={moment.isoformat(timespec='milliseconds')} level={record.levelname}"
        )
        named = f" logger={record.name}" + (f" request={request}" if request else "")
        named += f" trace={span.trace}" if span is not None else ""
        return f"{head}{named} {body}"

    def formatException(  # noqa: N802  # logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Write a traceback; a library's message in it may hold anything."""
        return _scrubbed(super().formatException(ei))


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log of the process through one handler.

    Args:
        level: The least severe level that is written.
        stream: Where to; standard error if not given.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(KeyValue())  # it scrubs, so no filter need do it too
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.captureWarnings(capture=True)


def _event(message: str) -> dict[str, object]:
    """Take a message apart that is written ``what happened key=value …`` already."""
    told: dict[str, object] = {}
    if _PAIRS.fullmatch(message):
        head, *pairs = re.split(r" (?=\w+=)", message)
        told["event"] = head
        told |= {key: text for key, _, text in (pair.partition("=") for pair in pairs)}
        if REQUEST_ID.get():
            told.pop("request", None)  # it stands at the head of the line
    else:
        told["event"] = message
    return told


def _scrubbed(text: str) -> str:
    return _TOKEN.sub("[token removed]", scrub(text))


def _write(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
