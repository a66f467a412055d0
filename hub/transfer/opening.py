"""Itinerary: what an office wishes → the event that opens a transfer, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from hub.clock import today_in_china
from hub.organisation.directory import Organisation
from hub.transfer import acting_refusals as no
from hub.transfer.acting import acts_as, acts_as_old, landing_of, union_at
from hub.transfer.events import Opened
from hub.transfer.fields import card_refused, checked_local_id
from hub.transfer.registers import IN, unable
from schema.records.keys import LocalKey
from schema.records.moving import OfferWish
from schema.records.refusal import Refusal
from schema.records.transfer import Basis
from schema.records.wanted import ById, ByLocalKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links, Wanted
    from hub.transfer.registers import Registers
    from schema.records.moving import CredentialClaims, RequestWish
    from schema.records.told import Located


class Redeemer(Protocol):
    """Who tells what a credential that is to be redeemed is worth."""

    async def redeeming(
        self,
        compact: str,
        code: str | None,
        to_union: str,
        act: str,
        actor: Actor | None = None,
    ) -> CredentialClaims | Refusal:
        """Check a credential with its code, or a presentation of it.

        Args:
            compact: Credential or presentation.
            code: The holder's confirmation code; none with a presentation.
            to_union: For whom.
            act: Key of the act that uses it: asked again, it is the same use.
            actor: Who asks; a try that locks it stands in the trail with them.
        """
        ...


class Openings:
    """Makes the events that open transfers; whether they may, the coordinator asks."""

    def __init__(
        self,
        directory: Callable[[], Directory],
        links: Links,
        redeemer: Redeemer,
        registers: Registers,
        clock: Clock,
    ) -> None:
        """Hold what is needed.

        Args:
            directory: Gives the unions as they are known now.
            links: Tells the local keys of workers.
            redeemer: Checks credentials.
            registers: Tells what provinces take.
            clock: Tells the day.
        """
        self._directory = directory
        self._links = links
        self._redeemer = redeemer
        self._registers = registers
        self._clock = clock

    async def of_request(
        self, actor: Actor, wish: RequestWish, by: str
    ) -> Opened | Refusal:
        """Read a request of the new union with the credential.

        Args:
            actor: Who asks.
            wish: For whom.
            by: Key of the act.

        Raises:
            Refused: The store cannot be asked now.
        """
        directory, today = self._directory(), today_in_china(self._clock)
        new = acts_as(directory, actor, wish.to_union, today)
        if isinstance(new, Refusal):
            return new
        local_id = _local_id(wish.local_id, today)
        if isinstance(local_id, Refusal):
            return local_id
        # Before the credential is looked at: a presentation is not used up for nothing.
        refused = unable(self._registers, new.province, IN)
        if refused is not None:
            return refused
        claims = await self._redeemer.redeeming(
            wish.credential, wish.code, wish.to_union, by, actor
        )
        if isinstance(claims, Refusal):
            return claims
        wanted: list[Wanted] = [ById(claims.worker)]
        if local_id is not None:
            wanted.append(ByLocalKey(LocalKey(new.province, local_id)))
        located = await self._links.locate(wanted)
        return _requested(actor, claims, new, located, local_id)

    async def of_offers(
        self,
        actor: Actor,
        wishes: Sequence[OfferWish],
        basis: Basis = Basis.OFFER,
        batch: str = "",
    ) -> list[Opened | Refusal]:
        """Read offers of an old union, or the moves of one that closes.

        Args:
            actor: Who offers.
            wishes: Whom.
            basis: ``OFFER``, or ``CLOSURE``: then the union of residence takes in.
            batch: The batch that they belong to, if any.

        Returns:
            One for each, in their order.

        Raises:
            Refused: The store cannot be asked now.
        """
        directory, today = self._directory(), today_in_china(self._clock)
        begun = [
            self._landing_there(_begin(directory, actor, one, basis, today))
            for one in wishes
        ]
        located = iter(
            await self._links.locate(
                [one.wanted for one in begun if isinstance(one, _Begun)]
            )
        )
        return [
            one
            if isinstance(one, Refusal)
            else _offered(actor, one, next(located), basis, batch)
            for one in begun
        ]

    def _landing_there(self, begun: _Begun | Refusal) -> _Begun | Refusal:
        """Keep a member with the old union who could not be taken in where they land."""
        if isinstance(begun, Refusal) or begun.landing is begun.old:
            return begun
        if unable(self._registers, begun.landing.province, IN) is None:
            return begun
        return msgspec.structs.replace(begun, landing=begun.old)


class _Begun(msgspec.Struct, frozen=True):
    """An offer whose unions are known."""

    wish: OfferWish
    old: Organisation
    new: Organisation
    landing: Organisation
    wanted: ById | ByLocalKey


def _local_id(written: str | None, today: date) -> str | Refusal | None:
    return None if written is None else checked_local_id(written, today)


def local_id_in(worker: Located, province: str) -> str | None:
    """Tell a worker's name in a province, if the hub knows one."""
    for link in worker.links:
        if link.key.province == province:
            return link.key.value
    return None


