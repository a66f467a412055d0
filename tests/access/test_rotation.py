"""Keys come and go at a real server in another process, also while it is down."""

from __future__ import annotations

import asyncio

import pytest

from hub.access.tokens import InvalidToken, Reason, Verifier
from tests.access.issuing import (
    ED,
    ED_NEXT,
    IssuerProcess,
    SetClock,
    publish,
    settings,
    token,
)


@pytest.fixture
def issuer(tmp_path):
    publish(tmp_path / "jwks.json", ED)
    process = IssuerProcess(tmp_path / "jwks.json")
    process.start()
    yield process
    process.stop()


def verifier_of(issuer, **changes):
    own = {"refresh_at_most_every": "50ms", **changes}
    return Verifier([settings(jwks_url=issuer.url, **own)], SetClock())


async def refused(verifier, text):
    with pytest.raises(InvalidToken) as caught:
        await verifier.verify(text)
    return caught.value.reason


async def until(condition):
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110  # nothing tells of a fetch that is over
            await asyncio.sleep(0.01)


async def test_a_new_key_is_believed_as_soon_as_a_token_names_it(issuer):
    async with verifier_of(issuer) as verifier:
        assert await refused(verifier, token(ED_NEXT)) == Reason.KEY
        publish(issuer.path, ED, ED_NEXT)
        await asyncio.sleep(0.06)
        assert await verifier.verify(token(ED_NEXT))
        assert await verifier.verify(token(ED))


async def test_a_withdrawn_key_ends_its_remembered_tokens(issuer):
    async with verifier_of(issuer, refresh_every="50ms") as verifier:
        text = token(ED)
        await verifier.verify(text)
        publish(issuer.path, ED_NEXT)
        ring = verifier._rings["https://login.example.org"]
        await until(lambda: ring.keys.keys() == {"ed-2"})
        assert await refused(verifier, text) == Reason.KEY
        assert await verifier.verify(token(ED_NEXT))


async def test_what_was_never_started_can_be_closed():
    await Verifier([], SetClock()).close()


async def test_invented_key_names_cause_one_fetch_in_a_while(issuer):
    async with verifier_of(issuer, refresh_at_most_every="1h") as verifier:
        before = issuer.asked()
        for number in range(20):
            invented = token(header={"kid": f"invented-{number}"})
            assert await refused(verifier, invented) == Reason.KEY
        assert issuer.asked() == before == 1


async def test_those_who_wait_for_a_fetch_share_it(issuer):
    async with verifier_of(issuer) as verifier:
        await asyncio.sleep(0.06)
        issuer.path.with_suffix(".delay").write_text("0.2")
        publish(issuer.path, ED, ED_NEXT)
        before = issuer.asked()
        async with asyncio.TaskGroup() as group:
            for number in range(10):
                group.create_task(verifier.verify(token(ED_NEXT, sub=f"o-{number}")))
        assert issuer.asked() == before + 1


async def test_who_gives_up_waiting_does_not_end_the_fetch_for_others(issuer):
    async with verifier_of(issuer) as verifier:
        await asyncio.sleep(0.06)
        issuer.path.with_suffix(".delay").write_text("0.2")
        publish(issuer.path, ED, ED_NEXT)
        first = asyncio.create_task(verifier.verify(token(ED_NEXT)))
        second = asyncio.create_task(verifier.verify(token(ED_NEXT, sub="o-2")))
        await asyncio.sleep(0.05)
        first.cancel()
        assert (await second).subject == "o-2"


async def test_while_the_issuer_is_down_the_old_keys_stay(issuer):
    async with verifier_of(issuer) as verifier:
        issuer.stop()
        await asyncio.sleep(0.06)
        assert await refused(verifier, token(ED_NEXT)) == Reason.KEY
        assert await verifier.verify(token(ED))
        issuer.start()
        publish(issuer.path, ED, ED_NEXT)
        await asyncio.sleep(0.06)
        assert await verifier.verify(token(ED_NEXT))


async def test_an_issuer_that_is_down_at_the_start_is_believed_once_it_is_up(issuer):
    issuer.stop()
    async with verifier_of(issuer) as verifier:
        assert verifier.without_keys() == ["https://login.example.org"]
        assert await refused(verifier, token()) == Reason.KEY
        issuer.start()
        await until(lambda: not verifier.without_keys())
        assert await verifier.verify(token())


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".json", '{"keys": [' + " " * 300_000 + "]}"),
        (".json", "<html>"),
        (".json", '{"keys": [{"kid": "\udcff"}]}'),
        (".json", "[" * 100_000),
        (".json", '{"keys": [1]}'),
        (".status", "500"),
        (".status", "302"),
        (".delay", "2"),
    ],
    ids=["huge", "html", "no-utf8", "deep", "no-keys", "failing", "redirect", "slow"],
)
async def test_a_bad_answer_leaves_the_keys_as_they_are(issuer, ending, content):
    async with verifier_of(issuer, timeout="300ms") as verifier:
        await asyncio.sleep(0.06)
        issuer.path.with_suffix(ending).write_text(content, "utf-8", "surrogateescape")
        assert await refused(verifier, token(ED_NEXT)) == Reason.KEY
        assert await verifier.verify(token(ED))
