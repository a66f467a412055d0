"""Value: what every record has in common.

A field is ``UNSET`` when its province was not asked for it or does not offer
it, and ``None`` when the province says that there is no value. The two never
mix, so that null is never ambiguous inside the hub.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

import msgspec
from msgspec import UNSET, UnsetType

from schema.records.keys import Moment

#: A short text; a province that sends more than this breaks the contract.
Text = Annotated[str, msgspec.Meta(max_length=500)]

#: A code or a number in print: codes, names of divisions, local identifiers.
Code = Annotated[str, msgspec.Meta(max_length=64)]

#: An amount in yuan with at most two decimals, as text so that no cent is lost.
Yuan = Annotated[str, msgspec.Meta(pattern=r"^-?\d{1,13}(\.\d{1,2})?$", max_length=20)]


#: A number of things; GraphQL's own integers end there.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class OpenCode(StrEnum):
    """A code list that may grow: a member unknown here reads as ``OTHER``.

    The province contract is additive: a province may serve a newer version
    than the hub knows, and one new code must not cost its whole answer.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls["OTHER"] if isinstance(value, str) else None


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One canonical row.

    Attributes:
        id: The row's name in its province; unique there within its kind.
        as_of: When the province last knew the row to be true.
    """

    id: Code
    as_of: Moment

    def __repr__(self) -> str:
        """Show the key only: records hold personal data, and logs show reprs."""
        return f"{type(self).__name__}(id={self.id!r})"


__all__ = ["UNSET", "Code", "Count", "OpenCode", "Record", "Text", "UnsetType", "Yuan"]
