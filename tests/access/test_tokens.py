"""A token is believed for what its issuer may say, or refused without a why."""

from __future__ import annotations

import base64
import json
import time

import pytest
from joserfc.jwk import ECKey, RSAKey

from hub.access.caller import Caller
from hub.access.settings import EVERY_PROVINCE
from hub.access.tokens import InvalidToken, Reason, Verifier
from schema.records.refusal import Refused
from tests.access.issuing import (
    EC,
    ED,
    ISSUER,
    NOW,
    RSA,
    STRANGER,
    SetClock,
    hs256_token,
    publish,
    settings,
    token,
)


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
async def verifier(tmp_path, clock):
    publish(tmp_path / "jwks.json", ED, EC, RSA)
    issuer = settings(jwks_file=tmp_path / "jwks.json")
    async with Verifier([issuer], clock) as verifier:
        yield verifier


async def refused(verifier, text):
    with pytest.raises(InvalidToken) as caught:
        await verifier.verify(text)
    return caught.value.reason


async def test_a_good_token_says_who_asks(verifier):
    assert await verifier.verify(token()) == Caller(
        subject="officer-7",
        issuer=ISSUER,
        office="81440300MC1234567A",
        province="44",
        scopes=frozenset({"openid", "worker:read", "case:read"}),
        expires_at=NOW.timestamp() + 600 + 5,
    )


@pytest.mark.parametrize(
    ("key", "alg"),
    [(ED, "EdDSA"), (ED, "Ed25519"), (EC, "ES256"), (RSA, "RS256")],
    ids=["EdDSA", "Ed25519", "ES256", "RS256"],
)
async def test_every_configured_algorithm_verifies(verifier, key, alg):
    assert (await verifier.verify(token(key, alg))).province == "44"


async def test_an_audience_among_several_is_enough(verifier):
    assert await verifier.verify(token(aud=["other", "union-federation-hub"]))


