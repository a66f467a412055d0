"""Runs attacks one by one, while somebody else goes on asking."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from deploy.demo.issuer import Role
from tests.attacks import connections, documents, introspection, requests, sockets
from tests.attacks.attack import MOST_BUSY, MOST_WAITED, Attack, Found, judge
from tests.attacks.ground import Target
from tests.attacks.wire import asking, figures, send

ATTACKS = [
    *documents.ATTACKS,
    *introspection.ATTACKS,
    *requests.ATTACKS,
    *connections.ATTACKS,
    *sockets.ATTACKS,
]

_BUSY = "hub_event_loop_busy_seconds"
_LAG = "hub_event_loop_lag_seconds"


@asynccontextmanager
async def _others(target: Target):
    """Ask something harmless ten times a second; keeps what became of it."""
    answers = []

    async def ask():
        while True:
            asked = asking(target.tokens[Role.OUTFLOW], "{provinces{code}}")
            answers.append(await send(target.port, asked))
            await asyncio.sleep(0.1)

    task = asyncio.create_task(ask())
    try:
        yield answers
        await asyncio.sleep(0.05)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def run(attack: Attack, target: Target) -> Found:
    """Try one attack, and say what came of it."""
    await figures(target.port)
    async with _others(target) as others:
        answers = await attack.run(target)
    after = await figures(target.port)
    found = judge(attack, answers)
    found.busy, found.lag = after[_BUSY], after[_LAG]
    found.waited = max((one.seconds for one in others), default=0.0)
    if found.busy > MOST_BUSY and not attack.crowd:
        found.improper.append(f"the loop worked for {found.busy:.3f} s at a stretch")
    if found.waited > MOST_WAITED:
        found.improper.append(f"others waited for {found.waited:.1f} s")
    if any(one.status != 200 for one in others):
        ends = sorted({(one.status, one.code) for one in others})
        found.improper.append(f"others were not served: {ends}")
    if not target.is_alive():
        found.improper.append("the hub has ended")
    return found
