"""Value: the names that a worker has, in a province and in the hub."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NewType

import msgspec

#: The first two digits of a GB/T 2260 division code, e.g. ``"44"`` for Guangdong.
ProvinceCode = NewType("ProvinceCode", str)

#: The hub's own stable name of a person: random, so it tells nothing, and it
#: outlives every rotation of the worker key. It is what the audit trail, the
#: transfers and other subgraphs refer to.
WorkerId = NewType("WorkerId", str)

#: The keyed pseudonym of a resident ID number (RULEBOOK §9): 32 bytes.
WorkerKey = NewType("WorkerKey", bytes)

#: A moment with a time zone; a moment without one is refused when decoded.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class LocalKey(msgspec.Struct, frozen=True):
    """A worker's name in one province.

    Attributes:
        province: The province that uses the name.
        value: The name itself. Opaque to the hub, never a resident ID number.
    """

    province: ProvinceCode
    value: str
