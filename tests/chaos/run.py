"""Itinerary: the whole run: start, move and break, heal, wait, compare."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

import psycopg

from deploy.demo.population.shares import PROVINCES
from tests.chaos.crowd import Crowd
from tests.chaos.ground import Ground
from tests.chaos.havoc import Havoc
from tests.chaos.people import choose
from tests.chaos.registers import read_journal, read_registers
from tests.chaos.verdict import ENDED, Finding, judge

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from tests.bench.showing import Showing

#: How long the federation may take to settle once all is whole again, in seconds.
_SETTLE: Final = 180.0


class Wishes(NamedTuple):
    """What kind of run.

    Attributes:
        size: How many memberships move.
        seed: Chooses who moves and what breaks when.
        at_once: How many officers work at once.
        calm: Break nothing: to see how fast it is.
        pause: The longest time between two mischiefs, in seconds.
        provinces: Between which they move.
    """

    size: int = 2_000
    seed: int = 1
    at_once: int = 24
    calm: bool = False
    pause: float = 2.5
    provinces: tuple[str, ...] = PROVINCES


class Outcome(NamedTuple):
    """What came of it.

    Attributes:
        findings: What was checked.
        ends: How the transfers ended, counted by state.
        mischief: What was broken, counted.
        resent: How often officers had to send an act again.
        errors: What they met on the way.
        lost_answers: Answers of provinces that were lost on the line.
        moving: Seconds until the officers were done.
        settling: Seconds from then until every transfer had ended.
        refused: Moves that were refused, by code.
    """

    findings: list[Finding]
    ends: dict[str, int]
    mischief: Counter[str]
    resent: int
    errors: Counter[str]
    lost_answers: int
    moving: float
    settling: float
    refused: dict[int, str]

    @property
    def good(self) -> bool:
        """Whether everything held."""
        return not any(one.wrong for one in self.findings)


def run(wishes: Wishes, directory: Path, showing: Showing) -> Outcome:
    """Run once."""
    with ExitStack() as stack:
        ground = Ground(
            directory, max(4 * wishes.size, 300), wishes.seed, wishes.provinces
        )
        with showing.step("启动联邦 the federation starts"):
            ground.start(stack)
        moves = choose(ground.population, wishes.size, wishes.seed, wishes.provinces)
        over = threading.Event()
        havoc = Havoc(ground, wishes.seed, wishes.pause, over)
        began = time.monotonic()
        with showing.counting("接转与破坏 moving and breaking") as tell:
            crowd = Crowd(ground, wishes.at_once, wishes.seed, tell)
            with ThreadPoolExecutor(1, "crowd") as thread:
                moving = thread.submit(asyncio.run, crowd.move(moves))
                moving.add_done_callback(lambda _: over.set())
                if not wishes.calm:
                    havoc.run()
                moving.result()
        moved = time.monotonic()
        with showing.step("愈合并了结 healing"):
            _settle(ground)
        settled = time.monotonic()
        with showing.step("核对各省登记簿 comparing the registers"):
            journal = read_journal(ground)
            findings = judge(crowd.ids, journal, read_registers(ground, moves))
        ends: dict[str, int] = {}
        for one in journal.values():
            ends[one.state] = ends.get(one.state, 0) + 1
        return Outcome(
            findings,
            ends,
            havoc.done,
            crowd.resent,
            crowd.errors,
            sum(line.lost for line in ground.lines.values()),
            moved - began,
            settled - moved,
            crowd.refused,
        )


def _settle(ground: Ground) -> None:
    """Wait until every transfer has ended; who has not is a finding, no error."""
    end = time.monotonic() + _SETTLE
    with psycopg.connect(ground.database, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute(
                "SELECT count(*) FROM transfer WHERE NOT state = ANY(%s)",
                [sorted(ENDED)],
            ).fetchone()
            if row == (0,):
                return
            time.sleep(0.1)
