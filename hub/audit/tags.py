"""Value: what can stand in the audit trail."""

from __future__ import annotations

from enum import StrEnum


class Tag(StrEnum):
    """What happened, as ``source:subject:action``. Stable: auditors search by it."""

    #: A caller was shown (part of) a worker's file.
    WORKER_SHOWN = "reading:worker:shown"
    #: A caller looked for somebody whom nobody knows.
    WORKER_NOT_FOUND = "reading:worker:not-found"
    #: A rule refused to show a worker's file.
    WORKER_REFUSED = "reading:worker:refused"
    #: Look-ups by number that found nobody look like guessing: an alarm.
    ENUMERATION_SUSPECTED = "reading:caller:enumeration-suspected"