RSA_PEM = RSA.as_pem(private=False)
RSA_PUBLIC = json.dumps(RSA.as_dict(private=False)).encode()


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        pytest.param(Reason.MALFORMED, token(alg="none"), id="alg-none"),
        pytest.param(Reason.ALGORITHM, token(RSA, "PS256"), id="not-configured"),
        pytest.param(Reason.ALGORITHM, token(RSA, "RS512"), id="other-hash"),
        pytest.param(
            Reason.ALGORITHM,
            hs256_token(RSA_PEM, "rsa-1"),
            id="hs256-signed-with-public-pem",
        ),
        pytest.param(
            Reason.ALGORITHM,
            hs256_token(RSA_PUBLIC, "rsa-1"),
            id="hs256-signed-with-public-jwk",
        ),
        pytest.param(
            Reason.ALGORITHM,
            token(EC, "ES256", {"kid": "ed-1"}),
            id="key-of-other-kind",
        ),
        pytest.param(Reason.SIGNATURE, token(STRANGER), id="signed-by-a-stranger"),
        pytest.param(Reason.EXPIRED, token(exp=int(NOW.timestamp()) - 6), id="expired"),
        pytest.param(Reason.NOT_YET, token(nbf=int(NOW.timestamp()) + 6), id="not-yet"),
        pytest.param(
            Reason.NOT_YET, token(iat=int(NOW.timestamp()) + 60), id="from-the-future"
        ),
        pytest.param(Reason.ISSUER, token(iss="https://evil.example"), id="issuer"),
        pytest.param(Reason.ISSUER, token(iss=ISSUER + "/"), id="issuer-almost"),
        pytest.param(Reason.ISSUER, token(iss=7), id="issuer-no-text"),
        pytest.param(Reason.ISSUER, token(iss=None), id="issuer-missing"),
        pytest.param(Reason.AUDIENCE, token(aud="other"), id="audience"),
        pytest.param(Reason.AUDIENCE, token(aud=["a", "b"]), id="audiences"),
        pytest.param(Reason.AUDIENCE, token(aud=None), id="audience-missing"),
        pytest.param(Reason.KEY, token(header={"kid": "ed-9"}), id="unknown-kid"),
        pytest.param(Reason.HEADER, token(header={"kid": None}), id="no-kid"),
        pytest.param(
            Reason.HEADER,
            token(STRANGER, header={"jwk": STRANGER.as_dict(private=False)}),
            id="embedded-jwk",
        ),
        pytest.param(
            Reason.HEADER, token(header={"jku": "https://evil.example/k"}), id="jku"
        ),
        pytest.param(
            Reason.HEADER, token(header={"x5u": "https://evil.example/c"}), id="x5u"
        ),
        pytest.param(Reason.HEADER, token(header={"x5c": ["AAAA"]}), id="x5c"),
        pytest.param(
            Reason.HEADER, token(header={"crit": ["exp"], "exp": 1}), id="crit"
        ),
        pytest.param(Reason.HEADER, token(header={"typ": "secevent+jwt"}), id="typ"),
        pytest.param(Reason.MALFORMED, token().rpartition(".")[0] + ".", id="unsigned"),
        pytest.param(Reason.MALFORMED, token() + ".e30", id="trailing-part"),
        pytest.param(Reason.MALFORMED, token() + "\n", id="trailing-line"),
        pytest.param(Reason.MALFORMED, token() + " x", id="trailing-text"),
        pytest.param(Reason.SIGNATURE, token() + "AAAA", id="trailing-signature"),
        pytest.param(Reason.SIGNATURE, token()[:-85], id="signature-no-base64"),
        pytest.param(Reason.MALFORMED, "", id="nothing"),
        pytest.param(Reason.MALFORMED, "令牌.令牌.令牌", id="not-ascii"),
        pytest.param(Reason.MALFORMED, "\ud800.a.a", id="half-a-surrogate"),
        pytest.param(Reason.HEADER, "e30.e30.AAAA", id="empty-header"),
        pytest.param(Reason.HEADER, "W10.e30.AAAA", id="header-a-list"),
        pytest.param(Reason.TOO_LONG, token(pad="x" * 8192), id="overlong"),
        pytest.param(Reason.CLAIM, token(sub=7), id="sub-no-text"),
        pytest.param(Reason.CLAIM, token(sub=None), id="sub-missing"),
        pytest.param(Reason.CLAIM, token(sub=""), id="sub-empty"),
        pytest.param(Reason.CLAIM, token(sub="a\nlevel=error"), id="sub-with-a-line"),
        pytest.param(Reason.CLAIM, token(sub="x" * 257), id="sub-overlong"),
        pytest.param(Reason.CLAIM, token(sub="110101199003070012"), id="sub-id-number"),
        pytest.param(Reason.CLAIM, token(office=["a"]), id="office-a-list"),
        pytest.param(
            Reason.CLAIM, token(office="11010519491231002X"), id="office-a-number"
        ),
        pytest.param(Reason.CLAIM, token(office=None), id="office-missing"),
        pytest.param(Reason.CLAIM, token(scope=["worker:read"]), id="scope-a-list"),
        pytest.param(Reason.CLAIM, token(scope=None), id="scope-missing"),
        pytest.param(Reason.CLAIM, token(exp=None), id="exp-missing"),
        pytest.param(Reason.CLAIM, token(exp="9999999999"), id="exp-text"),
        pytest.param(Reason.CLAIM, token(exp=True), id="exp-true"),
        pytest.param(Reason.CLAIM, token(exp=10**400), id="exp-endless"),
        pytest.param(Reason.CLAIM, token(nbf="0"), id="nbf-text"),
        pytest.param(Reason.CLAIM, token(province=44), id="province-number"),
        pytest.param(Reason.CLAIM, token(province=None), id="province-missing"),
        pytest.param(Reason.PROVINCE, token(province="440"), id="province-long"),
        pytest.param(Reason.PROVINCE, token(province="４４"), id="province-full-width"),
        pytest.param(Reason.PROVINCE, token(province="51"), id="province-of-another"),
        pytest.param(
            Reason.SCOPE, token(scope="worker:read audit:read"), id="scope-not-its-own"
        ),
    ],
)
async def test_a_bad_token_is_refused(verifier, reason, text):
    assert await refused(verifier, text) == reason


async def test_an_unsigned_token_in_the_standard_form_is_refused(verifier):
    parts = [{"alg": "none", "kid": "ed-1"}, {"iss": ISSUER}]
    head, body = (base64.urlsafe_b64encode(json.dumps(p).encode()) for p in parts)
    text = f"{head.decode().rstrip('=')}.{body.decode().rstrip('=')}."
    assert await refused(verifier, text) == Reason.MALFORMED
    assert await refused(verifier, text + "AAAA") == Reason.ALGORITHM


async def test_claims_nested_deep_are_refused(verifier):
    body = base64.urlsafe_b64encode(b"[" * 2000 + b"]" * 2000).decode().rstrip("=")
    head = token().partition(".")[0]
    assert await refused(verifier, f"{head}.{body}.AAAA") == Reason.MALFORMED


async def test_any_changed_character_is_refused(verifier):
    good = token()
    for at in range(0, len(good), 7):
        other = "A" if good[at] != "A" else "B"
        await refused(verifier, good[:at] + other + good[at + 1 :])


