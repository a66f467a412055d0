"""What endpoints are told of cases, and what the files of provinces add to a timeline."""

from __future__ import annotations

from datetime import date, timedelta

from hub.audit.trail import GroupTrail
from hub.config.moving import WebhookSettings
from hub.following.file_ports import Intake
from hub.runner.calling import Caller
from hub.runner.webhooks import Webhooks
from hub.store.audit import AuditBook, who_looked
from hub.store.case_changes import CaseChanges
from hub.store.feeds import FeedStore
from hub.store.webhooks import WebhookCursors
from schema.records.case import ActKind
from schema.records.change import Change, Watermark
from schema.records.keys import ProvinceCode
from tests.cases import documents as ask
from tests.cases.asking import HOME, OTHER, PLACE, STRANGER, TOP, clerk, done, running
from tests.following.case_samples import TABLE
from tests.runner.test_webhooks import SECRET, Receiver, serving

OFFICES = {"place": TOP, "helper": OTHER, "stranger": STRANGER}


async def test_each_endpoint_is_told_what_its_office_sees(hub, database_url):
    (worker,) = await hub.ground.enrol("51", 1)
    ground, caller = hub.ground, Caller(deadline=2, loopback=True, private=False)
    async with serving(receiver := Receiver()) as port:
        webhooks = Webhooks(
            _settings(port),
            dict.fromkeys(OFFICES, (SECRET,)),
            feed=FeedStore(ground.pool, database_url),
            cursors=WebhookCursors(ground.pool),
            trail=GroupTrail(AuditBook(ground.pool), ground.clock),
            post=caller,
            directory=lambda: ground.directory,
            roles=TABLE,
            clock=ground.clock,
            notes=ground.notes,
        )
        assert await webhooks.behind() == []
        no = (await running(hub, worker))["no"]
        await done(hub, PLACE, "assignTask", no, kind="OTHER", toUnion=OTHER)
        told = {}
        for name in OFFICES:
            receiver.got.clear()
            await webhooks.call(name)
            told[name] = receiver.taken()
        await caller.close()

    assert told["stranger"] == []
    assert [one["type"] for one in told["place"]] == [
        "case.opened", "case.changed", "case.changed", "task.given",
    ]  # fmt: skip
    seen = told["place"][-2]["data"]["case"]
    assert (seen["no"], seen["state"], seen["milestone"]["step"]) == (
        no,
        "OPEN",
        "TASK",
    )
    assert [one["type"] for one in told["helper"]] == ["case.changed", "task.given"]
    masked = told["helper"][0]["data"]["case"]
    assert (masked["matter"], masked["state"], masked["milestone"]) == (None,) * 3
    assert "STATE" in masked["withheld"]
    assert told["helper"][1]["data"]["task"]["kind"] == "OTHER"
    assert worker not in str(told)
    looks = await who_looked(ground.pool, "")
    events = [one for one in looks if one.tag in {
        "following:event:shown", "following:task:shown",
    }]  # fmt: skip
    assert len(events) == 6
    assert {one.handling.about for one in events} == {(no,)}


def _settings(port):
    endpoints = [
        {
            "name": name, "office": office, "secret_env": "S",
            "url": f"http://127.0.0.1:{port}/{name}",
        }
        for name, office in OFFICES.items()
    ]  # fmt: skip
    return WebhookSettings.model_validate({"loopback": True, "endpoints": endpoints})


async def test_a_timeline_joins_the_files_of_provinces_and_declares_what_is_wrong(hub):
    (worker,) = await hub.ground.enrol("51", 1)
    no = (await running(hub, worker))["no"]
    now = hub.ground.clock.now()

    def change(seq, act, day, **more):
        return Change(
            province=ProvinceCode("44"), case_no=no, seq=seq, act=act, on=day,
            as_of=now + timedelta(minutes=seq), union=PLACE, **more,
        )  # fmt: skip

    first, third = date(2026, 2, 27), date(2026, 3, 2)
    arrivals = (
        change(3, ActKind.MEDIATION, third),
        change(1, ActKind.INTAKE, first),
        change(1, ActKind.OTHER, first),
        Watermark(province=ProvinceCode("44"), case_no=no, seq=4),
    )
    intake = Intake(province=ProvinceCode("44"), arrivals=arrivals, now=now)
    await CaseChanges(hub.ground.pool).take(intake)

    whole = (await hub(ask.TIMELINE, clerk(HOME), no=no))["timeline"]
    lines = [
        (line["on"], (line["milestone"] or {}).get("step"), line["change"])
        for line in whole["lines"]
    ]

    assert [one[:2] for one in lines] == [
        ("2026-02-27", None), ("2026-03-02", "OPENED"), ("2026-03-02", "ACCEPTED"),
        ("2026-03-02", None),
    ]  # fmt: skip
    assert lines[-1][2] == {"province": "44", "act": "MEDIATION", "union": PLACE}
    assert whole["gaps"] == [
        {"province": "44", "first": 2, "last": 2},
        {"province": "44", "first": 4, "last": 4},
    ]
    assert whole["contradictions"] == [{"province": "44", "seq": 1}]
    # Whom the table shows no milestones, sees no timeline.
    await done(hub, PLACE, "assignTask", no, kind="OTHER", toUnion=OTHER)
    assert (await hub(ask.TIMELINE, clerk(OTHER), no=no))["timeline"] is None
