"""Value: what an event makes of a case, and who is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from schema.records.case import Case, CaseMilestone
from schema.records.case_notice import Notice
from schema.records.case_task import Task

if TYPE_CHECKING:
    from hub.following.lead_events import Happened
    from schema.records.case import Step


class Decision(msgspec.Struct, frozen=True):
    """What becomes of a case.

    Attributes:
        case: After the event.
        told: Who is to be told what.
    """

    case: Case
    told: tuple[Notice, ...] = ()


class TaskDecision(msgspec.Struct, frozen=True):
    """What becomes of a task.

    Attributes:
        task: After the event.
        told: Who is to be told what.
    """

    task: Task
    told: tuple[Notice, ...] = ()


class Silent(msgspec.Struct, frozen=True):
    """Nothing: the event is a repetition, or too late to matter. Write nothing."""


def stepped(
    case: Case,
    milestone: CaseMilestone | None,
    told: tuple[Notice, ...] = (),
    **changes: Any,
) -> Decision:
    """Go on by one event.

    Args:
        case: Before it.
        milestone: What followers see of it, if anything.
        told: Notices.
        **changes: Fields of the case that differ afterwards.
    """
    seen = case.milestones if milestone is None else (*case.milestones, milestone)
    after = msgspec.structs.replace(case, seq=case.seq + 1, milestones=seen, **changes)
    return Decision(after, told)


def milestone(
    case: Case, event: Happened, step: Step, about: str = "", reason: str = ""
) -> CaseMilestone:
    """Note what followers will see of an event that is about to change a case."""
    return CaseMilestone(
        seq=case.seq + 1,
        at=event.at,
        step=step,
        seat=getattr(event, "by", None),
        about=about,
        reason=reason,
    )
