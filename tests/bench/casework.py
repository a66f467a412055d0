"""Itinerary: how long officers wait for lists of cases and for acts on them."""

from __future__ import annotations

import asyncio
import gc
import re
import time
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from hub.clock import SystemClock, day_in_china
from tests.bench import machine
from tests.bench.casework_ground import CaseGround, Office
from tests.bench.casework_questions import (
    Page,
    answer_task,
    cases,
    flaw_of_act,
    flaw_of_pages,
    read_page,
    record,
    tasks,
)
from tests.bench.wire import Line, connect, get, post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from tests.bench.casework_questions import List
    from tests.bench.showing import Showing

_OK: Final = 200
#: The province of an outflow area, and the one where its workers went.
_OUTFLOW: Final = "51"
_INFLOW: Final = "44"
_MOST_PAGE: Final = 100
_FIGURE: Final = re.compile(
    r'^hub_request_seconds_(sum|count)\{route="/graphql"\} (\S+)$', re.MULTILINE
)
#: Seconds, and how many rows were shown.
Asked = tuple[float, int]
#: The county below which most cases are: as many as the list of its office has.
_COUNTY: Final = """
WITH RECURSIVE below AS (
    SELECT code AS office, code FROM organisation
    WHERE province = %s AND body->>'kind' = 'COUNTY'
    UNION
    SELECT below.office, lower.code
    FROM organisation AS lower JOIN below ON lower.body->>'parent' = below.code
)
SELECT office, count(DISTINCT case_no) FROM below
JOIN case_listing AS row ON row.union_code = below.code AND row.task_no = ''
WHERE to_v = 9223372036854775807
GROUP BY office ORDER BY count DESC, office LIMIT 1
"""


class Plan(msgspec.Struct, frozen=True):
    """How much is measured.

    Attributes:
        cases: How many open cases there are.
        pages: How many pages of each list are read, one after the other.
        on_page: How many cases are on a page.
        acts: How many acts of each kind, one after the other,
        crowd: and as many again, with so many officers at once.
        warm: How many questions come before each list that are not counted.
    """

    cases: int = 100_000
    pages: int = 300
    on_page: int = 50
    acts: int = 300
    crowd: int = 16
    warm: int = 10


FULL: Final = Plan()
#: Shows that the benchmark itself works; the numbers mean nothing.
QUICK: Final = Plan(cases=120, pages=4, on_page=5, acts=3, crowd=2, warm=1)


class Load(msgspec.Struct, frozen=True):
    """One kind of question or act, and what it came to.

    Attributes:
        name: What was asked or done.
        act: It is an act, and no list.
        crowd: How many officers were at it at once.
        took: Seconds from question to answer of each, in order.
        hub: Mean seconds of each inside the hub, as its own figures say.
        cpu: Milliseconds of processor time for each, by part.
        flaws: What was wrong with answers; empty if nothing was.
        rows: How many cases or tasks were shown on a page, on average.
        seconds: How long all of it lasted.
    """

    name: str
    act: bool
    crowd: int
    took: list[float]
    hub: float
    cpu: dict[str, float]
    flaws: list[str]
    rows: float
    seconds: float


class Walked(msgspec.Struct, frozen=True):
    """A whole list, read from the first page to the last.

    Attributes:
        name: Which.
        rows: How many stood on it.
        wanted: How many stand on it by the tables.
        seconds: How long it took.
        flaw: What was wrong; empty if nothing was.
    """

    name: str
    rows: int
    wanted: int
    seconds: float
    flaw: str


class Casework(msgspec.Struct, frozen=True):
    """All that a run found.

    Attributes:
        machine: On what.
        cases: How many open cases there were.
        loads: Questions and acts.
        walked: Whole lists.
        clocks: Seconds of the command that re-evaluates the clocks of all cases, where
            no rule had changed,
        changed: and where the due dates of every case had.
        rss: Bytes of memory of the hub in the end.
    """

    machine: machine.Machine
    cases: int
    loads: list[Load]
    walked: list[Walked]
    clocks: float
    changed: float
    rss: int


