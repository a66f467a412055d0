"""Port: where organisations are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.organisation.organisation import Organisation


class Imported(msgspec.Struct, frozen=True):
    """What keeping some organisations changed.

    Attributes:
        created: Periods that were not there.
        changed: Periods that were there with other facts.
        unchanged: Periods that were there just so.
    """

    created: int
    changed: int
    unchanged: int


class OrganisationStore(Protocol):
    """Keeps organisations. A period is named by its code and its first day."""

    async def import_many(self, rows: Sequence[Organisation]) -> Imported:
        """Keep all of these, or none: a tree with holes is no tree.

        Args:
            rows: Checked together with what is kept; no period twice.

        Raises:
            hub.store.unavailable.StoreUnavailable: Nothing is known to be kept;
                import again.
        """
        ...

    async def digest(self) -> str:
        """Tell what is kept, in short: another digest, other organisations.

        It is asked every half minute; 50,000 organisations are read in half a second.
        """
        ...

    async def all(self) -> Sequence[Organisation]:
        """Read every period of every organisation, in any order."""
        ...
