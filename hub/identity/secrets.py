"""Decider: the secrets behind the worker keys, as the environment gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.identity.settings import WorkerKeySettings

_SHORTEST = 32
#: Random bytes repeat themselves less than this; "00…00" and "1234…" do not.
_FEWEST_DIFFERENT = 12

_MISSING = Bilingual(
    "环境变量 {name} 未设置，它应存放密钥版本 {version}。请用 openssl rand -hex 32 生成"
    "(首次部署)或从密钥库取出后设置。",
    "The environment variable {name} is not set; it holds key version {version}."
    " Make a secret with: openssl rand -hex 32 (first deployment), or set the one"
    " from your vault.",
)
_NOT_HEX = Bilingual(
    "环境变量 {name} 不是十六进制。请只用 0-9 和 a-f 书写密钥版本 {version}。",
    "The environment variable {name} is not hexadecimal. Write key version {version}"
    " with 0-9 and a-f only.",
)
_TOO_SHORT = Bilingual(
    "环境变量 {name} 的密钥不足 32 字节（64 个十六进制字符）。请用 openssl rand -hex 32"
    " 生成。",
    "The secret in the environment variable {name} is shorter than 32 bytes (64"
    " hexadecimal characters). Make one with: openssl rand -hex 32",
)
_NOT_RANDOM = Bilingual(
    "环境变量 {name} 的密钥不是随机的。请用 openssl rand -hex 32 生成。",
    "The secret in the environment variable {name} is not random. Make one with:"
    " openssl rand -hex 32",
)
_REPEATED = Bilingual(
    "环境变量 {name} 的密钥与另一版本相同，轮换不起作用。请为版本 {version} 生成新密钥。",
    "The secret in the environment variable {name} is that of another version, so"
    " rotating changes nothing. Make a new one for version {version}.",
)


class BadSecrets(ValueError):
    """Some secrets cannot be used; all of them at once, and no secret in it.

    Attributes:
        mistakes: One sentence for each.
    """

    def __init__(self, mistakes: tuple[Bilingual, ...]) -> None:
        super().__init__("\n".join(f"{each.zh} / {each.en}" for each in mistakes))
        self.mistakes = mistakes


def read_secrets(
    settings: WorkerKeySettings, environment: Mapping[str, str]
) -> dict[int, bytes]:
    """Read the secret of each version.

    Args:
        settings: Which versions there are, and where each secret is.
        environment: The process's environment variables.

    Raises:
        BadSecrets: One is missing, not hex, too short, not random or used twice.
    """
    secrets: dict[int, bytes] = {}
    mistakes: list[Bilingual] = []
    for version in settings.versions:
        secret = _decode(environment.get(version.secret_env, "").strip())
        if isinstance(secret, bytes) and secret in secrets.values():
            secret = _REPEATED
        if isinstance(secret, Bilingual):
            named = secret.format(name=version.secret_env, version=version.version)
            mistakes.append(named)
        else:
            secrets[version.version] = secret
    if mistakes:
        raise BadSecrets(tuple(mistakes))
    return secrets


def _decode(written: str) -> bytes | Bilingual:
    if not written:
        return _MISSING
    try:
        secret = bytes.fromhex(written)
    except ValueError:
        return _NOT_HEX
    if len(secret) < _SHORTEST:
        return _TOO_SHORT
    return secret if len(set(secret)) >= _FEWEST_DIFFERENT else _NOT_RANDOM
