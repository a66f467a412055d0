"""A partner's program with a generated client; runs where ariadne-codegen does."""

from __future__ import annotations

import asyncio
import json
import sys

from hub_client import Client, PurposeOfUse, WorkerBy


async def main() -> None:
    told = json.load(sys.stdin)
    async with Client(told["url"], {"Authorization": f"Bearer {told['token']}"}) as hub:
        answer = await hub.look_up(
            WorkerBy(resident_id=told["number"]), PurposeOfUse.MEMBERSHIP_SERVICE
        )
    worker = answer.worker
    assert worker.typename__ == "Worker", worker
    (membership,) = worker.memberships
    shown = {
        "name": worker.name,
        "state": membership.state.value,
        "complete": worker.completeness.complete,
        "faults": [fault.province for fault in worker.completeness.faults],
    }
    sys.stdout.write(json.dumps(shown))


asyncio.run(main())
