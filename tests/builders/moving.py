"""A hub's moving side over a real store and provinces in memory."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.resources import files
from uuid import UUID, uuid4  # noqa: TID251  # ids of made-up people

from connectors.guard import Guard
from connectors.memory import MemoryConnector
from connectors.port import WHOLE_CONTRACT, Capabilities
from connectors.registry import Registry
from connectors.settings import ProvinceSettings
from hub.acting.actor import Actor
from hub.config.moving import RunnerSettings
from hub.credential.keys import Signer
from hub.credential.opening import open_room
from hub.organisation.directory import Directory
from hub.organisation.organisation import Organisation
from hub.runner.delivery import Delivery
from hub.store.batches import BatchStore
from hub.store.credentials import CredentialStore
from hub.store.duplicates import QuestionStore
from hub.store.links import LinkStore
from hub.store.outbox import CommandOutbox
from hub.store.transfer_reading import TransferReading
from hub.store.transfers import Transfers
from hub.store.waits import TransferWaits
from hub.transfer.bulk import Bulk
from hub.transfer.coordinator import Coordinator
from hub.transfer.deadlines import Deadlines
from hub.transfer.duplicate_deciding import Terms
from hub.transfer.duplicates import Duplicates
from hub.transfer.limits import Limits
from hub.transfer.merging import Merging
from hub.transfer.opening import Openings
from schema.records.command import Act
from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.membership import (
    MembershipRecord,
    MembershipState,
    OrganisationKind,
)
from schema.records.moving import OfferWish, RequestWish
from schema.records.wanted import ById
from schema.records.worker import WorkerRecord
from tests.builders.linking import opened as opened_pool
from tests.credential.forging import signed
from tests.credential.holding import ENVIRONMENT, OLD_KEY
from tests.credential.holding import settings as credential_settings

START = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday
BEGAN = date(2016, 1, 1)
PROVINCES = ("63", "51", "42", "37", "44", "33")
CONTRACT = Capabilities("1.1", WHOLE_CONTRACT.fields, frozenset(Act))
WRITE = frozenset({"transfers:write"})


class MovingClock:
    """Stands still until it is moved; what happens bears a moment of its own."""

    def __init__(self, at=START):
        self.at = at

    def now(self):
        return self.at

    def forward(self, **by):
        self.at += timedelta(**by)


class Counted:
    """Notes of the runner, for tests to look at."""

    def __init__(self):
        self.outcomes = {}
        self.states = {}
        self.calls = []
        self.polls = []

    def delivered(self, province, outcome, commands):
        key = (province, outcome)
        self.outcomes[key] = self.outcomes.get(key, 0) + commands

    def moved(self, state):
        self.states[state] = self.states.get(state, 0) + 1

    def polled(self, province, outcome, changes):
        self.polls.append((province, outcome, changes))

    def called(self, endpoint, outcome):
        self.calls.append((endpoint, outcome))


def union(province, name):
    return f"U{province}-{name}"


def organisations(provinces=PROVINCES):
    """In each province: a top, a county and a township below it, and two unions."""
    make = partial(Organisation, valid_from=BEGAN)
    for code in provinces:
        county, township = f"{code}0101", f"{code}0101001"
        kinds = OrganisationKind
        lines = (
            ("top", f"{code}0000", kinds.PROVINCE, None, None),
            ("county", county, kinds.COUNTY, "top", None),
            ("town", township, kinds.TOWNSHIP, "county", None),
            ("a", county, kinds.GRASSROOTS, "county", None),
            ("b", county, kinds.GRASSROOTS, "county", None),
            ("project", county, kinds.PROJECT_UNION, "county", "town"),
        )
        for name, division, kind, parent, landing in lines:
            yield make(
                code=union(code, name),
                name=name,
                province=ProvinceCode(code),
                division=division,
                kind=kind,
                parent=parent and union(code, parent),
                landing=landing and union(code, landing),
                planned_end=date(2027, 12, 31) if landing else None,
            )


def member(province, number, union_code):
    card = f"C{province}{number:06d}"
    return WorkerRecord(
        local_id=f"W{number:06d}",
        as_of=START,
        memberships=(
            MembershipRecord(
                id=card,
                as_of=START,
                membership_no=card,
                union_code=union_code,
                state=MembershipState.ACTIVE,
                joined_on=BEGAN,
                since=BEGAN,
            ),
        ),
    )


def actor(union_code, *, scopes=WRITE, province=None):
    return Actor("clerk", union_code, province or union_code[1:3], scopes, uuid4().hex)


class Ground:
    """The parts of a hub that moves memberships, and its provinces."""

    def __init__(self, pool, url, **settings):
        self.pool = pool
        self.clock = MovingClock()
        self.workers = {code: {} for code in PROVINCES}
        self.ids = {}
        self.directory = Directory(organisations())
        self.links = LinkStore(pool, self.clock)
        self.store = Transfers(pool)
        self.waits = TransferWaits(pool)
        self.limits = Limits.load(
            files("hub.rules").joinpath("transfer.toml").read_bytes()
        )
        self.notes = Counted()
        self.room = open_room(
            credential_settings(), ENVIRONMENT, CredentialStore(pool), self.clock
        )
        self.connectors = {
            code: MemoryConnector(
                ProvinceCode(code), self.workers[code], self.clock, CONTRACT
            )
            for code in PROVINCES
        }
        self.registry = Registry(
            Guard(connector, _settings(code), self.clock)
            for code, connector in self.connectors.items()
        )
        self.outbox = CommandOutbox(pool, url, self.clock)
        self.settings = RunnerSettings.model_validate(settings)
        self.coordinator = Coordinator(
            self.store,
            lambda: self.directory,
            self.links,
            openings=Openings(
                lambda: self.directory,
                self.links,
                self.room.credentials,
                self.registry,
                self.clock,
            ),
            registers=self.registry,
            limits=self.limits,
            clock=self.clock,
        )
        self.delivery = self.runner()
        self.reading = TransferReading(pool)
        self.deadlines = Deadlines(self.waits, self.coordinator, self.clock)
        self.batches = BatchStore(pool)
        self.bulk = Bulk(
            self.coordinator,
            self.batches,
            {f"k{code}": Signer(ProvinceCode(code), OLD_KEY) for code in PROVINCES},
            lambda: self.directory,
            self.clock,
        )
        self.questions = QuestionStore(pool)
        self.duplicates = Duplicates(
            Merging(
                self.coordinator, self.registry, lambda: self.directory, self.clock
            ),
            self.questions,
            Terms.load(files("hub.rules").joinpath("duplicates.toml").read_bytes()),
            links=self.links,
            directory=lambda: self.directory,
            clock=self.clock,
        )

    def runner(self):
        """Another runner over the same store."""
        return Delivery(
            self.outbox,
            self.coordinator,
            self.registry,
            settings=self.settings,
            clock=self.clock,
            notes=self.notes,
            chance=lambda: 1.0,
        )

    async def enrol(self, province, count, name="a", also=()):
        """Make members of a union, and link them there and in further provinces.

        Returns their worker ids; local ids are ``W000000`` and so on everywhere.
        """
        first = len(self.workers[province])
        made = []
        rows = []
        for number in range(first, first + count):
            worker = WorkerId(str(uuid4()))
            person = member(province, number, union(province, name))
            self.workers[province][person.local_id] = person
            made.append(worker)
            rows.append((worker, province, person.local_id))
            for other in also:
                local_id = f"{province}-{person.local_id}"
                self.workers[other][local_id] = WorkerRecord(
                    local_id=local_id, as_of=START
                )
                rows.append((worker, other, local_id))
            self.ids[worker] = (province, person.local_id, f"C{province}{number:06d}")
        await self._write_links(made, rows)
        return made

    async def _write_links(self, workers, rows):
        async with self.pool.connection() as connection, connection.cursor() as cursor:
            async with cursor.copy(
                "COPY worker_key (worker_key, worker_id, key_version) FROM STDIN"
            ) as copy:
                for worker in workers:
                    await copy.write_row((uuid4().bytes * 2, UUID(worker), 1))
            async with cursor.copy(
                "COPY link (worker_id, province, local_key, kinds, valid_from, source)"
                " FROM STDIN"
            ) as copy:
                for worker, province, local_id in rows:
                    await copy.write_row(
                        (UUID(worker), province, local_id, ["MEMBERSHIP"], BEGAN, "t")
                    )

    async def deliver(self, *provinces):
        """Let all provinces have what waits, until nothing waits or all rest."""
        wanted = set(provinces or PROVINCES)
        while waiting := [
            province
            for province in await self.outbox.waiting()
            if province in wanted and self.delivery._may_begin(province)
        ]:
            for province in waiting:
                await self.delivery.deliver(ProvinceCode(province))

    async def issue(self, worker, key="issue"):
        """Issue the credential of a member as the home union."""
        province, _, card = self.ids[worker]
        home = union(province, "a")
        return await self.room.credentials.issue(
            actor(home),
            worker=worker,
            union=home,
            province=ProvinceCode(province),
            membership_no=card,
            key=f"{key}-{worker}",
        )

    async def request(self, worker, to_union, key="request", **more):
        """Ask for a member with a fresh credential."""
        issued = await self.issue(worker, key)
        wish = RequestWish(
            credential=issued.compact, code=issued.code, to_union=to_union, **more
        )
        return await self.coordinator.request(actor(to_union), wish, key)

    def offer_of(self, worker, to_union, **more):
        """Wish to offer a member."""
        province, _, card = self.ids[worker]
        return OfferWish(
            membership_no=card,
            from_union=union(province, "a"),
            to_union=to_union,
            worker=worker,
            **more,
        )

    async def offer(self, worker, to_union, key="offer", **more):
        """Offer a member as the home union."""
        wish = self.offer_of(worker, to_union, **more)
        return await self.coordinator.offer(actor(wish.from_union), wish, key)

    def batch(self, province, rows, nonce="nonce-0001", **more):
        """Sign a batch as a province."""
        head = {"alg": "EdDSA", "kid": f"k{province}", "typ": "union-batch+jws"}
        body = {
            "v": 1,
            "basis": "OFFER",
            "rows": rows,
            "on": self.clock.now().date().isoformat(),
            "nonce": nonce,
            **more,
        }
        return signed(head, body, OLD_KEY)

    async def now(self, transfer):
        """Read a transfer as it stands."""
        return (await self.reading.one(transfer.id)).transfer

    async def locate(self, worker):
        """Tell a worker's local ids by province."""
        (found,) = await self.links.locate([ById(worker)])
        return {link.key.province: link.key.value for link in found.links}

    async def count(self, table):
        """Count the rows of a table."""
        async with self.pool.connection() as connection:
            found = await connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            return (await found.fetchone())[0]

    def row(self, province, local_id):
        """The membership row that stands in a province's register, by its state."""
        file = self.connectors[province].register.file(local_id)
        return [] if file is None else list(file.memberships or ())

    def homes(self, membership_no):
        """Unions that have this card as a member who is there, over all registers."""
        there = {"ACTIVE", "IN_REGISTERED", "RETAINED", "LANDED_FALLBACK"}
        found = []
        for connector in self.connectors.values():
            register = connector.register
            for local_id in {*connector.workers, *register.files}:
                file = register.file(local_id)
                found += [
                    row.union_code
                    for row in file.memberships or ()
                    if row.membership_no == membership_no and row.state in there
                ]
        return found


def _settings(code):
    return ProvinceSettings.model_validate(
        {
            "code": code,
            "name_zh": f"省{code}",
            "name_en": f"Province {code}",
            "url": "http://127.0.0.1:9/",
            "breaker": {"failures": 1000},
        }
    )


def key_of(province, local_id):
    return LocalKey(ProvinceCode(province), local_id)


@asynccontextmanager
async def ground(url, **settings):
    async with opened_pool(url) as pool:
        made = Ground(pool, url, **settings)
        try:
            yield made
        finally:
            await made.coordinator.close()
            await made.outbox.close()
