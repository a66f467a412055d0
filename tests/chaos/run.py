"""Itinerary: the whole run: start, move and break, heal, wait, compare."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg

from deploy.demo.population.shares import PROVINCES
from tests.chaos.case_store import is_settled, read_cases
from tests.chaos.case_verdict import judge_cases, tag_of
from tests.chaos.ground import Ground
from tests.chaos.havoc import Havoc
from tests.chaos.people import choose
from tests.chaos.receiver import Receiver
from tests.chaos.registers import read_journal, read_registers
from tests.chaos.verdict import ENDED, Finding, judge
from tests.chaos.working import Working

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bench.showing import Showing
    from tests.chaos.casework import CaseBook

#: How long the federation may take to settle once all is whole again, in seconds; and
#: so long besides for each member and each case: offices' systems are told in order.
_SETTLE: Final = 180.0
_SETTLE_EACH: Final = 0.3


class Wishes(NamedTuple):
    """What kind of run.

    Attributes:
        size: How many memberships move.
        seed: Chooses who moves and what breaks when.
        at_once: How many officers work at once.
        calm: Break nothing: to see how fast it is.
        pause: The longest time between two mischiefs, in seconds.
        provinces: Between which they move.
        cases: How many rights cases run beside; a third of the size if not said.
    """

    size: int = 2_000
    seed: int = 1
    at_once: int = 24
    calm: bool = False
    pause: float = 2.5
    provinces: tuple[str, ...] = PROVINCES
    cases: int | None = None

    @property
    def case_count(self) -> int:
        """How many rights cases."""
        return self.size // 3 if self.cases is None else self.cases


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
        case_ends: How the cases stand, counted by state.
        case_events: What happened in them, counted by the kind of the event.
        case_book: What was asked about cases, and answered.
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
    case_ends: Counter[str]
    case_events: Counter[str]
    case_book: CaseBook

    @property
    def good(self) -> bool:
        """Whether everything held."""
        return not any(one.wrong for one in self.findings)


def run(wishes: Wishes, directory: Path, showing: Showing) -> Outcome:
    """Run once."""
    with ExitStack() as stack:
        ground = Ground(
            directory, max(4 * wishes.size, 300), wishes.seed, wishes.provinces,
            cases=True,
        )  # fmt: skip
        assert ground.receiver_port is not None  # it was asked for
        receiver = Receiver(ground.receiver_port, wishes.seed)
        receiver.start()
        stack.callback(receiver.stop)
        with showing.step("启动联邦 the federation starts"):
            ground.start(stack)
            _until(ground, _SETTLE, lambda store: _are_known(ground, store))
        moves = choose(ground.population, wishes.size, wishes.seed, wishes.provinces)
        over = threading.Event()
        havoc = Havoc(ground, wishes.seed, wishes.pause, over)
        began = time.monotonic()
        with showing.counting("接转与破坏 moving and breaking") as tell:
            working = Working(ground, wishes.seed, wishes.at_once, tell)
            plans = working.plans(moves, wishes.case_count)
            with ThreadPoolExecutor(1, "crowd") as thread:
                moving = thread.submit(asyncio.run, working.run(moves, plans))
                moving.add_done_callback(lambda _: over.set())
                if not wishes.calm:
                    havoc.run()
                moving.result()
        moved = time.monotonic()
        receiver.calm = True
        crowd, asking, book = working.crowd, working.asking, working.book
        with showing.step("愈合并了结 healing"):
            limit = _SETTLE + _SETTLE_EACH * (wishes.size + wishes.case_count)
            _until(ground, limit, _is_moved)
            _until(ground, limit, lambda store: is_settled(ground, store))
        settled = time.monotonic()
        with showing.step("核对各省登记簿 comparing the registers"):
            journal = read_journal(ground)
            kept = read_cases(ground)
            findings = judge(crowd.ids, journal, read_registers(ground, moves))
            findings += judge_cases(book, kept, receiver.taken)
        return Outcome(
            findings,
            Counter(str(one.state) for one in journal.values()),
            havoc.done + receiver.faults,
            asking.resent,
            asking.errors,
            sum(line.lost for line in ground.lines.values()),
            moved - began,
            settled - moved,
            crowd.refused,
            Counter(str(one.state) for one in kept.cases.values()),
            Counter(tag_of(row) for rows in kept.journal.values() for row in rows),
            book,
        )


def _is_moved(store: psycopg.Connection[Any]) -> bool:
    row = store.execute(
        "SELECT count(*) FROM transfer WHERE NOT state = ANY(%s)", [sorted(ENDED)]
    ).fetchone()
    return row == (0,)


def _are_known(ground: Ground, store: psycopg.Connection[Any]) -> bool:
    """Tell whether the runner knows all endpoints: from now on they are told."""
    row = store.execute("SELECT count(*) FROM webhook").fetchone()
    return row == (len(ground.provinces),)


def _until(
    ground: Ground, limit: float, good: Callable[[psycopg.Connection[Any]], bool]
) -> None:
    """Wait until something is so; what is not is a finding later, no error."""
    end = time.monotonic() + limit
    with psycopg.connect(ground.database, autocommit=True) as store:
        while time.monotonic() < end and not good(store):
            time.sleep(0.1)
