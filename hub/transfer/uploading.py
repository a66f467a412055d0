"""Itinerary: signed batches that are sent ahead, and then submitted by their id.

Ten thousand rows do not fit into a GraphQL request: they come by a way of their own.
Nothing is opened before the batch is submitted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.clock import day_in_china, new_request_id
from hub.transfer.acting import may_act, may_move
from hub.transfer.bulk import signed_for
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.credential.keys import Signer
    from hub.organisation.directory import Directory
    from hub.transfer.bulk import Bulk
    from schema.records.moving import Batch

UNKNOWN_UPLOAD = Refusal(
    "UNKNOWN_UPLOAD",
    "transfers.upload",
    Bilingual(
        "没有贵机构上传的此批次，或已过保存期。",
        "Your office has uploaded no such batch, or it is no longer kept.",
    ),
    Bilingual(
        "请重新上传（POST /transfers/batches），或直接给出批次的紧凑 JWS。",
        "Upload it again (POST /transfers/batches), or give the compact JWS itself.",
    ),
)


class Uploaded(msgspec.Struct, frozen=True):
    """A batch that was sent ahead.

    Attributes:
        upload: Submit it under this id; the batch gets an id of its own then.
        rows: How many persons it has, and
        faulty: how many of them cannot be used as they are.
        digest: SHA-256 of what was signed, hexadecimal.
    """

    upload: str
    rows: int
    faulty: int
    digest: str


class Kept(Protocol):
    """Where uploads are kept for a while (``hub.store.batches``)."""

    async def upload(self, upload: str, office: str, body: bytes) -> None:
        """Keep what an office sent ahead of its submission."""
        ...

    async def uploaded(self, upload: str, office: str) -> bytes | None:
        """Read what this office sent ahead; none if it did not."""
        ...


class Uploads:
    """Takes batches in, sent ahead or given whole."""

    def __init__(
        self,
        bulk: Bulk,
        kept: Kept,
        signers: Mapping[str, Signer],
        directory: Callable[[], Directory],
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            bulk: Submits batches.
            kept: Keeps uploads.
            signers: Who may sign batches, by the names of their keys.
            directory: Gives the unions as they are known now.
            clock: Tells the time.
        """
        self._bulk = bulk
        self._kept = kept
        self._signers = signers
        self._directory = directory
        self._clock = clock

    async def upload(self, actor: Actor, body: bytes) -> Uploaded | Refusal:
        """Keep a batch whose signature holds and whose union the office acts for.

        Raises:
            schema.records.refusal.Refused: The store cannot be used.
        """
        now = self._clock.now()
        refused = may_move(self._directory(), actor, day_in_china(now))
        if refused is not None:
            return refused
        compact = body.decode("ascii", "replace")
        signed = await signed_for(actor, compact, self._signers, self._directory, now)
        if isinstance(signed, Refusal):
            return signed
        name = new_request_id()
        await self._kept.upload(name, actor.office, body)
        return Uploaded(name, signed.size, len(signed.faulty), signed.digest)

    async def submit(self, actor: Actor, batch: str, key: str) -> Batch | Refusal:
        """Submit a batch: its compact JWS, or the id under which it was sent ahead.

        Raises:
            schema.records.refusal.Refused: As ``hub.transfer.bulk.Bulk.submit``.
        """
        today = day_in_china(self._clock.now())
        refused = may_act(self._directory(), actor, key, today)
        if refused is not None:
            return refused
        if "." not in batch:  # no compact JWS is without one, and no id has one
            body = await self._kept.uploaded(batch, actor.office)
            if body is None:
                return UNKNOWN_UPLOAD
            batch = body.decode("ascii", "replace")
        return await self._bulk.submit(actor, batch, key)
