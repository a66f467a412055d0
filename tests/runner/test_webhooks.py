"""Endpoints are told in order, signed, and nothing else can be called by them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from hub.audit.trail import GroupTrail, TrailUnavailable
from hub.config.moving import WebhookSettings
from hub.config.webhook_secret import BadWebhookSecret, read_secret
from hub.feeds.events import read_cursor
from hub.runner.calling import Caller, may_be_called
from hub.runner.webhooks import Webhooks
from hub.store.audit import AuditBook, who_looked
from hub.store.feeds import FeedStore
from hub.store.webhooks import WebhookCursors
from tests.builders.moving import actor, union
from tests.fakes.hub import Trail
from tests.following.case_samples import TABLE

NEW, HOME = union("44", "b"), union("63", "a")
SECRET, NEXT = b"s" * 32, b"n" * 32


class Receiver:
    """An office's own system, as a real HTTP server."""

    def __init__(self):
        self.got = []
        self.answers = []
        self.hang = None

    async def handle(self, request):
        body = await request.read()
        if self.hang is not None:
            await self.hang.wait()
        status = self.answers.pop(0) if self.answers else 204
        self.got.append((dict(request.headers), body, status))
        headers = {"Location": "/elsewhere"} if status // 100 == 3 else {}
        return web.Response(status=status, headers=headers)

    def taken(self):
        return [json.loads(body) for _, body, status in self.got if status == 204]


