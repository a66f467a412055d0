"""The SQL connector as a subject of the contract suite, over a real database."""

from __future__ import annotations

import asyncio
import contextlib

from sqlalchemy import create_engine, text

from connectors.port import WHOLE_CONTRACT
from connectors.sql import agreed
from connectors.sql.connector import SqlConnector
from connectors.sql.database import Database
from connectors.sql.settings import SqlSettings
from connectors.sql.tongues import address
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from tests.provinces import own_tables

AGREED = SqlSettings(url_env="X", connections=2, inbox="hub_inbox", changes="hub_log")
NEITHER = SqlSettings(url_env="X", connections=2)


def make(engine):
    """Make a province's own tables, and those that were agreed on."""
    own_tables.METADATA.create_all(engine)
    agreed.inbox("hub_inbox").create(engine)
    agreed.changes("hub_log").create(engine)


def connector(url, mapping, settings=AGREED, version="1.2"):
    database = Database(address(url), settings.connections, 5)
    return SqlConnector(
        ProvinceCode("44"), settings, mapping, database, SystemClock(), version=version
    )


def soon():
    return asyncio.get_running_loop().time() + 10


class OverSql:
    """A database whose rows are set anew for each test."""

    def __init__(self, url):
        self.url = url
        self.engine = create_engine(address(url))
        make(self.engine)
        self.connector = None
        self._hidden = []

    async def keep(self, workers, *, capabilities=WHOLE_CONTRACT, untold=()):
        with self.engine.begin() as connection:
            while self._hidden:
                name = self._hidden.pop()
                self._rename(connection, "gone", name)
            own_tables.fill(connection, workers.values())
        if self.connector is None or self.connector.capabilities != capabilities:
            await self.close()
            self.connector = connector(
                self.url,
                own_tables.mapping(capabilities.fields),
                AGREED if capabilities.acts else NEITHER,
                capabilities.contract_version,
            )
            await self.connector.probe(soon())
        with self.engine.begin() as connection:
            for kind in untold:
                name = own_tables.TABLES[kind].name
                self._rename(connection, name, "gone")
                self._hidden.append(name)

    def _rename(self, connection, name, new):
        quote = self.engine.dialect.identifier_preparer.quote_identifier
        connection.execute(text(f"ALTER TABLE {quote(name)} RENAME TO {quote(new)}"))

    async def close(self):
        if self.connector is not None:
            await self.connector.close()


@contextlib.asynccontextmanager
async def over(url):
    subject = OverSql(url)
    try:
        await subject.keep({})
        yield subject
    finally:
        await subject.close()
        subject.engine.dispose()
