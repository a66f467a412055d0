"""Decider (pure): the rows that a province told become workers, and faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.faults import ProvinceFault, fault
from connectors.mapping.assembling import assemble
from connectors.mapping.mistakes import RowMistake
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.mapping.kind import KindMapping
    from connectors.mapping.mapping import Mapping as ProvinceMapping
    from connectors.port import Question
    from schema.records.keys import ProvinceCode
    from schema.records.kinds import RecordKind
    from schema.records.told import Fault
    from schema.records.worker import WorkerRecord

    ByKind = dict[RecordKind, "Found"]
    Workers = tuple[tuple[WorkerRecord | None, ...], ...]

#: More rows of one kind than any worker has in one province.
ROWS_CAP = 1_000
#: Which settings are missing is for people to see: ``paging``.
_UNENDED = "MORE_PAGES no paging is set"
#: Faults of the line: what they hit of a question, they would hit again elsewhere.
_OF_THE_LINE = frozenset(
    {
        FaultCode.UNREACHABLE,
        FaultCode.BROKEN_OFF,
        FaultCode.UNTRUSTED,
        FaultCode.THROTTLED,
    }
)


class Found(msgspec.Struct):
    """What was found of one kind for one ask.

    Attributes:
        rows: By worker.
        flaws: Why rows were dropped, as codes.
        failed: Why the rows were not told, or not to the end.
        unended: Workers were told, and not to the end.
    """

    rows: dict[str, list[Mapping[str, Any]]]
    flaws: set[str]
    failed: str = ""
    unended: bool = False

    @classmethod
    def none(cls) -> Found:
        """Begin with no rows."""
        return cls({}, set())

    def fail(self, failed: ProvinceFault, *, needed: bool) -> None:
        """Take note of a failure that costs this kind only.

        Args:
            failed: The failure.
            needed: Without these rows there is no answer.

        Raises:
            ProvinceFault: It costs all.
        """
        if needed or failed.code in _OF_THE_LINE:
            raise failed
        self.failed = f"{failed.code} {failed.detail}"

    def leave_off(self, *, needed: bool) -> None:
        """Take note that an answer says there is more, and no settings to go on with it.

        Args:
            needed: They are the workers: who was told is told, and who was not need
                not be a stranger.
        """
        if needed:
            self.unended = True
        else:
            self.failed = _UNENDED


def deal(
    mapping: KindMapping,
    row: Mapping[str, Any],
    keys: Sequence[str],
    found: Found,
    *,
    single: bool,
) -> None:
    """Put a row with its worker; what is none of theirs is dropped, and named.

    Args:
        mapping: Of its kind.
        row: As it was told.
        keys: Who was asked for.
        found: Where it is added.
        single: One worker was asked for, and need not be told again.

    Raises:
        ProvinceFault: More rows than any worker has.
    """
    key = mapping.local_key(row)
    if single and isinstance(key, RowMistake) and key.code == "NO_COLUMN":
        key = keys[0]
        row = {**row, mapping.key: key}
    if isinstance(key, RowMistake):
        found.flaws.add(f"local_id:{key.code}")
    elif key not in keys:
        found.flaws.add("ANOTHER_WORKER")
    elif row not in (own := found.rows.setdefault(key, [])):
        # A page may begin anew while rows are added: the same row is one row.
        own.append(row)
        if len(own) > ROWS_CAP:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"over {ROWS_CAP} rows")


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
            if found.unended:
                why.add(f"{kind}:{_UNENDED}")
                untold = None in made.workers
                missing |= by_kind.keys() if untold else {kind}
    faults = tuple(
        fault(province, code, tuple(sorted(kinds)))
        for code, kinds in (
            (FaultCode.PARTIAL, missing),
            (FaultCode.MALFORMED, flawed),
        )
        if kinds
    )
    return tuple(workers), faults, sorted(why)
