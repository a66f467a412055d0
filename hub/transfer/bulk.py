"""Itinerary: a signed batch is taken in at once, and opened piece by piece.

What is opened is known by a key of each row, so a piece that was lost half-way is
simply opened again: whoever is open already is answered as the first time.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from hub.access.caller import Scope
from hub.acting.actor import Actor
from hub.acting.keys import acting_key
from hub.acting.refusals import KEY_TAKEN
from hub.audit.moving_entries import Move, draft_of_move
from hub.audit.tags import Tag
from hub.clock import day_in_china, new_request_id
from hub.credential import batch_refusals
from hub.credential.batch import read_batch
from hub.transfer import acting_refusals as no
from hub.transfer.acting import acts_as_old, may_act
from hub.transfer.keeping import BatchRow, Submitted, Taken
from schema.records.moving import (
    AlreadyOpen,
    Batch,
    BatchRowResult,
    BatchState,
    OfferWish,
)
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hub.clock import Clock
    from hub.credential.batch import BatchRow as SignedRow
    from hub.credential.batch import SignedBatch
    from hub.credential.keys import Signer
    from hub.organisation.directory import Directory
    from hub.transfer.coordinator import Coordinator
    from hub.transfer.keeping import Batches
    from schema.records.moving import OpenAnswer

_log = logging.getLogger("hub.transfer")

#: Callers' keys are printable: no caller has one that begins like this.
_OURS: Final = "\tbatch"

_TAKEN: Final = {
    Taken.KEY: KEY_TAKEN,
    Taken.NONCE: batch_refusals.NONCE_USED,
}


async def signed_for(
    actor: Actor,
    compact: str,
    signers: Mapping[str, Signer],
    directory: Callable[[], Directory],
    now: datetime,
) -> SignedBatch | Refusal:
    """Read a batch whose signature holds, of a union that the office acts for.

    Args:
        actor: Who hands it in.
        compact: The signed batch (compact JWS).
        signers: Who may sign batches, by the names of their keys.
        directory: Gives the unions as they are known now.
        now: The present moment.
    """
    # Ten thousand rows take a while; others have their turn meanwhile.
    signed = await asyncio.to_thread(read_batch, compact, signers, now)
    if isinstance(signed, Refusal):
        return signed
    union = acts_as_old(directory(), actor, signed.union, day_in_china(now))
    if isinstance(union, Refusal):
        return union
    if union.province != signed.province:
        return no.about(no.NOT_YOUR_UNION, signed.union)
    return signed


class Bulk:
    """Takes batches in, and opens them."""

    def __init__(
        self,
        coordinator: Coordinator,
        batches: Batches,
        signers: Mapping[str, Signer],
        directory: Callable[[], Directory],
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            coordinator: Opens transfers.
            batches: Where batches are kept.
            signers: Who may sign batches, by the names of their keys.
            directory: Gives the unions as they are known now.
            clock: Tells the time.
        """
        self._coordinator = coordinator
        self._batches = batches
        self._signers = signers
        self._directory = directory
        self._clock = clock

    async def submit(self, actor: Actor, compact: str, key: str) -> Batch | Refusal:
        """Take a signed batch in; it is opened by the runner.

        The batch itself says which it is (its nonce): handed in again, under whatever
        key, it is answered with what became of it. A key serves one batch only.

        Args:
            actor: Who hands it in, for the union whose members they are.
            compact: The signed batch (compact JWS).
            key: Idempotency key of the caller.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; nobody knows
                whether it was taken in: hand it in again.
        """
        now = self._clock.now()
        refused = may_act(self._directory(), actor, key, day_in_china(now))
        if refused is not None:
            return refused
        signed = await signed_for(actor, compact, self._signers, self._directory, now)
        if isinstance(signed, Refusal):
            return signed
        kept = await self._batches.submit(_submitted(actor, signed, key, now))
        return _TAKEN[kept] if isinstance(kept, Taken) else kept

    async def open(
        self, batch: str, most: int, go_on: Callable[[], bool] = lambda: True
    ) -> None:
        """Open what of a batch is not opened yet.

        Args:
            batch: Id of the batch.
            most: How many persons in one piece.
            go_on: Asked before each piece.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; open it again,
                it goes on where it was.
        """
        while go_on():
            opening = await self._batches.opening(batch, most)
            if opening is None or not opening.rows:
                return
            actor = Actor(
                opening.subject,
                opening.batch.office,
                opening.province,
                frozenset({Scope.TRANSFERS_WRITE.value}),
                opening.request,
            )
            answers = await self._coordinator.offers(
                actor,
                [row.wish for row in opening.rows],
                [f"{_OURS}:{batch}:{row.row}" for row in opening.rows],
                opening.batch.basis,
                batch,
            )
            results = [
                _result(row.row, answer)
                for row, answer in zip(opening.rows, answers, strict=True)
            ]
            await self._batches.settle(batch, results)
            _log.info("batch batch=%s rows=%d", batch, len(results))


def _submitted(actor: Actor, signed: SignedBatch, key: str, now: datetime) -> Submitted:
    batch = Batch(
        id=new_request_id(),
        basis=signed.basis,
        office=actor.office,
        union=signed.union,
        state=BatchState.WAITING,
        rows=signed.size,
        opened=0,
        already_open=0,
        refused=0,
        submitted_at=now,
        digest=signed.digest,
    )
    return Submitted(
        batch=batch,
        rows=tuple(BatchRow(place, _wish(signed, row)) for place, row in signed.rows),
        refused=signed.faulty,
        subject=actor.subject,
        province=actor.province,
        request=actor.request,
        key=acting_key(actor, key),
        acting=f"{_OURS}:{signed.province}:{signed.nonce}",
        act=bytes.fromhex(signed.digest),
        audit=draft_of_move(
            Move(
                tag=Tag.TRANSFER_BATCH_SUBMITTED,
                worker="",
                about=batch.id,
                subject=actor.subject,
                office=actor.office,
                province=actor.province,
                request=actor.request,
                state=batch.state,
                from_union=batch.union,
            ),
            now,
        ),
    )


def _wish(signed: SignedBatch, row: SignedRow) -> OfferWish:
    return OfferWish(
        membership_no=row.membership_no,
        from_union=signed.union,
        to_union=row.to_union or signed.to_union or "",
        local_id=row.local_id,
        residence=row.residence,
    )


def _result(row: int, answer: OpenAnswer) -> BatchRowResult:
    match answer:
        case Refusal():
            return BatchRowResult(row=row, refusal=answer)
        case AlreadyOpen(transfer=transfer):
            return BatchRowResult(row=row, transfer=transfer.id, already_open=True)
        case transfer:
            return BatchRowResult(row=row, transfer=transfer.id)
