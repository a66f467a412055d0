"""Adapter: the commands ``credential keys new``, ``show`` and ``rotate``."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from hub.cli.running import ConfigOption, DebugOption, failing_clearly, read_settings
from hub.clock import SystemClock, today_in_china
from hub.credential.keys import new_key, open_ring, public_jwk
from hub.credential.refusals import NOT_SET
from hub.credential.settings import CredentialSettings
from schema.records.refusal import Refused

app = typer.Typer(help="会员证签发密钥 / the keys that sign.", no_args_is_help=True)

Algorithm = Literal["EdDSA", "ES256"]
AlgorithmOption = Annotated[
    Algorithm, typer.Option("--algorithm", help="EdDSA (Ed25519) | ES256 (P-256).")
]
FileArgument = Annotated[
    Path, typer.Argument(help="私钥写入此新文件 / a new file for the private key.")
]
KidOption = Annotated[
    str | None, typer.Option("--kid", help="密钥名称 / its name.", show_default=False)
]


@app.command("new")
def new(
    file: FileArgument,
    algorithm: AlgorithmOption = "EdDSA",
    kid: KidOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """生成密钥，并给出要写入设置的内容 / make a key, and say what to set."""
    with failing_clearly(debug=debug):
        name = _write(file, algorithm, kid)
        sys.stdout.write(_FIRST.format(file=json.dumps(str(file.resolve())), kid=name))


@app.command("show")
def show(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """显示公钥（JWKS）；第一把用于签发 / show the public keys; the first one signs."""
    with failing_clearly(debug=debug):
        ring = open_ring(_set(read_settings(config).credentials), os.environ)
        keys = [public_jwk(kid, key) for kid, key in ring.public.items()]
        sys.stdout.write(json.dumps({"keys": keys}, indent=2) + "\n")


@app.command("rotate")
def rotate(
    file: FileArgument,
    config: ConfigOption = None,
    algorithm: AlgorithmOption = "EdDSA",
    kid: KidOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """生成下一把密钥，并给出分步换钥的设置 / make the next key, and say the steps.

    已签发的会员证继续有效 what was issued stays valid.
    """
    with failing_clearly(debug=debug):
        settings = _set(read_settings(config).credentials)
        open_ring(settings, os.environ)
        taken = {one.kid for one in settings.keys}
        name = _write(file, algorithm, kid, taken)
        days = settings.lifetime.days
        sys.stdout.write(
            _NEXT.format(
                file=json.dumps(str(file.resolve())),
                kid=name,
                old=settings.active,
                days=days,
            )
        )


def _set(settings: CredentialSettings | None) -> CredentialSettings:
    if settings is None:
        raise Refused(NOT_SET)
    return settings


def _write(
    file: Path, algorithm: str, kid: str | None, taken: set[str] | None = None
) -> str:
    """Make a key and write it where nothing is yet, for its owner only."""
    name = kid or f"{today_in_china(SystemClock()):%Y-%m-%d}"
    while name in (taken or ()):
        name = f"{name[:27]}-{secrets.token_hex(2)}"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(new_key(algorithm).as_pem(private=True).decode("ascii"))
    return name


_FIRST = """\
✓ 已生成。请备份此文件，并在设置中写入：
  Made. Back the file up, and put this into the settings:

[credentials]
issuer = "https://hub.example.cn"    # 枢纽对外地址 the hub's own address
active = "{kid}"
keys = [{{ kid = "{kid}", key_file = {file} }}]
code_secrets = [{{ version = 1, secret_env = "HUB_CODE_SECRET_1" }}]    # openssl rand -hex 32
"""

_NEXT = """\
✓ 已生成下一把密钥。分三步，每步逐个重启各进程：
  The next key is made. Three steps, each with a rolling restart:

1. 加入 keys，active 仍为 "{old}"；等一天，使各处取到新公钥
   add it to keys, leave active = "{old}", and wait a day until everybody has it:
   {{ kid = "{kid}", key_file = {file} }}
2. active = "{kid}"
3. {days} 天后（旧证都已过期）从 keys 中删去 "{old}"
   after {days} days, when all its credentials have expired, take "{old}" out of keys
"""
