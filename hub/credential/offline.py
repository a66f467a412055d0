"""Decider: what a credential is worth, for who has no line to the hub."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from hub.credential import claims as claim
from hub.credential import presentation, status
from hub.credential.claims import Reason
from hub.credential.presentation import Presentation
from hub.credential.status import StatusList
from schema.records.moving import CredentialClaims, CredentialState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hub.access.key_sets import PublicKey


class Standing(StrEnum):
    """What the status list was good for."""

    #: It is current: what it says holds.
    FRESH = "FRESH"
    #: It has expired: whoever was revoked since then is not in it.
    STALE = "STALE"
    #: None was given.
    ABSENT = "ABSENT"
    #: It is not signed by these keys, or is of another place.
    UNUSABLE = "UNUSABLE"


class Found(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        state: What the credential is worth, as far as can be told.
        claims: What it says, where the signature holds.
        reason: Why it cannot be believed, if so.
        standing: What the status list was good for.
        listed: The list that was used, if any.
        presentation: The presentation, if it is one and its signature holds. Whether
            it was used, and what its credential is worth, only the hub knows.
    """

    state: CredentialState
    claims: CredentialClaims | None
    reason: Reason | None
    standing: Standing
    listed: StatusList | None = None
    presentation: Presentation | None = None


def verify(
    compact: str,
    keys: Mapping[str, PublicKey],
    listed: str | None,
    issuer: str | None,
    now: datetime,
) -> Found:
    """Verify a credential, or a presentation of one, without a line.

    A stale list still convicts, for nobody is un-revoked; it acquits nobody.

    Args:
        compact: The credential.
        keys: The issuer's public keys.
        listed: The status list, as it was fetched; none if there is none.
        issuer: Who must have issued it; whoever has the keys, if none.
        now: The present moment.
    """
    if presentation.is_one(compact.strip()):
        return _presented(compact.strip(), keys, issuer, now)
    judged = claim.judge(compact.strip(), keys, issuer, now)
    if judged.claims is None or judged.reason is Reason.NOT_YET:
        return Found(judged.state, judged.claims, judged.reason, Standing.ABSENT)
    used = None if listed is None else status.read(listed, keys, now)
    said = None
    if used is not None and used.address == judged.claims.status_list:
        said = used.state(judged.claims.status_index)
    if said is None:
        standing = Standing.ABSENT if listed is None else Standing.UNUSABLE
        return Found(judged.state, judged.claims, judged.reason, standing)
    fresh = used is not None and now < used.expires_at
    standing = Standing.FRESH if fresh else Standing.STALE
    state = said if judged.state is CredentialState.VALID else judged.state
    return Found(state, judged.claims, judged.reason, standing, used)


def _presented(
    compact: str, keys: Mapping[str, PublicKey], issuer: str | None, now: datetime
) -> Found:
    made = presentation.genuine(compact, keys, issuer, now)
    if isinstance(made, Reason):
        return Found(presentation.state_of(made), None, made, Standing.ABSENT)
    expired = made.expires_at <= now
    return Found(
        CredentialState.EXPIRED if expired else CredentialState.VALID,
        None,
        Reason.EXPIRED if expired else None,
        Standing.ABSENT,
        presentation=made,
    )
