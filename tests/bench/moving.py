"""Itinerary: how many members move in a second, how soon, and for how much computing."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from contextlib import ExitStack
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

import msgspec
import psycopg
from joserfc.jws import JWSRegistry

from deploy.demo.population.shares import PROVINCES
from hub.clock import SystemClock, day_in_china
from tests.bench import machine
from tests.bench.federation import CLOSING, Federation
from tests.bench.officers import Officers
from tests.chaos.registers import read_journal, read_registers
from tests.chaos.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.bench.officers import Credential
    from tests.bench.showing import Showing
    from tests.chaos.people import Move

_OPEN: Final = "SELECT count(*) FROM transfer WHERE ended_at IS NULL"
#: A batch may take so long, in seconds; and so many looks in a row find nothing open.
_BULK_S: Final = 600.0
_QUIET: Final = 6
_TOOK: Final = """
SELECT basis, extract(epoch FROM ended_at - opened_at)::float8,
    extract(epoch FROM opened_at)::float8, extract(epoch FROM ended_at)::float8, state
FROM transfer WHERE opened_at >= %s AND ended_at IS NOT NULL
"""


class Plan(msgspec.Struct, frozen=True):
    """How much is measured.

    Attributes:
        rate: Transfers that are opened a second, at even distances.
        paced: For how many seconds.
        full: For how many seconds as many are opened as it takes.
        most_open: So many are open at once then.
        fastest: Transfers a second for which people are prepared then.
        bulk: Members of the union that closes.
    """

    rate: float = 100.0
    paced: float = 30.0
    full: float = 30.0
    most_open: int = 96
    fastest: float = 160.0
    bulk: int = 10_000

    @property
    def moves(self) -> int:
        """Say how many people move one by one at the most."""
        return int(self.rate * self.paced + self.fastest * self.full) + 200


FULL: Final = Plan()
#: Shows that the benchmark itself works; the numbers mean nothing.
QUICK: Final = Plan(rate=10.0, paced=2.0, full=2.0, most_open=8, fastest=50.0, bulk=50)


class Slice(msgspec.Struct, frozen=True):
    """One kind of load, and what it came to.

    Attributes:
        name: What was done.
        transfers: How many transfers ended.
        rate: How many a second, from the first opened to the last ended.
        took: Seconds from opened to ended of each, in order.
        offered: The same of those that were offered and accepted.
        cpu: Milliseconds of processor time for each, by part.
    """

    name: str
    transfers: int
    rate: float
    took: list[float]
    offered: list[float]
    cpu: dict[str, float]


class Moved(msgspec.Struct, frozen=True):
    """All that a run found.

    Attributes:
        machine: On what.
        slices: The loads.
        issued: Credentials issued a second, and
        issuing: what one costs, by part, in milliseconds.
        refused: What was refused or went wrong, counted.
        wrong: Promises that did not hold, counted by name.
        checked: How many transfers were compared with the registers.
    """

    machine: machine.Machine
    slices: list[Slice]
    issued: float
    issuing: dict[str, float]
    refused: dict[str, int]
    wrong: dict[str, int]
    checked: int


def measure_moving(plan: Plan, directory: Path, showing: Showing) -> Moved:
    """Measure, and compare all registers at the end.

    Raises:
        deploy.demo.failure.DemoFailed: Something did not start, or stopped.
    """
    free_before = machine.share()
    with ExitStack() as stack:
        ground = Federation(directory.resolve(), plan.moves, plan.bulk)
        with showing.step("启动联邦 the federation starts"):
            ground.start(stack)
        run = _Run(ground, plan, showing)
        asyncio.run(run.all())
        with showing.step("核对各省登记簿 comparing the registers"):
            moves = [*run.moves, *ground.members()]
            journal = read_journal(ground)
            findings = judge({}, journal, read_registers(ground, moves))
    return Moved(
        machine.look(free_before, machine.share()),
        run.slices,
        run.issued,
        run.issuing,
        dict(run.officers.refused),
        {one.en: len(one.wrong) for one in findings if one.wrong},
        len(journal),
    )


class _Run:
    """The measurement, step by step."""

    def __init__(self, ground: Federation, plan: Plan, showing: Showing) -> None:
        self.slices: list[Slice] = []
        self.issued = 0.0
        self.issuing: dict[str, float] = {}
        self.moves = ground.moves()[: plan.moves]
        self._ground, self._plan, self._showing = ground, plan, showing
        tokens = {code: ground.token(f"{code}0000-01") for code in PROVINCES}
        self.officers = Officers(ground.hub_port, tokens)

    async def all(self) -> None:
        """Measure everything."""
        plan, half = self._plan, self.moves[::2]
        async with self.officers:
            before, begun = self._spent(), time.monotonic()
            with self._showing.counting("签发会员证 issuing credentials") as tell:
                issued = await self.officers.issue(
                    half, 32, lambda done: tell(done, len(half))
                )
            self.issued = len(issued) / (time.monotonic() - begun)
            self.issuing = _per(before, self._spent(), len(issued))
            waiting = _mixed(self.moves, issued)
            await self._slice("warm", waiting, 2.0, None)
            self.slices.clear()
            await self._slice(
                f"paced, {plan.rate:.0f} a second", waiting, plan.paced, plan.rate
            )
            await self._slice(f"full, {plan.most_open} open", waiting, plan.full, None)
            if plan.bulk:
                await self._bulk()

    async def _slice(
        self,
        name: str,
        waiting: Iterator[tuple[Move, Credential | None]],
        seconds: float,
        rate: float | None,
    ) -> None:
        since, before = SystemClock().now(), self._spent()
        with (
            self._showing.step(f"接转 moving: {name}"),
            psycopg.connect(self._ground.database, autocommit=True) as connection,
        ):
            await self.officers.move(
                waiting,
                seconds=seconds,
                rate=rate,
                most_open=self._plan.most_open,
                still_open=_counting(connection),
            )
        self._note(name, since, before)

    async def _bulk(self) -> None:
        """Close a union; its members land where they live, in all provinces."""
        members = self._ground.members()
        compact = _signed(self._ground, members)
        since, before = SystemClock().now(), self._spent()
        with (
            self._showing.step(f"批量 a union of {len(members):,} closes"),
            psycopg.connect(self._ground.database, autocommit=True) as connection,
        ):
            batch = await self.officers.upload(CLOSING, compact)
            still_open, quiet = _counting(connection), 0
            stop = time.monotonic() + _BULK_S
            # Between two pieces of the batch nothing may be open for a moment.
            while quiet < _QUIET and time.monotonic() < stop:
                quiet = 0 if still_open() else quiet + 1
                await asyncio.sleep(0.5)
        if batch:
            await self.officers.settle(CLOSING, batch)
        self._note("bulk", since, before)

    def _spent(self) -> dict[str, float]:
        return {**self._ground.spent(), "load": time.process_time()}

    def _note(self, name: str, since: Any, before: Mapping[str, float]) -> None:
        after = self._spent()
        with psycopg.connect(self._ground.database) as connection:
            rows = connection.execute(_TOOK, [since]).fetchall()
        if not rows:
            self.slices.append(Slice(name, 0, 0.0, [0.0], [0.0], {}))
            return
        lasted = max(row[3] for row in rows) - min(row[2] for row in rows)
        self.slices.append(
            Slice(
                name,
                len(rows),
                len(rows) / lasted,
                sorted(row[1] for row in rows),
                sorted(row[1] for row in rows if row[0] == "OFFER"),
                _per(before, after, len(rows)),
            )
        )


def _mixed(
    moves: Sequence[Move], issued: Mapping[str, Credential]
) -> Iterator[tuple[Move, Credential | None]]:
    return ((move, issued.get(move.membership_no)) for move in moves)


def _per(
    before: Mapping[str, float], after: Mapping[str, float], count: int
) -> dict[str, float]:
    return {
        name: 1e3 * (seconds - before[name]) / max(count, 1)
        for name, seconds in after.items()
    }


def _counting(connection: psycopg.Connection[Any]) -> Callable[[], int]:
    def still_open() -> int:
        row = connection.execute(_OPEN).fetchone()
        return 0 if row is None else row[0]

    return still_open


def _signed(ground: Federation, members: Sequence[Move]) -> str:
    """Sign the batch as the province does."""
    everywhere = chain.from_iterable(repeat(PROVINCES))
    payload = {
        "v": 1,
        "basis": "CLOSURE",
        "union": members[0].from_union,
        "on": day_in_china(SystemClock().now()).isoformat(),
        "nonce": f"bench-{time.time_ns():x}",
        "rows": [
            {
                "membershipNo": one.membership_no,
                "localId": one.local_id,
                "residence": f"{province}0000",
            }
            for one, province in zip(members, everywhere, strict=False)
        ],
    }
    head = {"alg": "ES256", "kid": "chaos", "typ": "union-batch+jws"}
    first = f"{_coded(head)}.{_coded(payload)}"
    signature = JWSRegistry.algorithms["ES256"].sign(first.encode(), ground.key)
    return f"{first}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _coded(value: Any) -> str:
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
