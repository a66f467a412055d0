"""Look-ups in flight at the same moment share one statement."""

from __future__ import annotations

import asyncio

import pytest

from hub.reading.locator import Locator
from schema.records.keys import WorkerId
from schema.records.told import Located
from schema.records.wanted import ById


class Links:
    """Answers each id with itself; counts and can be held or made to fail."""

    def __init__(self) -> None:
        self.statements: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failures = 0

    async def locate(self, wanted):
        self.statements.append(len(wanted))
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise ConnectionError("gone")
        return [Located(one.worker, ()) for one in wanted]


def by(name: str) -> ById:
    return ById(WorkerId(name))


async def test_those_who_come_while_one_is_under_way_go_together():
    links = Links()
    locator = Locator(links)
    links.gate.clear()
    first = asyncio.create_task(locator.locate([by("0")]))
    await asyncio.sleep(0)
    rest = [asyncio.create_task(locator.locate([by(str(n))])) for n in range(1, 41)]
    await asyncio.sleep(0)
    links.gate.set()

    answers = [await task for task in [first, *rest]]

    assert links.statements == [1, 40]
    assert [found.worker for (found,) in answers] == [str(n) for n in range(41)]


async def test_one_who_gives_up_harms_nobody():
    links = Links()
    locator = Locator(links)
    links.gate.clear()
    first = asyncio.create_task(locator.locate([by("a")]))
    await asyncio.sleep(0)
    leaver = asyncio.create_task(locator.locate([by("b")]))
    stayer = asyncio.create_task(locator.locate([by("c"), by("d")]))
    await asyncio.sleep(0)
    first.cancel()
    leaver.cancel()
    await asyncio.sleep(0)
    links.gate.set()

    found = await stayer

    assert [one.worker for one in found] == ["c", "d"]
    assert links.statements == [1, 2]


async def test_a_failed_statement_fails_only_its_own_company():
    links = Links()
    links.failures = 1
    locator = Locator(links)

    with pytest.raises(ConnectionError):
        await locator.locate([by("a")])

    (found,) = await locator.locate([by("b")])
    assert found.worker == "b"


async def test_nothing_wanted_asks_nothing():
    links = Links()

    assert await Locator(links).locate([]) == []
    assert links.statements == []
