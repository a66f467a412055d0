"""Itinerary: a group of acts on cases within one transaction, each answered by itself.

Several acts on one case are decided in their order, each upon what the one before it
made of the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from hub.acting.refusals import KEY_TAKEN
from hub.following import acting_refusals as no
from hub.following import record
from hub.following.case import decide, open_case
from hub.following.case_events import Event
from hub.following.decision import Decision, Silent
from hub.following.lead_events import Opened
from hub.following.ports import Before, Looked, Written
from hub.following.record import Cause, Now
from schema.records.case import Case
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.following.ports import CaseUnit


class Opening(msgspec.Struct, frozen=True):
    """A wish to open a case.

    Attributes:
        cause: Who wishes.
        opened: The event; or why not, which counts unless the act was done before.
        given: Whether the number was given by the caller, and may be taken.
    """

    cause: Cause
    opened: Opened | Refusal
    given: bool = False


class Act(msgspec.Struct, frozen=True):
    """Something that happens to a case.

    Attributes:
        cause: Who acts.
        no: On which case.
        make: Makes the event of the case as it stands, or says why not.
    """

    cause: Cause
    no: str
    make: Callable[[Case, Now], Event | Refusal]


class Look(msgspec.Struct, frozen=True):
    """A case is looked at: its moment came.

    Attributes:
        no: Which.
        anew: Its clocks are re-evaluated, too: rules changed.
    """

    no: str
    anew: bool = False


#: What comes to the desk.
Asked = Opening | Act | Look


class _Group(msgspec.Struct):
    """What a transaction has read and will write."""

    cases: dict[str, Case]
    before: dict[str, Before]
    written: list[Written]
    looked: list[Looked]


async def settle(
    unit: CaseUnit, acts: Sequence[Asked], now: Now
) -> list[Case | Refusal]:
    """Let things happen to cases, in the order of the acts.

    Args:
        unit: The transaction.
        acts: The group.
        now: When and by which rules.

    Returns:
        An answer for each act.
    """
    numbers = {found for one in acts if (found := _number(one))}
    keys = {one.cause.acting for one in acts if not isinstance(one, Look)} - {""}
    cases = dict(await unit.lock(sorted(numbers))) if numbers else {}
    before = dict(await unit.acted(sorted(keys))) if keys else {}
    group = _Group(cases, before, [], [])
    answers = [_settle(one, group, now) for one in acts]
    if group.written or group.looked:
        await unit.write(group.written, group.looked)
    return answers


def _number(one: Asked) -> str:
    """Name the case that is to be locked, or that may be there already."""
    if not isinstance(one, Opening):
        return one.no
    return one.opened.no if one.given and isinstance(one.opened, Opened) else ""


def _settle(one: Asked, group: _Group, now: Now) -> Case | Refusal:
    if isinstance(one, Look):
        return _look(one, group, now)
    earlier = group.before.get(one.cause.acting) if one.cause.acting else None
    if earlier is not None:
        if earlier.act != one.cause.act:
            return KEY_TAKEN
        return group.cases.get(earlier.case.no, earlier.case)
    return _open(one, group, now) if isinstance(one, Opening) else _act(one, group, now)


def _open(one: Opening, group: _Group, now: Now) -> Case | Refusal:
    opened = one.opened
    if isinstance(opened, Refusal):
        return opened
    if opened.no in group.cases:
        return no.CASE_NO_TAKEN
    event = msgspec.structs.replace(opened, at=now.at)
    decision = open_case(event)
    if isinstance(decision, Refusal):
        return decision
    return _keep(record.written(None, event, decision, now, one.cause), group, one)


def _act(one: Act, group: _Group, now: Now) -> Case | Refusal:
    case = group.cases.get(one.no)
    if case is None:
        return no.NO_SUCH_CASE
    event = one.make(case, now)
    if isinstance(event, Refusal):
        return event
    decision = decide(case, event, now.powers)
    match decision:
        case Refusal():
            return decision
        case Silent():
            return case
        case Decision():
            lines = record.written(case, event, decision, now, one.cause)
            return _keep(lines, group, one)


def _look(one: Look, group: _Group, now: Now) -> Case | Refusal:
    case = group.cases.get(one.no)
    if case is None:
        return no.NO_SUCH_CASE
    anew = record.clocks_set(case, now) if one.anew else ()
    if anew:
        return _keep(anew, group, None)
    found = record.looked(case, now)
    if isinstance(found, Looked):
        if not one.anew:
            group.looked.append(found)
        return case
    return _keep(found, group, None)


def _keep(lines: Sequence[Written], group: _Group, one: Opening | Act | None) -> Case:
    after = lines[-1].case
    group.written += lines
    # A look that came before it is out of date.
    group.looked = [look for look in group.looked if look.no != after.no]
    group.cases[after.no] = after
    if one is not None and one.cause.acting:
        group.before[one.cause.acting] = Before(after, one.cause.act)
    return after
