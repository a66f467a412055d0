"""Itinerary of a look-up: may_begin → locate → gather → merge → mask → trail.

All look-ups of one request go through it together, so that a province is asked
once for the request whatever the shape of the query, and the locator and the
audit trail are asked once too. What goes wrong for one look-up is a value in its
place and touches no other.

The provinces are asked only for what the caller may see: the policy judges
between locating and gathering, and masking afterwards is the second lock on
the same door.
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
from hub.reading.gather import Sought, gather
from hub.reading.merge import merge
from hub.reading.ports import ByKeys, Wanted
from hub.reading.stages import Stage
from schema.records.kinds import FieldClass
from schema.records.merged import Merged
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Refusal, Refused
from schema.records.selection import Selection
from schema.records.verdict import Deny, Disclosure, Permit, Relation
from schema.records.wanted import ByNumber, WorkerBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.access.caller import Caller
    from hub.clock import Clock
    from hub.identity.worker_key import Pseudonyms
    from hub.reading.locator import Locator
    from hub.reading.pace import Pace
    from hub.reading.ports import Policy, Provinces, Trail
    from hub.reading.survivorship import Survivorship
    from schema.records.keys import ProvinceCode
    from schema.records.told import Located

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
            seeking = [course for course in courses if course.wanted is not None]
            found = await self._locator.locate([c.wanted for c in seeking if c.wanted])
            for course, located in zip(seeking, found, strict=True):
                if located is not None:
                    self._judge(course, located, caller)

        with Stage("gather", notes):
            going = [course for course in courses if course.sought is not None]
            sought = [course.sought for course in going if course.sought]
            deadline = asyncio.get_running_loop().time() + self._patience
            gathered = await gather(sought, self._provinces, request, deadline)

        with Stage("merge", notes) as span:
            for course, one, told in zip(going, sought, gathered, strict=True):
                await self._pace.breathe()
                joined = merge(one.located.worker, told, one.shown, self._rules)
                course.outcome = mask(joined, course.lookup.selection, course.judgement)
            if span is not None:
                span.tell(faults=sum(len(told.faults) for told in gathered))

        with Stage("trail", notes) as span:
            disclosures = [_disclosure(course, caller, request) for course in courses]
            if span is not None:
                span.tell(entries=len(disclosures))
            await self._trail.record(disclosures)
        for disclosure in disclosures:
            self._notes.looked_up(disclosure.outcome)
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

    def _judge(self, course: _Course, located: Located, caller: Caller) -> None:
        """Decide what of the worker's file the caller may see."""
        lookup = course.lookup
        course.worker = located.worker
        course.relation = relation(lookup.by, located, caller)
        judgement = self._policy.judge(
            caller, course.relation, lookup.purpose, lookup.selection.classes
        )
        course.judgement = judgement
        existence = judgement[FieldClass.EXISTENCE]
        if isinstance(existence, Deny):
            course.outcome = refusals.may_not_see(existence.rule)
            return
        shown = lookup.selection.only(permitted_of(judgement))
        course.sought = Sought(located, shown, self._with_needed(shown), lookup.purpose)

    def _with_needed(self, shown: Selection) -> Selection:
        """Add what joining needs: by what rows are the same, and who leads."""
        needed = self._rules.needed
        return Selection.of(
            {kind: fields | needed[kind] for kind, fields in shown.parts}
        )


def relation(by: WorkerBy, located: Located, caller: Caller) -> Relation:
    """Tell what the caller is to the worker, as far as it is known before asking."""
    if caller.subject == located.worker:
        return Relation.SELF
    if any(link.key.province == caller.province for link in located.links):
        return Relation.LINKED
    if isinstance(by, ByNumber):
        return Relation.NUMBER_PRESENTED
    return Relation.NONE


def _disclosure(course: _Course, caller: Caller, request: str) -> Disclosure:
    """What the audit trail keeps of one look-up, whatever its end."""
    outcome = course.outcome
    asked: tuple[ProvinceCode, ...] = ()
    answered: tuple[ProvinceCode, ...] = ()
    withheld = 0
    end, rule = "not-found", ""
    match outcome:
        case Merged():
            end = "shown"
            asked, answered = outcome.completeness.asked, outcome.completeness.answered
            withheld = len(outcome.withheld)
        case Refusal():
            end, rule = "refused", f"{outcome.rule}/{outcome.code}"
        case None:
            pass
    return Disclosure(
        worker=course.worker,
        subject=caller.subject,
        office=caller.office,
        province=caller.province,
        purpose=course.lookup.purpose,
        relation=course.relation,
        selection=course.sought.shown if course.sought else Selection(),
        withheld=withheld,
        asked=asked,
        answered=answered,
        request=request,
        outcome=end,
        rule=rule,
    )
