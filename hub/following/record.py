"""Decider: what events made of a case → what is written of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from hub.acting.actor import HUB, Actor
from hub.audit.case_entries import CaseDeed, drafts_of_deed
from hub.audit.tags import Tag
from hub.clock import day_in_china
from hub.following import moments
from hub.following.book import Book
from hub.following.case import decide
from hub.following.case_events import ClocksSet, OfItself
from hub.following.cooperating import cooperation
from hub.following.decision import Decision
from hub.following.lead_events import Opened
from hub.following.limits import dues_of, setting_of
from hub.following.ports import Looked, ReportedArrears, Written
from hub.organisation.directory import Directory
from schema.records.case import ENDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hub.following.case_events import Event
    from hub.following.roles import Powers
    from schema.records.case import Case

#: So many things pass in a case in one go at the most: more would be a mistake.
_MOST = 10_000


class Now(msgspec.Struct, frozen=True):
    """When and by which rules it is decided.

    Attributes:
        at: The moment.
        book: The rules.
        directory: The unions.
    """

    at: datetime
    book: Book
    directory: Directory

    @property
    def today(self) -> date:
        """The day in China."""
        return day_in_china(self.at)

    @property
    def powers(self) -> Powers:
        """The table of roles of that day."""
        return self.book.roles.on(self.today)


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Who began it.

    Attributes:
        actor: Who acted; ``hub.acting.actor.HUB`` for what comes by itself.
        acting: Key of the act, as it is kept.
        act: Its fingerprint.
        report: The report that the case is opened for.
    """

    actor: Actor = HUB
    acting: str = ""
    act: bytes = b""
    report: ReportedArrears | None = None


class _Line(msgspec.Struct, frozen=True):
    """What is written of one event, and what the case waits for after it."""

    written: Written
    limits: tuple[moments.Limit, ...]

    @property
    def case(self) -> Case:
        """The case after it."""
        return self.written.case


def written(
    before: Case | None,
    event: Opened | Event,
    decision: Decision,
    now: Now,
    cause: Cause,
) -> tuple[Written, ...]:
    """Make all that is written of an event, and of what follows at once.

    What follows: due dates by the rules of the place to which the lead moved, and
    limits that have passed already.
    """
    first = _line(before, event, decision, now, cause)
    return _reminded([first, *_following(before, first, now)], now)


def looked(case: Case, now: Now) -> tuple[Written, ...] | Looked:
    """Say what has passed in a case whose moment came, and who is reminded."""
    some = moments.limits(now.book, case)
    lines = list(_passing(case, some, now))
    if lines:
        return _reminded(lines, now)
    return Looked(
        no=case.no,
        told=moments.reminders(some, now.at),
        next_at=moments.next_at(some, now.at),
    )


def clocks_set(case: Case, now: Now) -> tuple[Written, ...]:
    """Re-evaluate the clocks of a case; nothing is written if they are as they were."""
    line = _set(case, now)
    if line is None:
        return ()
    return _reminded([line, *_passing(line.case, line.limits, now)], now)


def _following(before: Case | None, line: _Line, now: Now) -> Iterator[_Line]:
    after = line.case
    moved = before is None or (before.lead, before.asked) != (after.lead, after.asked)
    anew = _set(after, now) if moved else None
    if anew is not None:
        yield anew
        line = anew
    yield from _passing(line.case, line.limits, now)


def _set(case: Case, now: Now) -> _Line | None:
    if case.state in ENDED:
        return None
    setting = setting_of(now.book.agreements, case)
    event = ClocksSet(at=now.at, dues=dues_of(now.book, setting, case.facts))
    decision = _decided(case, event, now)
    if decision is None:
        return None
    return _line(case, event, decision, now, Cause())


def _passing(case: Case, some: tuple[moments.Limit, ...], now: Now) -> Iterator[_Line]:
    for _ in range(_MOST):
        event = moments.passed(case, some, now.directory, now.at)
        if event is None:
            return
        decision = _decided(case, event, now)
        assert decision is not None, "what passed is noted"  # noqa: S101
        line = _line(case, event, decision, now, Cause())
        yield line
        case, some = line.case, line.limits


def _decided(case: Case, event: OfItself, now: Now) -> Decision | None:
    # Of what comes by itself no role is asked.
    found = decide(case, event, now.powers)
    return found if isinstance(found, Decision) else None


def _line(
    before: Case | None,
    event: Opened | Event,
    decision: Decision,
    now: Now,
    cause: Cause,
) -> _Line:
    after, some = decision.case, moments.limits(now.book, decision.case)
    answer_by = next((one.due_on for one in some if one.what is None), None)
    by = getattr(event, "by", None)
    actor = cause.actor
    deed = CaseDeed(
        tag=_tag(event),
        worker="",
        case=after.no,
        seq=after.seq,
        subject=actor.subject,
        office=actor.office,
        province=actor.province,
        request=actor.request,
        union="" if by is None else by.union,
        what=_what(event),
        state=after.state,
        lead=after.lead.union,
    )
    made = Written(
        case=after,
        event=event,
        told=decision.told,
        audit=drafts_of_deed(deed, after.workers, now.at),
        next_at=moments.next_at(some, now.at),
        due_on=moments.due_on(some),
        cooperation=cooperation(before, event, after, answer_by),
        acting=cause.acting,
        act=cause.act,
        report=cause.report,
    )
    return _Line(made, some)


def _reminded(lines: list[_Line], now: Now) -> tuple[Written, ...]:
    """Remind whoever is to be reminded today, with the last of what is written."""
    last = lines[-1].written
    due = moments.reminders(lines[-1].limits, now.at)
    told = tuple(dict.fromkeys((*last.told, *due)))
    final = last if told == last.told else msgspec.structs.replace(last, told=told)
    return (*(line.written for line in lines[:-1]), final)


def _tag(event: Opened | Event) -> Tag:
    if isinstance(event, Opened):
        return Tag.CASE_OPENED
    return Tag.CASE_PASSED if isinstance(event, OfItself) else Tag.CASE_ACTED


def _what(event: Opened | Event) -> str:
    """Name the kind of an event, and of what happened to a task."""
    inner = getattr(event, "what", None)
    tag = event.__struct_config__.tag
    if inner is None:
        return str(tag)
    return f"{tag}/{inner.__struct_config__.tag}"