def measure_casework(plan: Plan, directory: Path, showing: Showing) -> Casework:
    """Measure.

    Raises:
        deploy.demo.failure.DemoFailed: Something did not start, or stopped.
    """
    free_before = machine.share()
    with ExitStack() as stack:
        ground = CaseGround(directory, stack, plan.cases)
        with showing.counting(f"案件 {plan.cases:,} cases") as tell:
            ground.prepare(tell)
        run = _Run(ground, plan, showing)
        asyncio.run(run.all())
        with showing.step("期限重算 clocks, nothing changed"):
            clocks = ground.run("cases", "clocks")
        ground.forget_dues()
        with showing.step("期限重算 clocks, every case changed"):
            changed = ground.run("cases", "clocks")
        rss = ground.rss()
    return Casework(
        machine.look(free_before, machine.share()),
        plan.cases,
        run.loads,
        run.walked,
        clocks,
        changed,
        rss,
    )


class Asker(NamedTuple):
    """An officer with a connection."""

    line: Line
    head: str

    async def ask(self, body: bytes) -> tuple[float, bytes]:
        """Ask; tell the seconds, and the answer."""
        request = post("/graphql", body, self.head)
        begun = perf_counter()
        status, answer = await self.line.ask(request)
        took = perf_counter() - begun
        if status != _OK:
            raise ValueError(f"HTTP {status} {answer[:300]!r}")
        return took, answer


