"""Value: what an office wishes to do about a transfer, and how that ends."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from schema.records.keys import ProvinceCode, WorkerId
from schema.records.refusal import Refusal
from schema.records.transfer import Basis, Transfer, TransferState


class RequestWish(msgspec.Struct, frozen=True, kw_only=True):
    """The worker's new union asks, with the credential.

    Attributes:
        credential: The membership credential or a presentation of it (compact JWS).
        code: The holder's confirmation code; not needed with a presentation.
        to_union: The new union.
        local_id: The worker's name in its register, if it has one there already.
    """

    credential: str
    to_union: str
    code: str | None = None
    local_id: str | None = None

    def __repr__(self) -> str:
        """Hide all: reprs reach logs."""
        return "RequestWish(…)"


class OfferWish(msgspec.Struct, frozen=True, kw_only=True):
    """The old union offers a member to the new one.

    Attributes:
        worker: The hub's name of the worker; or else
        local_id: the worker's name in the old union's province.
        membership_no: Number of the membership card.
        from_union: The old union.
        to_union: The new union.
        residence: GB/T 2260 code of where the worker lives, for the landing.
    """

    membership_no: str
    from_union: str
    to_union: str
    worker: WorkerId | None = None
    local_id: str | None = None
    residence: str | None = None


class AlreadyOpen(msgspec.Struct, frozen=True):
    """The worker is in a transfer already: here it is; nothing was changed."""

    transfer: Transfer


#: How opening a transfer ends.
OpenAnswer = Transfer | AlreadyOpen | Refusal
#: How an act on a transfer ends.
ActAnswer = Transfer | Refusal


class Side(StrEnum):
    """Which side of its transfers a union asks for."""

    #: The union is the new one (or the one that members landed at).
    IN = "IN"
    #: The union is the old one.
    OUT = "OUT"


class TransferFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which transfers; all of it must hold.

    Attributes:
        office: A union; what its subordinate unions have is included.
        side: Which side it is on; both if none.
        states: In one of these states; all if empty.
        basis: Opened by one of these; all if empty.
        changed_since: Moved at or after this moment.
        due_by: Waiting, with the limit on or before this day.
        overdue: Only where a register has not answered for too long.
        batch: Of this batch.
    """

    office: str | None = None
    side: Side | None = None
    states: tuple[TransferState, ...] = ()
    basis: tuple[Basis, ...] = ()
    changed_since: datetime | None = None
    due_by: date | None = None
    overdue: bool = False
    batch: str | None = None


class TransferPage(msgspec.Struct, frozen=True):
    """A page, in the order of opening; cursors stay good while transfers move.

    Attributes:
        transfers: In their order.
        cursors: One for each.
        more: Whether there are more after it.
    """

    transfers: tuple[Transfer, ...]
    cursors: tuple[str, ...]
    more: bool


class BatchState(StrEnum):
    """How far a batch is."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"


class BatchRowResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one person of a batch.

    Attributes:
        row: Place in the batch, from 0.
        transfer: The transfer that was opened, or the one that was open already.
        already_open: It was.
        refusal: Why not, if it was refused.
    """

    row: int
    transfer: str | None = None
    already_open: bool = False
    refusal: Refusal | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A signed batch of transfers (集体接转).

    Attributes:
        id: The hub's name of it.
        basis: OFFER or CLOSURE.
        office: Who submitted it.
        union: The union whose members they are.
        state: How far it is.
        rows: How many persons.
        opened: How many transfers were opened.
        already_open: How many were open already.
        refused: How many were refused.
        submitted_at: When.
        digest: SHA-256 of what was signed, hexadecimal.
    """

    id: str
    basis: Basis
    office: str
    union: str
    state: BatchState
    rows: int
    opened: int
    already_open: int
    refused: int
    submitted_at: datetime
    digest: str


class CredentialState(StrEnum):
    """What a credential is worth."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    #: It has served its one transfer.
    REDEEMED = "REDEEMED"
    #: Its signature does not hold, or it says what no hub would.
    FORGED = "FORGED"
    #: It was issued by somebody whom this hub does not know.
    FOREIGN = "FOREIGN"


class CredentialClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What a credential says. No resident ID number, no name: a pseudonym only.

    Attributes:
        id: Its own name (``jti``).
        worker: The hub's name of the holder.
        membership_no: Number of the membership card.
        union: The home union that issued it.
        province: Its province.
        issued_at: When.
        expires_at: Until when it may be redeemed.
        status_index: Its place in the status list.
        status_list: Address of the status list.
    """

    id: str
    worker: WorkerId
    membership_no: str
    union: str
    province: ProvinceCode
    issued_at: datetime
    expires_at: datetime
    status_index: int
    status_list: str


class VerifiedPresentation(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying a presentation found, beside what its credential is worth.

    Attributes:
        to_union: The only union that may use it.
        expires_at: Until when it may be used.
        state: What the presentation itself is worth: ``VALID``, ``EXPIRED``, or
            ``REDEEMED`` if it was used.
        credential: What the credential is worth, of which it is one.
    """

    to_union: str
    expires_at: datetime
    state: CredentialState
    credential: CredentialState


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying a credential, or a presentation of it, found.

    Attributes:
        state: What that which was handed in is worth: of a presentation its own state,
            unless that is ``VALID``; then its credential's.
        claims: What the credential says; none where the signature does not hold.
        checked_at: When; offline, as of when the status list is.
        presentation: What was found of the presentation, if it was one and is genuine.
    """

    state: CredentialState
    claims: CredentialClaims | None
    checked_at: datetime
    presentation: VerifiedPresentation | None = None


class IssuedCredential(msgspec.Struct, frozen=True, kw_only=True):
    """A credential as it is handed to the holder, once.

    Attributes:
        claims: What it says.
        compact: The compact JWS.
        code: The holder's confirmation code: shown this once, kept as a keyed hash.
    """

    claims: CredentialClaims
    compact: str
    code: str

    def __repr__(self) -> str:
        """Hide all: the code opens a transfer."""
        return "IssuedCredential(…)"
