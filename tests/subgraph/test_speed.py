"""What the kit itself costs: the processor's time of one request, without a line."""

from __future__ import annotations

import asyncio
import time
from statistics import median

from connectors.memory import MemoryConnector
from connectors.port import Ask, Question
from schema.records.keys import ProvinceCode
from schema.records.kinds import KINDS, RecordKind
from schema.records.selection import Selection
from tests.bench.kit import Kit
from tests.provinces.over_kit import CLOCK
from tests.subgraph.conftest import AT

#: One worker and nine memberships, every field: ten rows, about 170 values.
ALL = Selection.of(
    {kind: KINDS[kind].fields for kind in (RecordKind.WORKER, RecordKind.MEMBERSHIP)}
)
QUESTION = Question((Ask(("w",), ALL),), "request-1", "x")


def _somebody():
    def full(kind, **own):
        told = dict.fromkeys(KINDS[kind].fields)
        return KINDS[kind].record(**told, as_of=AT, **own)

    rows = tuple(full(RecordKind.MEMBERSHIP, id=f"m{n}") for n in range(9))
    return full(RecordKind.WORKER, local_id="w", memberships=rows)


async def _micros(ask, rounds=5, each=60):
    """The processor's time of one call: the middle one of several rounds."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(each):
            await ask()
        found.append((time.process_time() - began) / each * 1e6)
    return median(found)


async def test_ten_rows_cost_less_than_two_milliseconds(monkeypatch):
    behind = MemoryConnector(ProvinceCode("44"), {"w": _somebody()}, CLOCK)
    kit = Kit(behind, QUESTION)

    async def directly():
        await behind.ask(QUESTION, asyncio.get_running_loop().time() + 5)

    whole, direct = await _micros(kit.ask), await _micros(directly)
    kept = await kit.ask()
    assert kept.count(b'"unionName"') == 9
    monkeypatch.delattr("hub.subgraph.writing.WritingExecutor.complete_object_value")
    generic = await _micros(kit.ask, 1)

    assert await kit.ask() == kept, "what is written at once is what the rules give"
    figures = f"kit {whole:,.0f} µs, directly {direct:,.0f}, generic {generic:,.0f}"
    assert whole < 2_000, figures
    assert whole < generic, figures
    await kit.close()
