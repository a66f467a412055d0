"""How the hub is known to a REST interface: keys, tokens, signatures, and their ends."""

from __future__ import annotations

import asyncio
import hashlib
import hmac

import pytest

from connectors.own_words.signing import signature_headers
from connectors.rest.opening import open_rest
from connectors.transport import Exchange
from hub.clock import SystemClock
from schema.records.refusal import Refused
from schema.records.told import FaultCode
from tests.rest.conftest import ask, guarded
from tests.rest.foreign import mapping_text
from tests.rest.subjects import ENVIRON, interface, opened


async def given(province):
    return (await province.seen())["given"]


async def test_one_token_serves_all_that_is_asked_at_once(province):
    async with guarded(province) as guard:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(ask(guard)) for _ in range(8)]
        assert all(one.result().faults == () for one in asked)
    assert await given(province) == 1


async def test_a_token_is_renewed_before_its_end(province):
    await province.patch(life=8.0)
    async with guarded(province) as guard:
        began = asyncio.get_running_loop().time()
        await ask(guard)
        tokens = guard._connector._parts.caller._tokens
        assert began + 6 <= tokens._renew_at < tokens._ends_at - 1.9
        await ask(guard)
        assert await given(province) == 1
        tokens._renew_at = began
        assert (await ask(guard)).faults == ()
        assert await given(province) == 2


async def test_while_none_is_given_the_old_token_serves_to_its_end(province):
    async with guarded(province) as guard:
        await ask(guard)
        await province.patch(faults={"/token": "500"})
        tokens = guard._connector._parts.caller._tokens
        tokens._renew_at = 0
        assert (await ask(guard)).faults == ()
        tokens._renew_at = tokens._ends_at = 0
        assert (await ask(guard)).faults[0].code is FaultCode.PROVINCE_ERROR


async def test_a_token_that_is_turned_down_is_fetched_anew_once(province):
    async with guarded(province) as guard:
        await ask(guard)
        tokens = guard._connector._parts.caller._tokens
        # The province forgets all that it gave.
        await province.patch(life=3600.0)
        tokens._given_at -= 1
        assert (await ask(guard)).faults == ()
        assert await given(province) == 1

        await province.patch(faults={"/v1/gr/query": "401"})
        tokens._given_at -= 1
        for _ in range(3):
            assert (await ask(guard)).faults[0].code is FaultCode.UNAUTHORISED
        assert await given(province) == 2, "not in a ring, not for every question"


async def test_a_right_that_is_lacking_is_not_a_token_that_is_bad(province):
    async with guarded(province) as guard:
        await ask(guard)
        guard._connector._parts.caller._tokens._given_at -= 1
        await province.patch(faults={"/v1/gr/query": "403"})
        assert (await ask(guard)).faults[0].code is FaultCode.UNAUTHORISED
    assert await given(province) == 1


TOKEN_FAULTS = {
    "500": FaultCode.PROVINCE_ERROR,
    "400": FaultCode.UNAUTHORISED,
    "401": FaultCode.UNAUTHORISED,
    "html": FaultCode.MALFORMED,
    "torn": FaultCode.MALFORMED,
    "no rows": FaultCode.MALFORMED,
    "302": FaultCode.REDIRECTED,
}


@pytest.mark.parametrize(("fault", "code"), TOKEN_FAULTS.items(), ids=TOKEN_FAULTS)
async def test_without_a_token_nothing_is_asked(province, fault, code):
    await province.patch(faults={"/token": fault})
    async with guarded(province) as guard:
        assert [one.code for one in (await ask(guard)).faults] == [code]
    assert (await province.seen())["seen"] == []


@pytest.mark.parametrize("name", ["SECRET", "SIGNING", "KEY"])
async def test_a_wrong_secret_is_turned_down(province, name):
    async with guarded(province, environ={**ENVIRON, name: "wrong"}) as guard:
        answer = await ask(guard)
    assert [one.code for one in answer.faults] == [FaultCode.UNAUTHORISED]


@pytest.mark.parametrize("name", ["SECRET", "SIGNING", "KEY"])
def test_a_secret_that_is_missing_is_told(tmp_path, name):
    with pytest.raises(Refused) as raised:
        opened(
            "http://127.0.0.1:9", tmp_path, mapping_text(),
            environ={**ENVIRON, name: " "},
        )  # fmt: skip
    refusal = raised.value.refusal
    assert name in refusal.message.en
    assert name in refusal.message.zh


async def test_no_secret_shows(province):
    _, connector = opened(province.url, province.directory, mapping_text())
    shown = repr(vars(connector._parts.caller)) + repr(connector._parts.caller._tokens)
    await connector.close()
    for secret in (ENVIRON["SECRET"], "Basic"):
        assert secret not in shown
    settings, _ = opened(province.url, province.directory, mapping_text())
    assert all(one not in settings.model_dump_json() for one in ENVIRON.values())


def test_a_signature_covers_all_that_is_sent():
    sent = Exchange("POST", "https://gd.example:8443/v1/x?b=1&a=%2F", {}, b'{"a":1}')

    told = signature_headers(sent, "k1", b"secret", 1_700_000_000, "n1")

    text = (
        "POST\ngd.example:8443\n/v1/x?b=1&a=%2F\n1700000000\nn1\n"
        "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    )
    assert told == {
        "X-Signature-Key": "k1",
        "X-Signature-Time": "1700000000",
        "X-Signature-Nonce": "n1",
        "X-Signature": hmac.new(b"secret", text.encode(), hashlib.sha256).hexdigest(),
    }


async def test_a_bearer_token_of_the_settings_serves_without_oauth(tmp_path):
    rest = interface("http://127.0.0.1:9")
    del rest["oauth"]
    settings, connector = opened(
        "http://127.0.0.1:9", tmp_path, mapping_text(), interface_=rest,
        environ={**ENVIRON, "BEARER": "abc"}, bearer_env="BEARER",
    )  # fmt: skip
    assert connector._parts.caller._transport._headers["Authorization"] == "Bearer abc"
    assert open_rest(settings, {**ENVIRON, "BEARER": "abc"}, SystemClock())
    await connector.close()
