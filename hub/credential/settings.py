"""Value: with which keys the hub signs credentials, and for how long they hold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schema.records.duration import Duration

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Env = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


def _is_issuer(url: str) -> str:
    parts = urlsplit(url)
    plain = not (parts.query or parts.fragment or parts.username)
    safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )
    if safe and plain and parts.hostname and not url.endswith("/"):
        return url
    raise ValueError(
        "签发地址须以 https:// 开头（仅本机回环地址可用 http://），末尾不带斜线"
        " / the issuer's address must begin with https:// (http:// only on this"
        " machine's loopback address) and have no slash at the end"
    )


class CredentialKey(BaseModel):
    """A key that signs credentials, or that signed them once.

    Attributes:
        kid: Its name; it stands in every credential that it signed.
        key_file: File that holds it, PEM or JWK; or
        key_env: the environment variable that does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
    key_file: Path | None = None
    key_env: Env | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.key_file is None) == (self.key_env is None):
            raise ValueError(
                "key_file 与 key_env 须且只须填写一项"
                " / give exactly one of key_file and key_env"
            )
        return self


class CodeSecret(BaseModel):
    """A secret behind the keyed hashes of confirmation codes.

    Attributes:
        version: Its number; a higher one is newer.
        secret_env: Name of the environment variable that holds it: at least 32
            bytes, written as hex.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(ge=1, le=32_767)]
    secret_env: Env


class BatchSigner(BaseModel):
    """Who may sign batches of transfers (集体接转).

    Attributes:
        province: Whose members they may be.
        jwks_file: File with its public keys (RFC 7517); or
        jwks_env: the environment variable that holds them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    province: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    jwks_file: Path | None = None
    jwks_env: Env | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.jwks_file is None) == (self.jwks_env is None):
            raise ValueError(
                "jwks_file 与 jwks_env 须且只须填写一项"
                " / give exactly one of jwks_file and jwks_env"
            )
        return self


class CredentialSettings(BaseModel):
    """The membership credential (会员证). Without it the hub issues none.

    A rotation of the signing key: add the new key to ``keys`` and restart; when
    everybody may have fetched the public keys (a day), make it ``active``; when the
    last credential of the old one has expired (``lifetime``), leave the old one out.
    Instead of a private key that is not active, its public half is enough.

    None of the lengths of time has a source in the law: they are defaults [D].

    Attributes:
        issuer: Address of this hub, as everybody reaches it: the ``iss``, and where
            the status lists and public keys are.
        active: Name of the key that signs.
        keys: All keys whose credentials are believed; Ed25519 (EdDSA) or P-256
            (ES256), whatever each is.
        code_secrets: Secrets behind the keyed hashes of confirmation codes; the
            newest is used for new ones.
        lifetime: How long a credential can be redeemed.
        presentation: How long a presentation can be.
        wrong_codes: So many wrong confirmation codes lock a credential.
        status_max_age: How long a status list may be cached.
        status_expires: How long it can be relied on at all, offline.
        batch_signers: Who may sign batches.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, Field(max_length=100), AfterValidator(_is_issuer)]
    active: str
    keys: Annotated[tuple[CredentialKey, ...], Field(min_length=1)]
    code_secrets: Annotated[tuple[CodeSecret, ...], Field(min_length=1)]
    lifetime: Annotated[
        Duration, Field(ge=timedelta(hours=1), le=timedelta(days=366))
    ] = timedelta(days=90)
    presentation: Annotated[
        Duration, Field(ge=timedelta(minutes=1), le=timedelta(hours=1))
    ] = timedelta(minutes=10)
    wrong_codes: Annotated[int, Field(ge=1, le=10)] = 5
    status_max_age: Annotated[
        Duration, Field(ge=timedelta(seconds=1), le=timedelta(hours=24))
    ] = timedelta(minutes=15)
    status_expires: Annotated[
        Duration, Field(ge=timedelta(minutes=1), le=timedelta(days=7))
    ] = timedelta(hours=24)
    batch_signers: tuple[BatchSigner, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        names = [key.kid for key in self.keys]
        if len(names) != len(set(names)):
            raise ValueError("密钥名称 kid 不能重复 / each kid may stand once")
        if self.active not in names:
            raise ValueError(
                "active 须是 keys 中的一个 kid / active must name one of the keys"
            )
        versions = [secret.version for secret in self.code_secrets]
        if versions != sorted(set(versions)):
            raise ValueError(
                "密钥版本号须从小到大且不重复 / versions must be in ascending order,"
                " each number once"
            )
        if self.status_max_age > self.status_expires:
            raise ValueError(
                "status_max_age 不得长于 status_expires"
                " / status_max_age must not be longer than status_expires"
            )
        return self
