"""Adapter: many links, written straight into the tables.

The registrar would take minutes for what COPY does in seconds; the pseudonyms are
real, so that workers are found by their resident ID number. A database that was
filled is used again by later runs.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import psycopg

from hub.clock import SystemClock, today_in_china
from hub.identity.resident_id import parse
from schema.records.kinds import RecordKind
from tests.bench.people import (
    local_key,
    provinces_of,
    resident_id,
    worker_id,
    workers_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.identity.worker_key import Pseudonyms

#: Changes when a filled database would have to be filled anew.
_FORM: Final = 1
_TOLD_EVERY: Final = 20_000
_KINDS: Final = [kind.value for kind in RecordKind]
_FROM: Final = date(2016, 3, 1)

_COPY_KEYS: Final = (
    "COPY worker_key (worker_key, worker_id, key_version) FROM STDIN (FORMAT BINARY)"
)
_COPY_LINKS: Final = """
COPY link (worker_id, province, local_key, kinds, valid_from, source)
FROM STDIN (FORMAT BINARY)
"""


def fill(
    url: str, links: int, pseudonyms: Pseudonyms, tell: Callable[[int, int], None]
) -> None:
    """Make a migrated database hold the links of the first workers.

    Args:
        url: The database.
        links: How many.
        pseudonyms: Those of the hub that will be asked.
        tell: Told now and then how many links are written, of how many.
    """
    key = next(iter(pseudonyms.fingerprints().values())).hex()[:16]
    note = f"bench {_FORM} {links} {key}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE audit_entry, audit_head")
        if _note(connection) == note:
            return
        with connection.transaction():
            connection.execute("TRUNCATE link, worker_key, key_fingerprint")
            _copy_keys(connection, links, pseudonyms, tell)
            _copy_links(connection, links, tell)
        # As it would be after a night: statistics there, pages known as visible.
        connection.execute("VACUUM (ANALYZE) link")
        connection.execute("VACUUM (ANALYZE) worker_key")
        connection.execute("CHECKPOINT")
        connection.execute(f"COMMENT ON TABLE link IS '{note}'")


def _note(connection: psycopg.Connection[Any]) -> str | None:
    row = connection.execute("SELECT obj_description('link'::regclass)").fetchone()
    return row[0] if row else None


def _copy_keys(
    connection: psycopg.Connection[Any],
    links: int,
    pseudonyms: Pseudonyms,
    tell: Callable[[int, int], None],
) -> None:
    today = today_in_china(SystemClock())
    workers = workers_of(links)
    with connection.cursor() as cursor, cursor.copy(_COPY_KEYS) as copy:
        copy.set_types(["bytea", "uuid", "int2"])
        for number in range(workers):
            version, key = pseudonyms.current(parse(resident_id(number), today))
            copy.write_row((bytes(key), worker_id(number), version))
            if number % _TOLD_EVERY == 0:
                tell(number, links)


def _copy_links(
    connection: psycopg.Connection[Any], links: int, tell: Callable[[int, int], None]
) -> None:
    workers = workers_of(links)
    with connection.cursor() as cursor, cursor.copy(_COPY_LINKS) as copy:
        copy.set_types(["uuid", "text", "text", "text[]", "date", "text"])
        for number in range(workers):
            worker = worker_id(number)
            for province in provinces_of(number):
                key = local_key(province, number)
                copy.write_row((worker, province, key, _KINDS, _FROM, "bench"))
            if number % _TOLD_EVERY == 0:
                tell(workers + number, links)
