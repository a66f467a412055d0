"""Adapter: case files of provinces: written by their own desks, pushed to the hub."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from contextlib import asynccontextmanager
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from deploy.demo.province.case_desk import headers
from hub.clock import SystemClock

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from datetime import datetime

    from tests.chaos.asking import Asking
    from tests.chaos.casework import CaseBook
    from tests.chaos.ground import Ground

CHINA: Final = timezone(timedelta(hours=8))
#: Now and then a desk is killed before it has answered.
_KILLED: Final = 0.04
_AGAIN: Final = 0.3
_OLD_S: Final = 900.0


class CaseFiles:
    """The desks of all provinces; each writes one line after another.

    Attributes:
        asking: What all ask with.
        book: What is noted.
    """

    def __init__(
        self, ground: Ground, asking: Asking, book: CaseBook, seed: int
    ) -> None:
        self._ground = ground
        self.asking = asking
        self.book = book
        self._rng = random.Random(f"files/{seed}")  # noqa: S311  # a seed, no secret
        self._desks: dict[str, Process] = {}
        self._turns = {code: asyncio.Lock() for code in ground.provinces}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Send the desks home at the end."""
        try:
            yield
        finally:
            for desk in self._desks.values():
                desk.kill()
                await desk.wait()

    async def write(
        self, province: str, key: str, case_no: str, change: dict[str, Any]
    ) -> int:
        """Have a desk write a change down, and again until it says that it has.

        Returns:
            The number of the change in the file.
        """
        line = {"key": key, "caseNo": case_no, "change": change}
        async with self._turns[province]:
            told = await self._written(province, json.dumps(line).encode() + b"\n")
        seq: int = told["seq"]
        self.book.changes[province, key] = (case_no, seq)
        return seq

    async def push(
        self, province: str, key: str, case_no: str, seq: int, change: dict[str, Any]
    ) -> None:
        """Push a change until it is answered; now and then again, or as an old one."""
        page = {
            "province": province,
            "changes": [{**change, "caseNo": case_no, "seq": seq}],
            "watermarks": [{"caseNo": case_no, "seq": seq}],
        }
        body = json.dumps(page).encode()
        if self._rng.random() < _AGAIN:
            self._must(await self._sent(province, f"old-{key}", body, _OLD_S), {401})
        sent = self.asking.resent
        status = await self._sent(province, key, body)
        # Where an answer was lost, the message may have been taken before.
        self._must(status, {200} if sent == self.asking.resent else {200, 409})
        if self._rng.random() < _AGAIN:
            self._must(await self._sent(province, key, body), {409})

    def _must(self, status: int, allowed: set[int]) -> None:
        self.book.pushed[str(status)] += 1
        if status not in allowed:
            self.book.wrong_pushes.append(f"{status} instead of {sorted(allowed)}")

    async def _sent(self, province: str, id_: str, body: bytes, old: float = 0) -> int:
        asking, secret = self.asking, self._ground.callback_secret
        url = f"{asking.address}/callbacks/{province}"
        while True:
            now = SystemClock().now().timestamp() - old
            signed = headers(secret, id_, body, now)
            try:
                async with asking.session.post(url, data=body, headers=signed) as told:
                    if told.status < 500 and told.status != 429:
                        return told.status
                    asking.errors[f"callback {told.status}"] += 1
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                asking.errors[f"callback {type(error).__name__}"] += 1
            await asking.rest()

    async def _written(self, province: str, line: bytes) -> dict[str, Any]:
        while True:
            desk = self._desks.get(province) or await self._begin(province)
            assert desk.stdin is not None  # it was asked for
            assert desk.stdout is not None
            try:
                desk.stdin.write(line)
                await desk.stdin.drain()
                if self._rng.random() < _KILLED:
                    desk.kill()
                told = await desk.stdout.readline()
            except OSError:
                told = b""
            if told.endswith(b"\n"):
                found: dict[str, Any] = json.loads(told)
                return found
            self.asking.errors["desk killed"] += 1
            await desk.wait()
            del self._desks[province]

    async def _begin(self, province: str) -> Process:
        self._desks[province] = desk = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.demo.province.case_desk",
            "--cases", str(self._ground.cases(province)),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            cwd=self._ground.root,
        )  # fmt: skip
        return desk


def now_in_china() -> datetime:
    """Tell the time as provinces write it."""
    return SystemClock().now().astimezone(CHINA)
