"""Decider (pure): what is the same in every GraphQL answer: data, errors, aliases."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from connectors.faults import ProvinceFault
from connectors.graphql.errors import ErrorBody, refusal
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.transport import Reply

T = TypeVar("T")
D = TypeVar("D")


class Envelope(msgspec.Struct, Generic[D]):
    """A GraphQL answer, with data of some shape."""

    data: D | UnsetType | None = UNSET
    errors: tuple[ErrorBody, ...] | None = None


class _Errors(msgspec.Struct):
    errors: tuple[ErrorBody, ...] = ()


_ERRORS = msgspec.json.Decoder(_Errors)


def opened(
    decoder: msgspec.json.Decoder[Envelope[D]], reply: Reply, *, whole: bool = False
) -> tuple[D, tuple[ErrorBody, ...]]:
    """Read an answer: its data, and the errors beside them.

    Args:
        decoder: Of the shape that the data have.
        reply: What came back.
        whole: Data with errors beside them are of no use.

    Raises:
        ProvinceFault: There are no data, or none that can be used.
    """
    if reply.status >= HTTPStatus.BAD_REQUEST:
        raise failure(reply)
    told = read(decoder, reply.body)
    errors = told.errors or ()
    if errors and (whole or not told.data):
        raise refusal(errors)
    if told.data is None or isinstance(told.data, UnsetType):
        raise ProvinceFault(FaultCode.MALFORMED, "no data")
    return told.data, errors


def read(decoder: msgspec.json.Decoder[T], text: bytes | msgspec.Raw) -> T:
    """Decode JSON that a stranger wrote.

    Raises:
        ProvinceFault: It is not of the decoder's type.
    """
    try:
        return decoder.decode(text)
    except (ValueError, RecursionError) as error:
        # Where it is wrong, and never what stands there.
        where = str(error).rpartition(" - at ")[2] if " - at `$" in str(error) else ""
        raise ProvinceFault(
            FaultCode.MALFORMED, f"{type(error).__name__} {where}".strip()
        ) from None


def failure(reply: Reply) -> ProvinceFault:
    """Tell which fault a 4xx or 5xx is: its GraphQL errors know best."""
    try:
        errors = read(_ERRORS, reply.body).errors
    except ProvinceFault:
        errors = ()
    if errors:
        failed = refusal(errors)
    elif reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed = ProvinceFault(FaultCode.PROVINCE_ERROR, f"HTTP {reply.status}")
    else:
        failed = ProvinceFault(FaultCode.MALFORMED, f"HTTP {reply.status}")
    failed.retry_after = reply.retry_after
    return failed


def check_aliases(text: bytes, count: int, prefix: bytes = b"a") -> None:
    """Refuse an alias that is told twice: a decoder silently takes the last.

    Args:
        text: The answer.
        count: How many aliases it has, numbered from 0.
        prefix: What stands before the number; nothing else of the answer is called so.

    Inside a JSON string a quotation mark is escaped, so these bytes with a
    colon after them can only be a name.
    """
    for place in range(count):
        alias = b'"%b%d"' % (prefix, place)
        if text.count(alias) > 1 and len(re.findall(alias + rb"\s*:", text)) > 1:
            raise ProvinceFault(FaultCode.MALFORMED, "an alias twice")
