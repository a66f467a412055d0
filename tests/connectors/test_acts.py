"""Commands on their way to a register: what is no answer to them stays unknown."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from connectors.breaker import Phase
from connectors.faults import ProvinceFault
from connectors.guard import Guard
from connectors.health import ProvinceState
from connectors.memory import MemoryConnector
from connectors.port import Acted, Capabilities
from connectors.receipts import checked
from connectors.unusable import UnusableConnector
from hub.clock import SystemClock
from schema.records.command import Act, Answered, Receipt, RefusalCode
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal
from schema.records.told import FaultCode
from tests.connectors.conftest import (
    GRACE,
    SHORT,
    Observed,
    ask,
    guarded,
    settings_for,
)
from tests.provinces.registers import command

CANCEL = command("CANCEL_OUT", "t1", "w1", "c1")
OUT = command("REGISTER_OUT", "t2", "w2", "c2")
#: In the other order than they are sent.
COMMANDS = (OUT, CANCEL)
QUICK = {"failures": 3, "open_for": "600ms"}


async def act(guard, commands=COMMANDS, seconds=60.0):
    """Act, and hold the guard to its deadline."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    acted = await guard.act(commands, "request-1", began + seconds)
    assert len(acted.receipts) == len(commands)
    assert (None in acted.receipts) == (acted.fault is not None)
    return acted


def known(acted):
    return [one is not None for one in acted.receipts]


async def test_receipts_stand_in_the_order_of_the_commands(hostile):
    async with guarded(hostile.url("/acts-ok")) as guard:
        out, cancelled = (await act(guard)).receipts
        assert guard.health().state is ProvinceState.ANSWERING
    assert (out.key, out.entry) == (OUT.key, "44-OUT-2")
    assert out.joined_on == date(2019, 5, 4)
    assert (cancelled.key, cancelled.entry) == (CANCEL.key, None)


BOTH_UNKNOWN = {
    "/acts-swapped": FaultCode.MALFORMED,
    "/acts-twice": FaultCode.MALFORMED,
}
CANCEL_UNKNOWN = {
    "/acts-other-key": FaultCode.MALFORMED,
    "/acts-fewer": FaultCode.MALFORMED,
    "/acts-more": FaultCode.MALFORMED,
    "/acts-no-list": FaultCode.MALFORMED,
    "/acts-broken": FaultCode.MALFORMED,
    "/acts-unheard-of": FaultCode.MALFORMED,
    "/acts-short": FaultCode.MALFORMED,
    "/acts-cancel-refused": FaultCode.MALFORMED,
    "/acts-long-entry": FaultCode.MALFORMED,
    "/acts-field-null": FaultCode.PROVINCE_ERROR,
    "/acts-entry-null": FaultCode.PROVINCE_ERROR,
    "/acts-silent-null": FaultCode.MALFORMED,
    "/acts-missing": FaultCode.MALFORMED,
}
OUT_UNKNOWN = {
    "/acts-no-entry": FaultCode.MALFORMED,
    "/acts-other-worker": FaultCode.MALFORMED,
}
HALF = [
    *((path, code, [False, False]) for path, code in BOTH_UNKNOWN.items()),
    *((path, code, [True, False]) for path, code in CANCEL_UNKNOWN.items()),
    *((path, code, [False, True]) for path, code in OUT_UNKNOWN.items()),
]


@pytest.mark.parametrize(("path", "code", "told"), HALF, ids=[h[0] for h in HALF])
async def test_what_is_no_answer_is_unknown_and_costs_no_other(
    hostile, path, code, told, caplog
):
    caplog.set_level("DEBUG")
    async with guarded(hostile.url(path)) as guard:
        acted = await act(guard)
        assert guard.health().breaker is Phase.CLOSED
    assert known(acted) == told
    assert acted.fault.code is code
    assert "request=request-1" in caplog.text
    for personal in ("李四", "c1", "w1", "t9"):
        assert personal not in caplog.text