async def test_the_clock_may_differ_by_the_leeway(verifier):
    assert await verifier.verify(token(exp=int(NOW.timestamp()) - 4))
    assert await verifier.verify(token(nbf=int(NOW.timestamp()) + 4))


async def test_a_remembered_token_expires_all_the_same(verifier, clock):
    text = token()
    assert await verifier.verify(text) is await verifier.verify(text)
    clock.forward(seconds=604)
    assert await verifier.verify(text)
    clock.forward(seconds=1)
    assert await refused(verifier, text) == Reason.EXPIRED


async def test_only_so_many_tokens_are_remembered(tmp_path, clock):
    publish(tmp_path / "jwks.json", ED)
    issuer = settings(jwks_file=tmp_path / "jwks.json")
    async with Verifier([issuer], clock, remembered=3) as verifier:
        for number in range(10):
            await verifier.verify(token(sub=f"officer-{number}"))
        assert len(verifier._seen) == 3


async def test_a_province_is_believed_about_itself_only(tmp_path, clock):
    publish(tmp_path / "44.json", ED)
    publish(tmp_path / "cn.json", STRANGER)
    issuers = [
        settings(jwks_file=tmp_path / "44.json"),
        settings(
            issuer="https://login.example.cn",
            jwks_file=tmp_path / "cn.json",
            provinces=[EVERY_PROVINCE],
        ),
    ]
    async with Verifier(issuers, clock) as verifier:
        national = {"iss": "https://login.example.cn", "province": "51"}
        assert (await verifier.verify(token(STRANGER, **national))).province == "51"
        assert await refused(verifier, token(province="51")) == Reason.PROVINCE
        # one issuer's key does not sign in another's name
        assert await refused(verifier, token(STRANGER)) == Reason.SIGNATURE
        assert await refused(verifier, token(ED, **national)) == Reason.SIGNATURE


async def test_claims_are_read_under_the_names_that_the_issuer_uses(tmp_path, clock):
    publish(tmp_path / "jwks.json", ED)
    issuer = settings(
        jwks_file=tmp_path / "jwks.json",
        claims={"office": "org", "province": "sheng", "scope": "scp"},
    )
    own = {"org": "o-1", "sheng": "44", "scp": "worker:read"}
    async with Verifier([issuer], clock) as verifier:
        caller = await verifier.verify(token(**own))
        assert (caller.office, caller.scopes) == ("o-1", {"worker:read"})
        bare = {"office": None, "province": None, "scope": None}
        assert await refused(verifier, token()) == Reason.CLAIM
        assert await refused(verifier, token(**bare)) == Reason.CLAIM


async def test_an_issuer_named_twice_is_refused_at_the_start(tmp_path, clock):
    publish(tmp_path / "jwks.json", ED)
    twin = settings(jwks_file=tmp_path / "jwks.json")
    with pytest.raises(Refused) as caught:
        await Verifier([twin, twin], clock).start()
    assert ISSUER in caught.value.refusal.message.zh


async def test_a_ca_file_that_is_none_is_refused_at_the_start(tmp_path, clock):
    bad = settings(jwks_url="https://login.example.org/k", ca_file=tmp_path / "no.pem")
    with pytest.raises(Refused) as caught:
        await Verifier([bad], clock).start()
    assert caught.value.refusal.code == "CA_FILE_UNUSABLE"


@pytest.mark.filterwarnings("ignore:Key size")  # the short key is the point
async def test_keys_that_cannot_be_trusted_are_left_out(tmp_path, clock):
    short = RSAKey.generate_key(1024, {"kid": "short"})
    encrypting = ECKey.generate_key("P-256", {"kid": "enc", "use": "enc"})
    published = {
        "keys": [
            short.as_dict(private=False),
            encrypting.as_dict(private=False),
            STRANGER.as_dict(private=True) | {"kid": "private"},
            {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
            {"kty": "AKP", "kid": "of-tomorrow"},
            {"kty": "EC", "kid": "torn"},
            {"kty": ["EC"], "kid": "odd"},
            ED.as_dict(private=False),
        ]
    }
    (tmp_path / "jwks.json").write_text(json.dumps(published))
    issuer = settings(jwks_file=tmp_path / "jwks.json")
    async with Verifier([issuer], clock) as verifier:
        assert await verifier.verify(token())
        for kid in ("short", "enc", "private", "shared", "of-tomorrow", "torn", "odd"):
            text = token(header={"kid": kid})
            assert await refused(verifier, text) == Reason.KEY


async def test_a_token_seen_before_costs_microseconds(verifier):
    text = token()
    await verifier.verify(text)
    start = time.perf_counter()
    for _ in range(2000):
        await verifier.verify(text)
    assert (time.perf_counter() - start) / 2000 < 100e-6