@asynccontextmanager
async def serving(receiver):
    app = web.Application()
    app.router.add_post("/{any:.*}", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@pytest.fixture
async def receiver():
    made = Receiver()
    async with serving(made) as made.port:
        yield made


@pytest.fixture
async def caller():
    made = Caller(deadline=0.5, loopback=True, private=False)
    yield made
    await made.close()


@pytest.fixture
def webhooks(hub, receiver, caller, database_url):
    settings = WebhookSettings.model_validate(
        {
            "loopback": True,
            "events": 3,
            "endpoints": [
                {
                    "name": name,
                    "office": office,
                    "url": f"http://127.0.0.1:{receiver.port}/{name}",
                    "secret_env": "S",
                }
                for name, office in (("new", NEW), ("county", union("51", "county")))
            ],
        }
    )
    return Webhooks(
        settings,
        {"new": [SECRET, NEXT], "county": [SECRET]},
        feed=FeedStore(hub.pool, database_url),
        cursors=WebhookCursors(hub.pool),
        trail=GroupTrail(AuditBook(hub.pool), hub.clock),
        post=caller,
        directory=lambda: hub.directory,
        roles=TABLE,
        clock=hub.clock,
        notes=hub.notes,
        chance=lambda: 1.0,
    )


async def moved(hub, count=2):
    """Move members, so that there is something to tell."""
    workers = await hub.enrol("63", count)
    opened = [await hub.request(w, NEW, key=f"k{w}") for w in workers]
    await hub.deliver()
    return opened


async def test_both_unions_are_told_in_order_signed_with_both_secrets(
    hub, webhooks, receiver
):
    assert await webhooks.behind() == []  # told from now on
    opened = await moved(hub)
    assert await webhooks.behind() == ["new", "county"]
    for name in ("new", "county"):
        await webhooks.call(name)

    assert await webhooks.behind() == []
    told = receiver.taken()
    assert len(told) == 8  # the county of another province is told nothing
    assert {one["data"]["transfer"]["id"] for one in told} == {o.id for o in opened}
    assert [one["type"] for one in told].count("transfer.opened") == 2
    cursors = [read_cursor(one["data"]["cursor"]) for one in told]
    assert cursors == sorted(cursors)
    for headers, body, _ in receiver.got:
        stamp = headers["webhook-timestamp"]
        said = f"{headers['webhook-id']}.{stamp}.".encode() + body
        assert headers["webhook-signature"].split() == [
            "v1," + base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()
            for key in (SECRET, NEXT)
        ]
    assert "W000000" not in json.dumps(told)  # local ids are the provinces' own


async def test_what_an_endpoint_is_told_stands_in_the_trail_first(
    hub, webhooks, receiver
):
    await webhooks.behind()
    (opened,) = await moved(hub, 1)
    await webhooks.call("new")

    told = len(receiver.taken())
    looks = await who_looked(hub.pool, opened.worker)
    shown = [look for look in looks if look.tag == "transfer:event:shown"]
    assert len(shown) == told > 1
    assert {(one.handling.subject, one.handling.office) for one in shown} == {
        ("webhook:new", NEW)
    }
    assert {one.handling.about for one in shown} == {(opened.id,)}

    await hub.offer((await hub.enrol("63", 1))[0], NEW, key="more")
    webhooks._calls._trail, written = Trail(), webhooks._calls._trail
    webhooks._calls._trail.failure = TrailUnavailable("full")
    await webhooks.call("new")
    assert len(receiver.taken()) == told, "what cannot be written down is not told"
    webhooks._calls._trail = written
    hub.clock.forward(minutes=11)
    await webhooks.call("new")
    assert len(receiver.taken()) == told + 1


async def test_what_fails_is_sent_again_with_the_same_id_before_what_is_later(
    hub, webhooks, receiver
):
    await webhooks.behind()
    await moved(hub, 1)
    receiver.answers = [204, 500, 302, 410]
    for _ in range(4):
        await webhooks.call("new")
        await webhooks.call("new")  # it rests: nothing is sent
        hub.clock.forward(minutes=11)
    receiver.hang = asyncio.Event()
    assert await webhooks.behind() == ["county"]
    await hub.offer((await hub.enrol("63", 1))[0], NEW, key="more")
    await webhooks.call("new")
    receiver.hang.set()
    receiver.hang = None
    hub.clock.forward(minutes=11)
    await webhooks.call("new")

    ids = [
        headers["webhook-id"] for headers, _, status in receiver.got if status != 204
    ]
    assert len(set(ids)) == 1
    assert len(receiver.got) - len(ids) in {5, 6}  # the one that hung may have arrived
    assert [outcome for name, outcome in hub.notes.calls if outcome != "ok"] == [
        "status-500", "status-302", "status-410", "timed-out",
    ]  # fmt: skip


async def test_replay_tells_again_what_came_after_a_cursor(hub, webhooks, receiver):
    await webhooks.behind()
    await moved(hub, 1)
    await webhooks.call("new")
    second = receiver.taken()[1]["data"]["cursor"]
    cursors = WebhookCursors(hub.pool)
    await cursors.forget("new")
    await cursors.move("new", read_cursor(second))

    await webhooks.call("new")

    told = [one["data"]["cursor"] for one in receiver.taken()]
    assert told[4:] == told[2:4]


async def test_who_missed_what_is_no_longer_kept_is_told_that(
    hub, webhooks, receiver, database_url
):
    await webhooks.behind()
    await moved(hub, 3)
    await FeedStore(hub.pool, database_url).prune(hub.clock.now() - hub.clock.now(), 1)

    await webhooks.call("new")

    assert [one["type"] for one in receiver.taken()] == ["events.lost"]
    assert await webhooks.behind() == ["county"]


@pytest.mark.parametrize(
    ("address", "loopback", "private", "may"),
    [
        ("127.0.0.1", True, False, True),
        ("127.0.0.1", False, True, False),
        ("::1", False, True, False),
        ("::ffff:127.0.0.1", False, True, False),
        ("10.1.2.3", False, False, False),
        ("10.1.2.3", False, True, True),
        ("169.254.169.254", True, True, False),
        ("fe80::1%eth0", True, True, False),
        ("0.0.0.0", True, True, False),  # noqa: S104  # a case
        ("224.0.0.1", True, True, False),
        ("8.8.8.8", False, False, True),
        ("2001:4860:4860::8888", False, False, True),
        ("no address", True, True, False),
    ],
)
def test_only_public_addresses_may_be_called(address, loopback, private, may):
    assert may_be_called(address, loopback=loopback, private=private) is may


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:{port}/", "forbidden-address"),
        ("http://localhost:{port}/", "not-https"),
        ("https://localhost:{port}/", "forbidden-address"),
        ("http://8.8.8.8/", "not-https"),
        ("https://[::1]:{port}/", "forbidden-address"),
        ("https://10.0.0.1/", "forbidden-address"),
    ],
)
async def test_this_machine_is_not_called_unless_it_may_be(receiver, url, why):
    caller = Caller(deadline=2, loopback=False, private=False)
    try:
        assert await caller.post(url.format(port=receiver.port), b"{}", {}) == why
    finally:
        await caller.close()
    assert receiver.got == []


async def test_who_answers_without_end_is_left(caller):
    async def endless(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(10_000):
            await response.write(b"x" * 65536)
        return response

    receiver = Receiver()
    receiver.handle = endless
    async with serving(receiver) as port:
        assert await caller.post(f"http://127.0.0.1:{port}/", b"{}", {}) == "ok"


@pytest.mark.parametrize("bad", ["", "whsec_", "whsec_c2hvcnQ=", "x" * 40, "whsec_é"])
def test_a_bad_secret_is_refused_and_not_repeated(bad):
    with pytest.raises(BadWebhookSecret) as refused:
        read_secret(bad, "HOOK_1")

    assert "HOOK_1" in str(refused.value)
    assert not bad or bad == "whsec_" or bad not in str(refused.value)


async def test_accepting_a_stranger_is_told_to_nobody_else(hub, webhooks, receiver):
    await webhooks.behind()
    (worker,) = await hub.enrol("42", 1)
    wish = hub.offer_of(worker, union("37", "a"))
    await hub.coordinator.offer(actor(wish.from_union), wish, "k")

    await webhooks.call("new")
    await webhooks.call("county")

    assert receiver.got == []
    assert await webhooks.behind() == []
