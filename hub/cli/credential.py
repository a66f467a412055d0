"""Adapter: the commands ``credential verify`` and ``credential keys``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.access.key_sets import KeySetUnreadableError, read_key_set
from hub.cli import credential_keys
from hub.cli.credential_words import PRESENTATIONS, STANDINGS, STATES, UNCERTAIN
from hub.cli.running import DebugOption, failing_clearly
from hub.clock import SystemClock
from hub.credential.claims import Reason
from hub.credential.offline import Found, Standing, verify
from schema.records.moving import CredentialState
from schema.records.refusal import Bilingual, Refusal, Refused

app = typer.Typer(help="会员证 / membership credentials.", no_args_is_help=True)
app.add_typer(credential_keys.app, name="keys")

#: What the command ends with; 1 and 2 are taken by what all commands end with.
EXITS: Final = {
    CredentialState.VALID: 0,
    CredentialState.EXPIRED: 3,
    CredentialState.REVOKED: 4,
    CredentialState.REDEEMED: 5,
    CredentialState.FORGED: 6,
    CredentialState.FOREIGN: 7,
}
#: Genuine and not expired, but no current status list says that it was not revoked.
EXIT_UNCERTAIN: Final = 8

_NO_KEYS = Refusal(
    "KEYS_UNUSABLE", "credential.keys",
    Bilingual("公钥文件中没有可用的公钥。", "The file of public keys has none that can be used."),
    Bilingual(
        "请取枢纽的 /credentials/jwks.json 存盘。",
        "Save /credentials/jwks.json of the hub to it.",
    ),
)  # fmt: skip
_NO_MOMENT = Refusal(
    "MOMENT", "credential.at",
    Bilingual("--at 须是带时区的时刻。", "--at must be a moment with a time zone."),
    Bilingual("例如 2026-11-22T09:00:00+08:00。", "For example 2026-11-22T09:00:00+08:00."),
)  # fmt: skip


@app.command("verify")
def verify_credential(
    file: Annotated[
        Path,
        typer.Argument(
            help="会员证或出示凭据（紧凑 JWS），- 为标准输入 /"
            " the credential, or a presentation of it."
        ),
    ],
    keys: Annotated[
        Path, typer.Option("--keys", help="枢纽公钥 / the hub's public keys (JWKS).")
    ],
    status: Annotated[
        Path | None, typer.Option("--status", help="状态列表 / the status list (JWT).")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option("--issuer", help="签发枢纽地址 / the hub's address.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="以此时刻为准 / as of this moment.")
    ] = None,
    *,
    debug: DebugOption = False,
) -> None:
    """离线核验会员证 / verify a credential without a line to the hub.

    退出码 exit codes: 0 VALID, 3 EXPIRED, 4 REVOKED, 5 REDEEMED, 6 FORGED, 7 FOREIGN,
    8 真证但无当前状态列表 genuine, but no current status list. 出示凭据离线至多为 8：
    是否用过只有枢纽知道 A presentation is 8 at best: whether it was used, the hub knows.
    """
    with failing_clearly(debug=debug):
        compact = sys.stdin.read() if str(file) == "-" else _text(file)
        listed = None if status is None else _text(status)
        try:
            known = read_key_set(keys.read_bytes())
        except KeySetUnreadableError as error:
            raise Refused(_NO_KEYS) from error
        if not known:
            raise Refused(_NO_KEYS)
        found = verify(compact, known, listed, issuer, _moment(at))
        sys.stdout.write("\n".join(_lines(found)) + "\n")
        raise typer.Exit(exit_of(found))


def exit_of(found: Found) -> int:
    """Tell what the command ends with."""
    certain = found.standing is Standing.FRESH
    if found.state is CredentialState.VALID and not certain:
        return EXIT_UNCERTAIN
    return EXITS[found.state]


def _lines(found: Found) -> list[str]:
    exit_code = exit_of(found)
    words = UNCERTAIN if exit_code == EXIT_UNCERTAIN else STATES[found.state]
    if found.presentation is not None:
        words = PRESENTATIONS[found.state]
    if found.reason is Reason.NOT_YET:
        words = STATES[Reason.NOT_YET]
    mark = "✓" if exit_code == 0 else "?" if exit_code == EXIT_UNCERTAIN else "✗"
    lines = [f"{mark} {found.state}  {words.zh}", f"  {words.en}"]
    if found.claims is not None:
        claims = found.claims
        lines += [
            f"  编号 id            {claims.id}",
            f"  签发工会 union      {claims.union} ({claims.province})",
            f"  会员卡号 membership {claims.membership_no}",
            f"  有效期 valid        {claims.issued_at:%Y-%m-%d} – {claims.expires_at:%Y-%m-%d}",
        ]
        said = STANDINGS[found.standing]
        lines += [f"  {said.zh}", f"  {said.en}"]
    if found.presentation is not None:
        shown = found.presentation
        lines += [
            f"  会员证 credential   {shown.credential}",
            f"  出示给 presented to {shown.to_union}",
            f"  有效至 until        {shown.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        ]
    if found.listed is not None:
        lines.append(f"  状态截至 status as of {found.listed.as_of:%Y-%m-%dT%H:%M:%SZ}")
    # The file came from somebody: no character of it may steer the terminal.
    return ["".join(c if c.isprintable() else "?" for c in line) for line in lines]


def _text(file: Path) -> str:
    return file.read_bytes().decode("ascii", errors="replace")


def _moment(at: str | None) -> datetime:
    if at is None:
        return SystemClock().now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Refused(_NO_MOMENT) from error
    if moment.tzinfo is None:
        raise Refused(_NO_MOMENT)
    return moment.astimezone(UTC)
