"""Decider (pure): the rows that endpoints told become workers, and faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.faults import fault
from connectors.mapping.assembling import assemble
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.mapping.mapping import Mapping as ProvinceMapping
    from connectors.port import Question
    from schema.records.keys import ProvinceCode
    from schema.records.kinds import RecordKind
    from schema.records.told import Fault
    from schema.records.worker import WorkerRecord

    ByKind = dict[RecordKind, "Found"]
    Workers = tuple[tuple[WorkerRecord | None, ...], ...]


class Found(msgspec.Struct):
    """What was found of one kind for one ask.

    Attributes:
        rows: By worker.
        flaws: Why rows were dropped, as codes.
        failed: Why the rows were not told, or not to the end.
    """

    rows: dict[str, list[Mapping[str, Any]]]
    flaws: set[str]
    failed: str = ""

    @classmethod
    def none(cls) -> Found:
        """Begin with no rows."""
        return cls({}, set())


def joined(
    province: ProvinceCode,
    mapping: ProvinceMapping,
    question: Question,
    told: Sequence[ByKind],
) -> tuple[Workers, tuple[Fault, ...], list[str]]:
    """Make the answer to a question.

    Args:
        province: Who told.
        mapping: What its rows mean.
        question: What was asked.
        told: What was found, for each ask.

    Returns:
        The workers of each ask; the faults: ``PARTIAL`` names kinds that were not told
        in whole, ``MALFORMED`` those with rows of nobody who was asked for; and why,
        for the log: codes, never values.
    """
    workers = []
    missing: set[RecordKind] = set()
    flawed: set[RecordKind] = set()
    why: set[str] = set()
    for ask, by_kind in zip(question.asks, told, strict=True):
        rows = {kind: found.rows for kind, found in by_kind.items() if not found.failed}
        made = assemble(mapping, ask, rows)
        workers.append(made.workers)
        missing |= made.missing
        why.update(f"{m.kind}.{m.field}:{m.code}" for m in made.mistakes)
        for kind, found in by_kind.items():
            if found.flaws:
                flawed.add(kind)
            why.update(f"{kind}:{code}" for code in found.flaws)
            if found.failed:
                why.add(f"{kind}:{found.failed}")
    faults = tuple(
        fault(province, code, tuple(sorted(kinds)))
        for code, kinds in (
            (FaultCode.PARTIAL, missing),
            (FaultCode.MALFORMED, flawed),
        )
        if kinds
    )
    return tuple(workers), faults, sorted(why)
