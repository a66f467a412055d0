"""Itinerary: the door to membership credentials, for one request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from hub.access.caller import Scope
from hub.acting.actor import actor_of
from hub.acting.keys import reason_refused
from hub.acting.reach import reaches
from hub.clock import today_in_china
from hub.credential import refusals as credential_refusals
from hub.credential.image import qr_svg
from hub.transfer import acting_refusals
from hub.transfer.acting import acts_as_old, may_act, may_move
from hub.transfer.confirming import confirmed
from hub.transfer.fields import card_refused, checked_local_id
from hub.transfer.showing import showings
from hub.transfer.sight import inspects_only
from hub.web import moving_refusals as no
from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.refusal import Refusal
from schema.records.showing import Shown
from schema.records.wanted import ById, ByLocalKey

if TYPE_CHECKING:
    from datetime import date

    from hub.access.caller import Caller
    from hub.audit.ports import Trail
    from hub.transfer.moving import Moving
    from schema.records.issuing import IssueWish
    from schema.records.moving import CredentialClaims, IssuedCredential, Verified

_HOLDING = frozenset({Scope.TRANSFERS_WRITE.value, Scope.SELF_READ.value})


class Credentials:
    """Issues, revokes, presents and verifies credentials for one caller."""

    def __init__(
        self, moving: Moving, trail: Trail, caller: Caller, request: str
    ) -> None:
        """Open the door; the arguments are as for ``hub.web.moving.Transfers``."""
        self._moving = moving
        self._trail = trail
        self._actor = actor_of(caller, request)
        self._today = today_in_china(moving.clock)

    async def issue(self, wish: IssueWish, key: str) -> IssuedCredential | Refusal:
        """Issue one as the home union; the province must confirm the membership."""
        directory = self._moving.directory()
        refused = may_act(directory, self._actor, key, self._today)
        if refused is not None:
            return refused
        union = acts_as_old(directory, self._actor, wish.union, self._today)
        if isinstance(union, Refusal):
            return union
        by = _named(wish, union.province, self._today)
        if isinstance(by, Refusal):
            return by
        worker = await confirmed(
            by,
            union,
            wish.membership_no,
            links=self._moving.links,
            provinces=self._moving.provinces,
            request=self._actor.request,
        )
        if isinstance(worker, Refusal):
            return worker
        return await self._moving.credentials.issue(
            self._actor,
            worker=worker,
            union=union.code,
            province=ProvinceCode(union.province),
            membership_no=wish.membership_no,
            key=key,
        )

    async def image(self, compact: str) -> str:
        """Draw one as a QR image (SVG), where it is asked for.

        Drawing takes some fifty milliseconds of computing: not on the loop.
        """
        return await asyncio.to_thread(qr_svg, compact)

    async def revoke(
        self,
        id: str,  # noqa: A002  # as in the graph
        reason: str,
    ) -> CredentialClaims | Refusal:
        """Revoke one as the home union that issued it, or as one above it."""
        directory = self._moving.directory()
        refused = may_move(directory, self._actor, self._today) or reason_refused(
            reason, self._today
        )
        if refused is not None:
            return refused
        kept = await self._moving.credentials.find(id)
        if kept is None or not reaches(
            directory, self._actor, kept.claims.union, self._today
        ):
            # Nobody learns of a credential that is not theirs.
            return credential_refusals.NO_SUCH
        told = await self._moving.credentials.revoke(self._actor, id, reason)
        await self._show(None if isinstance(told, Refusal) else told)
        return told

    async def present(self, credential: str, code: str, to_union: str) -> str | Refusal:
        """Make a short-lived presentation for one union, as the holder."""
        if not self._actor.scopes & _HOLDING:
            return no.NO_SCOPE_TO_PRESENT
        return await self._moving.credentials.present(
            credential, code, to_union, self._actor
        )

    async def verify(self, credential: str) -> Verified:
        """Tell what one is worth now; whoever has a token may ask."""
        verified = await self._moving.credentials.verify(credential)
        shown = verified.presentation
        if shown is not None and not self._moving.directory().acts_for(
            self._actor.office, shown.to_union, self._today
        ):
            # A presentation itself says nothing of the holder: it is for one union.
            verified = msgspec.structs.replace(verified, claims=None)
        if inspects_only(self._actor):
            verified = msgspec.structs.replace(verified, claims=None)
        await self._show(verified.claims)
        return verified

    async def _show(self, claims: CredentialClaims | None) -> None:
        if claims is not None:
            named = [(claims.worker, claims.id)]
            await self._trail.record(showings(self._actor, Shown.CREDENTIAL, named))


def _named(
    wish: IssueWish, province: ProvinceCode, today: date
) -> ById | ByLocalKey | Refusal:
    """Read whose credential it shall be; before anybody is asked."""
    refused = card_refused(wish.membership_no, today)
    if refused is not None:
        return refused
    if (wish.worker is None) == (wish.local_id is None):
        return acting_refusals.WORKER_NOT_SAID
    if wish.local_id is None:
        return ById(WorkerId(wish.worker or ""))
    local_id = checked_local_id(wish.local_id, today)
    if isinstance(local_id, Refusal):
        return local_id
    return ByLocalKey(LocalKey(province, local_id))
