"""Value: where the kit listens, and how much one request may ask of it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from hub.config.server import LimitSettings, ServerSettings

#: The hub asks for at most a thousand workers at once, and commands 500 acts; these
#: take several times that. A document of the hub has a hundred tokens for each ask.
LIMITS = LimitSettings(
    body_bytes=1024 * 1024,
    values=30_000,
    document_chars=128 * 1024,
    tokens=10_000,
    root_fields=100,
    aliases=300,
    literals=4_000,
    cost=800_000,
    execution=timedelta(minutes=5),
    workers=1_000,
)


class KitSettings(msgspec.Struct, frozen=True):
    """How the kit serves.

    Attributes:
        server: Where it listens, and how long it waits for slow peers.
        limits: How much one request may ask for.
        bearer_envs: Names of the environment variables with the tokens that are taken;
            while there are two, either does.
        tls_cert: Its certificate (PEM); without one it speaks plain HTTP.
        tls_key: The private key of it.
        client_ca: Authorities (PEM) of which callers must show a certificate.
        share: The part of the province's deadlines that the source has: the rest is for
            the line to the hub and for writing the answer down.
    """

    server: ServerSettings
    bearer_envs: tuple[str, ...]
    limits: LimitSettings = LIMITS
    tls_cert: str | None = None
    tls_key: str | None = None
    client_ca: str | None = None
    share: float = 0.85
