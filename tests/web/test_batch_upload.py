"""Signed batches by ``POST /transfers/batches``: their own size, one kind, clear words."""

from __future__ import annotations

import io

import pytest

from hub.transfer.acting_refusals import NO_SCOPE
from hub.transfer.uploading import Uploaded
from schema.records.refusal import Bilingual, Refusal, Refused

PATH = "/transfers/batches"
JOSE = {"Content-Type": "application/jose"}
FULL = Refusal(
    "STORE_UNAVAILABLE",
    "store",
    Bilingual("暂不可用", "Not now"),
    Bilingual("稍后", "Later"),
)


class Uploads:
    """Notes what came; what it says is chosen by the test."""

    def __init__(self):
        self.came = []
        self.says = None

    async def upload(self, actor, body):
        self.came.append((actor, len(body)))
        if isinstance(self.says, Refused):
            raise self.says
        return self.says or Uploaded("b-1", 3, 1, "d" * 64)


@pytest.fixture
def uploads():
    return Uploads()


@pytest.fixture
async def ask(ask_with, uploads):
    async with ask_with(limits={"batch_bytes": 2048}, uploads=uploads) as made:
        yield made


async def test_a_batch_is_taken_in_for_the_office_of_the_token(ask, uploads):
    told = await ask(path=PATH, data=b"a.b.c", headers=JOSE)

    assert (told.status, told.json) == (
        201,
        {"upload": "b-1", "rows": 3, "faulty": 1, "digest": "d" * 64},
    )
    ((actor, size),) = uploads.came
    assert (actor.office, actor.subject, size) == ("4401", "officer", 5)
    assert actor.request


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"headers": {**JOSE, "Authorization": None}}, 401, "UNAUTHENTICATED"),
        ({"headers": {"Content-Type": "application/json"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"headers": {**JOSE, "Content-Encoding": "gzip"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"data": b"a" * 2049, "headers": JOSE}, 413, "PAYLOAD_TOO_LARGE"),
        ({"method": "GET", "data": None}, 405, "METHOD_NOT_ALLOWED"),
    ],
    ids=["token", "kind", "coding", "size", "method"],
)  # fmt: skip
async def test_what_is_no_upload_is_refused_in_words(ask, uploads, asked, status, code):
    told = await ask(path=PATH, **{"data": b"a.b.c", **asked})

    assert (told.status, told.code) == (status, code)
    assert told.error["extensions"]["zh"]
    assert told.error["extensions"]["remedy"]["en"]
    assert uploads.came == []


@pytest.mark.parametrize(
    ("says", "status", "code"),
    [(NO_SCOPE, 403, "FORBIDDEN"), (Refused(FULL), 503, "STORE_UNAVAILABLE")],
    ids=["scope", "store"],
)
async def test_a_refusal_of_the_room_is_told_with_its_reason(
    ask, uploads, says, status, code
):
    uploads.says = says

    told = await ask(path=PATH, data=b"a.b.c", headers=JOSE)

    assert (told.status, told.code) == (status, code)
    assert told.error["extensions"]["reason"]


async def test_as_large_as_it_may_be_goes_through_although_graphql_is_smaller(ask_with):
    uploads = Uploads()
    async with ask_with(limits={"body_bytes": 1024}, uploads=uploads) as ask:
        body = io.BytesIO(b"a" * 3_000_000)
        assert (await ask(path=PATH, data=body, headers=JOSE)).status == 201
        assert uploads.came[0][1] == 3_000_000


async def test_where_no_batches_are_taken_there_is_no_such_place(ask_with):
    async with ask_with() as ask:
        assert (await ask(path=PATH, data=b"a.b.c", headers=JOSE)).status == 404
