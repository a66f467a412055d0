"""Itinerary: asks every province at once, under one deadline, in one call each.

Two pure steps stand around one thin edge. ``plan`` turns what is sought into
one question per province, whatever the number of workers and the shape of the
query. ``deal`` turns the answers back into one ``Gathered`` per worker. Between
them the provinces are asked, all at once; none of them can raise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import fault
from connectors.port import Ask, Question
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.told import FaultCode, Gathered, Located, NotOffered, Source, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.port import Answer, Capabilities
    from hub.reading.ports import Provinces
    from schema.records.told import Fault, Link
    from schema.records.worker import WorkerRecord


#: Whether a province has such a worker at all.
_WHETHER = Selection.of({RecordKind.WORKER: ()})


class Sought(msgspec.Struct, frozen=True):
    """One worker, and what is wanted of them.

    Attributes:
        located: Who, and which provinces know them.
        shown: What the caller asked for and may see.
        asked: The same, and what the hub needs to join the rows.
        purpose: Why.
        confirm: The caller's own province, where its link is what opens the file:
            it is asked whether it has such a worker, whatever it keeps of them.
    """

    located: Located
    shown: Selection
    asked: Selection
    purpose: str
    confirm: ProvinceCode | None = None


class Place(msgspec.Struct, frozen=True):
    """Where in a province's answer one sought worker stands.

    Attributes:
        sought: Index of the sought worker.
        ask: Index of the ask in the question.
        key: Index of the key in the ask.
        kinds: Which kinds were asked for.
    """

    sought: int
    ask: int
    key: int
    kinds: frozenset[RecordKind]


class Plan(msgspec.Struct, frozen=True):
    """What will be asked, and what is known to be missing before asking.

    Attributes:
        questions: One for each province.
        places: For each province, where its answers belong.
        not_connected: For each sought worker, linked provinces that the hub has
            no settings for.
        not_offered: For each sought worker, what provinces do not serve.
    """

    questions: Mapping[ProvinceCode, Question]
    places: Mapping[ProvinceCode, tuple[Place, ...]]
    not_connected: tuple[tuple[ProvinceCode, ...], ...]
    not_offered: tuple[tuple[NotOffered, ...], ...]


def plan(
    sought: Sequence[Sought],
    capabilities: Mapping[ProvinceCode, Capabilities],
    request: str,
) -> Plan:
    """Turn what is sought into one question per province.

    Args:
        sought: The workers, each with what is wanted.
        capabilities: What each connected province serves.
        request: Id of the request.
    """
    asks: dict[ProvinceCode, dict[Selection, dict[str, int]]] = {}
    places: dict[ProvinceCode, list[Place]] = {}
    purposes: dict[ProvinceCode, set[str]] = {}
    not_connected: list[tuple[ProvinceCode, ...]] = []
    not_offered: list[tuple[NotOffered, ...]] = []
    for index, one in enumerate(sought):
        missing: list[ProvinceCode] = []
        lacking: list[NotOffered] = []
        for link in one.located.links:
            province = link.key.province
            wanted = one.asked.within(link.kinds | {RecordKind.WORKER})
            if not wanted.parts and province == one.confirm:
                wanted = _WHETHER
            if not wanted.parts:
                continue
            served = capabilities.get(province)
            if served is None:
                missing.append(province)
                continue
            lacking += _lacking(link, one.shown, served)
            narrowed = served.narrow(wanted)
            if not narrowed.parts:
                continue
            by_selection = asks.setdefault(province, {})
            keys = by_selection.setdefault(narrowed, {})
            key = keys.setdefault(link.key.value, len(keys))
            ask = list(by_selection).index(narrowed)
            places.setdefault(province, []).append(
                Place(index, ask, key, narrowed.kinds)
            )
            purposes.setdefault(province, set()).add(one.purpose)
        not_connected.append(tuple(missing))
        not_offered.append(tuple(lacking))
    questions = {
        province: Question(
            tuple(Ask(tuple(keys), selection) for selection, keys in wanted_of.items()),
            request,
            ", ".join(sorted(purposes[province])),
        )
        for province, wanted_of in asks.items()
    }
    return Plan(
        questions,
        {province: tuple(where) for province, where in places.items()},
        tuple(not_connected),
        tuple(not_offered),
    )


def _lacking(link: Link, shown: Selection, served: Capabilities) -> list[NotOffered]:
    """What a province keeps of the worker but does not serve, of what is shown."""
    province = link.key.province
    lacking = []
    for kind, fields in shown.within(link.kinds | {RecordKind.WORKER}).parts:
        if kind not in served.fields:
            lacking.append(NotOffered(province, kind))
        else:
            absent = fields - served.fields[kind]
            lacking += [NotOffered(province, kind, field) for field in sorted(absent)]
    return lacking


def deal(
    sought: Sequence[Sought], planned: Plan, answers: Mapping[ProvinceCode, Answer]
) -> list[Gathered]:
    """Turn the answers back into what was told of each worker."""
    told: list[list[Told[WorkerRecord]]] = [[] for _ in sought]
    faults: list[list[Fault]] = [
        [fault(province, FaultCode.NOT_CONNECTED) for province in missing]
        for missing in planned.not_connected
    ]
    asked: list[list[ProvinceCode]] = [list(m) for m in planned.not_connected]
    unknown: list[list[ProvinceCode]] = [[] for _ in sought]
    for province, places in planned.places.items():
        answer = answers[province]
        for place in places:
            asked[place.sought].append(province)
            record = _record(answer, place)
            # Who is missing beside a fault may be missing because of it.
            faults[place.sought] += [
                one
                for one in answer.faults
                if record is None or not one.kinds or place.kinds & set(one.kinds)
            ]
            if record is None and not answer.faults:
                unknown[place.sought].append(province)
            if record is not None:
                source = Source(province, record.as_of, answer.fetched_at)
                told[place.sought].append(Told(record, source))
    return [
        Gathered(
            told=tuple(told[index]),
            faults=tuple(faults[index]),
            asked=tuple(asked[index]),
            unknown_to=tuple(unknown[index]),
            not_offered=planned.not_offered[index],
        )
        for index in range(len(sought))
    ]


def _record(answer: Answer, place: Place) -> WorkerRecord | None:
    return answer.workers[place.ask][place.key] if answer.workers else None


async def gather(
    sought: Sequence[Sought], provinces: Provinces, request: str, deadline: float
) -> list[Gathered]:
    """Ask all provinces that know the workers, and tell what came of it.

    Args:
        sought: The workers, each with what is wanted.
        provinces: The connectors, each in its guard, so that none raises.
        request: Id of the request.
        deadline: The moment by ``loop.time()`` after which nobody waits.

    Returns:
        One entry for each sought worker, in their order.
    """
    linked = {link.key.province for one in sought for link in one.located.links}
    connectors = {
        province: connector
        for province in linked
        if (connector := provinces.get(province)) is not None
    }
    capabilities = {
        province: connector.capabilities for province, connector in connectors.items()
    }
    planned = plan(sought, capabilities, request)
    async with asyncio.TaskGroup() as group:
        tasks = {
            province: group.create_task(connectors[province].ask(question, deadline))
            for province, question in planned.questions.items()
        }
    return deal(sought, planned, {p: task.result() for p, task in tasks.items()})
