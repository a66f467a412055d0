"""A credential from its issue to its end."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest

from hub.audit.moving_entries import move_of
from hub.clock import SystemClock
from hub.credential.issuer import NoCredentials
from hub.credential.keys import open_ring
from hub.credential.ports import Kept
from hub.credential.presentation import TYPE
from schema.records.moving import CredentialClaims
from schema.records.refusal import Refusal, Refused
from tests.credential.forging import (
    STRANGER,
    coded,
    head_of,
    parts,
    reclaimed,
    said,
    signed,
)
from tests.credential.holding import (
    ACTOR,
    ENVIRONMENT,
    HOME,
    ISSUER,
    NEW,
    NOW,
    NUMBER,
    OTHER,
    SECRET,
    WORKER,
    hold,
    settings,
)  # fmt: skip

#: Synthetic: division 110101, born 1990-03-07, check digit right.
RESIDENT_ID = "110101199003078515"


async def test_what_is_issued_is_valid_and_says_what_it_must():
    held = hold()

    issued = await held.issue()
    told = await held.credentials.verify(issued.compact)

    assert told.state == "VALID"
    assert told.claims == issued.claims
    assert issued.claims.union == HOME
    assert issued.claims.expires_at - issued.claims.issued_at == timedelta(days=90)
    assert issued.claims.status_list == f"{ISSUER}/credentials/status/0"
    assert head_of(issued.compact) == {
        "alg": "EdDSA", "kid": "old", "typ": "union-credential+jwt",
    }  # fmt: skip


async def test_nothing_that_names_a_person_is_in_it_nor_in_a_repr_nor_kept():
    held = hold()

    issued = await held.issue()
    head, payload, _ = parts(issued.compact)

    assert set(json.loads(payload)) == {
        "iss", "jti", "sub", "mno", "uni", "prv", "iat", "exp", "status",
    }  # fmt: skip
    text = (head + payload).decode()
    assert not re.search(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])", text)
    assert not re.search("[一-鿿]", text)
    assert issued.code not in text
    (kept,) = held.store.rows.values()
    for shown in (repr(issued), repr(kept), repr(held.ring)):
        assert WORKER not in shown
        assert issued.code not in shown
    assert issued.code.encode() not in kept.code_digest
    (entry,) = held.store.trail
    move = move_of(entry)
    assert (move.tag, move.worker, move.about) == (
        "credential:membership:issued", WORKER, issued.claims.id,
    )  # fmt: skip
    assert issued.code.encode() not in entry.body


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": f"C{RESIDENT_ID}"}, "RESIDENT_ID_INSIDE"),
        ({"number": "11010119900307 8515"}, "CREDENTIAL_INPUT"),
        ({"number": "110101-19900307-8515"}, "RESIDENT_ID_INSIDE"),
        ({"number": ""}, "CREDENTIAL_INPUT"),
        ({"number": "n" * 65}, "CREDENTIAL_INPUT"),
        ({"number": "a\u0000b"}, "CREDENTIAL_INPUT"),
        ({"union": "工会"}, "CREDENTIAL_INPUT"),
        ({"union": "a" * 33}, "CREDENTIAL_INPUT"),
    ],
)
async def test_what_may_not_stand_in_a_credential_is_refused(changed, code):
    held = hold()

    refused = await held.issue(**changed)

    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert held.store.rows == {}


async def test_a_key_issues_once_and_another_key_takes_the_place_of_the_first():
    held = hold()
    first = await held.issue("k1")

    again = await held.issue("k1")
    anew = await held.issue("k2")

    assert isinstance(again, Refusal)
    assert again.code == "CREDENTIAL_ISSUED_ALREADY"
    assert first.claims.id in again.message.en
    assert (await held.credentials.verify(first.compact)).state == "REVOKED"
    assert (await held.credentials.verify(anew.compact)).state == "VALID"


async def test_the_right_code_opens_and_is_read_as_people_write_it():
    held = hold()
    issued = await held.issue()
    spaced = f" {issued.code[:4]} {issued.code[4:]}"
    wide = issued.code.translate({48 + n: 0xFF10 + n for n in range(10)})

    for code in (issued.code, spaced, wide, f"{issued.code[:4]}-{issued.code[4:]}"):
        opened = await held.credentials.redeeming(issued.compact, code, NEW, "o/1")
        assert isinstance(opened, CredentialClaims)
        assert opened == issued.claims


async def test_five_wrong_codes_lock_it_until_it_is_issued_anew():
    held = hold()
    issued = await held.issue()
    wrong = f"{(int(issued.code) + 1) % 10**8:08d}"

    said_to = [
        await held.credentials.redeeming(issued.compact, wrong, NEW, "o/1", ACTOR)
        for _ in range(6)
    ]
    right = await held.credentials.redeeming(issued.compact, issued.code, NEW, "o/1")
    anew = await held.issue("k2")
    opened = await held.credentials.redeeming(anew.compact, anew.code, NEW, "o/1")

    assert [one.code for one in said_to] == ["WRONG_CODE"] * 4 + ["CODE_LOCKED"] * 2
    assert "4 more" in said_to[0].message.en
    assert right.code == "CODE_LOCKED"
    (locked,) = (move_of(one) for one in held.store.trail if "locked" in one.tag)
    assert (locked.worker, locked.about) == (issued.claims.worker, issued.claims.id)
    assert (locked.subject, locked.request) == (ACTOR.subject, ACTOR.request)
    assert isinstance(opened, CredentialClaims)


async def test_a_right_code_gives_the_tries_back_and_no_code_costs_none():
    held = hold()
    issued = await held.issue()
    wrong = f"{(int(issued.code) + 1) % 10**8:08d}"

    for _ in range(3):
        for _ in range(4):
            await held.credentials.redeeming(issued.compact, wrong, NEW, "o/1")
        for nothing in ("1234567", "123456789", "abcdefgh", "1" * 5000, "½¼¾²³¹⅓⅔"):
            no = await held.credentials.redeeming(issued.compact, nothing, NEW, "o/1")
            assert no.code == "CODE_MALFORMED"
        right = await held.credentials.redeeming(
            issued.compact, issued.code, NEW, "o/1"
        )
        assert isinstance(right, CredentialClaims)
    missing = await held.credentials.redeeming(issued.compact, None, NEW, "o/1")
    assert missing.code == "CODE_MISSING"


async def test_a_hundred_guesses_at_once_get_no_more_than_five_answers():
    held = hold()
    issued = await held.issue()
    wrong = f"{(int(issued.code) + 1) % 10**8:08d}"

    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(
                held.credentials.redeeming(issued.compact, wrong, NEW, "o/1")
            )
            for _ in range(100)
        ]

    assert sum(one.result().code == "WRONG_CODE" for one in asked) == 4
    assert held.store.rows[issued.claims.id].tries == 5


async def test_a_presentation_serves_one_union_once_and_not_for_long():
    held = hold()
    issued = await held.issue()
    shown = await held.credentials.present(issued.compact, issued.code, NEW)

    elsewhere = await held.credentials.redeeming(shown, None, OTHER, "x/1")
    used = await held.credentials.redeeming(shown, None, NEW, "o/1")
    same_act = await held.credentials.redeeming(shown, None, NEW, "o/1")
    replayed = await held.credentials.redeeming(shown, None, NEW, "o/2")
    other = await held.credentials.present(issued.compact, issued.code, NEW)
    held.clock.forward(minutes=10, seconds=1)
    late = await held.credentials.redeeming(other, None, NEW, "o/3")

    assert elsewhere.code == "PRESENTATION_ELSEWHERE"
    assert used == issued.claims
    assert same_act == issued.claims, "the same act, asked again, is the same act"
    assert replayed.code == "PRESENTATION_USED"
    assert late.code == "PRESENTATION_EXPIRED"


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        pytest.param(lambda p: reclaimed(p, aud=NEW, iss="https://other.example"), "CREDENTIAL_FOREIGN", id="of another hub"),
        pytest.param(lambda p: reclaimed(p, key=STRANGER, aud=NEW), "CREDENTIAL_FORGED", id="a stranger's key"),
        pytest.param(lambda p: reclaimed(p, sub="made-up"), "CREDENTIAL_UNKNOWN", id="no such credential"),
        pytest.param(lambda p: reclaimed(p, aud=None), "CREDENTIAL_FORGED", id="a claim missing"),
        pytest.param(lambda p: reclaimed(p, iat=int(NOW.timestamp()) + 90), "CREDENTIAL_NOT_YET", id="of the future"),
        pytest.param(lambda p: signed({**head_of(p), "kid": "x"}, said(p)), "CREDENTIAL_FOREIGN", id="unknown key"),
        pytest.param(lambda p: f"{coded({**head_of(p), 'alg': 'none'})}.{p.split('.')[1]}.AA", "CREDENTIAL_FORGED", id="alg none"),
    ],
)  # fmt: skip
async def test_a_forged_presentation_opens_nothing(forge, code):
    held = hold()
    issued = await held.issue()
    shown = await held.credentials.present(issued.compact, issued.code, NEW)
    assert head_of(shown)["typ"] == TYPE

    opened = await held.credentials.redeeming(forge(shown), None, NEW, "o/1")

    assert isinstance(opened, Refusal)
    assert opened.code == code


async def test_verifying_a_presentation_tells_of_both():
    held = hold()
    issued = await held.issue()
    shown = await held.credentials.present(issued.compact, issued.code, NEW)

    async def states(of=shown):
        told = await held.credentials.verify(of)
        of_it = told.presentation
        return told.state, of_it and of_it.state, of_it and of_it.credential

    told = await held.credentials.verify(shown)
    assert told.claims == issued.claims
    assert told.presentation.to_union == NEW
    assert await states() == ("VALID", "VALID", "VALID")
    assert not held.store.used, "looking uses nothing up"
    held.store.turn(issued.claims.id, kept=Kept.REVOKED)
    assert await states() == ("REVOKED", "VALID", "REVOKED")
    held.store.turn(issued.claims.id, kept=Kept.ACTIVE)
    await held.credentials.redeeming(shown, None, NEW, "a/1")
    assert await states() == ("REDEEMED", "REDEEMED", "VALID")
    held.clock.forward(minutes=16)
    assert await states() == ("EXPIRED", "EXPIRED", "VALID")
    assert await states(shown[:-8] + "AAAAAAAA") == ("FORGED", None, None)


async def test_a_presentation_is_no_credential():
    held = hold()
    issued = await held.issue()
    shown = await held.credentials.present(issued.compact, issued.code, NEW)

    again = await held.credentials.present(shown, issued.code, OTHER)
    assert again.code == "CREDENTIAL_FORGED"


async def test_a_revoked_one_opens_nothing_nor_does_its_presentation():
    held = hold()
    issued = await held.issue()
    shown = await held.credentials.present(issued.compact, issued.code, NEW)

    revoked = await held.credentials.revoke(ACTOR, issued.claims.id, "LOST")
    again = await held.credentials.revoke(ACTOR, issued.claims.id, "LOST")

    assert revoked == issued.claims
    assert again == issued.claims
    assert [move_of(one).tag for one in held.store.trail] == [
        "credential:membership:issued", "credential:membership:revoked",
    ]  # fmt: skip
    assert (await held.credentials.verify(issued.compact)).state == "REVOKED"
    by_code = await held.credentials.redeeming(issued.compact, issued.code, NEW, "o/1")
    by_shown = await held.credentials.redeeming(shown, None, NEW, "o/1")
    assert by_code.code == by_shown.code == "CREDENTIAL_REVOKED"
    nobody = await held.credentials.revoke(ACTOR, "made-up", "LOST")
    assert nobody.code == "CREDENTIAL_UNKNOWN"


async def test_a_redeemed_one_is_told_and_left_to_the_unit_that_redeems():
    held = hold()
    issued = await held.issue()
    held.store.turn(issued.claims.id, kept=Kept.REDEEMED, transfer="t1")

    assert (await held.credentials.verify(issued.compact)).state == "REDEEMED"
    shown = await held.credentials.present(issued.compact, issued.code, NEW)
    revoked = await held.credentials.revoke(ACTOR, issued.claims.id, "LOST")
    asked_again = await held.credentials.redeeming(
        issued.compact, issued.code, NEW, "o/1"
    )
    assert shown.code == revoked.code == "CREDENTIAL_REDEEMED"
    assert asked_again == issued.claims


async def test_expiry_goes_before_what_became_of_it():
    held = hold()
    issued = await held.issue()
    await held.credentials.revoke(ACTOR, issued.claims.id, "LOST")
    held.clock.forward(days=90)

    assert (await held.credentials.verify(issued.compact)).state == "EXPIRED"


@pytest.mark.parametrize(
    ("seconds", "state"), [(-59, "VALID"), (-61, "FORGED"), (0, "VALID")]
)
async def test_a_clock_that_is_a_minute_behind_does_no_harm(seconds, state):
    held = hold()
    issued = await held.issue()
    held.clock.forward(seconds=seconds)

    assert (await held.credentials.verify(issued.compact)).state == state


async def test_keys_rotate_without_ending_what_was_issued():
    before = hold()
    issued = await before.issue()
    both = ("old", "ec", "next")

    published = hold(before.store, before.clock, settings("old", both))
    after = hold(before.store, before.clock, settings("next", both))
    newer = await after.issue("k2", worker="another")
    gone = hold(before.store, before.clock, settings("next", ("next",)))

    for held in (published, after):
        assert (await held.credentials.verify(issued.compact)).state == "VALID"
        assert (await held.credentials.verify(newer.compact)).state == "VALID"
    assert head_of(newer.compact)["kid"] == "next"
    assert (await gone.credentials.verify(issued.compact)).state == "FOREIGN"
    opened = await after.credentials.redeeming(issued.compact, issued.code, NEW, "o/1")
    assert opened == issued.claims


async def test_es256_does_as_well():
    held = hold(made=settings("ec"))

    issued = await held.issue()

    assert head_of(issued.compact)["alg"] == "ES256"
    assert (await held.credentials.verify(issued.compact)).state == "VALID"


@pytest.mark.parametrize(
    ("active", "keys", "wrong", "code"),
    [
        ("half", ("half",), {}, "CREDENTIAL_KEY_PUBLIC"),
        ("old", ("old", "half"), {}, "CREDENTIAL_KEY_TWICE"),
        ("old", ("old",), {"KEY_old": "no key"}, "CREDENTIAL_KEY_UNUSABLE"),
        ("old", ("old",), {"KEY_old": '{"kty":"oct","k":"AAAA"}'}, "CREDENTIAL_KEY_UNUSABLE"),
        ("old", ("old",), {"KEY_old": '{"kty":"EC"}'}, "CREDENTIAL_KEY_UNUSABLE"),
        ("old", ("old",), {"KEY_old": "{"}, "CREDENTIAL_KEY_UNUSABLE"),
        ("old", ("old",), {"KEY_old": "[]"}, "CREDENTIAL_KEY_UNUSABLE"),
        ("old", ("old",), {"KEY_old": ""}, "CREDENTIAL_KEY_UNUSABLE"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_sign_is_said_at_the_start(active, keys, wrong, code):
    with pytest.raises(Refused) as caught:
        open_ring(settings(active, keys), {**ENVIRONMENT, **wrong})

    assert caught.value.refusal.code == code


async def test_without_keys_all_is_refused_with_a_remedy():
    none = NoCredentials(SystemClock())

    said_to = [
        await none.issue(ACTOR, worker=WORKER, union=HOME, province="44", membership_no=NUMBER, key="k"),
        await none.revoke(ACTOR, "c", "LOST"),
        await none.present("c", "1", NEW),
        await none.redeeming("c", "1", NEW, "o/1"),
    ]  # fmt: skip

    assert {one.code for one in said_to} == {"CREDENTIALS_NOT_SET"}
    assert "credential keys new" in said_to[0].remedy.en
    assert (await none.verify("c")).state == "FOREIGN"
    assert await none.find("c") is None
    assert SECRET not in repr(said_to)