class _Run:
    """The measurement, load by load."""

    def __init__(self, ground: CaseGround, plan: Plan, showing: Showing) -> None:
        self.loads: list[Load] = []
        self.walked: list[Walked] = []
        self._ground, self._plan, self._showing = ground, plan, showing
        self._port = ground.targets[ground.side.name].port
        ((county, followed),) = ground.rows(_COUNTY, _OUTFLOW)
        self._county, self._wanted = Office("county", county, _OUTFLOW), followed
        self._above = Office("province", f"{_OUTFLOW}0000-01", _OUTFLOW)
        self._lead = Office("lead", f"{_INFLOW}0000-01", _INFLOW)
        self._key = f"{time.time_ns():x}"
        self._today = day_in_china(SystemClock().now()).isoformat()

    async def all(self) -> None:
        """Measure everything."""
        for office in (self._county, self._above):
            for order in ("OPENED", "DUE"):
                asked = cases(order)
                await self._list(f"{office.name}, {order.lower()}", office, asked)
        asked = tasks("DUE", side="ASKED")
        await self._list("tasks", self._above, asked)
        for order in ("OPENED", "DUE"):
            await self._walk(order)
        await self._acts("recordAct", self._lead, await self._to_record())
        await self._acts("answerTask", self._above, await self._to_answer())

    async def _list(self, name: str, office: Office, asked: List) -> None:
        asker, on_page = await self._asker(office), self._plan.on_page
        after: str | None = None

        async def first() -> Asked:
            took, answer = await asker.ask(asked.body(on_page, None))
            return took, len(read_page(answer).rows)

        async def later() -> Asked:
            nonlocal after
            took, answer = await asker.ask(asked.body(on_page, after))
            page = read_page(answer)
            after = page.end
            return took, len(page.rows)

        with self._showing.step(f"列表 {name}"):
            for which, ask in (("first page", first), ("later pages", later)):
                for _ in range(self._plan.warm):
                    await ask()
                turns = iter(range(self._plan.pages))
                await self._load(f"{name}, {which}", [(ask, turns)])
        asker.line.close()

    async def _walk(self, order: str) -> None:
        """Read the county's whole list; it is what the tables say it is."""
        asker = await self._asker(self._county)
        asked = cases(order)
        pages: list[Page] = []
        with self._showing.step(f"逐页读完 the county's whole list, {order.lower()}"):
            begun, after = perf_counter(), None
            while not pages or after is not None:
                _, answer = await asker.ask(asked.body(_MOST_PAGE, after))
                pages.append(read_page(answer))
                after = pages[-1].end
            lasted = perf_counter() - begun
        asker.line.close()
        rows = sum(len(page.rows) for page in pages)
        flaw = flaw_of_pages(order, pages)
        if not flaw and rows != self._wanted:
            flaw = f"{rows} stand on it, and {self._wanted} should"
        self.walked.append(Walked(order.lower(), rows, self._wanted, lasted, flaw))

    async def _acts(self, name: str, office: Office, bodies: list[bytes]) -> None:
        """Act alone, then many at once; each case or task is acted on once."""
        half = len(bodies) // 2
        crowds = ((1, bodies[:half]), (self._plan.crowd, bodies[half:]))
        with self._showing.step(f"办理 {name}"):
            for crowd, todo in crowds:
                askers = [await self._asker(office) for _ in range(crowd)]
                turns = iter(todo)
                works = [(_acting(one), turns) for one in askers]
                await self._load(name, works, act=True)
                for one in askers:
                    one.line.close()

    async def _to_record(self) -> list[bytes]:
        found = await self._rows(self._lead, cases("OPENED", roles=["LEAD"]))
        own = [row for row in found if row["state"] == "OPEN"]
        return [
            record(row["no"], row["lead"]["union"], self._today, f"{self._key}-r{n}")
            for n, row in enumerate(own[: 2 * self._plan.acts])
        ]

    async def _to_answer(self) -> list[bytes]:
        asked = tasks("DUE", side="ASKED", states=["ASSIGNED", "ACKNOWLEDGED"])
        found = await self._rows(self._above, asked)
        once = {row["caseNo"]: row for row in found}
        return [
            answer_task(no, row["no"], row["to"]["union"], f"{self._key}-a{n}")
            for n, (no, row) in enumerate([*once.items()][: 2 * self._plan.acts])
        ]

    async def _rows(self, office: Office, asked: List) -> list[dict[str, Any]]:
        """Read enough of a list to act on."""
        asker, after = await self._asker(office), None
        rows: list[dict[str, Any]] = []
        while len(rows) < 4 * self._plan.acts:
            page = read_page((await asker.ask(asked.body(_MOST_PAGE, after)))[1])
            rows += page.rows
            if (after := page.end) is None:
                break
        asker.line.close()
        return rows

    async def _asker(self, office: Office) -> Asker:
        head = f"authorization: Bearer {self._ground.token_of(office)}\r\n"
        return Asker(await connect(self._port), head)

    async def _load(
        self,
        name: str,
        works: Sequence[tuple[Callable[..., Awaitable[Asked]], Iterator[Any]]],
        *,
        act: bool = False,
    ) -> None:
        """Let officers work beside one another until nothing is left to do."""
        took: list[float] = []
        flaws: list[str] = []
        rows = 0

        async def work(
            ask: Callable[..., Awaitable[Asked]], turns: Iterator[Any]
        ) -> None:
            nonlocal rows
            for turn in turns:
                try:
                    seconds, shown = await (ask(turn) if act else ask())
                except ValueError as error:
                    flaws.append(str(error))
                else:
                    took.append(seconds)
                    rows += shown

        gc.collect()
        before, inside = self._ground.spent(), await self._inside()
        begun = perf_counter()
        async with asyncio.TaskGroup() as group:
            for ask, turns in works:
                group.create_task(work(ask, turns))
        lasted = perf_counter() - begun
        after, then = self._ground.spent(), await self._inside()
        count = max(then[1] - inside[1], 1)
        each = max(len(took), 1)
        self.loads.append(
            Load(
                name,
                act,
                len(works),
                sorted(took),
                (then[0] - inside[0]) / count,
                {part: 1e3 * (after[part] - before[part]) / each for part in after},
                flaws,
                rows / each,
                lasted,
            )
        )

    async def _inside(self) -> tuple[float, float]:
        """Tell the seconds that questions spent in the hub so far, and how many."""
        line = await connect(self._port)
        try:
            said = (await line.ask(get("/metrics")))[1].decode()
        finally:
            line.close()
        found = dict(_FIGURE.findall(said))
        return float(found.get("sum", 0)), float(found.get("count", 0))


def _acting(asker: Asker) -> Callable[[bytes], Awaitable[Asked]]:
    async def act(body: bytes) -> Asked:
        took, answer = await asker.ask(body)
        if flaw := flaw_of_act(answer):
            raise ValueError(flaw)
        return took, 0

    return act