MISBEHAVIOURS = {
    "/hang": FaultCode.TIMED_OUT,
    "/drip": FaultCode.TIMED_OUT,
    "/half": FaultCode.BROKEN_OFF,
    "/reset": FaultCode.BROKEN_OFF,
    "/500": FaultCode.PROVINCE_ERROR,
    "/errors": FaultCode.PROVINCE_ERROR,
    "/null-data": FaultCode.MALFORMED,
    "/html": FaultCode.MALFORMED,
    "/utf8": FaultCode.MALFORMED,
    "/bomb": FaultCode.TOO_LARGE,
    "/redirect": FaultCode.REDIRECTED,
    "/401": FaultCode.UNAUTHORISED,
    "/429": FaultCode.THROTTLED,
    "/200-unknown": FaultCode.NOT_SUPPORTED,
    "/deep-aside": FaultCode.MALFORMED,
}


@pytest.mark.parametrize(("path", "code"), MISBEHAVIOURS.items(), ids=MISBEHAVIOURS)
async def test_a_failure_leaves_every_command_unknown(hostile, path, code):
    limit = SHORT if code is FaultCode.TIMED_OUT else "5s"
    async with guarded(hostile.url(path), act_deadline=limit) as guard:
        acted = await act(guard)
        assert guard.outdated.is_set() == (code is FaultCode.NOT_SUPPORTED)
    assert known(acted) == [False, False]
    assert acted.fault.code is code


async def test_it_is_tried_once_whoever_sent_it_asks_again(hostile):
    url = hostile.url("/once-ill/acts")
    async with guarded(url, retry={"attempts": 3}) as guard:
        acted = await act(guard)
        assert acted.fault.code is FaultCode.PROVINCE_ERROR
        assert guard._observer.calls[0][3] == 1
    assert await hostile.seen("/once-ill/acts") == 1


async def test_a_refusal_is_told_with_its_reason(hostile):
    async with guarded(hostile.url("/acts-refused")) as guard:
        receipt, _ = (await act(guard)).receipts
    assert receipt.answered is Answered.REFUSED
    assert receipt.code == RefusalCode.NOT_ACTIVE
    assert receipt.message == "已退会。 Withdrawn."


async def test_an_unheard_of_reason_is_another_and_its_words_are_not_kept(hostile):
    async with guarded(hostile.url("/acts-refused-oddly")) as guard:
        receipt, _ = (await act(guard)).receipts
    assert (receipt.code, receipt.message) == (RefusalCode.OTHER, "")


async def test_what_is_pending_is_told_as_pending(hostile):
    async with guarded(hostile.url("/acts-pending")) as guard:
        receipt, _ = (await act(guard)).receipts
    assert receipt.answered is Answered.PENDING


def over_memory(before=None, capabilities=None, **more):
    connector = MemoryConnector(ProvinceCode("44"), {}, SystemClock())
    connector.before = before
    connector._capabilities = capabilities or connector._capabilities
    settings = settings_for("http://127.0.0.1:1/", **more)
    return Guard(connector, settings, SystemClock(), Observed())


async def test_a_province_of_contract_1_0_takes_no_acts(hostile):
    guard = over_memory(capabilities=Capabilities("1.0", {}))
    assert (await act(guard)).fault.code is FaultCode.NOT_SUPPORTED
    before = await hostile.seen("/acts-ok")
    async with guarded(hostile.url("/acts-ok"), contract_version="1.0") as guard:
        assert (await act(guard)).fault.code is FaultCode.NOT_SUPPORTED
    assert await hostile.seen("/acts-ok") == before, "it was sent"


async def test_one_call_after_another_and_reading_does_not_wait_for_it():
    going = asyncio.Event()

    async def before():
        if not going.is_set():
            going.set()
            await asyncio.sleep(0.4)

    guard = over_memory(before, concurrency=1, queue_wait="50ms")
    first = asyncio.create_task(act(guard))
    await going.wait()
    assert (await act(guard)).fault.code is FaultCode.BUSY
    loop = asyncio.get_running_loop()
    assert await guard.probe(loop.time() + 5)
    assert guard.health().last_fault is FaultCode.BUSY
    assert not first.done(), "the probe waited for the act"
    assert (await first).fault is None


