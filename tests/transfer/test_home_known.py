"""Who is no home any more moves nobody; what no register has confirmed is not said."""

from __future__ import annotations

import msgspec
import pytest

from schema.records.refusal import Refusal
from schema.records.transfer import Basis, Transfer, TransferState
from tests.builders.moving import actor, union

HOME, NEW, THIRD = union("63", "a"), union("44", "b"), union("51", "a")


async def moved(hub, worker, to=NEW):
    opened = await hub.request(worker, to, f"move-{worker}")
    await hub.deliver()
    assert (await hub.now(opened)).state is TransferState.COMPLETED


@pytest.mark.parametrize("basis", [Basis.OFFER, Basis.CLOSURE])
async def test_a_union_that_the_member_left_is_refused_at_once(hub, basis):
    (worker,) = await hub.enrol("63", 1)
    await moved(hub, worker)
    wish = hub.offer_of(worker, THIRD, residence="630101001")

    (answer,) = await hub.coordinator.offers(actor(HOME), [wish], ["k"], basis)

    assert isinstance(answer, Refusal), answer
    assert answer.code == "NOT_THE_HOME"
    assert NEW in answer.message.en, "it was a party, and may know where to"
    assert NEW in answer.message.zh


async def test_who_was_no_party_does_not_learn_where_the_member_is(hub):
    (worker,) = await hub.enrol("63", 1, also=("51",))
    await moved(hub, worker)
    wish = msgspec.structs.replace(hub.offer_of(worker, HOME), from_union=THIRD)

    answer = await hub.coordinator.offer(actor(THIRD), wish, "k")

    assert answer.code == "NOT_THE_HOME"
    assert NEW not in repr(answer)


async def test_the_new_home_may_offer_and_of_others_the_register_decides(hub):
    (there, unknown) = await hub.enrol("63", 2)
    await moved(hub, there)
    wish = msgspec.structs.replace(hub.offer_of(there, THIRD), from_union=NEW)

    onward = await hub.coordinator.offer(actor(NEW), wish, "k")
    first = await hub.offer(unknown, THIRD)

    assert isinstance(onward, Transfer), onward
    assert isinstance(first, Transfer), first


async def test_a_home_is_confirmed_by_its_register_alone(hub):
    (member, stranger) = await hub.enrol("63", 2)
    wish = msgspec.structs.replace(
        hub.offer_of(stranger, NEW), from_union=union("63", "b")
    )

    opened = await hub.offer(member, NEW)
    wrong = await hub.coordinator.offer(actor(union("63", "b")), wish, "wrong")
    before = opened.home_confirmed, wrong.home_confirmed
    await hub.deliver()

    assert before == (False, False)
    told, refused = await hub.now(opened), await hub.now(wrong)
    assert (told.state, told.home_confirmed) == (TransferState.IN_TRANSIT, True)
    assert (refused.state, refused.home_confirmed) == (TransferState.REFUSED, False)
