"""Decider: a signed batch of transfers (集体接转), read.

A province's office signs the list of a labour group; no hub key is in it, so the hub
cannot make one. A row that does not do is named, and the rest goes on.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from hub.clock import day_in_china
from hub.credential import batch_refusals as refusals
from hub.credential import signature
from hub.credential.signature import UnreadableError
from hub.identity.resident_id import contains_resident_id
from schema.records.keys import ProvinceCode
from schema.records.moving import BatchRowResult
from schema.records.refusal import Refusal
from schema.records.transfer import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hub.credential.keys import Signer

#: ``typ`` of a batch.
TYPE: Final = "union-batch+jws"
#: Longer ones are refused unread, characters.
LONGEST: Final = 6_000_000
#: How many persons a batch may have.
MOST_ROWS: Final = 10_000
#: How old a batch may be when it is submitted [D].
OLDEST: Final = timedelta(days=30)

_VISIBLE: Final = re.compile(r"[^\s\x00-\x1f\x7f]{1,64}")
_CODE: Final = re.compile(r"[0-9A-Za-z-]{1,32}", re.ASCII)
#: Nothing shorter can hold a resident ID number, in either form.
_MANY_DIGITS: Final = re.compile(r"(?:[^0-9]*[0-9]){15}", re.ASCII)

#: What msgspec puts into quotes: fields, by their path or alone, and types.
_NAMED: Final = re.compile(r"`(?:\$\.)?(\w+)`", re.ASCII)
_FIELDS: Final = frozenset(
    [
        "v",
        "basis",
        "union",
        "rows",
        "on",
        "nonce",
        "to",
        "membershipNo",
        "localId",
        "toUnion",
        "residence",
    ]
)

Code = Annotated[str, msgspec.Meta(pattern=f"^{_CODE.pattern}$")]
Visible = Annotated[str, msgspec.Meta(pattern=f"^{_VISIBLE.pattern}$")]


class BatchRow(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
):
    """One person of a batch.

    Attributes:
        membership_no: Number of the membership card.
        local_id: The worker's name in the province that signed.
        to_union: The new union, where it is not the batch's.
        residence: GB/T 2260 code of where the worker lives, for the landing.
    """

    membership_no: Visible
    local_id: Visible
    to_union: Code | None = None
    residence: Annotated[str, msgspec.Meta(pattern="^[0-9]{6,12}$")] | None = None


class SignedBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch whose signature holds.

    Attributes:
        province: Whose key signed it: the union must be one of this province.
        kid: Name of that key.
        basis: OFFER or CLOSURE.
        union: The union whose members they are.
        to_union: The new union, for rows that name none.
        on: The day of the batch.
        nonce: Its own name, by the signer.
        rows: The rows that do, with their places in the batch from 0.
        faulty: The rows that do not, each with its refusal.
        size: How many rows there are.
        digest: SHA-256 of what was signed, hexadecimal.
    """

    province: ProvinceCode
    kid: str
    basis: Basis
    union: str
    to_union: str | None
    on: date
    nonce: str
    rows: tuple[tuple[int, BatchRow], ...]
    faulty: tuple[BatchRowResult, ...]
    size: int
    digest: str


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    v: Literal[1]
    basis: Literal["OFFER", "CLOSURE"]
    union: Code
    rows: list[Any]
    on: date
    nonce: Annotated[str, msgspec.Meta(pattern="^[!-~]{8,128}$")]
    to: Code | None = None


def read_batch(
    compact: str, signers: Mapping[str, Signer], now: datetime
) -> SignedBatch | Refusal:
    """Read a batch. Ten thousand rows take a tenth of a second: not on the event loop.

    Args:
        compact: The compact JWS.
        signers: Who may sign batches, by the names of their keys.
        now: The present moment.
    """
    if len(compact) > LONGEST:
        return refusals.TOO_LARGE
    try:
        jws = signature.read(compact.strip(), LONGEST)
    except UnreadableError:
        return refusals.UNREADABLE
    if jws.head.typ != TYPE:
        return refusals.UNREADABLE
    signer = signers.get(jws.head.kid)
    if signer is None:
        return refusals.UNKNOWN_SIGNER
    if not signature.holds(jws, signer.key):
        return refusals.FORGED
    return _read_payload(jws.payload, signer.province, jws.head.kid, now)


def replayed(batch: SignedBatch, kept_digest: str | None) -> Refusal | None:
    """Judge a batch by what was kept under its province and nonce.

    Args:
        batch: The batch.
        kept_digest: The digest that is kept; none if nothing is.

    Returns:
        None if it is new, or the same batch again; a refusal if another one had the
        nonce.
    """
    if kept_digest is None or kept_digest == batch.digest:
        return None
    return refusals.NONCE_USED


def _read_payload(
    payload: bytes, province: ProvinceCode, kid: str, now: datetime
) -> SignedBatch | Refusal:
    try:
        wire = msgspec.convert(signature.unique(payload, "a name twice"), _Wire)
    except (UnreadableError, msgspec.ValidationError) as error:
        return refusals.malformed(_words(error))
    if not wire.rows:
        return refusals.EMPTY
    if len(wire.rows) > MOST_ROWS:
        return refusals.too_many(len(wire.rows), MOST_ROWS)
    today = day_in_china(now)
    # A day ahead: the signer's clock may be a little in front at midnight.
    if not today - OLDEST <= wire.on <= today + timedelta(days=1):
        return refusals.NOT_NOW
    rows, faulty = _read_rows(wire, today)
    return SignedBatch(
        province=province,
        kid=kid,
        basis=Basis(wire.basis),
        union=wire.union,
        to_union=wire.to,
        on=wire.on,
        nonce=wire.nonce,
        rows=tuple(rows),
        faulty=tuple(faulty),
        size=len(wire.rows),
        digest=hashlib.sha256(payload).hexdigest(),
    )


def _read_rows(
    wire: _Wire, today: date
) -> tuple[list[tuple[int, BatchRow]], list[BatchRowResult]]:
    rows: list[tuple[int, BatchRow]] = []
    faulty: list[BatchRowResult] = []
    first: dict[str, int] = {}
    for place, raw in enumerate(wire.rows):
        read = _read_row(raw, wire, first, place, today)
        if isinstance(read, Refusal):
            faulty.append(BatchRowResult(row=place, refusal=read))
        else:
            rows.append((place, read))
    return rows, faulty


def _read_row(
    raw: Any, wire: _Wire, first: dict[str, int], place: int, today: date
) -> BatchRow | Refusal:
    try:
        row = msgspec.convert(raw, BatchRow)
    except msgspec.ValidationError as error:
        return refusals.bad_row(_words(error))
    for written in (row.membership_no, row.local_id):
        if _MANY_DIGITS.match(written) and contains_resident_id(written, today):
            return refusals.NUMBER_INSIDE
    if wire.basis == "OFFER" and not (row.to_union or wire.to):
        return refusals.NO_DESTINATION
    if (row.to_union or wire.to) == wire.union:
        return refusals.SAME_UNION
    for name in (f"m{row.membership_no}", f"l{row.local_id}"):
        if name in first:
            return refusals.twice(first[name])
    first[f"m{row.membership_no}"] = first[f"l{row.local_id}"] = place
    return row


def _words(error: Exception) -> str:
    """Name the field that is wrong; neither what was written nor the library's words."""
    named = [one for one in _NAMED.findall(str(error)) if one in _FIELDS]
    return named[-1] if named else "?"
