"""Itinerary: what the person in front of a running demo gets to see."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from deploy.demo.checking import differences
from deploy.demo.failure import DemoFailed, tail_of
from deploy.demo.federation import (
    NOT_SERVED,
    PROVINCE_RANK,
    RUNNER_RANK,
    wait_for_runner,
)
from deploy.demo.issuer import PEOPLE, Role, officer
from deploy.demo.kinds import WITH_SERVER
from deploy.demo.looking_up import Door, curl, look_up
from deploy.demo.story import Story
from deploy.demo.table import show_file
from hub.clock import SystemClock
from hub.web.explorer.endpoint import bundled
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from rich.console import Console

    from deploy.demo.choosing import Unions
    from deploy.demo.following import CaseFiles
    from deploy.demo.issuer import Issuer
    from deploy.demo.postgres import EmbeddedPostgres
    from deploy.demo.processes import Child, Children
    from deploy.demo.settings_files import Standing
    from deploy.demo.truth import Known, Truth

_LOOK_UPS: Final = 10
_WATCH_EVERY: Final = 0.3
#: A runner that ends sooner, in seconds, is ill, and not killed.
_STAYS: Final = 5.0
_NOT_BUNDLED: Final = (
    "\n浏览器查询页面尚未生成；生成后重新运行演示，即有链接。 The page to ask from in a "
    "browser is not bundled; bundle it, and the next demo prints a link:\nmake explorer"
)


class Running(NamedTuple):
    """A federation that runs.

    Attributes:
        port: Of the hub.
        issuer: Signs tokens.
        issuer_url: Where it is.
        provinces: Those that were started, by code.
        truth: What they keep.
        unions: Those that stand.
        acts: Where the provinces keep who came and went, by code.
        cases: The case files of the same provinces.
        children: All programs.
        runner: The runner; it may not be ready yet.
        begin_runner: Starts a runner; one that was killed is replaced.
        server: The embedded PostgreSQL; none with a database of one's own.
    """

    port: int
    issuer: Issuer
    issuer_url: str
    provinces: Mapping[str, Standing]
    truth: Truth
    unions: Unions
    acts: Mapping[str, Path]
    cases: Mapping[str, CaseFiles]
    children: Children
    runner: Child
    begin_runner: Callable[[], Child]
    server: EmbeddedPostgres | None

    def door(self, province: str) -> Door:
        """Tell how an officer of a province's union federation asks the hub."""
        standing = self.provinces[province]
        token = self.issuer.token_of(
            officer(province, standing.name_zh, standing.name_en),
            url=self.issuer_url,
            now=SystemClock().now().timestamp(),
        )
        return Door(self.port, token)


