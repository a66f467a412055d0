"""Decider (pure): representations become the keys of one ask, place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A localId is no longer (``schema/province.graphql``), in characters.
LONGEST_KEY = 64


class Places(msgspec.Struct, frozen=True):
    """Who is asked for, in the order of the question.

    Attributes:
        keys: In each place the local key; ``None`` where the representation is bad.
    """

    keys: tuple[str | None, ...]

    @property
    def distinct(self) -> tuple[str, ...]:
        """The keys without repetition, in their order."""
        return tuple(dict.fromkeys(key for key in self.keys if key is not None))


def read(representations: Sequence[object]) -> Places:
    """Read representations.

    Args:
        representations: As federation sends them: with ``__typename`` and the key;
            what they hold besides is passed over.
    """
    return Places(tuple(map(_key, representations)))


def _key(one: object) -> str | None:
    match one:
        case {"__typename": "Worker", "localId": str(key)}:
            sound = 0 < len(key) <= LONGEST_KEY and key.isprintable()
            return key if sound else None
        case {"__typename": "Worker", "localId": int(number)}:
            # GraphQL's ID may come as a number; bool is one for Python only.
            return None if isinstance(number, bool) else str(number)[:LONGEST_KEY]
        case _:
            return None
