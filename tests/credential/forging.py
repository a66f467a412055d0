"""What a forger does with a credential that is in their hands."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

from joserfc.jwk import OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from hub.credential import claims as claim
from tests.credential.holding import NEXT_KEY, NOW, OLD_KEY

STRANGER = OKPKey.generate_key("Ed25519")
RSA = RSAKey.generate_key(2048)


def coded(raw):
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def parts(compact):
    return [
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in compact.split(".")
    ]


def head_of(compact):
    return json.loads(parts(compact)[0])


def said(compact):
    return json.loads(parts(compact)[1])


def signed(head, payload, key=OLD_KEY, name=None):
    """Sign whatever it is, as one who has a key could."""
    first = f"{coded(head)}.{coded(payload)}"
    algorithm = JWSRegistry.algorithms[name or head["alg"]]
    return f"{first}.{coded(algorithm.sign(first.encode(), key))}"


def reclaimed(compact, *, key=OLD_KEY, head=None, **changed):
    """The same with other claims, signed by a key of the hub."""
    claims = {k: v for k, v in {**said(compact), **changed}.items() if v is not None}
    return signed(head or head_of(compact), claims, key)


def _with_hmac(compact):
    head = {**head_of(compact), "alg": "HS256"}
    first = f"{coded(head)}.{compact.split('.')[1]}"
    public = OLD_KEY.as_pem(private=False)
    return f"{first}.{coded(hmac.digest(public, first.encode(), hashlib.sha256))}"


def _with_head(compact, **changed):
    head = {k: v for k, v in {**head_of(compact), **changed}.items() if v is not None}
    _, payload, signature = compact.split(".")
    return f"{coded(head)}.{payload}.{signature}"


def _padded_bits(compact):
    """Another text whose last character decodes to the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return compact[:-1] + alphabet[alphabet.index(compact[-1]) ^ 1]


def _twice(compact):
    """Two holders in one payload: readers differ in which they take."""
    payload = parts(compact)[1]
    doubled = payload[:-1] + b',"sub":"somebody else"}'
    return signed(head_of(compact), doubled)


def _swapped(compact):
    head, _, signature = compact.split(".")
    changed = json.dumps({**said(compact), "sub": "somebody else"}).encode()
    return f"{head}.{coded(changed)}.{signature}"


def _at(**by):
    return int((NOW + timedelta(**by)).timestamp())


