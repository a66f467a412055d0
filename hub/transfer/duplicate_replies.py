"""Itinerary: the worker answers whether two memberships are theirs, and where to stay.

The worker's own token says who they are. The answer is kept, told to both unions and
written in the trail; people decide, after the term as before (RULEBOOK §2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.access.caller import Scope
from hub.acting.keys import fingerprint, key_refused, reason_refused
from hub.acting.refusals import KEY_TAKEN
from hub.audit.moving_entries import Move, draft_of_move
from hub.audit.tags import Tag
from hub.clock import day_in_china
from hub.transfer import duplicate_refusals as no
from schema.records.duplicate import DuplicateReply, DuplicateState
from schema.records.keys import WorkerId
from schema.records.paging import Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hub.acting.actor import Actor
    from hub.audit.chain import Draft
    from hub.clock import Clock
    from hub.transfer.keeping import Questions
    from schema.records.duplicate import DuplicateQuestion
    from schema.records.refusal import Refusal

_TAGS: Final = {
    DuplicateState.OPEN: Tag.DUPLICATE_ASKED,
    DuplicateState.RESOLVED: Tag.DUPLICATE_RESOLVED,
    DuplicateState.DISMISSED: Tag.DUPLICATE_DISMISSED,
    DuplicateState.UNDONE: Tag.DUPLICATE_UNDONE,
}


#: So many answers are known again; nobody changes their mind as often.
_REMEMBERED: Final = 64


class _Mark(msgspec.Struct, frozen=True):
    """An answer, as it is known again: by its key, and by what it said."""

    key: str
    said: str

    @classmethod
    def of(cls, actor: Actor, key: str, said: tuple[object, ...]) -> _Mark:
        """Mark an answer; neither key nor words can be read from it."""
        return cls(
            fingerprint("answer-key", actor.subject, key).hex(),
            fingerprint("answer", said).hex(),
        )

    @property
    def whole(self) -> str:
        """As it is kept."""
        return f"{self.key}:{self.said}"

    def among(self, heard: Sequence[str]) -> str:
        """Find what was said under this key; nothing if nothing was."""
        return next((one for one in heard if one.startswith(f"{self.key}:")), "")


class Replies:
    """What workers say about questions of their own memberships."""

    def __init__(self, questions: Questions, clock: Clock) -> None:
        """Hold where questions are kept, and what tells the time."""
        self._questions = questions
        self._clock = clock

    async def reply(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        wished: str | None,
        reason: str,
        key: str,
        *,
        same_worker: bool,
    ) -> DuplicateQuestion | Refusal:
        """Say it, as the worker. Said anew, the last counts, until it is decided.

        What was said under a key counts once: a call that comes again finds the
        question as it stands.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; say it again.
        """
        at = self._clock.now()
        if Scope.SELF_READ.value not in actor.scopes:
            return no.NOT_THE_WORKER
        today = day_in_china(at)
        refused = key_refused(key, today) or reason_refused(reason, today)
        question = await self._questions.one(id)
        if refused is not None or question is None:
            return refused or no.UNKNOWN_QUESTION
        mark = _Mark.of(actor, key, (same_worker, wished, reason))
        earlier = mark.among(question.heard) if question.worker == actor.subject else ""
        if earlier:
            return question if earlier == mark.whole else KEY_TAKEN
        refused = _refused(question, actor, wished, same_worker=same_worker)
        if refused is not None:
            return refused
        said = DuplicateReply(
            same_worker=same_worker, wished=wished, reason=reason, at=at
        )

        def with_reply(
            now: DuplicateQuestion,
        ) -> tuple[DuplicateQuestion, Draft] | None:
            if now.state is not DuplicateState.OPEN or mark.among(now.heard):
                return None
            heard = (*now.heard, mark.whole)[-_REMEMBERED:]
            after = msgspec.structs.replace(now, reply=said, heard=heard)
            return after, entry_of(after, actor, at, Tag.DUPLICATE_ANSWERED)

        kept = await self._questions.move(id, with_reply)
        if kept is None:
            return no.UNKNOWN_QUESTION
        return kept if mark.whole in kept.heard else no.DECIDED

    async def page(
        self,
        actor: Actor,
        states: Sequence[DuplicateState],
        first: int,
        after: str | None,
    ) -> Page[DuplicateQuestion]:
        """Read the questions about the worker who asks, the oldest first.

        Raises:
            schema.records.refusal.Refused: The store cannot be used.
        """
        worker, wanted = WorkerId(actor.subject), frozenset(states)
        kept = await self._questions.of_worker(worker, after)
        found = [one for one in kept if one.state in wanted or not wanted]
        items = tuple(found[:first])
        cursors = tuple(one.id for one in items)
        return Page(items, cursors, len(found) > first, resumed=after is not None)


def _refused(
    question: DuplicateQuestion,
    actor: Actor,
    wished: str | None,
    *,
    same_worker: bool,
) -> Refusal | None:
    if question.worker != actor.subject:
        return no.UNKNOWN_QUESTION
    if question.state is not DuplicateState.OPEN:
        return no.DECIDED
    if wished is None:
        return None
    both = {question.first.union, question.second.union}
    return None if same_worker and wished in both else no.NOT_ONE_OF_THEM


def entry_of(
    question: DuplicateQuestion, actor: Actor, at: datetime, tag: Tag | None = None
) -> Draft:
    """Make the entry of the trail for what became of a question."""
    return draft_of_move(
        Move(
            tag=tag or _TAGS[question.state],
            worker=question.worker,
            about=question.id,
            subject=actor.subject,
            office=actor.office,
            province=actor.province,
            request=actor.request,
            state=question.state,
            from_union=question.first.union,
            to_union=question.second.union,
        ),
        at,
    )
