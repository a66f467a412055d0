"""Value: what is said in the feed of events of cases, and of their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.feeds.case_change import CaseChange, TaskChange, encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from schema.records.case import Case, CaseMilestone
    from schema.records.case_notice import Notice


class Told:
    """Notices that are really new; each is said once."""

    def __init__(self, keys: set[str]) -> None:
        """Begin with the keys of those that were kept just now."""
        self._keys = keys

    def of(self, no: str, notices: Iterable[Notice]) -> tuple[Notice, ...]:
        """Pick those of a case that were not said yet."""
        new = []
        for notice in notices:
            key = notice.key(no)
            if key in self._keys:
                self._keys.discard(key)
                new.append(notice)
        return tuple(new)


def case_change(
    case: Case, was: Case | None, told: tuple[Notice, ...], due_on: date | None
) -> bytes:
    """Say what an event made of a case; of a reminder both are the same."""
    return encode(
        CaseChange(
            no=case.no,
            seq=case.seq,
            matter=case.matter,
            state=case.state,
            was=None if was is None else was.state,
            held=case.held,
            asked=case.asked,
            milestone=None if was is case else _milestone(case),
            told=told,
            due_on=due_on,
        )
    )


def task_changes(case: Case, was: Case | None) -> list[bytes]:
    """Say which tasks an event moved."""
    before = {} if was is None else {task.no: task for task in was.tasks}
    said = []
    for task in case.tasks:
        old = before.get(task.no)
        if old != task:
            change = TaskChange(
                no=case.no,
                seq=case.seq,
                lead=case.lead,
                task=task,
                was=None if old is None else old.state,
            )
            said.append(encode(change))
    return said


def _milestone(case: Case) -> CaseMilestone | None:
    last = case.milestones[-1] if case.milestones else None
    return last if last is not None and last.seq == case.seq else None