#: What is done, and what becomes of it: (name, forging, state, code of the refusal).
FORGERIES = [
    ("no signature", lambda c: _with_head(c, alg="none").rpartition(".")[0] + ".", "FORGED", "CREDENTIAL_FORGED"),
    ("alg none", lambda c: _with_head(c, alg="none"), "FORGED", "CREDENTIAL_FORGED"),
    ("alg none, kid unknown", lambda c: _with_head(c, alg="none", kid="x"), "FORGED", "CREDENTIAL_FORGED"),
    ("HS256 with the public key", _with_hmac, "FORGED", "CREDENTIAL_FORGED"),
    ("alg of another key", lambda c: _with_head(c, alg="ES256"), "FORGED", "CREDENTIAL_FORGED"),
    ("RS256", lambda c: signed({**head_of(c), "alg": "RS256"}, said(c), RSA), "FORGED", "CREDENTIAL_FORGED"),
    ("kid of another key of ours", lambda c: _with_head(c, kid="ec"), "FORGED", "CREDENTIAL_FORGED"),
    ("kid that nobody knows", lambda c: _with_head(c, kid="x"), "FOREIGN", "CREDENTIAL_FOREIGN"),
    ("key of a stranger under our kid", lambda c: signed(head_of(c), said(c), STRANGER), "FORGED", "CREDENTIAL_FORGED"),
    ("a key of its own in the header", lambda c: _with_head(c, jwk={"kty": "OKP"}), "FORGED", "CREDENTIAL_FORGED"),
    ("crit", lambda c: _with_head(c, crit=["exp"]), "FORGED", "CREDENTIAL_FORGED"),
    ("another typ", lambda c: reclaimed(c, head={**head_of(c), "typ": "JWT"}), "FORGED", "CREDENTIAL_FORGED"),
    ("no typ", lambda c: _with_head(c, typ=None), "FORGED", "CREDENTIAL_FORGED"),
    ("alg twice in the header", lambda c: signed(b'{"alg":"none","alg":"EdDSA","kid":"old","typ":"union-credential+jwt"}', said(c), OLD_KEY, "EdDSA"), "FORGED", "CREDENTIAL_FORGED"),
    ("swapped payload", _swapped, "FORGED", "CREDENTIAL_FORGED"),
    ("claims twice", _twice, "FORGED", "CREDENTIAL_FORGED"),
    ("a claim missing", lambda c: reclaimed(c, exp=None), "FORGED", "CREDENTIAL_FORGED"),
    ("a claim of another type", lambda c: reclaimed(c, sub=7), "FORGED", "CREDENTIAL_FORGED"),
    ("expiry beyond all years", lambda c: reclaimed(c, exp=10**18), "FORGED", "CREDENTIAL_FORGED"),
    ("expiry infinite", lambda c: signed(head_of(c), parts(c)[1].replace(b'"exp":', b'"exp":1e999,"e":')), "FORGED", "CREDENTIAL_FORGED"),
    ("longer by a year, by who has the key", lambda c: reclaimed(c, exp=_at(days=500)), "FORGED", "CREDENTIAL_UNKNOWN"),
    ("another holder, by who has the key", lambda c: reclaimed(c, sub="b"), "FORGED", "CREDENTIAL_UNKNOWN"),
    ("never kept, by who has the key", lambda c: reclaimed(c, jti="made-up"), "FORGED", "CREDENTIAL_UNKNOWN"),
    ("expired", lambda c: reclaimed(c, exp=_at(seconds=-1)), "EXPIRED", "CREDENTIAL_EXPIRED"),
    ("expires now", lambda c: reclaimed(c, exp=_at()), "EXPIRED", "CREDENTIAL_EXPIRED"),
    ("not yet", lambda c: reclaimed(c, iat=_at(seconds=62)), "FORGED", "CREDENTIAL_NOT_YET"),
    ("of another hub, with our key", lambda c: reclaimed(c, iss="https://other.example"), "FOREIGN", "CREDENTIAL_FOREIGN"),
    ("of another hub, with its key", lambda c: signed({"alg": "EdDSA", "kid": "their", "typ": claim.TYPE}, {**said(c), "iss": "https://other.example"}, STRANGER), "FOREIGN", "CREDENTIAL_FOREIGN"),
    ("by a key that is not ours yet", lambda c: signed({**head_of(c), "kid": "next"}, said(c), NEXT_KEY), "FOREIGN", "CREDENTIAL_FOREIGN"),
    ("oversized", lambda c: c + "A" * claim.LONGEST, "FORGED", "CREDENTIAL_FORGED"),
    ("a megabyte", lambda _: "A" * 1_000_000, "FORGED", "CREDENTIAL_FORGED"),
    ("a header of 10,000 characters", lambda c: _with_head(c, kid="k" * 10_000), "FORGED", "CREDENTIAL_FORGED"),
    ("a header of 600 characters", lambda c: _with_head(c, kid="k" * 600), "FORGED", "CREDENTIAL_FORGED"),
    ("a header of 500 brackets", lambda c: f"{coded(b'[' * 300)}.{c.split('.')[1]}.AA", "FORGED", "CREDENTIAL_FORGED"),
    ("full-width letters", lambda c: c.replace("e", "ｅ", 1), "FORGED", "CREDENTIAL_FORGED"),
    ("an emoji", lambda c: c + "🪪", "FORGED", "CREDENTIAL_FORGED"),
    ("half a surrogate", lambda c: c + "\ud800", "FORGED", "CREDENTIAL_FORGED"),
    ("a NUL", lambda c: c + "\0", "FORGED", "CREDENTIAL_FORGED"),
    ("a newline", lambda c: c + "\n", "FORGED", "CREDENTIAL_FORGED"),
    ("padding", lambda c: c + "==", "FORGED", "CREDENTIAL_FORGED"),
    ("other bits that say the same", _padded_bits, "FORGED", "CREDENTIAL_FORGED"),
    ("four parts", lambda c: c + ".AA", "FORGED", "CREDENTIAL_FORGED"),
    ("one part", lambda c: c.split(".", maxsplit=1)[0], "FORGED", "CREDENTIAL_FORGED"),
    ("nothing", lambda _: "", "FORGED", "CREDENTIAL_FORGED"),
    ("the JSON form of a JWS", lambda c: json.dumps(dict(zip(("protected", "payload", "signature"), c.split("."), strict=True))), "FORGED", "CREDENTIAL_FORGED"),
]  # fmt: skip
