"""Itinerary: a possible duplicate membership is asked, resolved by people, and undone.

What is resolved becomes a transfer of basis ``DUPLICATE``, with all that keeps
transfers from being lost.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from hub.acting.keys import acting_key, fingerprint
from hub.acting.reach import reach
from hub.acting.refusals import KEY_TAKEN
from hub.clock import day_in_china
from hub.transfer import duplicate_refusals as no
from hub.transfer.acting import (
    acts_as_old,
    may_act_because,
)
from hub.transfer.duplicate_deciding import decided, may_resolve, may_see, unreadable
from hub.transfer.duplicate_replies import Replies, entry_of
from hub.transfer.opening import local_id_in
from schema.records.duplicate import DuplicateQuestion, DuplicateState
from schema.records.paging import Page
from schema.records.refusal import Refusal
from schema.records.wanted import ById

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from hub.acting.actor import Actor
    from hub.audit.chain import Draft
    from hub.clock import Clock
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links
    from hub.transfer.duplicate_deciding import Terms
    from hub.transfer.keeping import Questions
    from hub.transfer.merging import Merging
    from schema.records.duplicate import Found
    from schema.records.keys import WorkerId

#: In which state a question must be to come into another.
_BEFORE: Final = {
    DuplicateState.RESOLVED: DuplicateState.OPEN,
    DuplicateState.DISMISSED: DuplicateState.OPEN,
    DuplicateState.UNDONE: DuplicateState.RESOLVED,
}


class Duplicates:
    """Questions of duplicate memberships."""

    def __init__(
        self,
        merging: Merging,
        questions: Questions,
        terms: Terms,
        *,
        links: Links,
        directory: Callable[[], Directory],
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            merging: Does what was decided.
            questions: Where questions are kept; both unions have notice of what is
                written there (it is published).
            terms: How long a question is open at least.
            links: Tells whose local keys are.
            directory: Gives the unions as they are known now.
            clock: Tells the time.
        """
        self._merging = merging
        self._questions = questions
        self._terms = terms
        self._links = links
        self._directory = directory
        self._clock = clock
        self.replies = Replies(questions, clock)

    async def report(
        self,
        actor: Actor,
        worker: WorkerId,
        memberships: tuple[Found, Found],
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Ask whether two memberships are one worker's, as one of the two unions.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; ask again with
                the same key.
        """
        now = self._clock.now()
        today = day_in_china(now)
        refused = may_act_because(self._directory(), actor, key, reason, today)
        refused = refused or await self._not_two(actor, worker, memberships, today)
        if refused is not None:
            return refused
        answer_by, rule = self._terms.answer_by(today)
        question = DuplicateQuestion(
            id=_new_id(now),
            worker=worker,
            first=memberships[0],
            second=memberships[1],
            reason=reason,
            office=actor.office,
            asked_at=now,
            answer_by=answer_by,
            rule=rule,
        )
        act = fingerprint("duplicate", worker, memberships, reason)
        entry = entry_of(question, actor, now)
        kept = await self._questions.ask(question, acting_key(actor, key), act, entry)
        return kept or KEY_TAKEN

    async def resolve(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        kept: str | None,
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Say which membership goes on; without ``kept``, that it is no duplicate.

        The other one ends by a transfer. Raises as ``report``.
        """
        today = day_in_china(self._clock.now())
        refused = may_act_because(self._directory(), actor, key, reason, today)
        question = await self._questions.one(id)
        if refused is not None or question is None:
            return refused or no.UNKNOWN_QUESTION
        if _repeated(question, actor, kept):
            return question
        refused = may_resolve(self._directory(), actor, question, kept, today)
        if refused is not None:
            return refused
        if kept is None:
            return await self._move(id, actor, DuplicateState.DISMISSED, reason)
        transfer = await self._merging.merge(actor, question, kept)
        if isinstance(transfer, Refusal):
            return transfer
        return await self._move(
            id, actor, DuplicateState.RESOLVED, reason, kept=kept, transfer=transfer.id
        )

    async def undo(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        reason: str,
        key: str,
    ) -> DuplicateQuestion | Refusal:
        """Undo what was resolved, as one of the two unions.

        Before the old register has answered, the transfer is withdrawn. When it is
        complete, the member is offered back to the union whose membership ended: that
        union accepts, or people correct both registers. Raises as ``report``.
        """
        today = day_in_china(self._clock.now())
        refused = may_act_because(self._directory(), actor, key, reason, today)
        question = await self._questions.one(id)
        if refused is not None or question is None:
            return refused or no.UNKNOWN_QUESTION
        if not may_see(self._directory(), actor, question, today):
            return no.UNKNOWN_QUESTION
        if question.state is DuplicateState.UNDONE and (
            question.decided_by == actor.office
        ):
            return question
        if question.state is not DuplicateState.RESOLVED or question.transfer is None:
            return no.NOT_RESOLVED
        back = await self._merging.unmerge(actor, question, reason, key)
        if isinstance(back, Refusal):
            return back
        return await self._move(
            id, actor, DuplicateState.UNDONE, reason, transfer=back.id
        )

    async def page(
        self,
        actor: Actor,
        states: Sequence[DuplicateState],
        first: int,
        after: str | None,
    ) -> Page[DuplicateQuestion] | Refusal:
        """Read the questions of the caller's unions, the oldest first.

        They name a worker, both cards and what the worker said: whoever inspects gets
        those of the unions that they act for, and no others.

        Raises:
            schema.records.refusal.Refused: The store cannot be used.
        """
        today = day_in_china(self._clock.now())
        unions = sorted(reach(self._directory(), actor, today))
        wanted = frozenset(states) or frozenset(DuplicateState)
        found: list[DuplicateQuestion] = []
        position = after
        while len(found) <= first:
            page = await self._questions.of_unions(unions, first + 1, position)
            found += [one for one in page if one.state in wanted]
            if len(page) <= first:
                break
            position = page[-1].id
        items = tuple(found[:first])
        cursors = tuple(one.id for one in items)
        return Page(items, cursors, len(found) > first, resumed=after is not None)

    async def _not_two(
        self,
        actor: Actor,
        worker: WorkerId,
        memberships: tuple[Found, Found],
        today: date,
    ) -> Refusal | None:
        """Say why these cannot be two memberships of one worker."""
        first, second = memberships
        refused = unreadable(first, today) or unreadable(second, today)
        if refused is not None:
            return refused
        if first.union == second.union or first.province == second.province:
            return no.SAME_UNION
        ours = acts_as_old(self._directory(), actor, first.union, today)
        theirs = acts_as_old(self._directory(), actor, second.union, today)
        if isinstance(ours, Refusal) and isinstance(theirs, Refusal):
            return ours
        (located,) = await self._links.locate([ById(worker)])
        for one in memberships:
            if located is None or local_id_in(located, one.province) != one.local_id:
                return no.NOT_ONE_WORKER
        return None

    async def _move(
        self,
        id: str,  # noqa: A002  # as in the graph
        actor: Actor,
        state: DuplicateState,
        because: str,
        **more: str,
    ) -> DuplicateQuestion | Refusal:
        at = self._clock.now()

        def decided_now(
            question: DuplicateQuestion,
        ) -> tuple[DuplicateQuestion, Draft] | None:
            if question.state is not _BEFORE[state]:
                return None  # somebody else has decided meanwhile
            after = decided(question, state, actor, because, at)
            after = msgspec.structs.replace(after, **more)
            return after, entry_of(after, actor, at)

        moved = await self._questions.move(id, decided_now)
        return moved or no.UNKNOWN_QUESTION


def _repeated(question: DuplicateQuestion, actor: Actor, kept: str | None) -> bool:
    """Tell whether this very decision was made before, by the same office."""
    state = DuplicateState.DISMISSED if kept is None else DuplicateState.RESOLVED
    return (question.state, question.kept, question.decided_by) == (
        state,
        kept,
        actor.office,
    )


def _new_id(now: datetime) -> str:
    """Name a question so that later names are larger."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"
