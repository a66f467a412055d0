"""The status list: its form, its freshness, and what it costs."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.credential import status
from hub.credential.offline import verify
from hub.credential.ports import Kept, Spent
from tests.credential.forging import STRANGER, head_of, reclaimed, said, signed
from tests.credential.holding import ACTOR, ISSUER, NOW, hold, settings


def listed(bits, packed):
    return status.StatusList(
        address="", as_of=NOW, expires_at=NOW, bits=bits, packed=packed
    )


def test_the_examples_of_the_specification_read_as_it_says():
    # Token Status List §4.1: sixteen places of one bit, and twelve of two.
    one = zlib.decompress(base64.urlsafe_b64decode("eNrbuRgAAhcBXQ=="))
    two = zlib.decompress(base64.urlsafe_b64decode("eNo76fITAAPfAgc="))

    assert [
        int(listed(1, one).state(n) == "REVOKED") for n in range(16)
    ] == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]  # fmt: skip
    names = {"VALID": 0, "REVOKED": 1, "REDEEMED": 3}
    told = [names[listed(2, two).state(n)] for n in range(12)]
    # 2, "suspended", is nothing to rely on: it counts as revoked.
    assert told == [1, 1, 0, 3, 0, 1, 0, 1, 1, 1, 3, 3]
    assert listed(2, two).state(12) is None


@given(
    st.dictionaries(
        st.integers(0, status.PLACES - 1),
        st.sampled_from([Kept.REVOKED, Kept.REDEEMED]),
        max_size=60,
    ),
    st.integers(0, 3),
)
def test_what_is_packed_is_read_again(spent, number):
    first = number * status.PLACES
    rows = [Spent(first + place, kept) for place, kept in spent.items()]

    read = listed(2, zlib.decompress(status.pack(rows, number)))

    for place in {*spent, 0, 1, status.PLACES - 1}:
        assert read.state(place) == spent.get(place, "VALID")
    assert read.state(status.PLACES) is None


async def fetched(held, number=0):
    return await held.publisher.status_list(number)


async def test_a_list_is_a_signed_token_of_its_own_kind():
    held = hold()
    await held.issue()

    document = await fetched(held)
    token = document.body.decode()

    assert document.media_type == "application/statuslist+jwt"
    assert head_of(token) == {"alg": "EdDSA", "kid": "old", "typ": "statuslist+jwt"}
    claims = said(token)
    assert claims["sub"] == f"{ISSUER}/credentials/status/0"
    assert claims["ttl"] == document.max_age == 900
    assert claims["exp"] - claims["iat"] == 24 * 3600
    assert claims["iat"] <= NOW.timestamp() < claims["iat"] + 900
    assert claims["status_list"]["bits"] == 2


async def test_all_processes_make_the_same_list_and_a_new_one_when_something_changed():
    clock = [0.0]
    held = hold(ticking=lambda: clock[0])
    issued = await held.issue()
    first = await fetched(held)
    neighbour = await fetched(hold(held.store, held.clock))
    held.clock.forward(minutes=1)
    clock[0] = 6.0
    same = await fetched(held)
    await held.credentials.revoke(ACTOR, issued.claims.id, "LOST")
    clock[0] = 8.0
    not_yet = await fetched(held)
    clock[0] = 12.0
    changed = await fetched(held)
    held.clock.forward(minutes=15)
    older = await fetched(held)

    assert first.body == neighbour.body
    assert first.etag == same.etag == not_yet.etag
    assert changed.etag not in {first.etag, older.etag}


async def test_a_thousand_fetches_cost_the_store_one_read():
    held = hold()
    await held.issue()
    held.store.reads = 0

    for _ in range(1000):
        await fetched(held)
    for number in range(1, 1000):
        assert await fetched(held, number) is None

    assert held.store.reads == 2


async def test_the_first_list_is_there_before_the_first_credential():
    held = hold()

    assert await fetched(held) is not None
    assert await fetched(held, 1) is None


async def test_the_second_list_begins_where_the_first_ends():
    held = hold()
    held.store.next_place = status.PLACES
    issued = await held.issue()

    assert issued.claims.status_list.endswith("/credentials/status/1")
    assert issued.claims.status_index == 0
    assert await fetched(held, 1) is not None
    assert await fetched(held, 2) is None


def offline(held, compact, document, **after):
    text = None if document is None else document.body.decode()
    now = held.clock.now() + timedelta(**after)
    return verify(compact, held.ring.public, text, ISSUER, now)


async def test_offline_it_is_told_what_the_list_was_good_for():
    held = hold()
    issued = await held.issue()
    document = await fetched(held)

    fresh = offline(held, issued.compact, document)
    stale = offline(held, issued.compact, document, hours=25)
    absent = offline(held, issued.compact, None)
    expired = offline(held, issued.compact, document, days=90)

    assert (fresh.state, fresh.standing) == ("VALID", "FRESH")
    assert (stale.state, stale.standing) == ("VALID", "STALE")
    assert (absent.state, absent.standing) == ("VALID", "ABSENT")
    assert (expired.state, expired.standing) == ("EXPIRED", "STALE")


@pytest.mark.parametrize("kept", [Kept.REVOKED, Kept.REDEEMED])
async def test_offline_a_list_convicts_even_when_it_is_stale(kept):
    held = hold(made=settings("ec"))
    issued = await held.issue()
    held.store.turn(issued.claims.id, kept=kept)
    document = await fetched(held)

    assert offline(held, issued.compact, document).state == kept
    assert offline(held, issued.compact, document, days=3).state == kept


def _replacing(list_, **changed):
    return reclaimed(list_, status_list={**said(list_)["status_list"], **changed})


def _bomb():
    packed = zlib.compress(bytes(30_000_000), 9)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda one: reclaimed(one, key=STRANGER), id="a stranger's key"),
        pytest.param(
            lambda one: reclaimed(one, sub=f"{ISSUER}/credentials/status/1"),
            id="of another place",
        ),
        pytest.param(
            lambda one: reclaimed(one, head={**head_of(one), "typ": "JWT"}),
            id="another typ",
        ),
        pytest.param(
            lambda one: reclaimed(one, head={**head_of(one), "kid": "x"}),
            id="unknown key",
        ),
        pytest.param(
            lambda one: reclaimed(one, iat=int(NOW.timestamp()) + 90),
            id="of the future",
        ),
        pytest.param(lambda one: reclaimed(one, exp=None), id="a claim missing"),
        pytest.param(lambda one: _replacing(one, bits=3), id="three bits"),
        pytest.param(lambda one: _replacing(one, bits=0), id="no bits"),
        pytest.param(lambda one: _replacing(one, lst="AAAA"), id="no zlib"),
        pytest.param(lambda one: _replacing(one, lst="é"), id="not ASCII"),
        pytest.param(lambda one: _replacing(one, lst=_bomb()), id="a bomb"),
        pytest.param(lambda one: signed(head_of(one), b"[]"), id="not an object"),
        pytest.param(lambda one: one[:-4], id="cut"),
        pytest.param(lambda _: "A" * 300_000, id="too long"),
        pytest.param(lambda _: json.dumps({"status_list": {}}), id="no JWS"),
    ],
)
async def test_a_forged_list_says_nothing(forge):
    held = hold()
    issued = await held.issue()
    genuine = (await fetched(held)).body.decode()

    found = verify(
        issued.compact, held.ring.public, forge(genuine), ISSUER, held.clock.now()
    )

    assert (found.state, found.standing) == ("VALID", "UNUSABLE")


def test_the_keys_are_published_without_their_private_halves():
    keys = json.loads(hold().publisher.keys().body)["keys"]

    assert [(key["kid"], key["alg"], key["use"]) for key in keys] == [
        ("old", "EdDSA", "sig"), ("ec", "ES256", "sig"),
    ]  # fmt: skip
    assert not any("d" in key for key in keys)
