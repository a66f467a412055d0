"""A registrar over a real store, and rows for it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256

import psycopg

from hub.identity.resident_id import parse
from hub.identity.settings import WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from hub.linking.registrar import Registrar
from hub.linking.rows import LinkRow
from hub.reading.ports import ByKeys
from hub.store.links import LinkStore
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from tests.builders.numbers import TODAY

PROVINCES = ("63", "51", "42", "37", "44", "33")
SECRETS = {f"KEY_{n}": sha256(b"secret %d" % n).hexdigest() for n in range(9)}


class FixedClock:
    """Stands at noon of the tests' today."""

    def now(self):
        return datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)


def pseudonyms(*versions, secrets=SECRETS, **more):
    listed = [{"version": n, "secret_env": f"KEY_{n}"} for n in versions or (1,)]
    settings = WorkerKeySettings.model_validate({"versions": listed, **more})
    return Pseudonyms(settings, secrets)


@asynccontextmanager
async def opened(url, **limits):
    pool = await open_pool(DatabaseSettings(url=url, **limits), {})
    try:
        yield pool
    finally:
        await pool.close()


def registrar(pool, keys=None):
    store = LinkStore(pool, FixedClock())
    return Registrar(keys or pseudonyms(), store, PROVINCES, FixedClock())


def row(number, province="44", local_key="W1", **other):
    fields = {
        "kinds": ("MEMBERSHIP",),
        "valid_from": "2020-01-01",
        "valid_to": None,
    } | other
    return LinkRow(number, province, local_key, **fields)


def by_number(number, keys=None):
    live = (keys or pseudonyms()).live(parse(number, TODAY))
    return ByKeys(tuple(key for _, key in live))


def outcomes(results):
    return [str(result.outcome) for result in results]


def codes(results):
    return [result.refusal and result.refusal.code for result in results]


def read(url, statement, parameters=None):
    with psycopg.connect(url) as connection:
        return connection.execute(statement, parameters).fetchall()


LINKS = (
    "SELECT worker_id::text, province, local_key, kinds, valid_from::text,"
    " valid_to::text, source FROM link ORDER BY link_id"
)
