"""Itinerary: what was decided of a duplicate membership becomes transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.acting.keys import fingerprint
from hub.transfer import duplicate_deciding as decide
from hub.transfer.duplicate_deciding import other
from hub.transfer.events import Opened, Withdrawn
from hub.transfer.settling import Act, Opening
from schema.records.moving import AlreadyOpen, OfferWish
from schema.records.transfer import ENDED, Basis, TransferState

if TYPE_CHECKING:
    from hub.acting.actor import Actor
    from hub.transfer.coordinator import Coordinator
    from schema.records.duplicate import DuplicateQuestion
    from schema.records.refusal import Refusal
    from schema.records.transfer import Transfer

#: Callers' keys are printable: no caller has one that begins like this.
_OURS: Final = "\tduplicate"


class Merging:
    """Ends one of two memberships, and brings it back."""

    def __init__(self, coordinator: Coordinator) -> None:
        """Hold what is needed.

        Args:
            coordinator: Moves memberships.
        """
        self._coordinator = coordinator

    async def merge(
        self, actor: Actor, question: DuplicateQuestion, kept: str
    ) -> Transfer | Refusal:
        """Open the transfer that ends the membership that is not kept.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; merge again.
        """
        both = other(question, kept)
        if both is None:
            return decide.NOT_ONE_OF_THEM
        ends, stays = both
        opened = Opened(
            worker=question.worker,
            basis=Basis.DUPLICATE,
            membership_no=ends.membership_no,
            from_union=ends.union,
            from_province=ends.province,
            from_local_id=ends.local_id,
            to_union=stays.union,
            to_province=stays.province,
            to_local_id=stays.local_id,
            fallback_union=ends.union,
            fallback_province=ends.province,
            fallback_local_id=ends.local_id,
            office=actor.office,
        )
        # One key for each question: whoever resolves it again gets this transfer.
        acting = f"{_OURS}|{question.id}"
        opening = Opening(actor, acting, fingerprint(question.id, kept), opened)
        (answer,) = await self._coordinator.open([opening])
        return answer.transfer if isinstance(answer, AlreadyOpen) else answer

    async def unmerge(
        self, actor: Actor, question: DuplicateQuestion, reason: str, key: str
    ) -> Transfer | Refusal:
        """Take the transfer back, or offer the member back when it is complete.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; do it again.
        """
        merge = await self._coordinator.find(question.transfer or "")
        if merge is None:
            return decide.NOT_RESOLVED
        if merge.state is TransferState.OUT_PENDING:
            event = Withdrawn(office=actor.office, reason=reason)
            acting = f"{_OURS}|{question.id}|undo"
            act = Act(actor, merge.id, event, acting, fingerprint(question.id, "undo"))
            return await self._coordinator.act(act)
        if merge.state not in ENDED:
            return decide.UNDER_WAY
        if merge.state is not TransferState.COMPLETED:
            return merge  # nothing was merged in the end
        both = other(question, question.kept or "")
        if both is None:
            return decide.NOT_RESOLVED
        ended, kept = both
        wish = OfferWish(
            membership_no=kept.membership_no,
            from_union=kept.union,
            to_union=ended.union,
            worker=question.worker,
        )
        answer = await self._coordinator.offer(actor, wish, key)
        return answer.transfer if isinstance(answer, AlreadyOpen) else answer
