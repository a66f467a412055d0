"""Value: the hub's settings for the chaos run, as an operator would write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.builders.hub_toml import FOUNDATION, WIDE_OPEN

if TYPE_CHECKING:
    from tests.chaos.ground import Ground

SCOPES: Final = (
    "worker:read", "links:write", "transfers:write", "cases:write", "case:read",
    "arrears:report",
)  # fmt: skip
_POLICIES: Final = Path(__file__).parents[2] / "deploy" / "policies"

_HUB: Final = (
    """\
# Written by the chaos run. Secrets are in the environment.
provinces_dir = "provinces"

[server]
port = {port}
requests = 1024
"""
    + WIDE_OPEN
    + FOUNDATION
    + """
[credentials]
issuer = "http://127.0.0.1:{port}"
active = "chaos-1"
keys = [{{ kid = "chaos-1", key_env = "HUB_CREDENTIAL_KEY" }}]
code_secrets = [{{ version = 1, secret_env = "HUB_CODE_SECRET" }}]
batch_signers = [{{ province = "44", jwks_file = {jwks} }}]
"""
)

_PROVINCE: Final = """\
code = "{code}"
name_zh = "省{code}"
name_en = "Province {code}"
kind = "graphql"
url = "http://127.0.0.1:{port}/graphql"
bearer_env = "HUB_BEARER_{code}"
"""
_PUSHES: Final = 'callback_secret_env = "HUB_CALLBACK"\n'

#: What is asked often, and told at once: the run is short.
_TELLING: Final = """
[runner]
port = 0
sweep_every = "300ms"
poll_every = "500ms"
longest_wait = "2s"
stalled_after = "2s"

[webhooks]
loopback = true
deadline = "1s"
first_wait = "100ms"
longest_wait = "1s"
"""
_ENDPOINT: Final = """
[[webhooks.endpoints]]
name = "p{code}"
office = "{code}0000-01"
url = "http://127.0.0.1:{port}/p{code}"
secret_env = "HUB_WEBHOOK"
"""


def write_settings(ground: Ground) -> Path:
    """Write ``hub.toml`` and one file per province; answers its path."""
    provinces = ground.directory / "provinces"
    provinces.mkdir(parents=True, exist_ok=True)
    jwks = ground.directory / "jwks.json"
    jwks.write_text(json.dumps(ground.key_set), encoding="ascii")
    cases = ground.receiver_port is not None
    for code, port in ground.doors.items():
        (provinces / f"{code}.toml").write_text(
            _PROVINCE.format(code=code, port=port) + (_PUSHES if cases else ""),
            encoding="utf-8",
        )
    written = ground.directory / "hub.toml"
    written.write_text(
        _HUB.format(
            port=ground.hub_port,
            policies=json.dumps(str(_POLICIES)),
            jwks=json.dumps(str(jwks)),
            scopes=json.dumps(list(SCOPES)),
            issuer="https://issuer.chaos.invalid",
            audience="union-hub",
        )
        + _told_of_cases(ground),
        encoding="utf-8",
    )
    return written


def _told_of_cases(ground: Ground) -> str:
    if ground.receiver_port is None:
        return ""
    port = ground.receiver_port
    return _TELLING + "".join(
        _ENDPOINT.format(code=code, port=port) for code in ground.provinces
    )
