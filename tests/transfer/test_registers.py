"""Nobody is sent to, or let go by, a province whose register takes no acts."""

from __future__ import annotations

import msgspec
import pytest

from connectors.guard import Guard
from connectors.memory import MemoryConnector
from connectors.port import WHOLE_CONTRACT, Capabilities
from schema.records.command import Act
from schema.records.keys import ProvinceCode
from schema.records.moving import RequestWish
from schema.records.transfer import Basis, Transfer, TransferState
from tests.builders.moving import _settings, actor, union

HOME, NEW = union("63", "a"), union("44", "b")
READING = Capabilities("1.0", WHOLE_CONTRACT.fields, frozenset())


async def set_up(hub, province, how):
    """Let a province be one that takes no acts, has not said so, is paused or gone."""
    guards = hub.registry._berths
    if how == "gone":
        del guards[province]
        return
    settings = _settings(province).model_copy(update={"paused": how == "paused"})
    serves = READING if how in {"declared", "unknown"} else WHOLE_CONTRACT
    connector = MemoryConnector(
        ProvinceCode(province), hub.workers[province], hub.clock, serves
    )
    hub.connectors[province] = connector
    guards[province] = Guard(connector, settings, hub.clock)
    if how == "declared":
        await guards[province].probe(float("inf"))


REFUSED = [
    ("declared", "REGISTER_TAKES_NO_ACTS"),
    ("paused", "REGISTER_PAUSED"),
    ("gone", "REGISTER_NOT_CONNECTED"),
]


@pytest.mark.parametrize(("how", "code"), REFUSED)
@pytest.mark.parametrize("whose", ["63", "44"])
async def test_it_is_refused_at_opening_whoever_opens_it(hub, whose, how, code):
    (worker, other) = await hub.enrol("63", 2)
    issued = await hub.issue(worker)
    await set_up(hub, whose, how)
    wish = RequestWish(credential=issued.compact, code=issued.code, to_union=NEW)
    closing = hub.offer_of(other, "", residence="440101001")
    batch = await hub.bulk.submit(
        actor(HOME),
        hub.batch(
            "63",
            [{"membershipNo": "C63000000", "localId": "W000000"}],
            union=HOME,
            to=NEW,
        ),
        "k",
    )

    told = [
        await hub.coordinator.request(actor(NEW), wish, "r"),
        await hub.offer(worker, NEW),
        *await hub.coordinator.offers(actor(HOME), [closing], ["c"], Basis.CLOSURE),
    ]
    await hub.bulk.open(batch.id, 10)
    (row,) = await hub.batches.results(batch.id, 10, -1)

    assert [one.code for one in [*told, row.refusal]] == [code] * 4
    for one in told:
        assert whose in one.message.zh
        assert whose in one.message.en
        assert one.remedy.zh
        assert one.remedy.en
    assert await hub.count("transfer") == 0
    assert (await hub.room.credentials.verify(issued.compact)).state == "VALID"


async def test_it_says_what_the_province_must_serve(hub):
    (worker,) = await hub.enrol("63", 1)
    await set_up(hub, "44", "declared")

    told = await hub.offer(worker, NEW)

    assert "Province 44 (44)" in told.message.en
    assert "contract 1.0 without registerIn" in told.message.en
    assert "省44（44）" in told.message.zh
    assert "contract 1.1" in told.remedy.en


@pytest.mark.parametrize("lacking", [Act.REGISTER_OUT, Act.CANCEL_OUT])
async def test_the_old_register_must_be_able_to_undo_too(hub, lacking):
    (worker,) = await hub.enrol("63", 1)
    await set_up(hub, "63", "unknown")
    serves = msgspec.structs.replace(WHOLE_CONTRACT, acts=frozenset(Act) - {lacking})
    hub.connectors["63"]._capabilities = serves
    await hub.registry.get("63").probe(float("inf"))

    assert (await hub.offer(worker, NEW)).code == "REGISTER_TAKES_NO_ACTS"


async def test_what_is_not_known_yet_is_not_refused(hub):
    (worker,) = await hub.enrol("63", 1)
    await set_up(hub, "44", "unknown")

    opened = await hub.offer(worker, NEW)

    assert isinstance(opened, Transfer)


@pytest.mark.parametrize(("how", "code"), REFUSED)
async def test_nobody_accepts_for_a_register_that_takes_nobody_in(hub, how, code):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    early = await hub.coordinator.accept(actor(NEW), opened.id, None, "early")
    await hub.deliver()
    serving = hub.registry._berths["44"]
    await set_up(hub, "44", how)

    told = await hub.coordinator.accept(actor(NEW), opened.id, None, "yes")
    stranger = await hub.coordinator.accept(
        actor(union("51", "a")), opened.id, None, "s"
    )
    hub.registry._berths["44"] = serving
    again = await hub.coordinator.accept(actor(NEW), opened.id, None, "yes")
    await set_up(hub, "44", how)
    repeated = await hub.coordinator.accept(actor(NEW), opened.id, None, "yes")

    assert early.code == "NOT_YET_REGISTERED_OUT"
    assert told.code == code
    assert stranger.code == "UNKNOWN_TRANSFER"
    assert again.state is TransferState.IN_PENDING
    assert repeated == again  # what was done is answered as it was


async def test_what_was_opened_before_is_answered_as_before(hub):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.offer(worker, NEW)
    await set_up(hub, "44", "paused")

    assert await hub.offer(worker, NEW) == opened


async def test_who_cannot_land_at_home_stays_with_the_old_union(hub):
    (worker,) = await hub.enrol("63", 1)
    await set_up(hub, "51", "declared")
    wish = hub.offer_of(worker, NEW, residence="510101001")

    opened = await hub.coordinator.offer(actor(HOME), wish, "k")
    await hub.deliver()
    hub.clock.forward(days=60)
    await hub.deadlines.look()
    await hub.deliver()

    ended = await hub.now(opened)
    assert (ended.state, ended.home) == (TransferState.EXPIRED, HOME)
