"""Adapter: a small OIDC issuer for the demo, and the tokens of its three roles.

``python -m deploy.demo.issuer --keys DIRECTORY`` serves what an issuer publishes:
its configuration and its public key. It has no log-in page: the demo prints tokens
(``python -m deploy.demo token inflow``). Never believe it in production.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.demo.keyring import Keyring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The ``aud`` of every token: the hub of the demo.
AUDIENCE: Final = "union-federation-hub-demo"
ALGORITHM: Final = "ES256"
LIFETIME: Final = 12 * 3600
_NAME = "issuer-es256.json"


class Role(StrEnum):
    """Who looks workers up in the demo."""

    INFLOW = "inflow"
    OUTFLOW = "outflow"
    INSPECTOR = "inspector"


class Person(NamedTuple):
    """Whom a role's token speaks of.

    Attributes:
        title_zh: What they are, in Chinese.
        title_en: What they are, in English.
        subject: Their ``sub``.
        office: Code of their union office.
        province: Code of its province.
        scopes: What the token may be used for.
    """

    title_zh: str
    title_en: str
    subject: str
    office: str
    province: str
    scopes: tuple[str, ...]


_OFFICER = (
    *("worker:read", "case:read", "hardship:read"),
    *("links:write", "transfers:write", "cases:write"),
)

PEOPLE: Final[Mapping[Role, Person]] = {
    Role.INFLOW: Person(
        "广东省（流入地）工会干部", "Officer of an inflow union, Guangdong",
        "officer-44", "440000-01", "44", _OFFICER,
    ),
    Role.OUTFLOW: Person(
        "四川省（流出地）工会干部", "Officer of an outflow union, Sichuan",
        "officer-51", "510000-01", "51", _OFFICER,
    ),
    Role.INSPECTOR: Person(
        "督查审计人员", "Inspector",
        "inspector-1", "110000-01", "11", ("audit:read", "hub:operate"),
    ),
}  # fmt: skip


def officer(province: str, name_zh: str, name_en: str) -> Person:
    """Name an officer of a province's union federation: the role's, if there is one."""
    for role in (Role.INFLOW, Role.OUTFLOW):
        if PEOPLE[role].province == province:
            return PEOPLE[role]
    return Person(
        f"{name_zh}工会干部", f"Officer of a union, {name_en}",
        f"officer-{province}", f"{province}0000-01", province, _OFFICER,
    )  # fmt: skip


class Issuer:
    """Signs tokens; the key is made once and kept.

    Args:
        keys: Where the private key is kept.
    """

    def __init__(self, keys: Path) -> None:
        private = Keyring(keys).keep(_NAME, _new_key)
        self._key = ECKey.import_key(json.loads(private))
        self._kid = self._key.thumbprint()

    @property
    def public_keys(self) -> dict[str, Any]:
        """The JWKS: the public half, with its name."""
        return {
            "keys": [
                {
                    **self._key.as_dict(private=False),
                    "kid": self._kid,
                    "use": "sig",
                    "alg": ALGORITHM,
                }
            ]
        }

    def token(self, role: Role, *, url: str, now: float) -> str:
        """Sign a token for a role.

        Args:
            role: For whom.
            url: The issuer's address, its ``iss``.
            now: Seconds since the epoch.
        """
        return self.token_of(PEOPLE[role], url=url, now=now)

    def token_of(self, person: Person, *, url: str, now: float) -> str:
        """Sign a token for a person; see ``token``."""
        claims = {
            "iss": url,
            "aud": AUDIENCE,
            "sub": person.subject,
            "office": person.office,
            "province": person.province,
            "scope": " ".join(person.scopes),
            "iat": int(now),
            "exp": int(now) + LIFETIME,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._kid}, claims, self._key)


def _new_key() -> str:
    return json.dumps(ECKey.generate_key("P-256").as_dict(private=True))


def _published(issuer: Issuer, url: str) -> dict[str, bytes]:
    configuration = {
        "issuer": url,
        "jwks_uri": f"{url}/jwks.json",
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
    }
    return {
        "/.well-known/openid-configuration": json.dumps(configuration).encode(),
        "/jwks.json": json.dumps(issuer.public_keys).encode(),
    }


class _Handler(BaseHTTPRequestHandler):
    documents: Mapping[str, bytes]

    def do_GET(self) -> None:  # the library's name
        """Answer with one of the documents."""
        body = self.documents.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing: who fetched a public key is of no interest."""


def main(words: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM; the line ``ready http://…`` tells where."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.issuer", description=__doc__
    )
    parser.add_argument("--keys", required=True, type=Path, help="directory of the key")
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one")
    wanted = parser.parse_args(words)
    issuer = Issuer(wanted.keys)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: sys.exit(0))
    with ThreadingHTTPServer(("127.0.0.1", wanted.port), _Handler) as server:
        server.daemon_threads = True
        url = f"http://127.0.0.1:{server.server_port}"
        _Handler.documents = _published(issuer, url)
        sys.stdout.write(f"ready {url}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
