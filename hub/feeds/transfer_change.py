"""Value: what is said of a transfer when it moves: the body of a feed event."""

from __future__ import annotations

import msgspec

from schema.records.transfer import Transfer, TransferState


class TransferChange(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer that moved, or whose owner is reminded.

    Attributes:
        transfer: As it stands now.
        was: Where it stood before; none if it was opened now.
        seq: How many events it has seen; a reminder has that of the last.
        reminder: Nothing moved: its owner ought to have acted by now.
        parties: Unions that it concerns besides the old and the new one: a union that
            was passed over by a landing, and the union of residence.
    """

    transfer: Transfer
    was: TransferState | None
    seq: int
    reminder: bool = False
    parties: tuple[str, ...] = ()


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(TransferChange).decode

__all__ = ["TransferChange", "decode", "encode"]