def _requested(
    actor: Actor,
    claims: CredentialClaims,
    new: Organisation,
    located: Sequence[Located | None],
    local_id: str | None,
) -> Opened | Refusal:
    worker, *named = located
    old_id = None if worker is None else local_id_in(worker, claims.province)
    if worker is None or old_id is None:
        return no.UNKNOWN_WORKER
    known = local_id_in(worker, new.province)
    for one in named:
        if one is not None and one.worker != claims.worker:
            return no.ANOTHER_WORKER
    if local_id is not None and known is not None and known != local_id:
        return no.ANOTHER_LOCAL_ID
    return Opened(
        worker=claims.worker,
        basis=Basis.REQUEST,
        membership_no=claims.membership_no,
        from_union=claims.union,
        from_province=claims.province,
        from_local_id=old_id,
        to_union=new.code,
        to_province=new.province,
        to_local_id=known or local_id,
        # It has been accepted with the request: it never waits for an answer.
        fallback_union=claims.union,
        fallback_province=claims.province,
        fallback_local_id=old_id,
        office=actor.office,
        credential=claims.id,
    )


def _begin(
    directory: Directory, actor: Actor, wish: OfferWish, basis: Basis, today: date
) -> _Begun | Refusal:
    old = acts_as_old(directory, actor, wish.from_union, today)
    if isinstance(old, Refusal):
        return old
    landing = landing_of(directory, old, wish.residence, today)
    new: Organisation | Refusal
    if basis is Basis.CLOSURE:
        new = landing or no.NO_LANDING
    else:
        new = union_at(directory, wish.to_union, today)
    if isinstance(new, Refusal):
        return new
    local_id = _local_id(wish.local_id, today)
    if isinstance(local_id, Refusal):
        return local_id
    refused = card_refused(wish.membership_no, today)
    if refused is not None:
        return refused
    if (wish.worker is None) == (local_id is None):
        return no.WORKER_NOT_SAID
    wanted = (
        ById(wish.worker)
        if wish.worker is not None
        else ByLocalKey(LocalKey(old.province, local_id or ""))
    )
    return _Begun(wish, old, new, landing or old, wanted)


def _offered(
    actor: Actor, begun: _Begun, worker: Located | None, basis: Basis, batch: str
) -> Opened | Refusal:
    old, new, landing = begun.old, begun.new, begun.landing
    old_id = None if worker is None else local_id_in(worker, old.province)
    if worker is None or old_id is None:
        return no.UNKNOWN_WORKER
    return Opened(
        worker=worker.worker,
        basis=basis,
        membership_no=begun.wish.membership_no,
        from_union=old.code,
        from_province=old.province,
        from_local_id=old_id,
        to_union=new.code,
        to_province=new.province,
        to_local_id=local_id_in(worker, new.province),
        fallback_union=landing.code,
        fallback_province=landing.province,
        fallback_local_id=local_id_in(worker, landing.province),
        office=actor.office,
        batch=batch,
    )
