"""Port: what a look-up asks of the rest of the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from schema.records.keys import WorkerKey
from schema.records.wanted import ById, ByLocalKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.port import Connector
    from hub.access.caller import Caller
    from hub.reading.reader import LookUp, Outcome
    from schema.records.keys import ProvinceCode
    from schema.records.kinds import FieldClass
    from schema.records.purpose import PurposeOfUse
    from schema.records.told import Located
    from schema.records.verdict import Deny, Permit, Relation


class ByKeys(msgspec.Struct, frozen=True):
    """By resident ID number: its pseudonym under each live key version."""

    keys: tuple[WorkerKey, ...]


#: What the store can find a worker by.
Wanted = ByKeys | ById | ByLocalKey


class Links(Protocol):
    """The store's side of the locator."""

    async def locate(self, wanted: Sequence[Wanted]) -> list[Located | None]:
        """Find workers and their open links, in the order of ``wanted``.

        One statement, whatever the number; ``None`` where nobody is known.
        """
        ...


class Policy(Protocol):
    """Deny by default; the policy text is data (``deploy/policies``)."""

    def may_begin(self, caller: Caller, purpose: PurposeOfUse) -> Permit | Deny:
        """Judge, before anything is looked at, whether to begin at all."""
        ...

    def judge(
        self,
        caller: Caller,
        relation: Relation,
        purpose: PurposeOfUse,
        classes: frozenset[FieldClass],
    ) -> Mapping[FieldClass, Permit | Deny]:
        """Judge each field class; every one of ``classes`` is in the answer."""
        ...


class Reads(Protocol):
    """Whoever answers look-ups: the reader, or who stands before it."""

    async def read(
        self, lookups: Sequence[LookUp], caller: Caller, request: str
    ) -> list[Outcome]:
        """Answer look-ups, in their order."""
        ...


class Provinces(Protocol):
    """The connectors at hand, each wrapped in its guard."""

    def get(self, province: ProvinceCode) -> Connector | None:
        """Find the connector of a province, if the hub has settings for it."""
        ...
