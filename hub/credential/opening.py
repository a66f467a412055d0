"""Adapter: puts the room together from settings and secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from hub.credential.code import Codes
from hub.credential.issuer import Credentials, NoCredentials
from hub.credential.keys import Signer, open_ring, open_signers
from hub.credential.publishing import Publisher

if TYPE_CHECKING:
    from hub.clock import Clock
    from hub.credential.ports import Credentials as Store
    from hub.credential.settings import CredentialSettings


class Room(msgspec.Struct, frozen=True):
    """What there is of credentials.

    Attributes:
        credentials: Issues and verifies; refuses where the settings name no keys.
        publisher: What anybody may fetch; none where the settings name no keys.
        signers: Who may sign batches, by the names of their keys.
    """

    credentials: Credentials | NoCredentials
    publisher: Publisher | None
    signers: Mapping[str, Signer]


def open_room(
    settings: CredentialSettings | None,
    environment: Mapping[str, str],
    store: Store,
    clock: Clock,
) -> Room:
    """Read keys and secrets, and put the room together.

    Raises:
        schema.records.refusal.Refused: A key cannot be used.
        hub.identity.secrets.BadSecrets: A secret cannot be used.
        OSError: A file cannot be read.
    """
    if settings is None:
        return Room(NoCredentials(clock), None, {})
    ring = open_ring(settings, environment)
    codes = Codes(settings.code_secrets, environment)
    return Room(
        Credentials(settings, ring, codes, store, clock),
        Publisher(settings, ring, store, clock),
        open_signers(settings, environment),
    )
