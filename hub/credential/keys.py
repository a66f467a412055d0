"""Adapter: the keys of credentials and batches, as files or the environment give them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from hub.access.key_sets import KeySetUnreadableError, PublicKey, read_key_set
from hub.credential import signature
from hub.credential.signature import SigningKey, algorithm_of, algorithms_of
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from hub.credential.settings import CredentialSettings

_MAKE: Final = Bilingual(
    "请用 python -m hub credential keys new 生成。",
    "Make one with python -m hub credential keys new.",
)


class Ring(msgspec.Struct, frozen=True):
    """The keys of an issuer.

    Attributes:
        kid: Name of the key that signs.
        key: The key that signs.
        public: The public half of every key whose signatures are believed, by name;
            the one that signs first.
    """

    kid: str
    key: SigningKey
    public: Mapping[str, PublicKey]

    def __repr__(self) -> str:
        """Hide all but the name."""
        return f"Ring({self.kid!r})"

    def sign(self, typ: str, payload: bytes) -> str:
        """Sign a payload as a compact JWS of a ``typ``."""
        return signature.write(typ, self.kid, self.key, payload)

    def jwks(self) -> bytes:
        """Write the public keys (RFC 7517)."""
        return json.dumps(
            {"keys": [public_jwk(*one) for one in self.public.items()]},
            separators=(",", ":"),
        ).encode()


class Signer(msgspec.Struct, frozen=True):
    """A key that may sign batches.

    Attributes:
        province: Of which members.
        key: The public key.
    """

    province: ProvinceCode
    key: PublicKey


def public_jwk(kid: str, key: PublicKey) -> dict[str, Any]:
    """Write a public key as it is published."""
    public = {str(name): value for name, value in key.as_dict(private=False).items()}
    algorithm = "ES256" if isinstance(key, ECKey) else "EdDSA"
    return {**public, "kid": kid, "use": "sig", "alg": algorithm}


def new_key(algorithm: str) -> SigningKey:
    """Make a key for ``EdDSA`` or ``ES256``."""
    if algorithm == "ES256":
        return ECKey.generate_key("P-256")
    return OKPKey.generate_key("Ed25519")


def open_ring(settings: CredentialSettings, environment: Mapping[str, str]) -> Ring:
    """Read the keys that the settings name.

    Raises:
        Refused: One cannot be used, is there twice, or the active one has no
            private half.
        OSError: A file cannot be read.
    """
    read: dict[str, SigningKey] = {}
    for one in settings.keys:
        text = _text(one.key_file, one.key_env, environment)
        read[one.kid] = _key(one.kid, text)
    active = read[settings.active]
    if not active.is_private:
        raise _refuse(
            "CREDENTIAL_KEY_PUBLIC",
            "密钥 {kid} 只有公钥，不能用来签发。",
            "Key {kid} is a public key only: it cannot sign.",
            kid=settings.active,
        )
    ordered = {settings.active: active, **read}
    halves = {kid: _public(key) for kid, key in ordered.items()}
    prints = [key.thumbprint() for key in halves.values()]
    if len(prints) != len(set(prints)):
        raise _refuse(
            "CREDENTIAL_KEY_TWICE",
            "同一把密钥以两个名称出现，轮换不起作用。",
            "One key stands under two names, so rotating changes nothing.",
        )
    return Ring(settings.active, active, halves)


def open_signers(
    settings: CredentialSettings, environment: Mapping[str, str]
) -> dict[str, Signer]:
    """Read the keys that may sign batches, by name.

    Raises:
        Refused: A set cannot be read or has no key that can be used, or two
            signers have a key of the same name.
        OSError: A file cannot be read.
    """
    found: dict[str, Signer] = {}
    for one in settings.batch_signers:
        text = _text(one.jwks_file, one.jwks_env, environment)
        usable = {k: v for k, v in _key_set(text).items() if algorithms_of(v)}
        if not usable:
            raise _refuse(
                "BATCH_KEYS_UNUSABLE",
                "省份 {province} 的批量签名公钥无法使用。",
                "The keys of province {province} for batches cannot be used.",
                Bilingual(
                    "须为 JWKS，其中有带 kid 的 Ed25519 或 P-256 公钥，不含私钥。",
                    "A JWKS is needed with public Ed25519 or P-256 keys that have a kid.",
                ),
                province=one.province,
            )
        for kid, key in usable.items():
            if kid in found:
                raise _refuse(
                    "BATCH_KEY_TWICE",
                    "批量签名公钥的名称 {kid} 出现两次。",
                    "Two keys for batches are called {kid}.",
                    Bilingual("请改名。", "Rename one of them."),
                    kid=kid,
                )
            found[kid] = Signer(ProvinceCode(one.province), key)
    return found


def _key_set(text: str) -> Mapping[str, PublicKey]:
    try:
        return read_key_set(text.encode())
    except KeySetUnreadableError:
        return {}


def _text(file: Path | None, name: str | None, environment: Mapping[str, str]) -> str:
    if file is not None:
        return file.read_text("utf-8", errors="replace").strip()
    return environment.get(name or "", "").strip()


def _key(kid: str, text: str) -> SigningKey:
    try:
        key = _imported(text)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unusable(kid) from error
    if not algorithms_of(key):
        raise _unusable(kid)
    return key


def _imported(text: str) -> SigningKey:
    if text.startswith("{"):
        jwk = json.loads(text)
        return ECKey.import_key(jwk) if jwk["kty"] == "EC" else OKPKey.import_key(jwk)
    try:
        return OKPKey.import_key(text)
    except (JoseError, ValueError, TypeError):
        return ECKey.import_key(text)


def _public(key: SigningKey) -> PublicKey:
    half = key.as_dict(private=False)
    kind = ECKey if isinstance(key, ECKey) else OKPKey
    return kind.import_key({str(name): value for name, value in half.items()})


def _unusable(kid: str) -> Refused:
    return _refuse(
        "CREDENTIAL_KEY_UNUSABLE",
        "会员证密钥 {kid} 不是 Ed25519 或 P-256 密钥（PEM 或 JWK）。",
        "Credential key {kid} is no Ed25519 or P-256 key in PEM or JWK.",
        kid=kid,
    )


def _refuse(
    code: str, zh: str, en: str, remedy: Bilingual = _MAKE, **blanks: str
) -> Refused:
    message = Bilingual(zh, en).format(**blanks)
    return Refused(Refusal(code, "settings.credentials", message, remedy))


__all__ = [
    "Ring",
    "Signer",
    "algorithm_of",
    "new_key",
    "open_ring",
    "open_signers",
    "public_jwk",
]