class Presenter:
    """Shows look-ups of a running demo.

    Args:
        running: The demo.
        console: Where to.
    """

    def __init__(self, running: Running, console: Console) -> None:
        self._running = running
        self._console = console
        self._names = {code: it.name_zh for code, it in running.provinces.items()}
        self._door = Door(running.port, self._token(Role.INFLOW))
        self._runner_began = -_STAYS
        self._story = Story(running, console, self._names)

    def show(self) -> int:
        """Look a worker up, say how to do it oneself, and watch until stopped.

        Raises:
            DemoFailed: The hub, the issuer or the database ended.
        """
        (best,) = self._running.truth.choose(1)
        self._show_first(best)
        wait_for_runner(self._running.runner)
        self._invite(best)
        seen: set[str] = set()
        while True:
            self._watch(seen)
            self._story.follow()
            time.sleep(_WATCH_EVERY)

    def check(self) -> int:
        """Look ten workers up, move one there and back, and compare with the truth.

        Returns:
            0, or 1 when an answer or a register differed.
        """
        workers = self._running.truth.choose(_LOOK_UPS)
        right = 0
        for number, worker in enumerate(workers, 1):
            answer = (
                self._show_first(worker)
                if number == 1
                else look_up(self._door, worker.resident_id)
            )
            found = differences(answer, worker, self._running.truth, NOT_SERVED)
            right += not found
            verdict = "[red]✗[/]" if found else "[green]✓[/]"
            where = " ".join(self._names[code] for code in sorted(worker.local_keys))
            self._console.print(f"{verdict} {number}/{len(workers)}  {where}")
            for difference in found:
                self._console.print(f"     {difference}", markup=False)
        self._console.print(
            f"{right}/{_LOOK_UPS} 次查询与各省数据一致。 "
            f"{right} of {_LOOK_UPS} answers agree with what the provinces keep."
        )
        wait_for_runner(self._running.runner)
        return 0 if self._story.check() and right == _LOOK_UPS else 1

    def _show_first(self, worker: Known) -> dict[str, Any]:
        began = time.perf_counter()
        answer = look_up(self._door, worker.resident_id)
        took = (time.perf_counter() - began) * 1000
        if answer["__typename"] == "Worker":
            show_file(self._console, answer, self._names, took)
        else:
            self._console.print(answer)
        return answer

    def _invite(self, worker: Known) -> None:
        say = self._say
        say(f"\n枢纽 Hub:     http://127.0.0.1:{self._running.port}/graphql")
        for role in Role:
            person = PEOPLE[role]
            say(f"\n{person.title_zh} {person.title_en} — 令牌 token ({role}):")
            say(self._token(role))
        say("\n粘贴到另一个终端即可查询。 Paste into another terminal:")
        say(curl(self._door, worker.resident_id))
        if bundled():
            say("\n或在浏览器中打开。 Or open in a browser:")
            say(self._link(worker))
        else:
            say(_NOT_BUNDLED)
        self._story.invite()
        province = self._someone(worker)
        if province is not None:
            code = province.name.removeprefix("province-")
            say(
                f"\n试试停掉{self._names[code]}的系统再查一次，看完整性一栏。 Stop one "
                f"province and ask again, to see completeness:\n"
                f"kill {province.process.pid}"
            )
        say("\n按 Ctrl-C 停止全部。 Ctrl-C stops everything.")

    def _link(self, worker: Known) -> str:
        """Write the explorer's address; what follows the # stays in the browser."""
        filled = {"token": self._door.token, "resident-id": worker.resident_id}
        port = self._running.port
        return f"http://127.0.0.1:{port}/explorer#{urlencode(filled)}"

    def _someone(self, worker: Known) -> Child | None:
        """Find the process of a province that knows the worker and answers itself.

        Without a server in it, a province is read though its programmes stand still.
        """
        names = {
            f"province-{code}"
            for code in worker.local_keys
            if self._running.provinces[code].kind in WITH_SERVER
        }
        return next(
            (each for each in self._running.children.running if each.name in names),
            None,
        )

    def _watch(self, seen: set[str]) -> None:
        """Notice what ended: a province or a runner may, as in life; no other may."""
        for child in self._running.children.ended():
            if child.rank == RUNNER_RANK:
                self._replace(child)
            elif child.rank != PROVINCE_RANK:
                raise child.stopped()
            elif child.name not in seen:
                seen.add(child.name)
                self._say(self._stopped(child.name.removeprefix("province-")))
        server = self._running.server
        if server is not None and server.process.poll() is not None:
            raise DemoFailed(
                Bilingual(
                    "内置的 PostgreSQL 已停止。", "The embedded PostgreSQL ended."
                ),
                Bilingual(f"日志：{server.log}", f"Its log: {server.log}"),
                tail_of(server.log),
            )

    def _stopped(self, code: str) -> str:
        """Say what it means that the programmes of a province stopped."""
        name = self._names[code]
        if self._running.provinces[code].kind in WITH_SERVER:
            return (
                f"! {name}的系统已停止；枢纽照常答复，并注明缺了哪个省。 A "
                "province stopped; the hub goes on and says which is missing."
            )
        return (
            f"! {name}的程序已停止；枢纽照常读取其所存，登记待其恢复后办理。 A province's "
            "programme stopped; what it keeps is read, and acts wait until it is back."
        )

    def _replace(self, runner: Child) -> None:
        """Start another runner, as a supervisor would: nothing is lost with one.

        Raises:
            DemoFailed: It does not stay: something is wrong with it.
        """
        if time.monotonic() - self._runner_began < _STAYS:
            raise runner.stopped()
        self._say(
            f"! 办理进程已停止（退出码 {runner.process.poll()}）；已重新启动，未办完的"
            "接转接着办。 The runner ended; another is started, and open transfers go on."
        )
        self._running.children.forget(runner)
        self._running.begin_runner()
        self._runner_began = time.monotonic()

    def _token(self, role: Role) -> str:
        now = SystemClock().now().timestamp()
        return self._running.issuer.token(role, url=self._running.issuer_url, now=now)

    def _say(self, text: str) -> None:
        """Print as it is: a line that shall be pasted must not be wrapped."""
        self._console.print(text, markup=False, soft_wrap=True)
