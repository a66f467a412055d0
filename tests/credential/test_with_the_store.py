"""The room with the real store, in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from hub.credential.code import Codes
from hub.credential.offline import verify
from hub.credential.opening import open_room
from hub.store.audit import who_looked
from hub.store.credentials import CredentialStore
from schema.records.moving import CredentialClaims
from tests.builders.link_fixtures import pool  # noqa: F401  # a fixture
from tests.credential.holding import (
    ACTOR,
    ENVIRONMENT,
    HOME,
    ISSUER,
    NEW,
    SECRET,
    SetClock,
    settings,
)

WORKERS = (f"00000000-0000-4000-8000-{n:012d}" for n in itertools.count())


@pytest.fixture
async def room(pool):  # noqa: F811  # that fixture
    return open_room(settings(), ENVIRONMENT, CredentialStore(pool), SetClock())


async def issue(room, key="k1", worker=None):
    return await room.credentials.issue(
        ACTOR,
        worker=worker or next(WORKERS),
        union=HOME,
        province="44",
        membership_no="GD-1",
        key=key,
    )


async def test_what_was_issued_is_kept_as_it_was_signed(room):
    issued = await issue(room)

    told = await room.credentials.verify(issued.compact)
    opened = await room.credentials.redeeming(issued.compact, issued.code, NEW, "o/1")

    assert told.state == "VALID"
    assert told.claims == opened == issued.claims


async def test_many_guesses_at_once_lock_it_and_a_new_one_opens(room, pool):  # noqa: F811  # that fixture
    worker = next(WORKERS)
    issued = await issue(room, worker=worker)
    wrong = f"{(int(issued.code) + 1) % 10**8:08d}"

    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(
                room.credentials.redeeming(issued.compact, wrong, NEW, "o/1")
            )
            for _ in range(30)
        ]
    anew = await issue(room, "k2", worker)

    codes = [one.result().code for one in asked]
    assert sorted(set(codes)) == ["CODE_LOCKED", "WRONG_CODE"]
    assert codes.count("WRONG_CODE") == 4
    tags = [look.tag for look in await who_looked(pool, worker)]
    assert tags.count("credential:membership:locked") == 1
    locked = await room.credentials.redeeming(issued.compact, issued.code, NEW, "o/1")
    assert locked.code == "CODE_LOCKED"
    assert (await room.credentials.verify(issued.compact)).state == "REVOKED"
    opened = await room.credentials.redeeming(anew.compact, anew.code, NEW, "o/1")
    assert isinstance(opened, CredentialClaims)


async def test_a_presentation_is_used_once_however_many_try_at_once(room):
    issued = await issue(room)
    shown = await room.credentials.present(issued.compact, issued.code, NEW)

    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(
                room.credentials.redeeming(shown, None, NEW, f"o/{number}")
            )
            for number in range(20)
        ]

    opened = [one for one in asked if isinstance(one.result(), CredentialClaims)]
    assert len(opened) == 1


async def test_a_revocation_is_in_the_list_that_is_published(room):
    first, second = await issue(room), await issue(room, "k2")
    await room.credentials.revoke(ACTOR, first.claims.id, "LOST")

    listed = (await room.publisher.status_list(0)).body.decode()

    ring = open_room(settings(), ENVIRONMENT, None, SetClock()).credentials._ring
    now = SetClock().now()
    assert verify(first.compact, ring.public, listed, ISSUER, now).state == "REVOKED"
    assert verify(second.compact, ring.public, listed, ISSUER, now).state == "VALID"


def test_a_code_hash_whose_secret_is_gone_fits_no_code():
    codes = Codes(settings().code_secrets, {"CODES": SECRET})

    assert codes.fits(1, "c", "12345678", codes.digest(1, "c", "12345678"))
    assert not codes.fits(1, "d", "12345678", codes.digest(1, "c", "12345678"))
    assert not codes.fits(2, "c", "12345678", bytes(32))
