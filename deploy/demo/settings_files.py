"""Adapter: the hub's settings for the demo, as an operator would write them.

They name environment variables for every secret, and can be read, changed and
checked like any other: ``. .demo/env.sh; python -m hub check --config
.demo/hub.toml``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from deploy.demo.issuer import ALGORITHM, AUDIENCE
from deploy.demo.kinds import SUBGRAPH, own_settings, secret_env

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

DATABASE_ENV: Final = "HUB_DATABASE_URL"
WORKER_KEY_ENV: Final = "HUB_WORKER_KEY_1"
CREDENTIAL_KEY_ENV: Final = "HUB_CREDENTIAL_KEY_DEMO_1"
CODE_SECRET_ENV: Final = "HUB_CODE_SECRET_1"  # noqa: S105  # its name
#: What tokens of the demo's issuer may hold, and those of whoever stands in for it.
SCOPES: Final = (
    "worker:read", "case:read", "hardship:read", "links:write", "audit:read",
    "hub:operate", "transfers:write", "cases:write", "arrears:report",
)  # fmt: skip
_POLICIES = Path(__file__).parents[1] / "policies"

_HUB = """\
# Written by the demo at every start. Secrets are in the environment.
provinces_dir = "provinces"

[server]
host = "127.0.0.1"
port = {port}
introspection = true
explorer = true

[database]
url_env = "{database_env}"

[worker_keys]
versions = [{{ version = 1, secret_env = "{worker_key_env}" }}]

[policy]
directory = {policies}

[[issuers]]
issuer = {issuer}
audience = "{audience}"
jwks_url = {jwks_url}
algorithms = ["{algorithm}"]
provinces = ["*"]
scopes = {scopes}

[runner]
sweep_every = "500ms"
poll_every = "1s"
"""

_CREDENTIALS = """
[credentials]
issuer = {issuer}
active = "demo-1"
keys = [{{ kid = "demo-1", key_env = "{key_env}" }}]
code_secrets = [{{ version = 1, secret_env = "{secret_env}" }}]
"""

_PROVINCE = """\
# Written by the demo at every start.
code = "{code}"
name_zh = {name_zh}
name_en = {name_en}
kind = "{kind}"
"""

_CALLBACKS = """\
callback_secret_env = "{name}"
"""


class Standing(NamedTuple):
    """A province that runs.

    Attributes:
        code: Its code.
        name_zh: Its Chinese name.
        name_en: Its English name.
        url: Where it listens; of one without a server, where its files are.
        kind: How it speaks.
    """

    code: str
    name_zh: str
    name_en: str
    url: str
    kind: str = SUBGRAPH


class CredentialSecrets(NamedTuple):
    """What membership credentials need.

    Attributes:
        key: The private key that signs them, a JWK.
        code_secret: Behind the keyed hashes of confirmation codes, hex.
    """

    key: str
    code_secret: str


def callback_env(code: str) -> str:
    """Name the environment variable with the secret of a province's messages."""
    return f"HUB_CALLBACK_{code}"


def write_settings(
    directory: Path,
    *,
    port: int,
    issuer: str,
    provinces: Sequence[Standing],
    credentials: str = "",
    callbacks: Collection[str] = (),
) -> Path:
    """Write ``hub.toml`` and one file per province.

    Args:
        directory: The demo's directory.
        port: Where the hub shall listen.
        issuer: Address of the issuer.
        provinces: Those that run; files of others are removed.
        credentials: By what name the hub issues membership credentials; empty: it
            issues none. What was issued names it, so it stays when the port changes.

        callbacks: Codes of the provinces that push what happens in their case files.

    Returns:
        The path of ``hub.toml``.
    """
    kept = directory / "provinces"
    kept.mkdir(parents=True, exist_ok=True)
    for stale in kept.glob("*.toml"):
        stale.unlink()
    for province in provinces:
        lines, tables = own_settings(province.code, province.kind, province.url)
        told = _PROVINCE.format(
            code=province.code,
            name_zh=_text(province.name_zh),
            name_en=_text(province.name_en),
            kind=province.kind,
        )
        pushes = province.code in callbacks
        pushed = _CALLBACKS.format(name=callback_env(province.code)) if pushes else ""
        (kept / f"{province.code}.toml").write_text(
            f"{told}{lines}{pushed}{tables}", encoding="utf-8"
        )
    written = directory / "hub.toml"
    written.write_text(
        _HUB.format(
            port=port,
            database_env=DATABASE_ENV,
            worker_key_env=WORKER_KEY_ENV,
            policies=_text(str(_POLICIES)),
            issuer=_text(issuer),
            audience=AUDIENCE,
            jwks_url=_text(f"{issuer}/jwks.json"),
            algorithm=ALGORITHM,
            scopes=json.dumps(SCOPES),
        )
        + (_credentials(credentials) if credentials else ""),
        encoding="utf-8",
    )
    return written


def _credentials(issuer: str) -> str:
    return _CREDENTIALS.format(
        issuer=_text(issuer), key_env=CREDENTIAL_KEY_ENV, secret_env=CODE_SECRET_ENV
    )


def environment(
    database_url: str,
    worker_key: str,
    bearers: Mapping[str, str],
    credentials: CredentialSecrets | None = None,
    callbacks: Mapping[str, str] | None = None,
    *,
    own: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Put the secrets that the settings name into an environment.

    Args:
        database_url: Of the hub's own database.
        worker_key: Secret of version 1 of the worker key, hex.
        bearers: Token for each province with a subgraph, by code.
        credentials: Of the membership credentials, if the hub issues any.
        callbacks: By what each province signs what it pushes, by code.
        own: What opens the provinces that have no subgraph, by variable.
    """
    signing = {}
    if credentials is not None:
        signing[CREDENTIAL_KEY_ENV] = credentials.key
        signing[CODE_SECRET_ENV] = credentials.code_secret
    return {
        DATABASE_ENV: database_url,
        WORKER_KEY_ENV: worker_key,
        **signing,
        **{secret_env(code, SUBGRAPH): token for code, token in bearers.items()},
        **(own or {}),
        **{callback_env(code): one for code, one in (callbacks or {}).items()},
    }


def _text(value: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
