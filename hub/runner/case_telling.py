"""Decider: an event of a case or a task → what an endpoint is told of it.

An endpoint sees what its office sees in the graph: by its parts in the case and the
table of roles, as they are when it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.access.caller import Scope
from hub.acting.actor import Actor
from hub.feeds.case_change import decode_case, decode_task
from hub.feeds.events import Topic, write_cursor
from hub.following.showing import event_seen, seen_task
from hub.following.sight import Looker, acts_for, sees_task, sight
from hub.runner.telling import Told
from schema.records.showing import Shown

if TYPE_CHECKING:
    from datetime import date

    from hub.feeds.events import Event
    from hub.following.roles import RoleTable
    from hub.organisation.directory import Directory

#: An endpoint reads; it acts by the graph.
_SCOPES: Final = frozenset({Scope.CASE_READ.value})


def looker_of(
    office: str, directory: Directory, roles: RoleTable, today: date
) -> Looker | None:
    """See an endpoint as who looks; none if its office does not stand today."""
    found = directory.get(office, today)
    if found is None:
        return None
    actor = Actor("webhook", office, found.province, _SCOPES)
    return Looker(actor, directory, roles.on(today), today)


def told_of_case(event: Event, looker: Looker | None) -> Told | None:
    """Read an event of a case or a task; none if it is not for the endpoint.

    Args:
        event: Of the topic ``CASE`` or ``TASK``.
        looker: The endpoint's office.
    """
    if looker is None:
        return None
    return (_task if event.topic == Topic.TASK else _case)(event, looker)


def _case(event: Event, looker: Looker) -> Told | None:
    change = decode_case(event.body)
    seats = {one.seat for one in change.held} | {one.to for one in change.told}
    if change.asked is not None:
        seats.add(change.asked)
    own = frozenset(one for one in seats if acts_for(looker, one))
    cursor = write_cursor(event.cursor)
    seen = event_seen(change, sight(looker, change), own, cursor, event.at)
    if seen is None:
        return None
    if change.was is None:
        kind = "opened"
    else:
        kind = "reminder" if seen.reminder else "changed"
    data = msgspec.structs.asdict(seen)
    del data["cursor"], data["at"]
    return Told(
        f"case.{kind}", frozenset(), {"case": data}, Shown.CASE_EVENT, "", change.no
    )


def _task(event: Event, looker: Looker) -> Told | None:
    change = decode_task(event.body)
    if not sees_task(looker, change.task.to, change.lead):
        return None
    task = seen_task(change.task, change.no, change.lead)
    kind = "given" if change.was is None else "moved"
    data = {"task": task, "was": change.was, "seq": change.seq}
    return Told(f"task.{kind}", frozenset(), data, Shown.TASK_EVENT, "", change.no)
