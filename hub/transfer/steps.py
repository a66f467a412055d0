"""Value: which step of a transfer's timeline a journal event is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.transfer.events import (
    Accepted,
    Done,
    LimitPassed,
    Opened,
    Refused,
    Rejected,
    Withdrawn,
)
from schema.records.command import Act
from schema.records.transfer import Step

if TYPE_CHECKING:
    from hub.transfer.events import Event

_PLAIN: Final[dict[type, Step]] = {
    Opened: Step.OPENED,
    Accepted: Step.ACCEPTED,
    Rejected: Step.REJECTED,
    Withdrawn: Step.WITHDRAWN,
    LimitPassed: Step.LIMIT_PASSED,
}
_DONE: Final = {
    Act.REGISTER_OUT: Step.OUT_REGISTERED,
    Act.CANCEL_OUT: Step.OUT_CANCELLED,
    Act.REGISTER_IN: Step.IN_REGISTERED,
    Act.CANCEL_IN: Step.IN_CANCELLED,
    Act.COMPLETE_OUT: Step.OUT_COMPLETED,
}


def step_of(event: Event) -> Step:
    """Tell the step that an event is."""
    match event:
        case Done(act=act):
            return _DONE[act]
        case Refused(act=act):
            return Step.IN_REFUSED if act is Act.REGISTER_IN else Step.OUT_REFUSED
        case _:
            return _PLAIN[type(event)]