async def test_the_breaker_is_shared_with_reading(hostile):
    async with guarded(hostile.url("/500"), breaker=QUICK) as guard:
        for _ in range(3):
            await act(guard)
        seen = await hostile.seen("/500")
        assert (await act(guard)).fault.code is FaultCode.SUSPENDED
        assert (await ask(guard)).faults[0].code is FaultCode.SUSPENDED
        assert await hostile.seen("/500") == seen


async def test_acts_have_a_deadline_of_their_own():
    loop = asyncio.get_running_loop()

    async def before():
        await asyncio.sleep(0.3)

    slow = over_memory(before, deadline="100ms", act_deadline="2s")
    assert (await act(slow)).fault is None
    began = loop.time()
    hung = over_memory(asyncio.Event().wait, deadline="10s", act_deadline="200ms")
    assert (await act(hung)).fault.code is FaultCode.TIMED_OUT
    assert loop.time() - began < 0.2 + 5 * GRACE


async def test_a_receipt_that_gets_lost_is_there_when_it_is_asked_again():
    guard = over_memory()

    async def lose():
        guard._connector.after = None
        raise ProvinceFault(FaultCode.BROKEN_OFF)

    guard._connector.after = lose
    assert known(await act(guard)) == [False, False]
    assert known(await act(guard)) == [True, True]


async def test_whoever_gives_up_leaves_nothing_behind(hostile):
    async with guarded(hostile.url("/hang")) as guard:
        task = asyncio.create_task(guard.act(COMMANDS, "request-1", 1e9))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not guard._act_slots.locked()


async def test_a_bug_leaves_the_commands_unknown():
    async def before():
        raise KeyError("card")

    acted = await act(over_memory(before))
    assert acted.fault.code is FaultCode.PROVINCE_ERROR


async def test_without_commands_nothing_is_sent(hostile):
    async with guarded(hostile.url("/500/none")) as guard:
        assert await act(guard, ()) == Acted(())
    assert await hostile.seen("/500/none") == 0


async def test_a_paused_province_and_one_without_secrets_take_nothing():
    paused = over_memory(paused=True)
    assert (await act(paused)).fault.code is FaultCode.SUSPENDED
    why = Refusal("X", "rule", Bilingual("缺。", "No."), Bilingual("补。", "Add."))
    settings = settings_for("http://127.0.0.1:1/")
    unusable = Guard(
        UnusableConnector(ProvinceCode("44"), why), settings, SystemClock()
    )
    assert (await act(unusable)).fault.code is FaultCode.NOT_CONNECTED


def test_as_many_receipts_as_commands_or_none():
    one = Receipt(key=OUT.key, answered=Answered.DONE, entry="1")
    acted, flaw = checked(ProvinceCode("44"), COMMANDS, Acted((one,)))
    assert acted.receipts == (None, None)
    assert acted.fault.code is FaultCode.MALFORMED
    assert flaw


def test_a_new_file_has_to_be_named():
    come = command("REGISTER_IN", local_id=None)
    nameless = Receipt(key=come.key, answered=Answered.DONE, entry="1")
    acted, _ = checked(ProvinceCode("44"), [come], Acted((nameless,)))
    assert acted.receipts == (None,)


@pytest.mark.parametrize("act_", sorted({Act.CANCEL_OUT, Act.COMPLETE_OUT}))
def test_what_may_not_be_refused_is_not_taken_as_refused(act_):
    ending = command(act_)
    no = Receipt(key=ending.key, answered=Answered.REFUSED, code="OTHER")
    acted, flaw = checked(ProvinceCode("44"), [ending], Acted((no,)))
    assert acted.receipts == (None,)
    assert acted.fault.code is FaultCode.MALFORMED
    assert flaw == f"{act_} refused"
