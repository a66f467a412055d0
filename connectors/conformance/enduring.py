"""Itinerary: checks of questions at once, broken lines, wrong secrets, and speed."""

from __future__ import annotations

import asyncio
import contextlib
from time import perf_counter
from typing import TYPE_CHECKING

from connectors.conformance.comparing import listed
from connectors.conformance.report import Judged, failed, skipped, warned
from connectors.faults import ProvinceFault
from schema.records.refusal import Bilingual
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from connectors.conformance.visit import Visit
    from connectors.port import Connector
    from schema.records.worker import WorkerRecord

_BROKEN_OFF = 5
#: Seconds after which a question is broken off: it is on its way by then.
_MOMENT = 0.005
#: Faults by which a province or the line to it refuses the hub.
_REFUSING = frozenset({FaultCode.UNAUTHORISED, FaultCode.UNTRUSTED})
#: One size of question is timed for so long at most, in seconds.
_LONGEST = 4.0


async def at_once(visit: Visit) -> Bilingual:
    """Ask several questions at once."""
    known = visit.known()
    count = visit.means.at_once
    keys = [known[place % len(known)] for place in range(count)]

    async def one(key: str) -> WorkerRecord | Judged | ProvinceFault | None:
        try:
            (told,) = await visit.workers((key,), visit.everything)
        except (Judged, ProvinceFault) as failure:
            return failure
        return told

    async def obtain() -> Mapping[str, WorkerRecord | None]:
        async with asyncio.TaskGroup() as group:
            tasks = [(key, group.create_task(one(key))) for key in keys]
        told: dict[str, WorkerRecord | None] = {}
        for key, task in tasks:
            found = task.result()
            if isinstance(found, Judged | ProvinceFault):
                raise found
            if told.setdefault(key, found) != found:
                raise failed("同一人的答复不同", "one worker was told differently")
        return told

    await visit.agree(known[:count], visit.everything, obtain)
    return Bilingual(f"{count} 问", f"questions: {count}")


async def abandoned(visit: Visit) -> Bilingual:
    """Break questions off, and ask again."""
    keys = visit.known()

    async def obtain() -> Mapping[str, WorkerRecord | None]:
        for _ in range(_BROKEN_OFF):
            question = visit.question((keys, visit.everything))
            try:
                async with asyncio.timeout(_MOMENT):
                    await visit.connector.ask(question, visit.soon())
            except (TimeoutError, ProvinceFault):
                continue
        told = await visit.workers(keys, visit.everything)
        return dict(zip(keys, told, strict=True))

    await visit.agree(keys, visit.everything, obtain)
    return Bilingual("照常", "as before")


async def reopened(visit: Visit) -> Bilingual:
    """Ask over connections of one's own."""
    keys, reopen = visit.known(), visit.means.reopen
    if reopen is None:
        raise skipped(
            "没有可重连的线路。", "not checked: there is no line to open anew"
        )

    async def obtain() -> Mapping[str, WorkerRecord | None]:
        other = reopen()
        try:
            await other.probe(visit.soon())
            told = await visit.workers(keys, visit.everything, of=other)
        finally:
            await other.close()
        return dict(zip(keys, told, strict=True))

    await visit.agree(keys, visit.everything, obtain)
    return Bilingual("照常", "as before")


async def wrong_secrets(visit: Visit) -> Bilingual:
    """Ask with one secret wrong, each in its turn."""
    strangers = visit.means.strangers
    if not strangers:
        raise skipped(
            "设置没有机密：请确认线路另有保护。",
            "not checked: the settings name no secret; see that the line is protected",
        )
    let_in, otherwise = [], []
    for name, make in strangers.items():
        code = await _turned_down(visit, make)
        if code is None:
            let_in.append(name)
        elif code not in _REFUSING:
            otherwise.append(f"{name}: {code}")
    if let_in:
        raise failed(f"仍有答复：{listed(let_in)}", f"still answered: {listed(let_in)}")
    if otherwise:
        text = listed(otherwise)
        raise warned(f"拒绝，但不是 UNAUTHORISED：{text}", f"refused otherwise: {text}")
    return Bilingual(f"{len(strangers)} 项机密", f"secrets: {len(strangers)}")


async def _turned_down(visit: Visit, make: Callable[[], Connector]) -> FaultCode | None:
    """Tell the fault by which a stranger is turned down; none if it is let in."""
    other = make()
    keys = visit.sample.known[:1] or visit.strangers(1)
    try:
        with contextlib.suppress(ProvinceFault):
            # What is served may be told to anybody; who is asked for may not.
            await other.probe(visit.soon())
        await visit.ask((keys, visit.everything), of=other)
    except ProvinceFault as fault:
        return fault.code
    finally:
        await other.close()
    return None


def speed(size: int) -> Callable[[Visit], Awaitable[Bilingual]]:
    """Make the check that times questions for so many workers."""

    async def timed(visit: Visit) -> Bilingual:
        known = visit.known()
        keys = (*known, *visit.strangers(size))[:size]
        mine, deadline = min(size, len(known)), visit.means.deadline
        seconds: list[float] = []
        late = 0
        began = perf_counter()
        while len(seconds) < visit.means.rounds and perf_counter() - began < _LONGEST:
            start = perf_counter()
            try:
                await visit.ask((keys, visit.everything))
            except ProvinceFault as fault:
                if fault.code is not FaultCode.TIMED_OUT:
                    raise
                late += 1
            seconds.append(perf_counter() - start)
        seconds.sort()
        middle = seconds[len(seconds) // 2]
        last = seconds[min(len(seconds) - 1, len(seconds) * 99 // 100)]
        figures = (
            f"p50 {middle * 1000:.1f} ms, p99 {last * 1000:.1f} ms, n={len(seconds)},"
            f" deadline {deadline * 1000:.0f} ms, 样本 sample {mine}/{size}"
        )
        if late or last > deadline:
            raise failed(f"{late} 次超时；{figures}", f"timed out: {late}; {figures}")
        if last > deadline / 2:
            raise warned(f"过半；{figures}", f"over half of it; {figures}")
        return Bilingual(figures, figures)

    return timed


CHECKS = {
    "recover.at-once": at_once,
    "recover.abandoned": abandoned,
    "recover.reopened": reopened,
    "secrets.wrong": wrong_secrets,
    **{f"speed.{size}": speed(size) for size in (1, 10, 100)},
}
