"""Decider (pure): the bytes that a province sent become an answer.

They are read once, by msgspec, straight into records, which checks every type.
Then the answer must be to the question: the same workers, in the same order,
with the same fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault, fault
from connectors.graphql.envelope import Envelope, check_aliases, opened
from connectors.graphql.errors import Gaps
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

_BODY = msgspec.json.Decoder(
    Envelope[dict[str, tuple[WorkerRecord | None, ...] | None]]
)


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
    data, errors = opened(_BODY, reply)
    check_aliases(reply.body, len(question.asks))
    gaps = Gaps.of(question, errors)
    missing = set(gaps.kinds)
    workers = []
    for place, ask in enumerate(question.asks):
        rows = data.get(f"a{place}")
        workers.append(_workers(rows, ask, place, gaps, missing))
    return Answer(tuple(workers), _faults(province, gaps, missing), fetched_at)


def _faults(
    province: ProvinceCode, gaps: Gaps, missing: set[RecordKind]
) -> tuple[Fault, ...]:
    if not (missing or gaps.errors):
        return ()
    return (fault(province, FaultCode.PARTIAL, tuple(sorted(missing))),)


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
