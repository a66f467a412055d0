"""What every register of members does with commands: in memory, over GraphQL and SQL.

The oracle is the register in memory. The other is the reference province: another
program with rules and a database of its own, in a process of its own, over HTTP. Over
SQL an office works through the inbox table.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from connectors.memory import MemoryConnector
from connectors.memory_register import _STANDING
from connectors.port import MOST_COMMANDS, WHOLE_CONTRACT, Ask, Capabilities, Question
from connectors.sql.tongues import address as address_of
from hub.clock import SystemClock
from schema.records.command import Act, Answered, RefusalCode
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.selection import Selection
from tests.filedrop.desk_subjects import acting
from tests.foreign import subjects as foreign_subjects
from tests.provinces import in_node
from tests.provinces.office import working
from tests.provinces.over_kit import before
from tests.provinces.over_sql import connector, make
from tests.provinces.own_tables import fill, mapping
from tests.provinces.registers import (
    AWAY,
    JOINED,
    NONE,
    TODAY,
    U1,
    U2,
    command,
    membership,
    serving,
    speaking,
    worker,
    write,
)
from tests.rest import subjects as rest_subjects

State = MembershipState
#: So many times there is the same little world: each example has one for itself.
WORLDS = 1_500
ROWS = Selection.of(
    {
        RecordKind.MEMBERSHIP: {
            "membership_no", "union_code", "state", "joined_on", "since", "until",
            "registered_out_on", "registered_in_on", "counterpart_province",
        }
    }
)  # fmt: skip


def people(world):
    """Members in every state; each world has its own names."""
    one = f"{world:05d}"
    yield worker(f"w1-{one}", membership("a", f"c1-{one}"))
    yield worker(
        f"w2-{one}",
        membership("a", f"c2-{one}", U2, State.RETAINED),
        membership("b", f"old-{one}", U1, State.TRANSFERRED),
    )
    yield worker(f"w3-{one}", membership("a", f"c3-{one}", state=State.WITHDRAWN))
    yield worker(f"w4-{one}", membership("a", f"c4-{one}", state=State.IN_TRANSIT))
    yield worker(f"w5-{one}")


@pytest.fixture(scope="module")
def everybody():
    return [one for world in range(WORLDS) for one in people(world)]


@pytest.fixture(scope="module")
def memory(everybody):
    workers = {one.local_id: one for one in everybody}
    connector = MemoryConnector(ProvinceCode("44"), workers, SystemClock())
    connector.register._knows_union = lambda code: code in {U1, U2}
    return connector


@pytest.fixture(scope="module")
def address(everybody, tmp_path_factory):
    directory = tmp_path_factory.mktemp("province")
    database = write(directory / "44.sqlite", everybody)
    with serving(database, directory / "acts.sqlite") as url:
        yield url


@pytest.fixture(scope="module")
async def over_graphql(address):
    async with speaking(address) as connector:
        yield connector


@pytest.fixture(scope="module")
async def over_node(everybody, node_provinces):
    workers = {one.local_id: msgspec.to_builtins(one) for one in everybody}
    told = {"kinds": ["WORKER", "MEMBERSHIP"], "workers": workers, "unions": [U1, U2]}
    in_node.control("PUT", f"{node_provinces}/contract", **told)
    async with in_node.speaking(node_provinces) as connector:
        await connector.probe(soon())
        yield connector


@pytest.fixture(scope="module")
async def over_foreign(everybody, node_provinces, tmp_path_factory):
    directory = tmp_path_factory.mktemp("foreign")
    async with foreign_subjects.over_foreign(node_provinces, directory) as one:
        await one.put({each.local_id: each for each in everybody}, unions=[U1, U2])
        yield one.connector


@pytest.fixture(scope="module")
async def over_postgresql(everybody, postgres):
    async with over_inbox(postgres.ensure_database("acts"), everybody) as connector:
        yield connector


@pytest.fixture(scope="module")
async def over_mariadb(everybody, maria):
    async with over_inbox(maria.database("acts"), everybody) as connector:
        yield connector


@pytest.fixture(scope="module")
async def over_sqlite(everybody, tmp_path_factory):
    file = tmp_path_factory.mktemp("province") / "own.sqlite"
    file.touch()
    async with over_inbox(f"sqlite:///{file}", everybody) as connector:
        yield connector


@pytest.fixture(scope="module")
async def over_kit(everybody, tmp_path_factory):
    file = tmp_path_factory.mktemp("province") / "own.sqlite"
    file.touch()
    async with (
        over_inbox(f"sqlite:///{file}", everybody) as behind,
        before(behind) as connector,
    ):
        yield connector


@pytest.fixture(scope="module")
async def over_rest(everybody, tmp_path_factory):
    async with rest_subjects.over_rest(tmp_path_factory.mktemp("rest")) as one:
        workers = {each.local_id: each for each in everybody}
        await one.put(workers=workers, unions=[U1, U2])
        yield one.connector


@pytest.fixture(scope="module")
async def over_files(everybody, tmp_path_factory):
    directory = tmp_path_factory.mktemp("drop")
    async with acting(directory, everybody, {U1, U2}.__contains__) as register:
        yield register


@contextlib.asynccontextmanager
async def over_inbox(url, everybody):
    url = address_of(url).render_as_string(hide_password=False)
    engine = create_engine(url)
    make(engine)
    with engine.begin() as connection:
        fill(connection, everybody)
    engine.dispose()
    fields = {
        kind: WHOLE_CONTRACT.fields[kind]
        for kind in (RecordKind.WORKER, RecordKind.MEMBERSHIP)
    }
    one = connector(url, mapping(fields))
    with working(url, everybody, {U1, U2}.__contains__):
        await one.probe(soon())
        yield one
    await one.close()


@pytest.fixture(
    scope="module",
    params=[
        "memory", "over_graphql", "over_node", "over_postgresql", "over_sqlite",
        "over_mariadb", "over_rest", "over_kit", "over_files", "over_foreign",
    ],
)  # fmt: skip
def register(request):
    return request.getfixturevalue(request.param)


_worlds = itertools.count()


@pytest.fixture
def world():
    return f"{next(_worlds):05d}"


def soon():
    return asyncio.get_running_loop().time() + 20


def within(world, one):
    """Put a command into a world of its own."""
    names = ("key", "transfer", "membership_no", "local_id")
    values = {name: getattr(one, name) for name in names}
    named = {name: value and f"{value}-{world}" for name, value in values.items()}
    return msgspec.structs.replace(one, **named)


async def act(register, world, *commands):
    named = [within(world, one) for one in commands]
    acted = await register.act(named, "request-1", soon())
    assert acted.fault is None
    assert [one.key for one in acted.receipts] == [one.key for one in named]
    return acted.receipts


async def rows(register, world, *names):
    keys = tuple(f"{name}-{world}" for name in names)
    question = Question((Ask(keys, ROWS),), "request-1", "MEMBERSHIP_SERVICE")
    answer = await register.ask(question, soon())
    assert answer.faults == ()
    return [one and one.memberships for one in answer.workers[0]]


def codes(receipts):
    return [one.code or one.answered for one in receipts]


async def test_out_then_complete(register, world):
    out, done = await act(
        register, world, command("REGISTER_OUT"), command("COMPLETE_OUT")
    )
    assert (out.answered, out.joined_on) == (Answered.DONE, JOINED)
    assert out.entry
    assert done.entry == out.entry
    (((row),),) = await rows(register, world, "w1")
    assert row.state is State.TRANSFERRED
    assert (row.registered_out_on, row.until) == (TODAY, TODAY)
    assert row.counterpart_province == "45"


async def test_on_the_way_the_member_is_still_at_home(register, world):
    await act(register, world, command("REGISTER_OUT"))
    (((row),),) = await rows(register, world, "w1")
    assert (row.state, row.until) == (State.IN_TRANSIT, None)


async def test_what_is_taken_back_is_as_it_was(register, world):
    before = await rows(register, world, "w1")
    out, back = await act(
        register, world, command("REGISTER_OUT"), command("CANCEL_OUT")
    )
    assert back.entry == out.entry
    after = await rows(register, world, "w1")
    ((was,),), ((now,),) = before, after
    assert now.as_of > was.as_of
    assert msgspec.structs.replace(now, as_of=was.as_of) == was


async def test_whatever_comes_again_has_its_first_receipt(register, world):
    commands = [command("REGISTER_OUT"), command("CANCEL_OUT")]
    first = await act(register, world, *commands)
    assert await act(register, world, *reversed(commands)) == first[::-1]
    refused = [command("REGISTER_OUT", "t2", local_id="nobody")]
    first = await act(register, world, *refused)
    assert codes(first) == [RefusalCode.UNKNOWN_WORKER]
    assert await act(register, world, *refused) == first


@pytest.mark.parametrize("ending", ["CANCEL_OUT", "COMPLETE_OUT"])
async def test_an_ending_without_a_beginning_is_done_and_bars_it(
    register, world, ending
):
    ended = await act(register, world, command(ending))
    assert (ended[0].answered, ended[0].entry) == (Answered.DONE, None)
    late = await act(register, world, command("REGISTER_OUT"))
    assert codes(late) == [RefusalCode.BARRED]
    other = await act(register, world, command("REGISTER_OUT", "t2"))
    assert codes(other) == [Answered.DONE]


async def test_a_key_serves_one_act_only(register, world):
    await act(register, world, command("REGISTER_OUT"))
    again = [
        command("CANCEL_OUT", key="t1:REGISTER_OUT"),
        command("REGISTER_OUT", "t2", key="t1:REGISTER_OUT"),
    ]
    assert codes(await act(register, world, *again)) == [RefusalCode.KEY_REUSED] * 2
    # It was not done either.
    (((row),),) = await rows(register, world, "w1")
    assert row.state is State.IN_TRANSIT


OUT_REFUSED = {
    "nobody": (RefusalCode.UNKNOWN_WORKER, {"local_id": "nobody"}),
    "no name": (RefusalCode.UNKNOWN_WORKER, {"local_id": None}),
    "other card": (RefusalCode.NOT_A_MEMBER, {"card": "c2"}),
    "withdrawn": (RefusalCode.NOT_ACTIVE, {"local_id": "w3", "card": "c3"}),
    "moved on": (RefusalCode.NOT_ACTIVE, {"local_id": "w2", "card": "old"}),
    "other union": (RefusalCode.OTHER_UNION, {"union": U2}),
    "on the way": (RefusalCode.ALREADY_OUT, {"local_id": "w4", "card": "c4"}),
}


@pytest.mark.parametrize(("code", "more"), OUT_REFUSED.values(), ids=OUT_REFUSED)
async def test_an_out_entry_is_refused_with_its_reason(register, world, code, more):
    before = await rows(register, world, "w1", "w2", "w3", "w4")
    assert codes(await act(register, world, command("REGISTER_OUT", **more))) == [code]
    assert await rows(register, world, "w1", "w2", "w3", "w4") == before


async def test_in_makes_the_member_at_home_here(register, world):
    come = command("REGISTER_IN", local_id="w5", card="c9", joined_on=JOINED)
    (receipt,) = await act(register, world, come)
    assert (receipt.answered, receipt.local_id) == (Answered.DONE, None)
    (((row),),) = await rows(register, world, "w5")
    assert (row.state, row.union_code) == (State.ACTIVE, U1)
    assert (row.joined_on, row.since, row.registered_in_on) == (JOINED, TODAY, TODAY)
    assert (row.counterpart_province, row.until) == ("45", None)


async def test_landing_is_shown_as_landing(register, world):
    await act(
        register, world,
        command("REGISTER_IN", local_id="w5", card="c9", landing=True),
    )  # fmt: skip
    (((row),),) = await rows(register, world, "w5")
    assert row.state is State.LANDED_FALLBACK


async def test_in_without_a_file_makes_one_and_names_it(register, world):
    (receipt,) = await act(
        register, world, command("REGISTER_IN", local_id=None, card="c9")
    )
    name = receipt.local_id
    assert name
    question = Question((Ask((name,), ROWS),), "r", "MEMBERSHIP_SERVICE")
    answer = await register.ask(question, soon())
    ((made,),) = answer.workers
    assert [row.state for row in made.memberships] == [State.ACTIVE]


async def test_in_without_a_file_finds_the_one_that_has_the_card(register, world):
    (receipt,) = await act(
        register, world, command("REGISTER_IN", local_id=None, card="c3")
    )
    assert receipt.local_id == f"w3-{world}"


IN_REFUSED = {
    "no union": (RefusalCode.UNKNOWN_UNION, {"union": NONE}),
    "union elsewhere": (RefusalCode.UNKNOWN_UNION, {"union": AWAY}),
    "nobody": (RefusalCode.UNKNOWN_WORKER, {"local_id": "nobody", "card": "c9"}),
    "a member": (RefusalCode.ALREADY_MEMBER, {}),
    "by another card": (RefusalCode.ALREADY_MEMBER, {"card": "c9"}),
    "in another file": (RefusalCode.ALREADY_MEMBER, {"local_id": "w5"}),
    "without a name": (RefusalCode.ALREADY_MEMBER, {"local_id": None}),
}


@pytest.mark.parametrize(("code", "more"), IN_REFUSED.values(), ids=IN_REFUSED)
async def test_an_in_entry_is_refused_with_its_reason(register, world, code, more):
    assert codes(await act(register, world, command("REGISTER_IN", **more))) == [code]


CARD = {"local_id": "w5", "card": "c9"}


async def test_an_in_entry_is_taken_back_and_barred(register, world):
    come, back = command("REGISTER_IN", **CARD), command("CANCEL_IN", **CARD)
    made, undone = await act(register, world, come, back)
    assert (undone.answered, undone.entry) == (Answered.DONE, made.entry)
    assert await rows(register, world, "w5") == [()]
    assert await act(register, world, back, come) == (undone, made)
    other = command("REGISTER_IN", key="another", **CARD)
    assert codes(await act(register, world, other)) == [RefusalCode.BARRED]
    # Another transfer may bring the same member.
    assert codes(await act(register, world, command("REGISTER_IN", "t2", **CARD))) == [
        Answered.DONE
    ]


async def test_an_in_entry_that_never_was_is_barred(register, world):
    back, come = command("CANCEL_IN", **CARD), command("REGISTER_IN", **CARD)
    undone, late = await act(register, world, back, come)
    assert (undone.answered, undone.entry) == (Answered.DONE, None)
    assert late.code == RefusalCode.BARRED
    assert await rows(register, world, "w5") == [()]


async def test_within_a_province_the_old_membership_goes_on(register, world):
    before = await rows(register, world, "w1")
    await act(register, world, command("REGISTER_OUT"))
    await act(register, world, command("REGISTER_IN", union=U2))
    undone = [command("CANCEL_IN", union=U2), command("CANCEL_OUT")]
    assert codes(await act(register, world, *undone)) == [Answered.DONE] * 2
    ((was,),), ((now,),) = before, await rows(register, world, "w1")
    assert msgspec.structs.replace(now, as_of=was.as_of) == was


async def test_who_has_moved_on_is_not_touched(register, world):
    await act(register, world, command("REGISTER_IN", **CARD))
    onward = [command(name, "t2", **CARD) for name in ("REGISTER_OUT", "COMPLETE_OUT")]
    await act(register, world, *onward)
    before = await rows(register, world, "w5")
    assert codes(await act(register, world, command("CANCEL_IN", **CARD))) == ["DONE"]
    assert await rows(register, world, "w5") == before


async def test_within_a_province_in_pairs_the_out_entry_at_once(register, world):
    await act(register, world, command("REGISTER_OUT"))
    await act(register, world, command("REGISTER_IN", union=U2))
    ((one, two),) = await rows(register, world, "w1")
    assert {(row.union_code, row.state) for row in (one, two)} == {
        (U1, State.TRANSFERRED), (U2, State.ACTIVE)
    }  # fmt: skip
    before = await rows(register, world, "w1")
    await act(register, world, command("COMPLETE_OUT"))
    assert await rows(register, world, "w1") == before


async def test_who_came_may_go_and_come_again(register, world):
    go, gone = command("REGISTER_OUT"), command("COMPLETE_OUT")
    back = command("REGISTER_IN", "t2")
    again = command("REGISTER_OUT", "t3")
    assert codes(await act(register, world, go, gone, back, again)) == ["DONE"] * 4


async def test_more_than_fit_into_a_call_stay_unknown(register, world):
    commands = [
        within(world, command("CANCEL_OUT", f"t{n}", card=f"c{n}", local_id=f"x{n}"))
        for n in range(MOST_COMMANDS + 3)
    ]
    acted = await register.act(commands, "request-1", soon())
    assert all(acted.receipts[:MOST_COMMANDS])
    assert acted.receipts[MOST_COMMANDS:] == (None,) * 3
    assert acted.fault.retryable


async def test_the_reference_province_declares_all_of_the_acts(over_graphql):
    told = await over_graphql.probe(soon())
    assert told.acts == frozenset(Act)
    kinds = (RecordKind.WORKER, RecordKind.MEMBERSHIP)
    fields = {kind: WHOLE_CONTRACT.fields[kind] for kind in kinds}
    assert told == Capabilities("1.2", fields, frozenset(Act))


commands = st.builds(
    command,
    act=st.sampled_from(Act),
    transfer=st.sampled_from(["t1", "t2", "t3"]),
    local_id=st.sampled_from(["w1", "w2", "w3", "w4", "w5", None]),
    card=st.sampled_from(["c1", "c2", "c3", "c4", "c9", "old"]),
    union=st.sampled_from([U1, U2, AWAY, NONE]),
    landing=st.booleans(),
)
#: Commands in any order, some of them again, in calls of any size.
calls = st.lists(commands, min_size=1, max_size=8).flatmap(
    lambda known: st.lists(
        st.lists(st.sampled_from(known), min_size=1, max_size=6), max_size=5
    )
)


class Names:
    """A province's own numbers and names, in the order in which they appear."""

    def __init__(self):
        self.seen = {}

    def plain(self, name):
        return name and self.seen.setdefault(name, f"#{len(self.seen)}")

    def receipt(self, one):
        own = one.local_id
        if own and not own.startswith("w"):
            own = self.plain(own)
        return msgspec.structs.replace(
            one, entry=self.plain(one.entry), local_id=own, message=""
        )


