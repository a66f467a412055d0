"""Unions of two provinces, who speaks for them, and cases that go between them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import count

from hub.acting.actor import Actor
from hub.following.book import Book
from hub.following.case import decide, open_case
from hub.following.following import Following
from hub.following.homes import Homes
from hub.following.intake import Intake
from hub.following.ports import Before, Clashed
from hub.organisation.directory import Directory
from hub.store.unavailable import StoreUnavailable
from schema.records.case import Case
from schema.records.case_task import Seat
from schema.records.case_wish import IntakeWish
from schema.records.membership import OrganisationKind as Kind
from schema.records.refusal import Refusal
from schema.records.rights_case import CaseMatter
from schema.records.told import Located
from tests.following.case_samples import POWERS
from tests.organisation.trees import one

#: A Monday; ten o'clock in China.
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)

_PLACES = {"44": ("440000", "440100", "440106"), "51": ("510000", "510100", "510104")}


def _tree():
    for province, (top, city, county) in _PLACES.items():
        own = {"province": province}
        yield one(f"top{province}", division=top, kind=Kind.PROVINCE, **own)
        yield one(
            f"city{province}", f"top{province}", division=city, kind=Kind.CITY, **own
        )
        yield one(
            f"county{province}",
            f"city{province}",
            division=county,
            kind=Kind.COUNTY,
            **own,
        )
        yield one(f"firm{province}", f"county{province}", division=county, **own)
    yield one(
        "gone44", "county44", division="440106", province="44",
        valid_to=date(2025, 12, 31),
    )  # fmt: skip


DIRECTORY = Directory(_tree())
PLACE, ABOVE, TOP, FIRM = (
    Seat(code, "44") for code in ("county44", "city44", "top44", "firm44")
)
HOME, HOME_CITY, HOME_FIRM = (
    Seat(code, "51") for code in ("county51", "city51", "firm51")
)
_RULES = files("hub.rules")
TEXTS = {
    one.name: one.read_bytes() for one in _RULES.iterdir() if one.name[-5:] == ".toml"
}
BOOK = Book.load(TEXTS.__getitem__)
_keys = count()


def speaks(seat, *scopes, **more):
    """Who speaks for a union."""
    given = {"subject": f"officer of {seat.union}", "office": seat.union}
    return Actor(
        **(given | {"province": seat.province} | more),
        scopes=frozenset(scopes or {"cases:write"}),
        request="r",
    )


def key():
    return f"key {next(_keys)}"


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self, at=START):
        self.at = at

    def now(self):
        return self.at

    def turn(self, **by):
        self.at += timedelta(**by)


class KnownLinks:
    """Knows workers by the hub's name, and by the local id of Sichuan: w-1 is l-1."""

    async def locate(self, wanted):
        return [self._one(each) for each in wanted]

    def _one(self, wanted):
        named = getattr(wanted, "worker", None)
        local = getattr(wanted, "key", None)
        if named is not None:
            return Located(named, ()) if named != NOBODY else None
        known = local.province == "51" and local.value in LOCAL
        return Located(LOCAL[local.value], ()) if known else None


NOBODY = "00000000-0000-4000-8000-000000000000"
WORKER = "11111111-1111-4111-8111-111111111111"
OTHER_WORKER = "22222222-2222-4222-8222-222222222222"
LOCAL = {"l-1": WORKER, "l-2": OTHER_WORKER}


def wish(**more):
    """A request that Sichuan took in, and that belongs to Guangdong."""
    given = {
        "by": "county51", "matter": CaseMatter.DISMISSAL, "received_on": TODAY,
        "local_ids": ("l-1",), "home": "firm51", "workplace": "440106",
    }  # fmt: skip
    return IntakeWish(**(given | more))


class World:
    """Whoever acts, by short words; each act has a key of its own."""

    def __init__(self, store, reading, clock, directory=lambda: DIRECTORY, book=BOOK):
        self.clock = clock
        self.reading = reading
        intake = Intake(directory, KnownLinks(), Homes(reading, {}), book, clock)
        self.following = Following(store, directory, intake, book, clock, gather=0)

    async def opened(self, **more):
        case = await self.following.open(speaks(HOME), wish(**more), key())
        assert isinstance(case, Case), case
        return case

    async def tries(self, case, seat, wished, by=None, **more):
        no = case if isinstance(case, str) else case.no
        return await self.following.act(speaks(seat, **more), no, wished, by, key())

    async def does(self, case, seat, *wishes):
        for one_wish in wishes:
            case = await self.tries(case, seat, one_wish)
            assert isinstance(case, Case), (one_wish, case)
        return case

    async def refused(self, case, seat, wished, **more):
        """Be refused, with nothing changed; the code."""
        answer = await self.tries(case, seat, wished, **more)
        assert isinstance(answer, Refusal), answer
        assert answer.rule
        assert "{" not in answer.message.zh + answer.message.en + answer.remedy.en
        if isinstance(case, Case):
            assert (await self.reading.some([case.no]))[case.no] == case
        return answer.code


class Memory:
    """The store of cases, in memory, as the ports have it; fails when it is told to."""

    def __init__(self, clock):
        self.clock = clock
        self.cases, self.journal, self.keys, self.next_at = {}, {}, {}, {}
        self.told, self.cooperation, self.due_on = {}, [], {}
        #: What goes wrong next: before it is written, or after.
        self.fails = None

    @asynccontextmanager
    async def unit(self):
        unit = _Unit(self)
        yield unit
        fails, self.fails = self.fails, None
        if fails == "before":
            raise StoreUnavailable("killed")
        self._keep(unit)
        if fails == "after":
            raise StoreUnavailable("killed")

    def _keep(self, unit):
        for each in unit.written:
            no, acting = each.case.no, each.acting
            taken = acting and acting in self.keys
            if taken or (each.case.seq == 1) == (no in self.cases):
                raise Clashed
        for each in unit.written:
            no = each.case.no
            self.cases[no], self.next_at[no] = each.case, each.next_at
            self.due_on[no] = each.due_on
            self.journal.setdefault(no, []).append(each.event)
            self.cooperation += each.cooperation
            if each.acting:
                self.keys[each.acting] = (no, each.act)
            self._tell(no, each.told)
        for one_look in unit.looked:
            self.next_at[one_look.no] = one_look.next_at
            self._tell(one_look.no, one_look.told)

    def _tell(self, no, notices):
        for notice in notices:
            self.told.setdefault(notice.key(no), notice)

    async def passed(self, now, most):
        due = sorted((at, no) for no, at in self.next_at.items() if at and at <= now)
        return [no for _, no in due[:most]]

    async def some(self, numbers):
        return {no: self.cases[no] for no in numbers if no in self.cases}

    async def homes(self, _workers):
        return {}


class _Unit:
    def __init__(self, memory):
        self.memory, self.written, self.looked = memory, [], []

    async def lock(self, numbers):
        return await self.memory.some(numbers)

    async def acted(self, keys):
        kept = self.memory
        found = {each: kept.keys[each] for each in keys if each in kept.keys}
        return {each: Before(kept.cases[no], act) for each, (no, act) in found.items()}

    async def write(self, written, looked=()):
        self.written, self.looked = list(written), list(looked)


def replayed(journal):
    """What the journal of a case makes of it."""
    first, *others = journal
    case = open_case(first).case
    for event in others:
        case = decide(case, event, POWERS).case
    return case
