"""Decider (pure): entries of a mutation become commands, and receipts its answer.

All fields of one mutation are one call to the connector, in their order: a source that
waits for people does not wait once for each field.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

from connectors.graphql.commands import FIELDS
from connectors.port import MOST_COMMANDS
from hub.subgraph import sentences
from hub.subgraph.problems import BAD_USER_INPUT, Told, of, of_fault, told
from schema.records.command import Answered, Command, RefusalCode
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.port import Acted
    from schema.records.command import Act, Receipt

_ACTS = {field: act for act, field in FIELDS.items()}
_CODES = frozenset(RefusalCode)

_Key: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]
_Province: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]


class _Entry(msgspec.Struct, rename="camel"):
    """``RegisterEntryInput`` of the contract."""

    key: _Key
    transfer: _Key
    membership_no: _Id
    union: _Id
    counterpart_union: _Id
    counterpart_province: _Province
    on: date
    local_id: _Name | None = None
    joined_on: date | None = None
    landing: bool = False
    reason: Annotated[str, msgspec.Meta(max_length=128)] = ""


class Run(msgspec.Struct, frozen=True):
    """The entries of one field of a mutation, place by place.

    Attributes:
        places: A command, or what is wrong with the entry.
    """

    places: tuple[Command | Told, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        """Those that can be carried out, in their order."""
        return tuple(one for one in self.places if isinstance(one, Command))


def read_run(province: ProvinceCode, field: str, entries: Sequence[object]) -> Run:
    """Read the entries of one field; one that cannot be read costs its own place.

    Args:
        province: Whose register.
        field: The name of the field, which says what to do.
        entries: As GraphQL has coerced them.
    """
    act = _ACTS[field]
    return Run(tuple(_place(province, act, one) for one in entries))


def _place(province: ProvinceCode, act: Act, entry: object) -> Command | Told:
    try:
        read = msgspec.convert(entry, _Entry)
    except msgspec.ValidationError as error:
        where = str(error).rpartition(" - at `$.")[2].rstrip("`")
        return told(BAD_USER_INPUT, sentences.ENTRY, where=where or "-")
    values = {name: getattr(read, name) for name in _Entry.__struct_fields__}
    values["local_id"] = read.local_id or None
    values["counterpart_province"] = ProvinceCode(read.counterpart_province)
    return Command(act=act, province=province, **values)


def too_many(runs: Mapping[str, Run]) -> Told | None:
    """Refuse a request with more entries than one may have."""
    if sum(len(one.places) for one in runs.values()) <= MOST_COMMANDS:
        return None
    return told(BAD_USER_INPUT, sentences.TOO_MANY_ENTRIES, most=MOST_COMMANDS)


def answers(runs: Mapping[str, Run], acted: Acted) -> dict[str, list[Any]]:
    """Put receipts into the places of their entries.

    Args:
        runs: The fields of the mutation, in their order.
        acted: One receipt for each command of them all, in their order.

    Returns:
        For each field, in each place a receipt, or the error that stands for it.
    """
    receipts = iter(acted.receipts)
    unknown = of_fault(of(acted.fault), sentences.UNKNOWN)
    return {
        name: [
            (_receipt(next(receipts)) or unknown) if isinstance(one, Command) else one
            for one in each.places
        ]
        for name, each in runs.items()
    }


def _receipt(receipt: Receipt | None) -> dict[str, Any] | None:
    if receipt is None:
        return None
    refused = receipt.answered is Answered.REFUSED
    code = receipt.code if receipt.code in _CODES else RefusalCode.OTHER
    return {
        "key": receipt.key,
        "answered": receipt.answered.value,
        "entry": receipt.entry,
        "localId": receipt.local_id,
        "joinedOn": receipt.joined_on and receipt.joined_on.isoformat(),
        "code": str(code) if refused else None,
        "message": receipt.message if refused else None,
    }
