from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.identity.resident_id import parse
from hub.identity.secrets import BadSecrets
from hub.identity.settings import WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from tests.builders.numbers import TODAY, many, number, numbers, spellings

SECRETS = {f"KEY_{n}": hashlib.sha256(b"secret %d" % n).hexdigest() for n in range(9)}


def _settings(*versions, **more):
    listed = [{"version": n, "secret_env": f"KEY_{n}"} for n in versions]
    return WorkerKeySettings.model_validate({"versions": listed, **more})


def _pseudonyms(*versions, **more):
    return Pseudonyms(_settings(*versions, **more), SECRETS)


def _secret(version):
    return bytes.fromhex(SECRETS[f"KEY_{version}"])


def _sm3(data):
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _hmac_sm3(key, data):
    """RFC 2104, spelt out."""
    block = key.ljust(64, b"\0")
    inner = _sm3(bytes(b ^ 0x36 for b in block) + data)
    return _sm3(bytes(b ^ 0x5C for b in block) + inner)


def test_sm3_is_the_hash_of_the_standard():
    # GB/T 32905-2016, example 1
    assert _sm3(b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


def test_the_pseudonym_is_an_hmac_of_the_number():
    resident = parse(number(), TODAY)

    sm3 = _pseudonyms(1).current(resident)
    sha = _pseudonyms(1, algorithm="sha256").current(resident)

    assert sm3 == (1, _hmac_sm3(_secret(1), number().encode()))
    assert sha == (1, hmac.digest(_secret(1), number().encode(), "sha256"))


@given(st.data())
def test_every_spelling_has_the_same_pseudonym(data):
    text = data.draw(numbers)
    pseudonyms = _pseudonyms(1)

    written = parse(data.draw(spellings(text)), TODAY)

    assert pseudonyms.current(written) == pseudonyms.current(parse(text, TODAY))


@given(numbers)
def test_a_stored_pseudonym_advances_to_what_the_number_gives(text):
    resident = parse(text, TODAY)
    before = dict(_pseudonyms(1, 2, current=2).live(resident))
    after = _pseudonyms(1, 2, 4, current=4)

    assert after.advance(1, before[1]) == after.current(resident)[1]
    assert after.advance(2, before[2]) == after.current(resident)[1]
    assert dict(after.live(resident)).items() > before.items()


def test_the_current_version_is_tried_first():
    assert _pseudonyms(1, 2, 3, current=2).live_versions == (2, 3, 1)
    assert _pseudonyms(1, 2, 3, current=3, live=[3, 2]).live_versions == (3, 2)


def test_a_version_that_is_not_live_still_carries_the_chain():
    resident = parse(number(), TODAY)

    only = _pseudonyms(1, 2, current=2, live=[2])

    assert only.live(resident) == _pseudonyms(1, 2, current=2).live(resident)[:1]


def test_the_algorithm_can_change_with_a_version():
    settings = WorkerKeySettings.model_validate(
        {
            "algorithm": "sha256",
            "versions": [
                {"version": 1, "secret_env": "KEY_1"},
                {"version": 2, "secret_env": "KEY_2", "algorithm": "sm3"},
            ],
            "current": 2,
        }
    )
    made = dict(Pseudonyms(settings, SECRETS).live(parse(number(), TODAY)))

    assert made[1] == hmac.digest(_secret(1), number().encode(), "sha256")
    assert made[2] == _hmac_sm3(_secret(2), made[1])


def test_different_numbers_have_different_pseudonyms():
    pseudonyms = _pseudonyms(1)

    made = {pseudonyms.current(parse(each, TODAY)) for each in many(500)}

    assert len(made) == 500


def test_a_fingerprint_tells_any_change_of_the_chain():
    known = _pseudonyms(1, 2, current=2).fingerprints()
    swapped = Pseudonyms(
        _settings(1, 2, current=2), SECRETS | {"KEY_1": SECRETS["KEY_3"]}
    )

    assert _pseudonyms(1, 2, current=1).fingerprints() == known
    assert _pseudonyms(1, 2, current=2, live=[2]).fingerprints() == known
    assert all(swapped.fingerprints()[n] != known[n] for n in (1, 2))
    assert _pseudonyms(1, algorithm="sha256").fingerprints()[1] != known[1]


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("", "is not set"),
        ("no hex at all", "not hexadecimal"),
        ("ab" * 31, "shorter than 32 bytes"),
        ("00" * 32, "not random"),
        ("1234" * 16, "not random"),
    ],
    ids=["missing", "not-hex", "short", "zero", "repeating"],
)
def test_a_secret_that_cannot_be_used_is_refused_without_showing_it(secret, said):
    with pytest.raises(BadSecrets) as refused:
        Pseudonyms(_settings(1), {"KEY_1": secret})

    (mistake,) = refused.value.mistakes
    assert said in mistake.en
    assert "KEY_1" in mistake.zh
    assert not secret or secret not in str(refused.value)


def test_all_bad_secrets_are_told_at_once():
    with pytest.raises(BadSecrets) as refused:
        Pseudonyms(_settings(1, 2, 3, current=3), {"KEY_2": "00"})

    assert len(refused.value.mistakes) == 3


def test_a_secret_used_twice_is_refused():
    with pytest.raises(BadSecrets, match="that of another version"):
        Pseudonyms(
            _settings(1, 2, current=2),
            {"KEY_1": "0f" * 8 + SECRETS["KEY_1"]}
            | {"KEY_2": "0f" * 8 + SECRETS["KEY_1"]},
        )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"versions": []}, "at least 1 item"),
        ({"versions": [(2, "A"), (1, "B")], "current": 1}, "ascending"),
        ({"versions": [(1, "A"), (1, "B")], "current": 1}, "ascending"),
        ({"versions": [(1, "A"), (2, "B")]}, "current must name"),
        ({"versions": [(1, "A")], "current": 3}, "current must name"),
        ({"versions": [(1, "A"), (2, "B")], "current": 2, "live": [1]}, "include"),
        ({"versions": [(1, "A")], "live": [1, 7]}, "live may only name"),
        ({"versions": [(0, "A")]}, "greater than or equal to 1"),
        ({"versions": [(1, "A B")]}, "match pattern"),
        ({"versions": [(1, "A")], "algorithm": "md5"}, "sm3"),
        ({"versions": [(1, "A")], "salt": "x"}, "Extra inputs"),
    ],
    ids=range(11),
)
def test_settings_that_contradict_themselves_are_refused(written, said):
    written["versions"] = [
        {"version": number, "secret_env": name} for number, name in written["versions"]
    ]
    with pytest.raises(ValidationError, match=said):
        WorkerKeySettings.model_validate(written)
