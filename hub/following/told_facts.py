"""Decider: what clocks run from, out of what the file of a case says.

The lead's province keeps the file of a case. What the lead union writes into it as a fact
becomes a fact of the case, by the number of its line: a correction is another revision of
it, and one that is gone is withdrawn. Facts in other provinces' files stand in the
timeline only.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from schema.records.clock import ClockFact
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hub.following.timeline import Timeline
    from schema.records.case import Case


class LineFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact, as the file says it now.

    Attributes:
        line: The number under which its line was first told.
        seq: Number of the statement that says it now.
        union: Who wrote it.
        kind: What happened.
        on: The day, in China.
        about: The task, document or report that it is about.
        names: The day that it names.
        days: Of an extension: how many days.
    """

    line: int
    seq: int
    union: str
    kind: str
    on: date
    about: str = ""
    names: date | None = None
    days: int | None = None


class FactsDue(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a file, to be taken into its case.

    Attributes:
        case_no: Which case.
        province: Whose file.
        facts: All that stand in it now.
        version: What they were read at: what comes later is due again.
    """

    case_no: str
    province: ProvinceCode
    facts: tuple[LineFact, ...]
    version: int


def facts_of(timeline: Timeline, province: ProvinceCode) -> tuple[LineFact, ...]:
    """Read the facts of a province's file off a timeline."""
    return tuple(
        LineFact(
            line=line.seq,
            seq=line.change.seq,
            union=line.change.union,
            kind=line.change.fact.kind,
            on=line.change.on,
            about=line.change.fact.about,
            names=line.change.fact.names,
            days=line.change.fact.days,
        )
        for line in sorted(timeline.lines, key=lambda one: one.seq)
        if line.change.province == province and line.change.fact is not None
    )


class Step(msgspec.Struct, frozen=True):
    """A change of the facts of a case.

    Attributes:
        fact: The revision to be stated.
        seq: Number of the statement by which; that of the line if it is gone.
    """

    fact: ClockFact
    seq: int


def steps(
    case: Case, province: ProvinceCode, facts: Sequence[LineFact]
) -> tuple[Step, ...]:
    """Tell what has to be stated, so that the case has what its file says.

    Withdrawals come first. Nothing, unless the file is the lead's.
    """
    if province != case.file_province:
        return ()
    told = {one.id: one for one in case.facts if one.id.startswith(f"{province}:")}
    left = dict(told)
    said: list[Step] = []
    for one in facts:
        if one.union != case.lead.union:
            # What an earlier lead of the province wrote stays as it was taken.
            for known in _of_line(told.values(), province, one.line):
                left.pop(known.id, None)
            continue
        known_as = next(
            (
                known
                for known in _of_line(told.values(), province, one.line)
                if (known.kind, known.about) == (one.kind, one.about)
            ),
            None,
        )
        if known_as is not None:
            left.pop(known_as.id, None)
        name = known_as.id if known_as else _new_name(told, province, one)
        revision = known_as.revision + 1 if known_as else 0
        fact = ClockFact(
            id=name,
            kind=one.kind,
            on=one.on,
            about=one.about,
            names=one.names,
            days=one.days,
            revision=revision,
        )
        if (
            known_as is None
            or msgspec.structs.replace(known_as, revision=revision) != fact
        ):
            said.append(Step(fact, one.seq))
    return (*_withdrawn(left.values()), *said)


def _of_line(
    known: Iterable[ClockFact], province: ProvinceCode, line: int
) -> list[ClockFact]:
    first = f"{province}:{line}"
    return [one for one in known if one.id == first or one.id.startswith(f"{first}.")]


def _new_name(told: dict[str, ClockFact], province: ProvinceCode, one: LineFact) -> str:
    """Name a fact by its line; one that a correction made another, by that too."""
    name = f"{province}:{one.line}"
    return f"{name}.{one.seq}" if name in told else name


def _withdrawn(left: Iterable[ClockFact]) -> Iterable[Step]:
    for one in left:
        if not one.withdrawn:
            fact = msgspec.structs.replace(
                one, revision=one.revision + 1, withdrawn=True
            )
            yield Step(fact, int(one.id.partition(":")[2].partition(".")[0]))
