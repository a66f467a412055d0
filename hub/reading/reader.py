"""Itinerary of a look-up: may_begin → locate → gather → merge → mask → trail.

All look-ups of one request go through it together, so that a province is asked
once for the request whatever the shape of the query, and the locator and the
audit trail are asked once too. What goes wrong for one look-up is a value in its
place and touches no other.

The provinces are asked only for what the caller may see: the policy judges
between locating and gathering, and masking afterwards is the second lock on
the same door. Where the caller's own province then says that it has no such
worker, the link was no relation, and the policy judges again; and where every linked
province says so, a number that was presented is nobody's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.access.masking import mask, permitted_of
from hub.clock import today_in_china
from hub.identity.resident_id import parse
from hub.reading import refusals
from hub.reading.disclosing import disclosure
from hub.reading.gather import Sought, gather
from hub.reading.merge import merge
from hub.reading.ports import ByKeys, Wanted
from hub.reading.relating import may_learn_absence, nobodys, relation, unlinked
from hub.reading.stages import Stage
from schema.records.keys import ProvinceCode
from schema.records.kinds import FieldClass
from schema.records.merged import Merged
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Refusal, Refused
from schema.records.selection import Selection
from schema.records.verdict import Deny, Permit, Relation
from schema.records.wanted import ByNumber, WorkerBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.clock import Clock
    from hub.identity.worker_key import Pseudonyms
    from hub.reading.locator import Locator
    from hub.reading.pace import Pace
    from hub.reading.ports import Policy, Provinces
    from hub.reading.survivorship import Survivorship
    from schema.records.told import Gathered, Located
    from schema.records.verdict import Disclosure

#: A look-up ends with a file, with a refusal, or with nobody found.
Outcome = Merged | Refusal | None


class LookUp(msgspec.Struct, frozen=True):
    """One question about one worker.

    Attributes:
        by: By what the worker is sought.
        purpose: Why.
        selection: What is asked for.
    """

    by: WorkerBy
    purpose: PurposeOfUse
    selection: Selection


class Notes(Protocol):
    """Takes note of how look-ups go, for the metrics."""

    def stage(self, name: str, seconds: float) -> None:
        """Take note of how long one stage of the itinerary took."""
        ...

    def looked_up(self, outcome: str) -> None:
        """Take note of how one look-up ended: the outcome of its disclosure."""
        ...


class _Course(msgspec.Struct):
    """One look-up on its way."""

    lookup: LookUp
    wanted: Wanted | None = None
    relation: Relation = Relation.NONE
    worker: str = ""
    sought: Sought | None = None
    judgement: Mapping[FieldClass, Permit | Deny] = {}
    outcome: Outcome = None


class Reader:
    """Reads files, for all requests of this process.

    Args:
        pseudonyms: Turns a resident ID number into worker keys.
        locator: Finds which provinces know a worker.
        provinces: The connectors.
        policy: Says who may see what.
        trail: Writes down what is shown.
        rules: Which version survives where provinces disagree.
        clock: Tells the date.
        patience: Seconds after which no province is waited for any more.
        notes: Is told where the time goes, and how look-ups end.
        pace: Says when joining many files must give way to other requests.
    """

    def __init__(
        self,
        *,
        pseudonyms: Pseudonyms,
        locator: Locator,
        provinces: Provinces,
        policy: Policy,
        trail: Trail,
        rules: Survivorship,
        clock: Clock,
        patience: float,
        notes: Notes,
        pace: Pace,
    ) -> None:
        self._pseudonyms = pseudonyms
        self._locator = locator
        self._provinces = provinces
        self._policy = policy
        self._trail = trail
        self._rules = rules
        self._clock = clock
        self._patience = patience
        self._notes = notes
        self._pace = pace

    async def read(
        self, lookups: Sequence[LookUp], caller: Caller, request: str
    ) -> list[Outcome]:
        """Answer look-ups, in their order.

        Args:
            lookups: What is asked.
            caller: Who asks.
            request: Id of the request.

        Raises:
            hub.store.pool.StoreUnavailable: The store cannot be asked now.
            hub.audit.trail.TrailUnavailable: What would be shown could not be
                written down first, so nothing is shown.
        """
        notes = self._notes
        with Stage("begin", notes) as span:
            if span is not None:
                span.tell(workers=len(lookups))
            courses = [self._begin(lookup, caller) for lookup in lookups]

        with Stage("locate", notes):
            await self._locate(courses, caller)

        with Stage("gather", notes):
            going = [course for course in courses if course.sought is not None]
            sought = [course.sought for course in going if course.sought]
            deadline = asyncio.get_running_loop().time() + self._patience
            gathered = await gather(sought, self._provinces, request, deadline)

        with Stage("merge", notes) as span:
            for course, one, told in zip(going, sought, gathered, strict=True):
                await self._pace.breathe()
                self._settle(course, one, told, caller)
            if span is not None:
                span.tell(faults=sum(len(told.faults) for told in gathered))

        with Stage("trail", notes) as span:
            disclosures = [_disclosed(course, caller, request) for course in courses]
            if span is not None:
                span.tell(entries=len(disclosures))
            await self._trail.record(disclosures)
        for written in disclosures:
            notes.looked_up(written.outcome)
        return [course.outcome for course in courses]

    def _begin(self, lookup: LookUp, caller: Caller) -> _Course:
        """Judge whether to begin, and make the number a pseudonym at once."""
        course = _Course(lookup)
        verdict = self._policy.may_begin(caller, lookup.purpose)
        if isinstance(verdict, Deny):
            course.outcome = refusals.may_not_begin(verdict.rule)
            return course
        if not isinstance(lookup.by, ByNumber):
            course.wanted = lookup.by
            return course
        try:
            number = parse(lookup.by.text, today_in_china(self._clock))
        except Refused as refused:
            course.outcome = refused.refusal
            return course
        live = self._pseudonyms.live(number)
        course.wanted = ByKeys(tuple(key for _, key in live))
        return course

    async def _locate(self, courses: Sequence[_Course], caller: Caller) -> None:
        """Find who is sought, and judge what of them may be seen."""
        seeking = [course for course in courses if course.wanted is not None]
        found = await self._locator.locate([c.wanted for c in seeking if c.wanted])
        for course, located in zip(seeking, found, strict=True):
            if located is None:
                self._end_unknown(course, caller)
            else:
                near = relation(course.lookup.by, located, caller)
                self._judge(course, located, caller, near)

    def _settle(
        self, course: _Course, one: Sought, told: Gathered, caller: Caller
    ) -> None:
        """Join what was told, and mask it."""
        if one.confirm in told.unknown_to:
            self._judge(course, one.located, caller, unlinked(course.lookup.by))
        if course.sought is None:
            return
        if nobodys(course.lookup.by, course.relation, one.located, told):
            course.sought = None
            return
        joined = merge(one.located.worker, told, course.sought.shown, self._rules)
        course.outcome = mask(joined, course.lookup.selection, course.judgement)

    def _end_unknown(self, course: _Course, caller: Caller) -> None:
        """Settle a look-up that found nobody, without giving away who is known."""
        lookup = course.lookup
        if may_learn_absence(lookup.by, caller):
            return
        existence = FieldClass.EXISTENCE
        verdict = self._policy.judge(
            caller, Relation.NONE, lookup.purpose, frozenset({existence})
        )[existence]
        if isinstance(verdict, Deny):
            course.outcome = refusals.may_not_see(verdict.rule)

    def _judge(
        self, course: _Course, located: Located, caller: Caller, near: Relation
    ) -> None:
        """Decide what of the worker's file the caller may see."""
        lookup = course.lookup
        course.worker = located.worker
        course.relation = near
        course.sought = None
        judgement = self._policy.judge(
            caller, near, lookup.purpose, lookup.selection.classes
        )
        course.judgement = judgement
        existence = judgement[FieldClass.EXISTENCE]
        if isinstance(existence, Deny):
            course.outcome = refusals.may_not_see(existence.rule)
            return
        shown = lookup.selection.only(permitted_of(judgement))
        linked = near is Relation.LINKED and bool(shown.parts)
        course.sought = Sought(
            located,
            shown,
            self._with_needed(shown),
            lookup.purpose,
            ProvinceCode(caller.province) if linked else None,
        )

    def _with_needed(self, shown: Selection) -> Selection:
        """Add what joining needs: by what rows are the same, and who leads."""
        needed = self._rules.needed
        return Selection.of(
            {kind: fields | needed[kind] for kind, fields in shown.parts}
        )


def _disclosed(course: _Course, caller: Caller, request: str) -> Disclosure:
    return disclosure(
        course.outcome,
        caller,
        request,
        worker=course.worker,
        purpose=course.lookup.purpose,
        relation=course.relation,
        shown=course.sought.shown if course.sought else Selection(),
    )
