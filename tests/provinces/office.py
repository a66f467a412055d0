"""Who works through a province's inbox: a programme of its own, beside the hub.

It knows the agreed table and the province's own tables, and nothing of the connector.
The rules of the register are the oracle's: what is tried is how acts come and go.
"""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime

from sqlalchemy import create_engine, delete, insert, select, update

from connectors.memory_register import MemoryRegister
from connectors.sql.agreed import inbox
from schema.records.command import Act, Command
from schema.records.kinds import RecordKind
from tests.provinces.own_tables import TABLES, rows

_INBOX = inbox("hub_inbox")
_MEMBERS = TABLES[RecordKind.MEMBERSHIP]
_PEOPLE = TABLES[RecordKind.WORKER]


class Office(threading.Thread):
    """Works through the lines in their order, those at hand in one transaction."""

    def __init__(self, url, workers, knows_union):
        super().__init__(daemon=True)
        self._engine = create_engine(url)
        people = {one.local_id: one for one in workers}
        self._known = set(people)
        self.register = MemoryRegister("44", people, knows_union)
        self.over = threading.Event()
        self.asleep = threading.Event()

    def run(self):
        while not self.over.wait(0.002):
            if not self.asleep.is_set():
                self.work()
        self._engine.dispose()

    def work(self):
        waiting = select(_INBOX).where(_INBOX.c.answered.is_(None))
        with self._engine.connect() as connection:
            lines = connection.execute(waiting.order_by(_INBOX.c.seq)).mappings().all()
        if lines:
            with self._engine.begin() as connection:
                for line in lines:
                    self._answer(connection, line)

    def _answer(self, connection, line):
        at = datetime.now(UTC)  # noqa: TID251  # an office has a clock of its own
        before = dict(self.register.files)
        receipt = self.register.act(_command(line), at)
        for name, file in self.register.files.items():
            if before.get(name) is not file:
                self._put(connection, file)
        connection.execute(
            update(_INBOX)
            .where(_INBOX.c.key == line["key"])
            .values(
                entry=receipt.entry,
                given_local_id=receipt.local_id,
                first_joined_on=receipt.joined_on,
                code=receipt.code or None,
                answered=receipt.answered.value,
            )
        )

    def _put(self, connection, file):
        told = rows([file])
        mine = file.local_id == _MEMBERS.c.WORKER
        connection.execute(delete(_MEMBERS).where(mine))
        for row in told[RecordKind.MEMBERSHIP]:
            connection.execute(insert(_MEMBERS), row)
        if file.local_id not in self._known:
            self._known.add(file.local_id)
            for row in told[RecordKind.WORKER]:
                connection.execute(insert(_PEOPLE), row)


def _command(line):
    return Command(
        key=line["key"],
        act=Act(line["act"]),
        transfer=line["transfer"],
        province="44",
        local_id=line["local_id"],
        membership_no=line["membership_no"],
        union=line["union_code"],
        counterpart_union=line["counterpart_union"],
        counterpart_province=line["counterpart_province"],
        on=line["on_day"],
        joined_on=line["joined_on"],
        landing=line["landing"],
        reason=line["reason"],
    )


@contextlib.contextmanager
def working(url, workers, knows_union):
    office = Office(url, workers, knows_union)
    office.start()
    try:
        yield office
    finally:
        office.over.set()
        office.join()
