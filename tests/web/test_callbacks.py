"""What provinces push: signed just now, once, about their own cases, or not at all."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import psycopg
import pytest

from deploy.demo.province.case_desk import headers as desk_headers
from hub.runner.signing import sign
from hub.store.case_changes import CaseChanges
from hub.store.case_unit import Cases
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from tests.builders.cases import going_on, opening
from tests.following.case_samples import ACCEPTED
from tests.web.conftest import Asking
from tests.web.serving import parts, running

SECRET, NEXT, OTHER = (bytes([n]) * 32 for n in (1, 2, 3))
NOW = datetime(2026, 6, 2, 4, tzinfo=UTC)
CASE = "2026-44-1"
#: Synthetic: division 110101, born 1990-03-07, check digit right.
NUMBER = "110101199003078515"
PATH = "/callbacks/44"


class Clock:
    def now(self):
        return NOW


class FromAnyLoop:
    """The server runs in a thread and a loop of its own: there it has its own pool."""

    def __init__(self, url):
        self._url = url

    async def _files(self):
        return await open_pool(DatabaseSettings(url_env="URL"), {"URL": self._url})

    async def take(self, intake):
        pool = await self._files()
        try:
            return await CaseChanges(pool).take(intake)
        finally:
            await pool.close()


@pytest.fixture
async def timeline(database_url):
    """The case that 44 leads, and its timeline as it is kept."""
    pool = await open_pool(DatabaseSettings(url_env="URL"), {"URL": database_url})
    begun = opening(no=CASE)
    async with Cases(pool).unit() as unit:
        await unit.write([begun, going_on(begun, ACCEPTED)])

    async def read():
        told = await CaseChanges(pool).timelines([CASE])
        return [line.seq for line in told[CASE].lines]

    yield read
    await pool.close()


@pytest.fixture
async def push(database_url, timeline):  # noqa: ARG001  # the case is there
    made = parts(
        case_files=FromAnyLoop(database_url),
        callback_secrets={"44": (SECRET, NEXT), "51": (OTHER,)},
        clock=Clock(),
        limits={"callback_bytes": 2048},
    )
    with running(made) as address:
        async with aiohttp.ClientSession() as session:
            ask = Asking(address, session, made)

            async def send(
                told=None, *, nonce="n1", secret=SECRET, at=NOW, path=PATH, **more
            ):
                body = told if isinstance(told, bytes) else json.dumps(told).encode()
                headers = dict(sign([secret], nonce, at, body))
                headers |= {"Content-Type": "application/json", "Authorization": None}
                headers |= more.pop("headers", {})
                return await ask(path=path, data=body, headers=headers, **more)

            yield send


def message(*changes, province="44", watermarks=()):
    return {"province": province, "changes": list(changes), "watermarks": watermarks}


def change(seq=1, case_no=CASE, **more):
    return {
        "caseNo": case_no, "seq": seq, "asOf": "2026-06-02T11:00:00+08:00",
        "act": "MEDIATION", "on": "2026-06-01", "unionCode": "place-union", **more,
    }  # fmt: skip


def refused(told, status, reason):
    said = told.error["extensions"]
    assert (told.status, said["reason"]) == (status, reason)
    assert said["rule"].startswith("callbacks.")
    for language in ("zh", "en"):
        assert said[language]
        assert said["remedy"][language]
    return True


async def nonces(url):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        found = await connection.execute("SELECT nonce FROM callback_nonce")
        return [nonce for (nonce,) in await found.fetchall()]


async def test_a_message_is_kept_when_it_is_answered(push, timeline):
    told = await push(message(change(1), change(2)))

    assert (told.status, told.json) == (200, {"new": 2, "contradicted": 0})
    assert await timeline() == [1, 2]


async def test_the_same_again_changes_nothing(push, timeline):
    await push(message(change(1)))
    again = await push(message(change(1), change(2)), at=NOW + timedelta(minutes=1))
    other = await push(message(change(1)), nonce="n2")

    assert refused(again, 409, "NONCE_USED")
    assert (other.status, other.json["new"]) == (200, 0)
    assert await timeline() == [1]


async def test_either_secret_does_while_it_is_changed(push):
    for nonce, secret in (("n1", SECRET), ("n2", NEXT)):
        told = await push(message(change(1)), secret=secret, nonce=nonce)
        assert told.status == 200


UNSIGNED = {
    "another's secret": {"secret": OTHER},
    "another province's path": {"path": "/callbacks/51"},
    "a province that may not push": {"path": "/callbacks/33"},
    "no province": {"path": "/callbacks/x"},
    "another body": {"headers": {"webhook-signature": "v1,AAAA v2,x"}},
    "another id": {"headers": {"webhook-id": "n2"}},
    "another moment": {"headers": {"webhook-timestamp": str(int(NOW.timestamp()) + 1)}},
}


async def test_what_is_not_signed_by_the_province_changes_nothing(
    push, timeline, database_url
):
    for what, given in UNSIGNED.items():
        told = await push(message(change(1)), **given)
        assert refused(told, 401, "SIGNATURE"), what

    assert await timeline() == []
    assert await nonces(database_url) == []


NO_HEADERS = [
    {"webhook-id": None},
    {"webhook-timestamp": None},
    {"webhook-signature": None},
    {"webhook-id": "x" * 65},
    {"webhook-id": "a b"},
    {"webhook-timestamp": "1e9"},
    {"webhook-timestamp": "-5"},
    {"webhook-timestamp": "9" * 12},
    {"webhook-signature": "AAAA"},
    {"webhook-signature": "v2,AAAA"},
]


async def test_headers_that_are_none(push, timeline):
    for headers in NO_HEADERS:
        told = await push(message(change(1)), headers=headers)
        assert refused(told, 401, "HEADERS"), headers
    assert await timeline() == []


async def test_what_was_not_signed_just_now_is_refused(push, timeline):
    for minutes in (-6, 6, -60 * 24, 60 * 24 * 365 * 100):
        told = await push(message(change(1)), at=NOW + timedelta(minutes=minutes))
        assert refused(told, 401, "TIMESTAMP"), minutes
    assert await timeline() == []


async def test_clocks_may_differ_by_minutes(push):
    for nonce, minutes in (("n1", -4.9), ("n2", 4.9)):
        at = NOW + timedelta(minutes=minutes)
        assert (await push(message(change(1)), at=at, nonce=nonce)).status == 200


async def test_a_province_speaks_for_itself_only(push, timeline):
    told = await push(message(change(1), province="51"))

    assert refused(told, 403, "ANOTHER_PROVINCE")
    assert await timeline() == []


UNREADABLE = {
    "not JSON": b"{",
    "not UTF-8": b'{"province": "\xff"}',
    "no object": b"[]",
    "deep": b"[" * 900,
    "no changes": {"province": "44"},
    "no number": message({**change(), "seq": 0}),
    "no time zone": message({**change(), "asOf": "2026-06-02T11:00:00"}),
    "no day": message({**change(), "on": None}),
    "no hash": message(change(document={"reference": "r", "sha256": "x"})),
    "gone and more": message(change(gone=1)),
    "before the first day": message(change(asOf="0001-01-01T00:00:00+08:00")),
    "after the last day": message(change(asOf="9999-12-31T23:59:59-08:00")),
    "yet to come": message(change(on="2026-06-03")),
    "no code": message(change(unionCode="a\u0000b")),
    "beyond its watermark": message(
        change(5), watermarks=[{"caseNo": CASE, "seq": 4}]
    ),
}  # fmt: skip


async def test_what_is_no_page_of_changes(push, timeline):
    for what, told in UNREADABLE.items():
        assert refused(await push(told), 422, "UNREADABLE"), what
    assert await timeline() == []


async def test_an_unknown_case_refuses_the_whole_and_may_come_again(push, timeline):
    told = await push(message(change(1), change(1, "unknown")))
    foreign = await push(
        message(change(1), province="51"), path="/callbacks/51", secret=OTHER
    )

    assert refused(told, 422, "UNKNOWN_CASE")
    assert foreign.status == 200, "51 follows the case"
    assert await timeline() == [1]
    assert (await push(message(change(1)))).status == 200, "its id was not used up"


async def test_a_number_of_a_person_is_refused_and_not_repeated(push, timeline):
    spaced = f"{NUMBER[:6]}.{NUMBER[6:14]}_{NUMBER[14:]}"
    for wrong in (
        {"document": {"reference": f"file {NUMBER}", "sha256": "ab" * 32}},
        {"document": {"reference": f"file/{spaced}", "sha256": "ab" * 32}},
        {"unionCode": NUMBER},
    ):
        told = await push(message(change(1, **wrong)))
        assert refused(told, 422, "PERSONAL_DATA")
        assert NUMBER not in told.body.decode()
    assert refused(await push(message(change(1)), nonce=NUMBER), 401, "HEADERS")
    assert await timeline() == []


async def test_a_message_has_a_size_a_kind_and_a_method(push, timeline):
    large = await push(message(*(change(seq) for seq in range(1, 30))))
    kind = await push(message(change(1)), headers={"Content-Type": "text/plain"})
    packed = await push(message(change(1)), headers={"Content-Encoding": "gzip"})
    got = await push(message(change(1)), method="GET")

    assert (large.status, large.code) == (413, "PAYLOAD_TOO_LARGE")
    assert (kind.status, packed.status, got.status) == (415, 415, 405)
    assert await timeline() == []


async def test_without_the_store_nothing_is_acknowledged(push, monkeypatch):
    monkeypatch.setattr(
        FromAnyLoop, "_files",
        lambda _: open_pool(
            DatabaseSettings(url_env="URL", wait="200ms"),
            {"URL": "postgresql://nobody@127.0.0.1:1/nothing"},
        ),
    )  # fmt: skip
    told = await push(message(change(1)))

    assert (told.status, told.code) == (503, "STORE_UNAVAILABLE")


async def test_what_partners_are_told_to_do_is_what_the_hub_takes(push, timeline):
    """The example of schema/README.md, run as it stands there."""
    text = (Path(__file__).parents[2] / "schema" / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?def sign\(.*?)```", text, re.DOTALL)
    known = {}
    exec(example, known)  # noqa: S102  # it is ours
    known["time"] = SimpleNamespace(time=NOW.timestamp)
    body = json.dumps(message(change(1))).encode()
    headers = known["sign"]("whsec_" + base64.b64encode(SECRET).decode(), "n7", body)
    theirs = desk_headers(
        "whsec_" + base64.b64encode(SECRET).decode(), "n7", body, NOW.timestamp()
    )
    told = await push(body, headers=headers)

    assert (told.status, told.json["new"]) == (200, 1)
    assert headers == dict(theirs), "the reference province signs as partners do"
    assert await timeline() == [1]
