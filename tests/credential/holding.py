"""A room of credentials with keys of its own, and the store in memory."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec

from hub.credential.code import Codes
from hub.credential.issuer import Credentials
from hub.credential.keys import new_key, open_ring
from hub.credential.ports import Kept, KeptCredential, Spent
from hub.credential.publishing import Publisher
from hub.credential.settings import CredentialSettings

ISSUER = "https://hub.union.example"
NOW = datetime(2026, 11, 22, 2, 0, 0, 500, tzinfo=UTC)
WORKER = "0f8fad5b-d9cb-469f-a165-70867728950e"
HOME, NEW, OTHER = "81440300MC1234567A", "81510100MC7654321B", "81330100MC0000001C"
NUMBER = "GD-2024-00012345"
SECRET = "00112233445566778899aabbccddeeff0123456789abcdef" * 2
OLD_KEY, EC_KEY, NEXT_KEY = new_key("EdDSA"), new_key("ES256"), new_key("EdDSA")
ACTOR = SimpleNamespace(subject="officer-44", office=HOME, province="44", request="r1")


class SetClock:
    def __init__(self):
        self.moment = NOW

    def now(self):
        return self.moment

    def forward(self, **by):
        self.moment += timedelta(**by)


class Memory:
    """The port, made plain."""

    def __init__(self):
        self.rows = {}
        self.keys = {}
        self.places = {}
        self.used = {}
        self.trail = []
        self.reads = 0
        self.next_place = 0

    async def reserve(self):
        self.next_place += 1
        return self.next_place - 1

    async def keep(self, new, audit):
        named = (new.office, new.key)
        if named in self.keys:
            return self.keys[named]
        for row in list(self.rows.values()):
            if row.claims.worker == new.claims.worker and row.kept is Kept.ACTIVE:
                self.turn(row.claims.id, kept=Kept.REVOKED)
        self.keys[named] = new.claims.id
        self.places[new.claims.id] = new.place
        self.rows[new.claims.id] = KeptCredential(
            claims=new.claims,
            kept=Kept.ACTIVE,
            code_digest=new.code_digest,
            code_version=new.code_version,
            tries=0,
        )
        self.trail.append(audit)
        return None

    def turn(self, credential, **changed):
        row = self.rows[credential]
        self.rows[credential] = msgspec.structs.replace(row, **changed)
        return self.rows[credential]

    async def find(self, credential):
        return self.rows.get(credential)

    async def revoke(self, credential, reason, at, audit):  # noqa: ARG002
        row = self.rows.get(credential)
        if row is not None and row.kept is Kept.ACTIVE:
            self.turn(credential, kept=Kept.REVOKED, changed_at=at)
            self.trail.append(audit)
        return row

    async def take_try(self, credential, most):
        row = self.rows.get(credential)
        await asyncio.sleep(0)
        row = self.rows.get(credential)
        if row is None or row.tries >= most:
            return None
        return self.turn(credential, tries=row.tries + 1)

    async def note(self, audit):
        self.trail.append(audit)

    async def forget_tries(self, credential):
        self.turn(credential, tries=0)

    async def use_presentation(self, presentation, by, until):  # noqa: ARG002
        return self.used.setdefault(presentation, by) == by

    async def presentation_used(self, presentation):
        return presentation in self.used

    async def spent(self, first, past):
        self.reads += 1
        return [
            Spent(place, self.rows[one].kept)
            for one, place in sorted(self.places.items(), key=lambda item: item[1])
            if first <= place < past and self.rows[one].kept is not Kept.ACTIVE
        ]

    async def last_place(self):
        self.reads += 1
        return max(self.places.values(), default=-1)


def settings(active="old", keys=("old", "ec"), **more):
    return CredentialSettings(
        issuer=ISSUER,
        active=active,
        keys=[{"kid": kid, "key_env": f"KEY_{kid}"} for kid in keys],
        code_secrets=[{"version": 1, "secret_env": "CODES"}],
        **more,
    )


ENVIRONMENT = {
    "KEY_old": OLD_KEY.as_pem(private=True).decode(),
    "KEY_ec": json.dumps(EC_KEY.as_dict(private=True)),
    "KEY_next": json.dumps(NEXT_KEY.as_dict(private=True)),
    "KEY_half": OLD_KEY.as_pem(private=False).decode(),
    "CODES": SECRET,
}


@dataclasses.dataclass
class Holding:
    settings: CredentialSettings
    ring: object
    store: Memory
    clock: SetClock
    credentials: Credentials
    publisher: Publisher

    async def issue(self, key="k1", worker=WORKER, number=NUMBER, union=HOME):
        return await self.credentials.issue(
            ACTOR, worker=worker, union=union, province="44",
            membership_no=number, key=key,
        )  # fmt: skip


def hold(store=None, clock=None, made=None, ticking=None):
    made = made or settings()
    ring = open_ring(made, ENVIRONMENT)
    store, clock = store or Memory(), clock or SetClock()
    codes = Codes(made.code_secrets, ENVIRONMENT)
    more = {} if ticking is None else {"ticking": ticking}
    return Holding(
        made, ring, store, clock,
        Credentials(made, ring, codes, store, clock),
        Publisher(made, ring, store, clock, **more),
    )  # fmt: skip
