from __future__ import annotations

import asyncio

from procrastinate import App, PsycopgConnector

from hub.store.jobs import DELIVER, QUEUE, Jobs, call_webhook, deliver, open_batch


async def _waiting(pool):
    async with pool.connection() as connection:
        found = await connection.execute(
            "SELECT task_name, queueing_lock, lock, args FROM procrastinate_jobs"
            " WHERE status = 'todo' ORDER BY id"
        )
        return await found.fetchall()


async def test_one_job_of_a_kind_waits(pool):
    jobs = Jobs(pool)
    await jobs.defer([deliver("44"), deliver("63"), deliver("44")])
    await jobs.defer([deliver("63"), open_batch("b1"), call_webhook("e1")])
    await jobs.defer([])

    assert await _waiting(pool) == [
        ("hub.deliver", "hub.deliver:44", "hub.deliver:44", {"province": "44"}),
        ("hub.deliver", "hub.deliver:63", "hub.deliver:63", {"province": "63"}),
        ("hub.call_webhook", *["hub.call_webhook:e1"] * 2, {"endpoint": "e1"}),
        ("hub.open_batch", *["hub.open_batch:b1"] * 2, {"batch": "b1"}),
    ]


async def test_two_that_defer_the_same_at_once_do_not_fail(pool):
    jobs = Jobs(pool)
    codes = [f"{n}" for n in range(11, 31)]
    async with asyncio.TaskGroup() as group:
        for turn in range(12):
            mixed = codes[turn:] + codes[:turn]
            group.create_task(jobs.defer(deliver(code) for code in mixed))

    assert len(await _waiting(pool)) == 20


async def test_the_queue_s_own_worker_runs_them(pool, database_url):
    done = []
    app = App(connector=PsycopgConnector(conninfo=database_url))

    @app.task(name=DELIVER)
    async def deliver_to(province):
        done.append(province)

    await Jobs(pool).defer([deliver("44"), deliver("63")])
    async with app.open_async():
        await app.run_worker_async(
            queues=[QUEUE], wait=False, install_signal_handlers=False
        )
    assert sorted(done) == ["44", "63"]
    assert await _waiting(pool) == []
