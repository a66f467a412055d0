"""Value: whose tokens the hub believes, for what, and where the policy lies."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from hub.access.caller import Scope
from schema.records.duration import Duration

#: In place of a list of provinces: the issuer may speak for every province.
EVERY_PROVINCE: Final = "*"

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PROVINCE = re.compile(r"[0-9]{2}", re.ASCII)


class Algorithm(StrEnum):
    """Signature algorithms that an issuer can be believed by.

    Asymmetric ones only: with a shared secret the hub itself, or whoever takes
    a public key for one, could sign.
    """

    ED25519 = "Ed25519"
    #: The older name of the same; most issuers still say this.
    EDDSA = "EdDSA"
    ES256 = "ES256"
    ES384 = "ES384"
    ES512 = "ES512"
    PS256 = "PS256"
    PS384 = "PS384"
    PS512 = "PS512"
    RS256 = "RS256"
    RS384 = "RS384"
    RS512 = "RS512"


def _is_jwks_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return url
    raise ValueError(
        "签发方公钥地址须以 https:// 开头（仅本机回环地址可用 http://）"
        " / the address of an issuer's keys must begin with https://"
        " (http:// only on this machine's loopback address)"
    )


def _is_provinces(codes: tuple[str, ...]) -> tuple[str, ...]:
    if codes == (EVERY_PROVINCE,) or all(_PROVINCE.fullmatch(code) for code in codes):
        return codes
    raise ValueError(
        f'省份须为两位数字代码的列表，例如 ["44"];全国签发方只写 ["{EVERY_PROVINCE}"]'
        ' / provinces must be a list of two-digit codes such as ["44"], or only'
        f' ["{EVERY_PROVINCE}"] for a national issuer'
    )


class ClaimNames(BaseModel):
    """Under which names an issuer's tokens say what the hub needs to know.

    Attributes:
        office: Code of the union office that the caller acts for.
        province: Two-digit code of its province.
        scope: What the token may be used for, separated by spaces (RFC 8693).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: str = Field(default="office", min_length=1)
    province: str = Field(default="province", min_length=1)
    scope: str = Field(default="scope", min_length=1)


class IssuerSettings(BaseModel):
    """One issuer that the hub believes.

    Attributes:
        issuer: The ``iss`` of its tokens, to the letter.
        audience: The ``aud`` that its tokens must name: this hub.
        jwks_url: Where it publishes its public keys; or
        jwks_file: the file that holds them, for a network without a way there.
        algorithms: Which signatures are accepted; the token does not choose.
        provinces: For which provinces it may speak: its token that names
            another one is refused. ``["*"]`` for a national issuer.
        scopes: What its tokens may grant: one that claims another of the hub's is
            refused. Scopes that the hub does not know grant nothing.
        claims: Names of the claims.
        leeway: How far clocks may differ.
        ca_file: Certificate authorities for ``jwks_url``, PEM; the machine's
            own when there is none.
        timeout: How long one fetch of the keys may take.
        refresh_every: How often the keys are fetched without a cause.
        refresh_at_most_every: How often an unknown key name may cause a fetch:
            anybody can send tokens with invented names.
        max_bytes: The largest set of keys that is read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(min_length=1)
    audience: str = Field(min_length=1)
    jwks_url: Annotated[str, AfterValidator(_is_jwks_url)] | None = None
    jwks_file: Path | None = None
    algorithms: frozenset[Algorithm] = Field(
        default=frozenset({Algorithm.EDDSA, Algorithm.ED25519, Algorithm.ES256}),
        min_length=1,
    )
    provinces: Annotated[
        tuple[str, ...], Field(min_length=1), AfterValidator(_is_provinces)
    ]
    scopes: frozenset[Scope] = Field(min_length=1)
    claims: ClaimNames = ClaimNames()
    leeway: Annotated[Duration, Field(ge=timedelta(0), le=timedelta(minutes=5))] = (
        timedelta(seconds=30)
    )
    ca_file: Path | None = None
    timeout: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(seconds=3)
    refresh_every: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(minutes=10)
    refresh_at_most_every: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(
        seconds=10
    )
    max_bytes: int = Field(default=262_144, gt=0)

    @model_validator(mode="after")
    def _has_one_source_of_keys(self) -> Self:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError(
                "jwks_url 与 jwks_file 须且只须填写一项"
                " / give exactly one of jwks_url and jwks_file"
            )
        return self

    def speaks_for(self, province: str) -> bool:
        """Tell whether the issuer may name a province in its tokens."""
        return self.provinces == (EVERY_PROVINCE,) or province in self.provinces


class PolicySettings(BaseModel):
    """Where the policy lies.

    Attributes:
        directory: Holds one ``*.cedarschema`` and the ``*.cedar`` files; all of
            them apply together.
        remembered: How many judgements are kept in memory, at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    directory: Path
    remembered: int = Field(default=4096, gt=0)
