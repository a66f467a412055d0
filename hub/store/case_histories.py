"""Adapter: reads what provinces told of cases, and folds it into timelines."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.following.timeline import Contradiction, History, timeline
from schema.records.change import Change, Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import AsyncConnection

    from hub.following.timeline import Timeline

_read: Final = msgspec.json.Decoder(Change | Tombstone).decode

_STATEMENTS: Final = """
SELECT case_no, body, contradicted FROM case_statement WHERE case_no = ANY(%b::text[])
"""
_MARKS: Final = """
SELECT case_no, province, last, refused FROM case_file WHERE case_no = ANY(%b::text[])
"""


async def histories(
    connection: AsyncConnection[Any], numbers: Sequence[str]
) -> tuple[dict[str, History], dict[str, list[Contradiction]]]:
    """Read all that was told of cases, and the numbers of facts that were refused."""
    wanted = sorted({number for number in numbers if number.isprintable()})
    refused: dict[str, list[Contradiction]] = defaultdict(list)
    told: dict[str, dict[Any, Any]] = {number: {} for number in numbers}
    doubted: dict[str, set[Any]] = {number: set() for number in numbers}
    upto: dict[str, dict[Any, int]] = {number: {} for number in numbers}
    found = await connection.execute(_MARKS, (wanted,))
    for number, province, last, numbers_refused in await found.fetchall():
        if last:
            upto[number][province] = last
        refused[number] += [Contradiction(province, seq) for seq in numbers_refused]
    found = await connection.execute(_STATEMENTS, (wanted,))
    for number, body, contradicted in await found.fetchall():
        one = _read(body)
        place = (one.province, one.seq)
        told[number][place] = one
        if contradicted:
            doubted[number].add(place)
    return {
        number: History(number, told[number], frozenset(doubted[number]), upto[number])
        for number in numbers
    }, refused


def shown(history: History, refused: Iterable[Contradiction]) -> Timeline:
    """Read the timeline, and declare facts that the case could not take."""
    read = timeline(history)
    both = sorted({*read.contradictions, *refused})
    return msgspec.structs.replace(read, contradictions=tuple(both))
