"""A rights case from the request to its end, by GraphQL over the whole hub."""

from __future__ import annotations

from tests.cases import documents as ask
from tests.cases.asking import HOME, PLACE, clerk, done, opened, seen


async def test_a_case_is_routed_accepted_worked_on_and_closed(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    case = await opened(hub, worker)
    print(case)
    no = case["no"]
    accepted = await done(hub, PLACE, "acceptCase", no)
    print(accepted)
    print(await seen(hub, HOME, no))
    print(await hub(ask.PAGE, clerk(PLACE)))
    task = await done(hub, PLACE, "assignTask", no, kind="VISIT_FAMILY", toUnion=HOME)
    print(task["tasks"])
    print(await hub(ask.TASKS, clerk(HOME)))
    print(await hub(ask.TIMELINE, clerk(PLACE), no=no))
    assert 0
