"""Anybody may fetch the public keys and the status lists, and keep them for a while."""

from __future__ import annotations

import pytest

from hub.store.unavailable import StoreUnavailable
from tests.credential.holding import hold

NO_TOKEN = {"Authorization": None}


async def get(ask, path, headers=None, method="GET"):
    return await ask(method=method, path=path, headers={**NO_TOKEN, **(headers or {})})


@pytest.fixture
async def held():
    held = hold()
    await held.issue()
    return held


async def test_keys_and_lists_are_served_without_a_token(ask_with, held):
    async with ask_with(credentials=held.publisher) as ask:
        keys = await get(ask, "/credentials/jwks.json")
        listed = await get(ask, "/credentials/status/0")
        same = await get(
            ask, "/credentials/status/0", {"If-None-Match": listed.headers["ETag"]}
        )
        head = await get(ask, "/credentials/status/0", method="HEAD")

    assert (keys.status, keys.kind) == (200, "application/jwk-set+json")
    assert keys.body == held.ring.jwks()
    assert (listed.status, listed.kind) == (200, "application/statuslist+jwt")
    assert listed.headers.getall("Cache-Control") == ["public, max-age=900"]
    assert listed.headers["Access-Control-Allow-Origin"] == "*"
    assert (same.status, same.body) == (304, b"")
    assert same.headers["ETag"] == listed.headers["ETag"]
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(listed.body)


@pytest.mark.parametrize(
    "number", ["1", "999999", "1000000", "-1", "00", "٣", "x", "0.0", "%00", "9" * 400]
)
async def test_a_list_that_is_not_there_is_404(ask_with, held, number):
    async with ask_with(credentials=held.publisher) as ask:
        told = await get(ask, f"/credentials/status/{number}")

    assert (told.status, told.code) == (404, "NOT_FOUND")


async def test_a_store_that_cannot_answer_is_said(ask_with, held):
    async def gone(_first, _past):
        raise StoreUnavailable("timeout")

    held.store.spent = gone
    async with ask_with(credentials=held.publisher) as ask:
        told = await get(ask, "/credentials/status/0")

    assert (told.status, told.code) == (503, "STORE_UNAVAILABLE")


async def test_a_hub_without_credentials_has_no_such_routes(ask):
    told = await get(ask, "/credentials/jwks.json")

    assert told.status == 404


async def test_they_can_only_be_fetched(ask_with, held):
    async with ask_with(credentials=held.publisher) as ask:
        told = await get(ask, "/credentials/jwks.json", method="POST")

    assert told.status == 405
