"""Itinerary: whether a credential, with its code or as a presentation, opens a transfer.

What it finds is a claim and not yet a fact: in the transaction that opens the transfer
the store looks again and redeems (``hub.transfer.ports.Unit.redeem``). A credential that
is redeemed passes here, so that the transfer which it served can be shown.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hub.audit.moving_entries import Move, draft_of_move
from hub.audit.tags import Tag
from hub.credential import claims as claim
from hub.credential import presentation, refusals
from hub.credential.claims import Reason
from hub.credential.code import read_code
from hub.credential.ports import Kept
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from hub.clock import Clock
    from hub.credential.code import Codes
    from hub.credential.keys import Ring
    from hub.credential.ports import Acting, Credentials, KeptCredential
    from hub.credential.settings import CredentialSettings
    from schema.records.moving import CredentialClaims

_log = logging.getLogger(__name__)


class Redeemer:
    """Looks at what an office hands in with a request for a transfer."""

    def __init__(
        self,
        settings: CredentialSettings,
        ring: Ring,
        codes: Codes,
        store: Credentials,
        clock: Clock,
    ) -> None:
        """Put together; nothing is asked yet."""
        self._settings = settings
        self._ring = ring
        self._codes = codes
        self._store = store
        self._clock = clock

    async def redeeming(
        self,
        compact: str,
        code: str | None,
        to_union: str,
        act: str,
        actor: Acting | None = None,
    ) -> CredentialClaims | Refusal:
        """Tell whether this may open a transfer to a union.

        Args:
            compact: The credential or a presentation.
            code: The holder's confirmation code; with a presentation none is needed.
            to_union: The new union.
            act: The caller's act, as ``office/idempotency key``: asked again, it may
                use the same presentation again.
            actor: Who asks; it stands in the trail if this try locks the credential.
        """
        if presentation.is_one(compact):
            return await self._presented(compact, to_union, act)
        kept = await self.confirmed(compact, code, actor)
        return kept if isinstance(kept, Refusal) else kept.claims

    async def confirmed(
        self, compact: str, code: str | None, actor: Acting | None = None
    ) -> KeptCredential | Refusal:
        """Tell whether a credential holds and the code is its holder's.

        A try is counted before the code is compared, so that many at once are no
        more than many in a row.
        """
        now = self._clock.now()
        judged = claim.judge(compact, self._ring.public, self._settings.issuer, now)
        if judged.reason is not None or judged.claims is None:
            return refusals.OF_REASON[judged.reason or Reason.CLAIMS]
        digits = None if code is None else read_code(code)
        if digits is None:
            return refusals.CODE_MALFORMED if code else refusals.CODE_MISSING
        most = self._settings.wrong_codes
        kept = await self._store.take_try(judged.claims.id, most)
        if kept is None:
            known = await self._store.find(judged.claims.id)
            return refusals.UNKNOWN if known is None else refusals.CODE_LOCKED
        if kept.claims != judged.claims:
            _log.error("credential-not-kept kid-or-store-suspect")
            return refusals.UNKNOWN
        if not self._codes.fits(
            kept.code_version, kept.claims.id, digits, kept.code_digest
        ):
            if kept.tries >= most:
                await self._lock(kept.claims, actor, now)
            return refusals.wrong_code(most - kept.tries)
        await self._store.forget_tries(kept.claims.id)
        return refusals.REVOKED if kept.kept is Kept.REVOKED else kept

    async def _lock(
        self, claims: CredentialClaims, actor: Acting | None, now: datetime
    ) -> None:
        """Write down that the last try was wrong, before anybody is told so."""
        _log.warning("credential-locked credential=%s", claims.id)
        move = Move(
            tag=Tag.CREDENTIAL_LOCKED,
            worker=claims.worker,
            about=claims.id,
            subject="" if actor is None else actor.subject,
            office="" if actor is None else actor.office,
            province="" if actor is None else actor.province,
            request="" if actor is None else actor.request,
            from_union=claims.union,
        )
        await self._store.note(draft_of_move(move, now))

    async def _presented(
        self, compact: str, to_union: str, act: str
    ) -> CredentialClaims | Refusal:
        now = self._clock.now()
        shown = presentation.judge(
            compact, self._ring.public, self._settings.issuer, now
        )
        if isinstance(shown, Reason):
            expired = shown is Reason.EXPIRED
            return (
                refusals.PRESENTATION_EXPIRED if expired else refusals.OF_REASON[shown]
            )
        if shown.to_union != to_union:
            return refusals.PRESENTATION_ELSEWHERE
        kept = await self._store.find(shown.credential)
        refusal = _against(kept, now)
        if refusal is None and not await self._store.use_presentation(
            shown.id, act, shown.expires_at
        ):
            refusal = refusals.PRESENTATION_USED
        return refusals.UNKNOWN if kept is None else refusal or kept.claims


def _against(kept: KeptCredential | None, now: datetime) -> Refusal | None:
    if kept is None:
        return refusals.UNKNOWN
    if kept.kept is Kept.REVOKED:
        return refusals.REVOKED
    return refusals.EXPIRED if kept.claims.expires_at <= now else None