async def whole(register, world, receipts):
    """All that a register shows after it, without its own names and moments."""
    made = [one.local_id for one in receipts if one.local_id]
    keys = tuple(dict.fromkeys([f"w{n}-{world}" for n in range(1, 6)] + made))
    question = Question((Ask(keys, ROWS),), "request-1", "MEMBERSHIP_SERVICE")
    answer = await register.ask(question, soon())
    return [
        sorted(
            msgspec.json.encode(msgspec.structs.replace(row, id="", as_of=TODAY_AT))
            for row in one.memberships
        )
        for one in answer.workers[0]
    ]


TODAY_AT = membership("a", "c").as_of
HOME_TWICE = [[command("REGISTER_IN", local_id=None, card="c9"),
               command("REGISTER_IN", "t2", local_id=None, card="c9")]]  # fmt: skip


OTHERS = [("over_graphql", "over_postgresql"), ("over_node", "over_foreign")]


@pytest.fixture(scope="module", params=OTHERS, ids="+".join)
def others(request):
    """Registers of others, each in another way to it."""
    return [request.getfixturevalue(one) for one in request.param]


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@example(calls=HOME_TWICE)
@given(calls=calls)
async def test_any_commands_in_any_order_end_alike(memory, others, calls):
    world = f"{next(_worlds):05d}"
    told = []
    for one in (memory, *others):
        names, receipts = Names(), []
        for group in calls:
            receipts += await act(one, world, *group)
        shown = await whole(one, world, receipts)
        told.append(([names.receipt(each) for each in receipts], shown))
    assert told[1:] == told[:1] * 2
    homes = collections.Counter(
        row.membership_no
        for file in memory.register.files.values()
        for row in file.memberships
        if row.membership_no.endswith(world) and row.state in _STANDING
    )
    assert max(homes.values(), default=0) <= 1, "a card with two homes"
