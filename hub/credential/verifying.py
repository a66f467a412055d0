"""Itinerary: what a credential, or a presentation of one, is worth now."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from hub.credential import claims as claim
from hub.credential import presentation
from hub.credential.claims import Reason
from hub.credential.ports import Kept
from schema.records.moving import CredentialState, Verified, VerifiedPresentation

if TYPE_CHECKING:
    from datetime import datetime

    from hub.clock import Clock
    from hub.credential.keys import Ring
    from hub.credential.ports import Credentials, KeptCredential

_log = logging.getLogger(__name__)

_STATES: Final = {
    Kept.ACTIVE: CredentialState.VALID,
    Kept.REVOKED: CredentialState.REVOKED,
    Kept.REDEEMED: CredentialState.REDEEMED,
}


class Verifier:
    """Tells what is in somebody's hands; it changes nothing and uses nothing up."""

    def __init__(
        self, issuer: str, ring: Ring, store: Credentials, clock: Clock
    ) -> None:
        """Put together; nothing is asked yet.

        Args:
            issuer: Address of this hub.
            ring: The keys.
            store: Where credentials are kept.
            clock: Tells the time.
        """
        self._issuer = issuer
        self._ring = ring
        self._store = store
        self._clock = clock

    async def verify(self, compact: str) -> Verified:
        """Tell what a credential or a presentation is worth.

        Expiry goes before what became of it, as the status list's rules want.
        """
        now = self._clock.now()
        if presentation.is_one(compact):
            return await self._presented(compact, now)
        judged = claim.judge(compact, self._ring.public, self._issuer, now)
        if judged.claims is None or judged.state is not CredentialState.VALID:
            return Verified(state=judged.state, claims=judged.claims, checked_at=now)
        kept = await self._store.find(judged.claims.id)
        if kept is None or kept.claims != judged.claims:
            return _not_kept(now)
        return Verified(state=_STATES[kept.kept], claims=kept.claims, checked_at=now)

    async def _presented(self, compact: str, now: datetime) -> Verified:
        made = presentation.genuine(compact, self._ring.public, self._issuer, now)
        if isinstance(made, Reason):
            return Verified(
                state=presentation.state_of(made), claims=None, checked_at=now
            )
        kept = await self._store.find(made.credential)
        if kept is None:
            return _not_kept(now)
        own = CredentialState.VALID
        if made.expires_at <= now:
            own = CredentialState.EXPIRED
        elif await self._store.presentation_used(made.id):
            own = CredentialState.REDEEMED
        of_it = _worth(kept, now)
        return Verified(
            state=of_it if own is CredentialState.VALID else own,
            claims=kept.claims,
            checked_at=now,
            presentation=VerifiedPresentation(
                to_union=made.to_union,
                expires_at=made.expires_at,
                state=own,
                credential=of_it,
            ),
        )


def _worth(kept: KeptCredential, now: datetime) -> CredentialState:
    expired = kept.claims.expires_at <= now
    return CredentialState.EXPIRED if expired else _STATES[kept.kept]


def _not_kept(now: datetime) -> Verified:
    # Signed, and not by us: the key may have leaked.
    _log.error("credential-not-kept kid-or-store-suspect")
    return Verified(state=CredentialState.FORGED, claims=None, checked_at=now)
