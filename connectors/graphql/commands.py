"""Decider (pure): commands become the body of one HTTP request, and its reply receipts.

A run of equal acts is one aliased field of one mutation: GraphQL carries the fields
of a mutation out one after the other, in their order. Commands about different
members do not touch one another, so they are sorted by act first: then there are
few different documents, and a province parses each once.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault, fault
from connectors.graphql.envelope import Envelope, check_aliases, opened, read
from connectors.graphql.errors import refusal
from connectors.meeting import meet
from connectors.port import MOST_COMMANDS, Acted
from schema.records.command import Act, Answered, Receipt
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.graphql.errors import ErrorBody
    from connectors.transport import Reply
    from schema.records.command import Command
    from schema.records.keys import ProvinceCode
    from schema.records.told import Fault

    #: Places of commands of one act, and the act.
    Run = tuple[Act, tuple[int, ...]]

#: The field of ``Mutation`` for each act.
FIELDS: Mapping[Act, str] = {
    Act.REGISTER_OUT: "registerOut",
    Act.CANCEL_OUT: "cancelOut",
    Act.REGISTER_IN: "registerIn",
    Act.CANCEL_IN: "cancelIn",
    Act.COMPLETE_OUT: "completeOut",
}


class _Entry(msgspec.Struct, rename="camel"):
    """``RegisterEntryInput`` of the contract."""

    key: str
    transfer: str
    local_id: str | None
    membership_no: str
    union: str
    counterpart_union: str
    counterpart_province: str
    on: date
    joined_on: date | None
    landing: bool
    reason: str


class _Receipt(msgspec.Struct, rename="camel"):
    """``Receipt`` of the contract."""

    key: str
    answered: Answered
    entry: str | None
    local_id: str | None
    joined_on: date | None
    code: str | None
    message: str | None


#: The names that a receipt has in the contract.
RECEIPT = _Receipt.__struct_encode_fields__

_ENCODER = msgspec.json.Encoder()
_BODY = msgspec.json.Decoder(Envelope[dict[str, msgspec.Raw]])
#: Each receipt is read by itself: one that is broken costs no other.
_RECEIPTS = msgspec.json.Decoder(tuple[msgspec.Raw, ...] | None)
_RECEIPT = msgspec.json.Decoder(_Receipt | None)
_NULL = msgspec.Raw(b"null")


def runs(commands: Sequence[Command]) -> tuple[Run, ...]:
    """Divide commands into runs of equal acts, each with the places of its commands."""
    places = range(min(len(commands), MOST_COMMANDS))
    acts = [commands[place].act for place in places]
    order = list(places)
    if not meet([commands[place] for place in places]):
        order.sort(key=acts.__getitem__)
    return tuple((act, tuple(run)) for act, run in groupby(order, key=acts.__getitem__))


def body(commands: Sequence[Command], divided: Sequence[Run]) -> bytes:
    """Write the request body: document and variables, as JSON."""
    variables = {
        f"e{at}": [_entry(commands[place]) for place in run]
        for at, (_, run) in enumerate(divided)
    }
    head = _head(tuple(act for act, _ in divided))
    return b"".join((head, _ENCODER.encode(variables), b"}"))


@lru_cache(maxsize=256)
def document(acts: tuple[Act, ...]) -> str:
    """Write the document for runs of these acts, in this order."""
    wanted = " ".join(RECEIPT)
    variables = ",".join(f"$e{at}:[RegisterEntryInput!]!" for at in range(len(acts)))
    fields = " ".join(
        f"a{at}:{FIELDS[act]}(entries:$e{at}){{{wanted}}}"
        for at, act in enumerate(acts)
    )
    return f"mutation HubActs({variables}){{{fields}}}"


@lru_cache(maxsize=256)
def _head(acts: tuple[Act, ...]) -> bytes:
    text = _ENCODER.encode(document(acts))
    return b'{"operationName":"HubActs","query":' + text + b',"variables":'


def _entry(command: Command) -> _Entry:
    return _Entry(**{name: getattr(command, name) for name in _Entry.__struct_fields__})


def acted(
    province: ProvinceCode,
    commands: Sequence[Command],
    divided: Sequence[Run],
    reply: Reply,
) -> Acted:
    """Read the reply to commands.

    What one field or one entry could not tell is unknown; the others are told all
    the same.

    Args:
        province: Who replied.
        commands: What was asked.
        divided: The same in runs, as it was sent.
        reply: What came back.

    Raises:
        ProvinceFault: Nothing of it can be used.
    """
    data, errors = opened(_BODY, reply)
    check_aliases(reply.body, len(divided))
    receipts: list[Receipt | None] = [None] * len(commands)
    for at, (_, run) in enumerate(divided):
        for place, receipt in zip(run, _run(data, at, len(run)), strict=True):
            receipts[place] = receipt
    return Acted(tuple(receipts), _why(province, receipts, divided, errors))


def among(
    province: ProvinceCode,
    commands: Sequence[Command],
    sent: Sequence[Command],
    told: Acted,
) -> Acted:
    """Put receipts in their places among commands of which not all were sent.

    Args:
        province: Who replied.
        commands: All of them.
        sent: Those that the province knows; the others stay unknown.
        told: What it replied to these.
    """
    pairs = zip(sent, told.receipts, strict=True)
    receipts = {command.key: receipt for command, receipt in pairs}
    return Acted(
        tuple(receipts.get(command.key) for command in commands),
        told.fault or fault(province, FaultCode.NOT_SUPPORTED),
    )


def _why(
    province: ProvinceCode,
    receipts: Sequence[Receipt | None],
    divided: Sequence[Run],
    errors: tuple[ErrorBody, ...],
) -> Fault | None:
    """Say why something is unknown, if anything is."""
    if errors:
        return fault(province, refusal(errors).code)
    if any(receipts[place] is None for _, run in divided for place in run):
        # A null without an error beside it: the contract knows no such thing.
        return fault(province, FaultCode.MALFORMED)
    if None in receipts:
        return fault(province, FaultCode.PARTIAL)
    return None


def _run(
    data: Mapping[str, msgspec.Raw], at: int, count: int
) -> tuple[Receipt | None, ...]:
    """Read the receipts of one run; not as many as commands are none at all."""
    try:
        told = read(_RECEIPTS, data.get(f"a{at}", _NULL))
    except ProvinceFault:
        told = None
    if told is None or len(told) != count:
        return (None,) * count
    return tuple(map(_receipt, told))


def _receipt(raw: msgspec.Raw) -> Receipt | None:
    try:
        told = read(_RECEIPT, raw)
    except ProvinceFault:
        return None
    if told is None:
        return None
    return Receipt(
        key=told.key,
        answered=told.answered,
        entry=told.entry,
        local_id=told.local_id,
        joined_on=told.joined_on,
        code=told.code or "",
        message=told.message or "",
    )
