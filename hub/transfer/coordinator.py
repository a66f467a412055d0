"""Itinerary: an act is checked, the saga is asked, and all is written at once.

Policy → saga → ONE transaction with journal, transfer, commands, jobs, trail and
feed. Acts that come at once share a transaction (``hub.acting.desk``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from hub.acting.desk import Desk
from hub.acting.keys import acting_key, fingerprint, reason_refused
from hub.clock import new_request_id, today_in_china
from hub.transfer.acting import (
    may_accept,
    may_act,
    may_answer,
    may_withdraw,
)
from hub.transfer.events import Accepted, Rejected, Withdrawn
from hub.transfer.fields import checked_local_id
from hub.transfer.happening import clashing, of_limit, of_receipt
from hub.transfer.registers import possible, unable_to_take_in
from hub.transfer.settling import Act, Opening, settle_acts, settle_openings
from schema.records.keys import LocalKey, ProvinceCode
from schema.records.refusal import Refusal
from schema.records.transfer import Basis
from schema.records.wanted import ByLocalKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.acting.actor import Actor
    from hub.clock import Clock
    from hub.organisation.directory import Directory
    from hub.reading.ports import Links
    from hub.transfer.events import Event
    from hub.transfer.limits import Limits
    from hub.transfer.opening import Openings
    from hub.transfer.ports import Passed, Standing, Store, Written
    from hub.transfer.registers import Registers
    from schema.records.command import Command, Receipt
    from schema.records.keys import WorkerId
    from schema.records.moving import ActAnswer, OfferWish, OpenAnswer, RequestWish
    from schema.records.transfer import Transfer

#: A province that has a command and is not done is asked again after this.
_PENDING_FOR: Final = timedelta(seconds=1)

#: Acts that come so soon after a transaction go together in the next: what it costs
#: hardly depends on how many there are.
_GATHER_S: Final = 0.02

Allowed = Callable[["Standing | None"], "Refusal | None"]


class Coordinator:
    """Moves memberships. Whatever is answered is on disk before it is answered."""

    def __init__(
        self,
        store: Store,
        directory: Callable[[], Directory],
        links: Links,
        *,
        openings: Openings,
        registers: Registers,
        limits: Limits,
        clock: Clock,
        moved: Callable[[Sequence[Written]], None] | None = None,
        pending_for: timedelta = _PENDING_FOR,
    ) -> None:
        """Hold what is needed; nothing runs while nobody acts.

        Args:
            store: Where transfers are kept.
            directory: Gives the unions as they are known now.
            links: Tells whose a local key is.
            openings: Makes the events that open transfers.
            registers: Tells what provinces take.
            limits: How long each wait may last.
            clock: Tells the time.
            moved: Is told of what was written, when it is on disk.
            pending_for: When a province that is not done is asked again.
        """
        self._store = store
        self._directory = directory
        self._links = links
        self._openings = openings
        self._registers = registers
        self._limits = limits
        self._clock = clock
        self._moved = moved
        self._pending_for = pending_for
        # Apart, because they take their locks in different orders.
        self._opening: Desk[Opening, OpenAnswer] = Desk(
            self._settle_openings, gather=_GATHER_S
        )
        self._acting: Desk[Act, ActAnswer] = Desk(self._settle_acts, gather=_GATHER_S)

    async def close(self) -> None:
        """Wait until what waits is settled."""
        await self._opening.close()
        await self._acting.close()

    async def request(self, actor: Actor, wish: RequestWish, key: str) -> OpenAnswer:
        """Open a transfer as the worker's new union, with the credential.

        Raises:
            schema.records.refusal.Refused: The store cannot be used; nobody knows
                whether it was done: act again with the same key.
        """
        refused = self._may_act(actor, key)
        if refused is not None:
            return refused
        acting = acting_key(actor, key)
        act = fingerprint("request", msgspec.structs.astuple(wish))
        opened = await self._openings.of_request(actor, wish, acting)
        return (await self.open([Opening(actor, acting, act, opened)]))[0]

    async def offer(self, actor: Actor, wish: OfferWish, key: str) -> OpenAnswer:
        """Open a transfer as the old union; raises as ``request``."""
        refused = self._may_act(actor, key)
        return refused or (await self.offers(actor, [wish], [key]))[0]

    async def offers(
        self,
        actor: Actor,
        wishes: Sequence[OfferWish],
        keys: Sequence[str],
        basis: Basis = Basis.OFFER,
        batch: str = "",
    ) -> list[OpenAnswer]:
        """Open several as ``offer``, or as a union that closes; raises as ``request``.

        Args:
            actor: Who may act.
            wishes: Whom.
            keys: An idempotency key for each.
            basis: ``OFFER`` or ``CLOSURE``.
            batch: The batch that they belong to, if any.
        """
        opened = await self._openings.of_offers(actor, wishes, basis, batch)
        return await self.open(
            [
                Opening(
                    actor,
                    acting_key(actor, key),
                    fingerprint(basis, batch, msgspec.structs.astuple(wish)),
                    one,
                )
                for wish, key, one in zip(wishes, keys, opened, strict=True)
            ]
        )

    async def open(self, openings: Sequence[Opening]) -> list[OpenAnswer]:
        """Open transfers whose events are made; raises as ``request``."""
        return await self._opening.take(possible(self._registers, openings))

    async def accept(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        local_id: str | None,
        key: str,
    ) -> ActAnswer:
        """Accept as the new union; raises as ``request``."""
        today = today_in_china(self._clock)
        refused = self._may_act(actor, key)
        if refused is not None:
            return refused
        named: tuple[str, WorkerId | None] | None = None
        if local_id is not None:
            name = checked_local_id(local_id, today)
            if isinstance(name, Refusal):
                return name
            by = ByLocalKey(LocalKey(ProvinceCode(actor.province), name))
            located = (await self._links.locate([by]))[0]
            named = (name, None if located is None else located.worker)

        def allowed(standing: Standing | None) -> Refusal | None:
            refused = may_accept(self._directory(), actor, standing, named, today)
            if refused is not None or standing is None:
                return refused
            return unable_to_take_in(self._registers, standing)

        event = Accepted(office=actor.office, local_id=named and named[0])
        return await self._act(actor, id, event, key, allowed)

    async def reject(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        reason: str,
        key: str,
    ) -> ActAnswer:
        """Say no as the new union; raises as ``request``."""
        today = today_in_china(self._clock)
        return reason_refused(reason, today) or await self._act(
            actor,
            id,
            Rejected(office=actor.office, reason=reason),
            key,
            lambda standing: may_answer(self._directory(), actor, standing, today),
        )

    async def withdraw(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        reason: str,
        key: str,
    ) -> ActAnswer:
        """Take it back as the union that opened it; raises as ``request``."""
        today = today_in_china(self._clock)
        return reason_refused(reason, today) or await self._act(
            actor,
            id,
            Withdrawn(office=actor.office, reason=reason),
            key,
            lambda standing: may_withdraw(self._directory(), actor, standing, today),
        )

    async def received(
        self, answered: Sequence[tuple[Command, Receipt]]
    ) -> Sequence[str]:
        """Take receipts in; raises as ``request``: ask the provinces again.

        Returns:
            Transfers of which an IN entry stands though the home is elsewhere.
        """
        acts = [of_receipt(*each) for each in answered]
        return clashing(answered, await self._acting.take(acts))

    async def limit_passed(self, passed: Sequence[Passed]) -> None:
        """Let waits end whose limits passed; raises as ``request``."""
        acts = [of_limit(self._registers, one) for one in passed]
        await self._acting.take(acts)

    async def act(self, act: Act) -> ActAnswer:
        """Let something happen that was judged elsewhere; raises as ``request``."""
        return (await self._acting.take([act]))[0]

    async def find(self, id: str) -> Transfer | None:  # noqa: A002  # as in the graph
        """Read a transfer as it stands; raises as ``request``."""
        async with self._store.unit() as unit:
            found = (await unit.lock([id])).get(id)
        return None if found is None else found.transfer

    def _may_act(self, actor: Actor, key: str) -> Refusal | None:
        return may_act(self._directory(), actor, key, today_in_china(self._clock))

    async def _act(
        self,
        actor: Actor,
        id: str,  # noqa: A002  # as in the graph
        event: Event,
        key: str,
        allowed: Allowed,
    ) -> ActAnswer:
        refused = self._may_act(actor, key)
        if refused is not None:
            return refused
        return await self.act(
            Act(
                actor,
                id,
                event,
                acting=acting_key(actor, key),
                act=fingerprint(id, event),
                allowed=allowed,
            )
        )

    async def _settle_openings(self, acts: Sequence[Opening]) -> Sequence[OpenAnswer]:
        now = self._clock.now()
        async with self._store.unit() as unit:
            answers, written = await settle_openings(
                unit, acts, now, self._limits, new_request_id
            )
        self._tell(written)
        return answers

    async def _settle_acts(self, acts: Sequence[Act]) -> Sequence[ActAnswer]:
        now = self._clock.now()
        async with self._store.unit() as unit:
            answers, written = await settle_acts(
                unit, acts, now, self._limits, now + self._pending_for
            )
        self._tell(written)
        return answers

    def _tell(self, written: Sequence[Written]) -> None:
        if self._moved is not None and written:
            self._moved(written)
