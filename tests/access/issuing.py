"""What an issuer does: keys, tokens, and publishing the keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from hub.access.settings import IssuerSettings

ISSUER = "https://login.example.org"
AUDIENCE = "union-federation-hub"
NOW = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)

ED = OKPKey.generate_key("Ed25519", {"kid": "ed-1", "use": "sig"})
ED_NEXT = OKPKey.generate_key("Ed25519", {"kid": "ed-2", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "ed-1"})


class SetClock:
    """Stands where it is put."""

    def __init__(self):
        self.moment = NOW

    def now(self):
        return self.moment

    def forward(self, **by):
        self.moment += timedelta(**by)


def claims(**changes):
    """The claims of a good token; a claim changed to ``None`` is left out."""
    now = int(NOW.timestamp())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "officer-7",
        "exp": now + 600,
        "iat": now,
        "office": "81440300MC1234567A",
        "province": "44",
        "scope": "openid worker:read case:read",
    }
    return {k: v for k, v in {**good, **changes}.items() if v is not None}


def _part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")


def _token(header, body, sign):
    signed = _part(header) + b"." + _part(body)
    seal = base64.urlsafe_b64encode(sign(signed)).rstrip(b"=")
    return (signed + b"." + seal).decode()


def token(key=ED, alg="EdDSA", header=None, **changes):
    """Sign a token, good but for the changes; nothing is checked."""
    head = {"typ": "JWT", "alg": alg, "kid": key.kid, **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    algorithm = JWSRegistry.algorithms[alg]
    return _token(head, claims(**changes), lambda signed: algorithm.sign(signed, key))


def hs256_token(secret, kid):
    """Sign with a shared secret, by hand: the library refuses public keys for one."""
    head = {"alg": "HS256", "kid": kid}
    return _token(
        head,
        claims(),
        lambda signed: hmac.new(secret, signed, hashlib.sha256).digest(),
    )


def settings(**changes):
    good = {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "algorithms": ["EdDSA", "Ed25519", "ES256", "RS256"],
        "provinces": ["44"],
        "scopes": ["worker:read", "case:read"],
        "leeway": "5s",
        "timeout": "1s",
    }
    return IssuerSettings.model_validate({**good, **changes})


def publish(path, *keys):
    """Put a set of keys where it is served from, in one step."""
    whole = json.dumps({"keys": [key.as_dict(private=False) for key in keys]})
    fresh = path.with_suffix(".new")
    fresh.write_text(whole)
    fresh.replace(path)


class IssuerProcess:
    """The issuer's server, in another process."""

    def __init__(self, path):
        self.path = path
        self.port = 0
        self._process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/jwks"

    def start(self):
        script = Path(__file__).with_name("jwks_server.py")
        self._process = subprocess.Popen(
            [sys.executable, script, self.path, str(self.port)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._process.stdout.readline())

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def asked(self):
        """How often the keys were fetched."""
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", "/count")
        with closing(connection):
            return int(connection.getresponse().read())
