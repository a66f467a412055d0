"""Itinerary: what was decided of a duplicate membership becomes transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.acting.keys import fingerprint
from hub.clock import today_in_china
from hub.transfer import acting_refusals as acting
from hub.transfer import duplicate_refusals as no
from hub.transfer.confirming import in_register
from hub.transfer.duplicate_deciding import may_see, other
from hub.transfer.events import Opened, Withdrawn
from hub.transfer.settling import Act, Opening
from schema.records.keys import LocalKey
from schema.records.moving import AlreadyOpen, OfferWish
from schema.records.transfer import ENDED, Basis, TransferState

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.organisation.directory import Directory
    from hub.reading.ports import Provinces
    from hub.transfer.coordinator import Coordinator
    from hub.transfer.ports import Standing
    from schema.records.duplicate import DuplicateQuestion, Found
    from schema.records.moving import OpenAnswer
    from schema.records.refusal import Refusal
    from schema.records.transfer import Transfer

#: Callers' keys are printable: no caller has one that begins like this.
_OURS: Final = "\tduplicate"


class Merging:
    """Ends one of two memberships, and brings it back."""

    def __init__(
        self,
        coordinator: Coordinator,
        provinces: Provinces,
        directory: Callable[[], Directory],
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            coordinator: Moves memberships.
            provinces: The connectors: they tell whether a membership stands.
            directory: Gives the unions as they are known now.
            clock: Tells the day.
        """
        self._coordinator = coordinator
        self._provinces = provinces
        self._directory = directory
        self._clock = clock

    async def merge(
        self, actor: Actor, question: DuplicateQuestion, kept: str
    ) -> Transfer | Refusal:
        """Open the transfer that ends the membership that is not kept.

        The register of the one that is kept is asked first, for by then months may
        have passed: else a member could be left without any. Where the hub moved the
        member, one of the two must be the home by its journal.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; merge again.
        """
        both = other(question, kept)
        if both is None:
            return no.NOT_ONE_OF_THEM
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
        refused = await self._not_standing(actor, stays)
        # One key for each question: whoever resolves it again gets this transfer,
        # whatever the register says by then.
        opening = Opening(
            actor,
            f"{_OURS}|{question.id}",
            fingerprint(question.id, kept),
            refused or opened,
        )
        (answer,) = await self._coordinator.open([opening])
        return no.MOVING_NOW if isinstance(answer, AlreadyOpen) else answer

    async def unmerge(
        self, actor: Actor, question: DuplicateQuestion, reason: str, key: str
    ) -> Transfer | Refusal:
        """Take the transfer back, or offer the member back when it is complete.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; do it again.
        """
        merge = await self._coordinator.find(question.transfer or "")
        both = other(question, question.kept or "")
        if merge is None or both is None or not _is_of(merge, question):
            return no.NOT_RESOLVED
        if merge.state is TransferState.OUT_PENDING:
            return await self._withdraw(actor, question, merge, reason)
        if merge.state not in ENDED:
            return no.UNDER_WAY
        if merge.state is not TransferState.COMPLETED:
            return merge  # nothing was merged in the end
        ended, kept = both
        wish = OfferWish(
            membership_no=kept.membership_no,
            from_union=kept.union,
            to_union=ended.union,
            worker=question.worker,
        )
        answer = await self._coordinator.offer(actor, wish, key)
        return _way_back(answer, ended, kept)

    async def _withdraw(
        self, actor: Actor, question: DuplicateQuestion, merge: Transfer, reason: str
    ) -> Transfer | Refusal:
        """Withdraw a merge, as either of the two unions: both may undo it."""

        def allowed(standing: Standing | None) -> Refusal | None:
            if standing is None or not _is_of(standing.transfer, question):
                return acting.NO_SUCH_TRANSFER
            today = today_in_china(self._clock)
            seen = may_see(self._directory(), actor, question, today)
            return None if seen else acting.NO_SUCH_TRANSFER

        return await self._coordinator.act(
            Act(
                actor,
                merge.id,
                Withdrawn(office=actor.office, reason=reason),
                f"{_OURS}|{question.id}|undo",
                fingerprint(question.id, "undo"),
                allowed=allowed,
            )
        )

    async def _not_standing(self, actor: Actor, stays: Found) -> Refusal | None:
        """Say why a membership cannot be kept; its register is asked."""
        stands = await in_register(
            LocalKey(stays.province, stays.local_id),
            stays.union,
            stays.membership_no,
            provinces=self._provinces,
            request=actor.request,
        )
        if stands:
            return None
        refusal = no.KEPT_UNANSWERED if stands is None else no.KEPT_NOT_CONFIRMED
        return acting.about(refusal, stays.union)


def _is_of(transfer: Transfer, question: DuplicateQuestion) -> bool:
    """Tell whether a transfer merges what a question is about."""
    return (transfer.basis, transfer.worker) == (Basis.DUPLICATE, question.worker)


def _way_back(answer: OpenAnswer, ended: Found, kept: Found) -> Transfer | Refusal:
    """Take only the transfer that leads back: another is nobody's undoing."""
    if not isinstance(answer, AlreadyOpen):
        return answer
    back = answer.transfer
    same = (back.from_union, back.to_union) == (kept.union, ended.union)
    return back if same else no.MOVING_NOW
