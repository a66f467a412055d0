"""Itinerary: issues, verifies, presents and revokes membership credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hub.audit.moving_entries import Move, draft_of_move
from hub.audit.tags import Tag
from hub.clock import day_in_china
from hub.credential import claims as claim
from hub.credential import presentation, refusals, status
from hub.credential.code import make_code, make_id
from hub.credential.ports import Kept, NewCredential
from hub.credential.presentation import Presentation
from hub.credential.redeeming import Redeemer
from hub.credential.verifying import Verifier
from hub.identity.resident_id import contains_resident_id
from schema.records.moving import (
    CredentialClaims,
    CredentialState,
    IssuedCredential,
    Verified,
)
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from hub.clock import Clock
    from hub.credential.code import Codes
    from hub.credential.keys import Ring
    from hub.credential.ports import Acting, KeptCredential
    from hub.credential.ports import Credentials as Store
    from hub.credential.settings import CredentialSettings
    from schema.records.keys import ProvinceCode, WorkerId

_UNION: Final = re.compile(r"[0-9A-Za-z-]{1,32}", re.ASCII)
_NUMBER: Final = re.compile(r"[^\s\x00-\x1f\x7f]{1,64}")


class Credentials:
    """Membership credentials (会员证) of this hub.

    It asks nobody whether the membership stands, nor whether the office may act for
    the union: the coordinator does, before.
    """

    def __init__(
        self,
        settings: CredentialSettings,
        ring: Ring,
        codes: Codes,
        store: Store,
        clock: Clock,
    ) -> None:
        """Put together; nothing is asked yet.

        Args:
            settings: For how long credentials hold, and where the hub is.
            ring: The keys.
            codes: Confirmation codes.
            store: Where credentials are kept.
            clock: Tells the time.
        """
        self._settings = settings
        self._ring = ring
        self._codes = codes
        self._store = store
        self._clock = clock
        self._redeemer = Redeemer(settings, ring, codes, store, clock)
        self._verifier = Verifier(settings.issuer, ring, store, clock)

    async def issue(
        self,
        actor: Acting,
        *,
        worker: WorkerId,
        union: str,
        province: ProvinceCode,
        membership_no: str,
        key: str,
    ) -> IssuedCredential | Refusal:
        """Issue a credential; the worker's earlier one ends with that.

        Args:
            actor: Who acts, for the home union.
            worker: The holder.
            union: The home union.
            province: Its province.
            membership_no: Number of the membership card.
            key: The caller's idempotency key. Used again, it issues nothing: the code
                of the first is not kept and cannot be shown again.
        """
        now = self._clock.now().replace(microsecond=0)
        if not (_UNION.fullmatch(union) and _NUMBER.fullmatch(membership_no)):
            return refusals.MALFORMED
        if contains_resident_id(membership_no, day_in_china(now)):
            return refusals.NUMBER_INSIDE
        place = await self._store.reserve()
        address, index = status.address(self._settings.issuer, place)
        claims = CredentialClaims(
            id=make_id(),
            worker=worker,
            membership_no=membership_no,
            union=union,
            province=province,
            issued_at=now,
            expires_at=(now + self._settings.lifetime).replace(microsecond=0),
            status_index=index,
            status_list=address,
        )
        compact, code = self._sign(claims), make_code()
        new = NewCredential(
            claims=claims,
            place=place,
            code_digest=self._codes.digest(self._codes.newest, claims.id, code),
            code_version=self._codes.newest,
            key=key,
            office=actor.office,
        )
        entry = draft_of_move(
            _move(Tag.CREDENTIAL_ISSUED, claims, actor, Kept.ACTIVE), now
        )
        earlier = await self._store.keep(new, entry)
        if earlier is not None:
            before = await self._store.find(earlier)
            if before is None or _whose(before.claims) != _whose(claims):
                return refusals.KEY_TAKEN
            return refusals.issued_already(earlier)
        return IssuedCredential(claims=claims, compact=compact, code=code)

    async def verify(self, compact: str) -> Verified:
        """Tell what a credential, or a presentation of it, is worth now."""
        return await self._verifier.verify(compact)

    async def revoke(
        self, actor: Acting, credential: str, reason: str
    ) -> CredentialClaims | Refusal:
        """Revoke a credential; one that is revoked already stays so.

        Args:
            actor: Who acts, for the union that issued it.
            credential: Its id.
            reason: Why, as a code or in words; no personal data.
        """
        now = self._clock.now()
        kept = await self._store.find(credential)
        if kept is None:
            return refusals.UNKNOWN
        move = _move(Tag.CREDENTIAL_REVOKED, kept.claims, actor, Kept.REVOKED)
        before = await self._store.revoke(
            credential, reason, now, draft_of_move(move, now)
        )
        if before is None:
            return refusals.UNKNOWN
        return refusals.REDEEMED if before.kept is Kept.REDEEMED else before.claims

    async def find(self, credential: str) -> KeptCredential | None:
        """Read a credential by its id: to see who may act on it."""
        return await self._store.find(credential)

    async def present(
        self, compact: str, code: str, to_union: str, actor: Acting | None = None
    ) -> str | Refusal:
        """Make a presentation for one union, as the holder.

        Args:
            compact: The credential.
            code: The holder's confirmation code.
            to_union: The only union that shall be able to use it.
            actor: Through whom; it stands in the trail if this try locks it.
        """
        if not _UNION.fullmatch(to_union):
            return refusals.MALFORMED
        kept = await self._redeemer.confirmed(compact, code, actor)
        if isinstance(kept, Refusal):
            return kept
        if kept.kept is Kept.REDEEMED:
            return refusals.REDEEMED
        now = self._clock.now()
        made = Presentation(
            id=make_id(),
            credential=kept.claims.id,
            to_union=to_union,
            made_at=now,
            expires_at=now + self._settings.presentation,
        )
        payload = presentation.payload_of(made, self._settings.issuer)
        return self._ring.sign(presentation.TYPE, payload)

    async def redeeming(
        self,
        compact: str,
        code: str | None,
        to_union: str,
        act: str,
        actor: Acting | None = None,
    ) -> CredentialClaims | Refusal:
        """Tell whether a credential may open a transfer.

        See ``hub.credential.redeeming``; the store's unit redeems it then.
        """
        return await self._redeemer.redeeming(compact, code, to_union, act, actor)

    def _sign(self, claims: CredentialClaims) -> str:
        payload = claim.payload_of(claims, self._settings.issuer)
        return self._ring.sign(claim.TYPE, payload)


def _whose(claims: CredentialClaims) -> tuple[str, str, str]:
    return claims.worker, claims.union, claims.membership_no


def _move(tag: Tag, claims: CredentialClaims, actor: Acting, kept: Kept) -> Move:
    return Move(
        tag=tag,
        worker=claims.worker,
        about=claims.id,
        subject=actor.subject,
        office=actor.office,
        province=actor.province,
        request=actor.request,
        state=kept,
        from_union=claims.union,
    )


class NoCredentials:
    """In place of ``Credentials`` where the settings name no keys: it refuses."""

    def __init__(self, clock: Clock) -> None:
        """Refuse, by this clock."""
        self._clock = clock

    async def issue(
        self,
        actor: Acting,
        *,
        worker: WorkerId,
        union: str,
        province: ProvinceCode,
        membership_no: str,
        key: str,
    ) -> IssuedCredential | Refusal:
        """Refuse."""
        del actor, worker, union, province, membership_no, key
        return refusals.NOT_SET

    async def verify(self, compact: str) -> Verified:
        """Know no issuer, not even ourselves."""
        del compact
        return Verified(
            state=CredentialState.FOREIGN, claims=None, checked_at=self._clock.now()
        )

    async def revoke(
        self, actor: Acting, credential: str, reason: str
    ) -> CredentialClaims | Refusal:
        """Refuse."""
        del actor, credential, reason
        return refusals.NOT_SET

    async def find(self, credential: str) -> KeptCredential | None:
        """Find none."""
        del credential
        return None

    async def present(
        self, compact: str, code: str, to_union: str, actor: Acting | None = None
    ) -> str | Refusal:
        """Refuse."""
        del compact, code, to_union, actor
        return refusals.NOT_SET

    async def redeeming(
        self,
        compact: str,
        code: str | None,
        to_union: str,
        act: str,
        actor: Acting | None = None,
    ) -> CredentialClaims | Refusal:
        """Refuse."""
        del compact, code, to_union, act, actor
        return refusals.NOT_SET
