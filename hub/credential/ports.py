"""Port: what membership credentials ask of the store.

``hub/store/credentials.py`` fulfils it. A credential has a *place*: a number from 0
that no other has, given once and never again. The status lists are cut from the
places: list ``n`` has the places from ``n * PLACES`` on (``hub.credential.status``).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

from schema.records.moving import CredentialClaims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.audit.chain import Draft


class Kept(StrEnum):
    """What the store knows a credential to be; expiry is a matter of the clock."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"
    REDEEMED = "REDEEMED"


class NewCredential(msgspec.Struct, frozen=True, kw_only=True):
    """A credential that is to be kept before it is handed out.

    Attributes:
        claims: What it says.
        place: Its place, from ``reserve``.
        code_digest: 32 bytes: the holder's confirmation code, under a keyed hash.
        code_version: Which secret that hash was made with.
        key: The caller's idempotency key, and
        office: the office that it belongs to: an office's key names one credential.
    """

    claims: CredentialClaims
    place: int
    code_digest: bytes
    code_version: int
    key: str
    office: str

    def __repr__(self) -> str:
        """Hide all: reprs reach logs."""
        return "NewCredential(…)"


class KeptCredential(msgspec.Struct, frozen=True, kw_only=True):
    """A credential as the store has it.

    Attributes:
        claims: What it says.
        kept: What it is.
        code_digest: The confirmation code under a keyed hash.
        code_version: Which secret that hash was made with.
        tries: How often a code was tried since the last right one.
        transfer: The transfer that it was redeemed by, if it was.
        changed_at: When it became what it is.
    """

    claims: CredentialClaims
    kept: Kept
    code_digest: bytes
    code_version: int
    tries: int
    transfer: str = ""
    changed_at: datetime | None = None

    def __repr__(self) -> str:
        """Hide all: reprs reach logs."""
        return "KeptCredential(…)"


class Spent(msgspec.Struct, frozen=True):
    """A place whose credential is worth nothing any more.

    Attributes:
        place: The place.
        kept: ``REVOKED`` or ``REDEEMED``.
    """

    place: int
    kept: Kept


class Acting(Protocol):
    """Who acts; ``hub.acting.actor.Actor`` is one."""

    @property
    def subject(self) -> str:
        """Who, as the token names them."""
        ...

    @property
    def office(self) -> str:
        """For which office."""
        ...

    @property
    def province(self) -> str:
        """In which province."""
        ...

    @property
    def request(self) -> str:
        """Id of the request."""
        ...


class Credentials(Protocol):
    """Where credentials are kept.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``: what it was to
    write may or may not be written then.
    """

    async def reserve(self) -> int:
        """Give out the next place (a sequence; one that is not used stays empty)."""
        ...

    async def keep(self, new: NewCredential, audit: Draft) -> str | None:
        """Keep a credential, and write the entry of the trail, in one transaction.

        Every ``ACTIVE`` credential of the same worker becomes ``REVOKED`` in it, with
        the reason ``SUPERSEDED``: a worker has one credential that can be redeemed.

        Returns:
            None; or, if that office's key has kept a credential before, the id of that
            one: nothing was changed then.
        """
        ...

    async def find(self, credential: str) -> KeptCredential | None:
        """Read a credential by its id."""
        ...

    async def revoke(
        self, credential: str, reason: str, at: datetime, audit: Draft
    ) -> KeptCredential | None:
        """Revoke a credential if it is ``ACTIVE``, with the entry of the trail.

        Returns:
            As it *was* before: only if that is ``ACTIVE``, something was written. None
            if there is none.
        """
        ...

    async def take_try(self, credential: str, most: int) -> KeptCredential | None:
        """Count one try of the code *before* it is compared, if fewer than ``most``.

        ``UPDATE … SET tries = tries + 1 WHERE id = … AND tries < most RETURNING``: a
        thousand guesses at once get no more than ``most`` answers.

        Returns:
            The credential; none if there is none, or no try is left.
        """
        ...

    async def note(self, audit: Draft) -> None:
        """Put an entry into the trail: a credential was locked."""
        ...

    async def forget_tries(self, credential: str) -> None:
        """Set the tries of a credential back to 0: the code was right."""
        ...

    async def use_presentation(
        self, presentation: str, by: str, until: datetime
    ) -> bool:
        """Use a presentation up. What ended before now may be forgotten.

        Args:
            presentation: Its own name (``jti``).
            by: The act that uses it, as ``office/idempotency key``.
            until: When it ends.

        Returns:
            Whether it was unused, or used by the same act (asked again).
        """
        ...

    async def presentation_used(self, presentation: str) -> bool:
        """Tell whether a presentation that has not ended was used."""
        ...

    async def spent(self, first: int, past: int) -> Sequence[Spent]:
        """Read the places from ``first`` to before ``past`` that are spent, in order."""
        ...

    async def last_place(self) -> int:
        """Tell the highest place that was kept; -1 if none."""
        ...
