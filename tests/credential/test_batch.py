"""A signed batch: bad rows are named, the rest goes on; forged ones are nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.access.key_sets import read_key_set
from hub.credential import batch
from hub.credential.batch import read_batch, replayed
from hub.credential.keys import Signer, new_key, open_signers, public_jwk
from hub.credential.settings import CredentialSettings
from schema.records.refusal import Refusal, Refused
from tests.credential.forging import STRANGER, coded, signed
from tests.credential.holding import EC_KEY, HOME, NEW, NOW, OLD_KEY, OTHER

RESIDENT_ID = "110101199003078515"
HEAD = {"alg": "EdDSA", "kid": "gd-1", "typ": batch.TYPE}
SIGNERS = {"gd-1": Signer("44", OLD_KEY), "zj-1": Signer("33", EC_KEY)}
ROW = {"membershipNo": "GD-1", "localId": "w1"}


def rows(count):
    return [{"membershipNo": f"GD-{n}", "localId": f"w{n}"} for n in range(count)]


def payload(**changed):
    good = {
        "v": 1, "basis": "OFFER", "union": HOME, "to": NEW, "rows": rows(3),
        "on": "2026-11-22", "nonce": "20261122-0001",
    }  # fmt: skip
    return {k: v for k, v in {**good, **changed}.items() if v is not None}


def batched(head=HEAD, key=OLD_KEY, **changed):
    return signed(head, payload(**changed), key)


def read(compact):
    return read_batch(compact, SIGNERS, NOW)


def test_a_good_batch_is_read_whole():
    found = read(batched())

    assert (found.province, found.kid, found.basis) == ("44", "gd-1", "OFFER")
    assert (found.union, found.to_union, found.size) == (HOME, NEW, 3)
    assert [row.membership_no for _, row in found.rows] == ["GD-0", "GD-1", "GD-2"]
    assert found.faulty == ()
    assert len(found.digest) == 64


def test_es256_and_the_new_name_of_eddsa_do_as_well():
    by_zhejiang = batched({**HEAD, "alg": "ES256", "kid": "zj-1"}, EC_KEY)

    assert read(by_zhejiang).province == "33"
    assert read(batched({**HEAD, "alg": "Ed25519"})).province == "44"


def test_three_bad_rows_of_ten_thousand_are_named_and_the_rest_goes_on():
    many = rows(10_000)
    many[7] = {"membershipNo": "GD-7"}
    many[42] = {"membershipNo": "GD-41", "localId": "w42"}
    many[9_999] = {"membershipNo": RESIDENT_ID, "localId": "w9999"}
    compact = batched(rows=many)

    begun = perf_counter()
    found = read(compact)
    took = perf_counter() - begun

    assert len(found.rows) == 9_997
    assert [(one.row, one.refusal.code) for one in found.faulty] == [
        (7, "BATCH_ROW_MALFORMED"), (42, "BATCH_ROW_TWICE"), (9_999, "RESIDENT_ID_INSIDE"),
    ]  # fmt: skip
    assert "localId" in found.faulty[0].refusal.message.en
    assert "Row 42 " in found.faulty[1].refusal.message.en
    assert RESIDENT_ID not in repr(found.faulty)
    assert [place for place, _ in found.rows][-1] == 9_998
    assert took < 2, "a batch does not stop the hub"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(7, "BATCH_ROW_MALFORMED", id="a number"),
        pytest.param(None, "BATCH_ROW_MALFORMED", id="null"),
        pytest.param([], "BATCH_ROW_MALFORMED", id="a list"),
        pytest.param({**ROW, "name": "张三"}, "BATCH_ROW_MALFORMED", id="a name"),
        pytest.param({**ROW, "membershipNo": ""}, "BATCH_ROW_MALFORMED", id="empty"),
        pytest.param({**ROW, "membershipNo": "a b"}, "BATCH_ROW_MALFORMED", id="a space"),
        pytest.param({**ROW, "membershipNo": "n" * 65}, "BATCH_ROW_MALFORMED", id="long"),
        pytest.param({**ROW, "membershipNo": 1}, "BATCH_ROW_MALFORMED", id="no text"),
        pytest.param({**ROW, "toUnion": "工会"}, "BATCH_ROW_MALFORMED", id="no union"),
        pytest.param({**ROW, "residence": "44"}, "BATCH_ROW_MALFORMED", id="no division"),
        pytest.param({**ROW, "localId": f"x{RESIDENT_ID}"}, "RESIDENT_ID_INSIDE", id="a number in a name"),
        pytest.param({**ROW, "toUnion": HOME}, "BATCH_ROW_SAME_UNION", id="nowhere new"),
        pytest.param({"membershipNo": "GD-9", "localId": "w0"}, "BATCH_ROW_TWICE", id="a name twice"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_do_has_its_own_refusal(row, code):
    found = read(batched(rows=[*rows(1), row]))

    assert [(place, one.membership_no) for place, one in found.rows] == [(0, "GD-0")]
    (faulty,) = found.faulty
    assert (faulty.row, faulty.refusal.code) == (1, code)


def test_a_key_twice_in_a_row_spoils_that_row_only():
    text = json.dumps(payload(rows=rows(2))).encode()
    text = text.replace(b'"GD-1"', b'"GD-1","membershipNo":"GD-5"')

    found = read(signed(HEAD, text, OLD_KEY))

    assert [one.row for one in found.faulty] == [1]


def test_an_offer_needs_somewhere_to_go_and_a_closure_does_not():
    nowhere = read(batched(to=None, rows=[ROW, {**rows(1)[0], "toUnion": OTHER}]))
    closure = read(batched(to=None, basis="CLOSURE"))

    assert [one.refusal.code for one in nowhere.faulty] == ["BATCH_ROW_NO_DESTINATION"]
    assert nowhere.rows[0][1].to_union == OTHER
    assert closure.faulty == ()


@pytest.mark.parametrize(
    ("compact", "code"),
    [
        pytest.param(batched(key=STRANGER), "BATCH_FORGED", id="a stranger's key"),
        pytest.param(batched({**HEAD, "kid": "x"}), "BATCH_UNKNOWN_SIGNER", id="unknown key"),
        pytest.param(batched({**HEAD, "kid": "zj-1"}), "BATCH_FORGED", id="another province's name"),
        pytest.param(batched({**HEAD, "typ": "JWT"}), "BATCH_UNREADABLE", id="another typ"),
        pytest.param(f"{coded({**HEAD, 'alg': 'none'})}.{coded(payload())}.AA", "BATCH_FORGED", id="alg none"),
        pytest.param(batched()[:-2], "BATCH_FORGED", id="cut"),
        pytest.param("", "BATCH_UNREADABLE", id="nothing"),
        pytest.param("é", "BATCH_UNREADABLE", id="not ASCII"),
        pytest.param("A" * (batch.LONGEST + 1), "BATCH_TOO_LARGE", id="too large"),
        pytest.param(batched(rows=[]), "BATCH_EMPTY", id="nobody"),
        pytest.param(batched(rows=[1] * 10_001), "BATCH_TOO_MANY", id="too many"),
        pytest.param(batched(v=2), "BATCH_MALFORMED", id="another version"),
        pytest.param(batched(basis="REQUEST"), "BATCH_MALFORMED", id="another basis"),
        pytest.param(batched(nonce="short"), "BATCH_MALFORMED", id="a short nonce"),
        pytest.param(batched(nonce=None), "BATCH_MALFORMED", id="no nonce"),
        pytest.param(batched(extra=1), "BATCH_MALFORMED", id="something else"),
        pytest.param(batched(on="2026-11-24"), "BATCH_NOT_NOW", id="of the day after tomorrow"),
        pytest.param(batched(on="2026-10-22"), "BATCH_NOT_NOW", id="old"),
        pytest.param(batched(on="22.11.2026"), "BATCH_MALFORMED", id="no date"),
        pytest.param(signed(HEAD, b"[" * 100_000), "BATCH_MALFORMED", id="deep"),
        pytest.param(signed(HEAD, b'{"v":1,"v":1}'), "BATCH_MALFORMED", id="a name twice"),
    ],
)  # fmt: skip
def test_a_batch_that_does_not_do_is_refused_whole(compact, code):
    found = read(compact)

    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.message.zh
    assert found.remedy.en


def test_the_same_nonce_is_the_same_batch_or_a_refusal():
    first, other = read(batched()), read(batched(rows=rows(4)))
    rotated = read_batch(
        signed({**HEAD, "kid": "gd-2"}, payload(), STRANGER),
        {"gd-2": Signer("44", STRANGER)},
        NOW,
    )

    assert replayed(first, None) is None
    assert replayed(first, first.digest) is None
    assert replayed(rotated, first.digest) is None, "signed anew, it is the same"
    assert replayed(other, first.digest).code == "BATCH_NONCE_USED"


SIGNED = batched(rows=rows(2)).encode()


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_whichever_byte_is_changed_it_is_never_believed(at, by):
    changed = bytearray(SIGNED)
    changed[at] ^= by

    assert isinstance(read(changed.decode("latin-1")), Refusal)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=14), inner, max_size=4)))  # fmt: skip
def test_no_row_at_all_breaks_the_reader(row):
    found = read(batched(rows=[row, ROW]))

    assert found.size == 2
    assert found.rows[-1] == (1, found.rows[-1][1])


def signers_of(*sets):
    made = CredentialSettings(
        issuer="https://hub.union.example", active="k",
        keys=[{"kid": "k", "key_env": "K"}],
        code_secrets=[{"version": 1, "secret_env": "S"}],
        batch_signers=[
            {"province": province, "jwks_env": f"J{n}"}
            for n, (province, _) in enumerate(sets)
        ],
    )  # fmt: skip
    return open_signers(made, {f"J{n}": text for n, (_, text) in enumerate(sets)})


def test_signers_come_from_sets_of_public_keys():
    gd, zj = (json.dumps({"keys": [public_jwk(kid, new_key("EdDSA"))]}) for kid in "ab")
    private = json.dumps(
        {"keys": [{**new_key("EdDSA").as_dict(private=True), "kid": "p"}]}
    )

    found = signers_of(("44", gd), ("33", zj))

    assert {kid: one.province for kid, one in found.items()} == {"a": "44", "b": "33"}
    assert read_key_set(gd.encode()).keys() == {"a"}
    for wrong, code in (
        ([("44", gd), ("33", gd)], "BATCH_KEY_TWICE"),
        ([("44", private)], "BATCH_KEYS_UNUSABLE"),
        ([("44", "{}")], "BATCH_KEYS_UNUSABLE"),
    ):
        with pytest.raises(Refused) as caught:
            signers_of(*wrong)
        assert caught.value.refusal.code == code


def test_the_day_is_that_of_china():
    late = NOW.replace(hour=17)

    assert read_batch(batched(on="2026-11-24"), SIGNERS, late).size == 3
    assert read_batch(batched(), SIGNERS, NOW + timedelta(days=30)).size == 3
