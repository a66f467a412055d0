"""Decider (pure): the bytes that a province sent become an answer.

They are read once, by msgspec, straight into records, which checks every type.
Then the answer must be to the question: the same workers, in the same order,
with the same fields.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from connectors.faults import ProvinceFault, fault
from connectors.graphql.errors import ErrorBody, Gaps, refusal
from connectors.graphql.shape import shape
from connectors.port import Answer
from schema.records.told import FaultCode
from schema.records.worker import WorkerRecord

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.port import Ask, Question
    from connectors.transport import Reply
    from schema.records.keys import ProvinceCode
    from schema.records.kinds import RecordKind
    from schema.records.told import Fault

T = TypeVar("T")


class _Body(msgspec.Struct):
    data: dict[str, tuple[WorkerRecord | None, ...] | None] | UnsetType | None = UNSET
    errors: tuple[ErrorBody, ...] | None = None


class _Errors(msgspec.Struct):
    errors: tuple[ErrorBody, ...] = ()


_BODY = msgspec.json.Decoder(_Body)
_ERRORS = msgspec.json.Decoder(_Errors)


def answer(
    province: ProvinceCode, question: Question, reply: Reply, fetched_at: datetime
) -> Answer:
    """Read the reply to a question.

    Args:
        province: Who replied.
        question: What was asked.
        reply: What came back.
        fetched_at: When it was complete.

    Raises:
        ProvinceFault: Nothing of it can be used.
    """
    if reply.status >= HTTPStatus.BAD_REQUEST:
        raise failure(reply)
    told = read(_BODY, reply.body)
    if told.errors and not told.data:
        raise refusal(told.errors)
    if not isinstance(told.data, dict):
        raise ProvinceFault(FaultCode.MALFORMED, "no data")
    check_aliases(reply.body, len(question.asks))
    gaps = Gaps.of(question, told.errors or ())
    missing = set(gaps.kinds)
    workers = []
    for place, ask in enumerate(question.asks):
        rows = told.data.get(f"a{place}")
        workers.append(_workers(rows, ask, place, gaps, missing))
    return Answer(tuple(workers), _faults(province, gaps, missing), fetched_at)


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


def _faults(
    province: ProvinceCode, gaps: Gaps, missing: set[RecordKind]
) -> tuple[Fault, ...]:
    if not (missing or gaps.errors):
        return ()
    return (fault(province, FaultCode.PARTIAL, tuple(sorted(missing))),)


def check_aliases(text: bytes, count: int) -> None:
    """Refuse an alias that is told twice: a decoder silently takes the last.

    Inside a JSON string a quotation mark is escaped, so these bytes with a
    colon after them can only be a name.
    """
    for place in range(count):
        alias = b'"a%d"' % place
        if text.count(alias) > 1 and len(re.findall(alias + rb"\s*:", text)) > 1:
            raise ProvinceFault(FaultCode.MALFORMED, "an alias twice")


def _workers(
    told: tuple[WorkerRecord | None, ...] | None,
    ask: Ask,
    place: int,
    gaps: Gaps,
    missing: set[RecordKind],
) -> tuple[WorkerRecord | None, ...]:
    """Check the workers told for one ask; add to ``missing`` what they lack."""
    if told is None and gaps.errors:
        missing |= ask.selection.kinds
        return (None,) * len(ask.keys)
    if told is None or len(told) != len(ask.keys):
        raise ProvinceFault(FaultCode.MALFORMED, "not as many workers as were asked")
    looks = shape(ask.selection)
    for key, worker in zip(ask.keys, told, strict=True):
        if worker is None:
            continue
        if worker.local_id != key:
            raise ProvinceFault(FaultCode.MALFORMED, "another worker than asked")
        if flaw := looks.flaw(worker):
            raise ProvinceFault(FaultCode.MALFORMED, flaw)
        missing.update(looks.untold(worker))
    return gaps.mark(place, told)
