"""Provinces that break the contract, each in exactly one way; by the check that finds it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec

from connectors.faults import ProvinceFault, fault
from connectors.port import WHOLE_CONTRACT, Acted, Capabilities, Changed
from schema.records.change import Changes, Unfit
from schema.records.command import Act, Answered, Receipt
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.record import UNSET
from schema.records.selection import Selection
from schema.records.told import FaultCode
from tests.conformance.sound import (
    CODE,
    LI,
    SAMPLE,
    WANG,
    WORKERS,
    change,
    province,
    skill,
)

replace = msgspec.structs.replace
LIES = {}


def lie(check, *besides, **more):
    """Register a lie: the check that it is for, and those that see it too."""

    def keep(make):
        LIES[f"{check}: {make.__name__}"] = (check, {check, *besides}, make, more)
        return make

    return keep


class Lying:
    """A connector over a sound one, some of whose answers are others."""

    def __init__(self, true, **said):
        self.true = true
        self.said = said
        self.declared = said.get("declared")

    province = property(lambda self: self.true.province)
    capabilities = property(lambda self: self.declared or self.true.capabilities)

    async def probe(self, deadline):
        told = await self.true.probe(deadline)
        return self.said["probe"]() if "probe" in self.said else self.declared or told

    async def ask(self, question, deadline):
        if "instead" in self.said:
            return await self.said["instead"](self.true, question, deadline)
        answer = await self.true.ask(question, deadline)
        return self.said.get("ask", lambda _, told: told)(question, answer)

    async def act(self, commands, request, deadline):
        if "act" not in self.said:
            return await self.true.act(commands, request, deadline)
        receipts = []
        for one in commands:
            told = self.said["act"](self.true, one)
            if told is None:
                (told,) = (await self.true.act([one], request, deadline)).receipts
            receipts.append(told)
        return Acted(tuple(receipts))

    async def changes(self, wanted, deadline):
        if "changes" in self.said:
            return Changed(self.said["changes"](self.true, wanted))
        return await self.true.changes(wanted, deadline)

    async def close(self):
        pass


def each_worker(change_one):
    """Change every worker that is told, knowing the selection."""

    def ask(question, answer):
        told = tuple(
            tuple(one and change_one(one, each.selection) for one in workers)
            for each, workers in zip(question.asks, answer.workers, strict=True)
        )
        return replace(answer, workers=told)

    return Lying(province(), ask=ask)


def rows_of(worker, name):
    return getattr(worker, name) or ()


def without(kind=None, field=None, **more):
    fields = {
        one: names - ({field} if field else set())
        for one, names in WHOLE_CONTRACT.fields.items()
        if one is not kind or field
    }
    told = {"acts": WHOLE_CONTRACT.acts, "changes": True, **more}
    return Capabilities("1.2", fields, **told)


def unreachable():
    raise ProvinceFault(FaultCode.UNREACHABLE, "ClientConnectorError")


@lie("declare.reached")
def nothing_listens():
    return Lying(province(), probe=unreachable)


@lie("declare.version")
def a_version_in_words():
    return Lying(
        province(), probe=lambda: replace(WHOLE_CONTRACT, contract_version="one")
    )


@lie("declare.as-set", warned=True)
def a_kind_of_the_mapping_is_not_there():
    narrow = without(RecordKind.TRAINING)
    one = Lying(province(capabilities=narrow), declared=WHOLE_CONTRACT)

    def told():
        one.declared = narrow
        return narrow

    one.said["probe"] = told
    return one


@lie("declare.acts")
def who_leaves_cannot_arrive():
    acts = frozenset({Act.REGISTER_OUT, Act.CANCEL_OUT})
    return province(capabilities=without(acts=acts))


@lie("declare.stable")
def two_nodes_of_two_versions():
    turns = iter([WHOLE_CONTRACT, without(changes=False)] * 9)
    return Lying(province(), probe=lambda: next(turns))


@lie("read.known")
def one_of_the_sample_is_unknown():
    return province({key: one for key, one in WORKERS.items() if one is not WANG})


@lie(
    "read.known", "read.order",
    sample=replace(SAMPLE, acts=replace(SAMPLE.acts, leaving=None)),
)  # fmt: skip
def a_key_in_capitals():
    return each_worker(lambda one, _: replace(one, local_id=one.local_id.upper()))


@lie(
    "read.opaque",
    sample=replace(SAMPLE, known=(*SAMPLE.known, "11010519491231002X")),
)
def a_number_for_a_name():
    number = "11010519491231002X"
    return province({**WORKERS, number: replace(WANG, local_id=number)})


@lie(
    "read.whole", "read.null-or-empty", "read.rows", "read.selection", "read.bare",
    "read.batch", "read.stranger", "read.odd-keys", "read.repeatable", "read.ids", "read.clock", "recover.at-once",
    "recover.abandoned", "recover.reopened",
)  # fmt: skip
def a_kind_that_cannot_be_read():
    one = province()
    one.untold = frozenset({RecordKind.SKILL})
    return one


@lie("read.null-or-empty")
def null_for_no_rows():
    return each_worker(
        lambda one, _: replace(one, trainings=None) if one.trainings == () else one
    )


@lie("read.null-or-empty")
def rows_of_somebody_else():
    more = replace(LI.memberships[1], id="m9", membership_no="c7")
    return province({**WORKERS, "gd-0002": replace(WANG, memberships=(more,))})


@lie("read.rows")
def rows_that_are_not_joined():
    return each_worker(
        lambda one, _: one if one.skills is UNSET else replace(one, skills=())
    )


@lie("read.selection", "read.bare")
def more_than_was_asked_for():
    return each_worker(lambda one, _: replace(one, phone="13000000000"))


@lie("read.selection", "read.asks")
def a_field_left_out():
    return each_worker(
        lambda one, chosen: (
            replace(one, education=UNSET) if RecordKind.WORKER in chosen.kinds else one
        )
    )


@lie("read.selection")
def a_value_that_goes_by_the_selection():
    return each_worker(
        lambda one, chosen: (
            replace(one, name="李 四")
            if chosen == Selection.of({RecordKind.WORKER: ["name"]})
            else one
        )
    )


@lie("read.bare")
def no_rows_without_fields():
    return each_worker(
        lambda one, chosen: (
            replace(one, memberships=())
            if chosen == Selection.of({RecordKind.MEMBERSHIP: ()})
            else one
        )
    )


@lie("read.order")
def as_the_database_gives_them():
    def ask(_, answer):
        told = (
            tuple(sorted(workers, key=lambda one: one.local_id if one else "z"))
            for workers in answer.workers
        )
        return replace(answer, workers=tuple(told))

    return Lying(province(), ask=ask)


@lie("read.batch", "recover.abandoned", "recover.reopened")
def the_second_of_a_batch_has_no_telephone():
    def ask(question, answer):
        if len(question.asks) != 1 or len(question.asks[0].selection.kinds) < 7:
            return answer
        ((first, *others),) = answer.workers
        blank = (one and replace(one, phone=None) for one in others)
        return replace(answer, workers=((first, *blank),))

    return Lying(province(), ask=ask)


@lie("read.asks")
def every_alias_by_the_first():
    async def instead(true, question, deadline):
        asks = tuple(
            replace(one, selection=question.asks[0].selection) for one in question.asks
        )
        return await true.ask(replace(question, asks=asks), deadline)

    return Lying(province(), instead=instead)


@lie("read.stranger")
def an_error_for_a_stranger():
    def ask(question, answer):
        keys = [key for one in question.asks for key in one.keys]
        if not keys or not all(key.startswith("hub-probe-") for key in keys):
            return answer
        told = fault(CODE, FaultCode.PARTIAL, (RecordKind.WORKER,))
        return replace(answer, faults=(told,))

    return Lying(province(), ask=ask)


@lie("read.odd-keys")
def a_key_that_is_a_pattern():
    return province({**WORKERS, "%": replace(WANG, local_id="%")})


@lie("read.repeatable", "recover.at-once")
def the_date_of_the_answer():
    turns = iter(range(10**6))
    at = datetime(2026, 10, 1, tzinfo=UTC)
    return each_worker(
        lambda one, _: replace(one, as_of=at + timedelta(seconds=next(turns)))
    )


@lie("read.ids")
def rows_numbered_for_each_worker():
    return province({**WORKERS, "gd-0002": replace(WANG, skills=(skill("s1"),))})


@lie("read.clock")
def beijing_time_as_utc():
    ahead = datetime.now(UTC) + timedelta(hours=8)  # noqa: TID251  # the clock of the check is the machine's
    return province({**WORKERS, "gd-0002": replace(WANG, as_of=ahead)})


@lie("refuse.kind")
def a_kind_unasked():
    return Lying(province(), declared=without(RecordKind.TRAINING))


@lie("refuse.field")
def a_field_unasked():
    fields = {**WHOLE_CONTRACT.fields}
    fields[RecordKind.WORKER] = fields[RecordKind.WORKER] - {"education"}
    return Lying(province(), declared=replace(WHOLE_CONTRACT, fields=fields))


@lie("refuse.changes")
def changes_unasked():
    return Lying(province(), declared=without(changes=False))


@lie("refuse.acts")
def an_act_unasked():
    acts = frozenset(Act) - {Act.CANCEL_IN}
    return Lying(province(), declared=without(acts=acts))


def log(true, wanted):
    if wanted.case_no:
        return true.file.of(wanted.case_no, wanted.seq, wanted.first)
    if not 1 <= wanted.first <= 500:
        raise ProvinceFault(FaultCode.PROVINCE_ERROR)
    return true.file.log(wanted.after, wanted.first)


def telling(change_page):
    """Change the pages that are told."""
    return Lying(
        province(),
        changes=lambda true, wanted: change_page(wanted, log(true, wanted)),
    )


@lie("changes.page")
def a_line_that_is_none():
    return telling(
        lambda wanted, page: (
            replace(page, unfit=(Unfit(rule="gone-and-more"),))
            if not wanted.case_no
            else page
        )
    )


@lie("changes.pages")
def a_cursor_one_too_far():
    return telling(
        lambda wanted, page: (
            replace(page, next=str(int(page.next) + 1))
            if wanted.first == 3 and page.more
            else page
        )
    )


@lie("changes.again", "changes.pages", "changes.strange-cursor")
def reading_takes_away():
    turns = iter(range(10**6))

    def page_of(wanted, page):
        if wanted.first != 3 or next(turns) % 2:
            return page
        return replace(page, arrivals=page.arrivals[1:])

    return telling(page_of)


@lie("changes.end")
def always_more():
    return telling(lambda wanted, page: replace(page, more=not wanted.case_no))


@lie("changes.strange-cursor")
def a_strange_cursor_is_the_end():
    return telling(
        lambda wanted, page: (
            Changes((), wanted.after)
            if wanted.after and not wanted.after.isdigit()
            else page
        )
    )


@lie("changes.numbers")
def a_hole_in_the_file():
    return telling(
        lambda wanted, page: (
            replace(page, arrivals=tuple(one for one in page.arrivals if one.seq != 2))
            if wanted.case_no
            else page
        )
    )


@lie("changes.numbers")
def rewritten_under_its_number():
    return telling(
        lambda wanted, page: (
            page
            if wanted.case_no
            else replace(
                page,
                arrivals=tuple(
                    replace(one, union="other") if getattr(one, "union", "") else one
                    for one in page.arrivals
                ),
            )
        )
    )


@lie("changes.case-from")
def the_file_always_whole():
    return Lying(
        province(), changes=lambda true, wanted: log(true, replace(wanted, seq=0))
    )


@lie("changes.first")
def pages_without_a_most():
    return Lying(
        province(),
        changes=lambda true, wanted: (
            log(true, replace(wanted, first=min(max(wanted.first, 1), 500)))
            if wanted.first > 500
            else log(true, wanted)
        ),
    )


@lie("changes.clock")
def written_down_tomorrow():
    one = province()
    tomorrow = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251  # as above
    one.file.write(change(8, as_of=tomorrow))
    return one


def acting(do):
    """Answer some commands otherwise; ``None`` leaves the answer to the register."""
    return Lying(province(), act=do)


@lie("acts.unrefusable")
def nothing_to_complete():
    return acting(
        lambda _, one: (
            Receipt(key=one.key, answered=Answered.REFUSED, code="OTHER")
            if one.act is Act.COMPLETE_OUT
            else None
        )
    )


@lie("acts.barred")
def no_bar():
    return acting(lambda true, _: true.register.barred.clear())


@lie("acts.unknown")
def an_entry_for_nobody():
    return acting(
        lambda true, one: (
            Receipt(key=one.key, answered=Answered.DONE, entry="e-1")
            if one.act is Act.REGISTER_OUT and true.register.file(one.local_id) is None
            else None
        )
    )


@lie("acts.out")
def still_active():
    def changed(one, _):
        rows = tuple(
            replace(row, state=MembershipState.ACTIVE)
            if row.state is MembershipState.IN_TRANSIT
            else row
            for row in rows_of(one, "memberships")
        )
        return replace(one, memberships=rows) if rows else one

    return each_worker(changed)


@lie("acts.again")
def another_receipt_each_time():
    seen = {}

    def do(true, one):
        if one.act is not Act.REGISTER_OUT or "nobody" in one.transfer:
            return None
        told = true.register.act(one, datetime.now(UTC))  # noqa: TID251  # as above
        again = seen.setdefault(one.key, 0)
        seen[one.key] += 1
        return replace(told, joined_on=None) if again else told

    return acting(do)


@lie("acts.key-reused")
def a_key_looked_up_and_not_compared():
    receipts = {}

    def do(true, one):
        if one.key not in receipts:
            receipts[one.key] = true.register.act(one, datetime.now(UTC))  # noqa: TID251  # as above
        return receipts[one.key]

    return acting(do)


@lie("acts.cancel")
def the_day_stays_when_it_is_taken_back():
    gone = []

    def changed(one, _):
        rows = tuple(
            replace(row, registered_out_on=datetime(2026, 11, 2, tzinfo=UTC).date())
            if gone and row.state is MembershipState.ACTIVE
            and row.registered_out_on is None
            else row
            for row in rows_of(one, "memberships")
        )  # fmt: skip
        return replace(one, memberships=rows) if rows else one

    one = each_worker(changed)

    def do(_, command):
        if command.transfer.endswith("-cancel") and command.act is Act.CANCEL_OUT:
            gone.append(command)

    one.said["act"] = do
    return one


@lie("acts.in-and-back")
def the_row_stays():
    made = {}

    def do(true, one):
        if "nobody" in one.transfer:
            return None
        if one.act is Act.REGISTER_IN:
            made[one.transfer] = true.register.act(one, datetime.now(UTC))  # noqa: TID251  # as above
            return made[one.transfer]
        if one.act is Act.CANCEL_IN:
            entry = made[one.transfer].entry
            return Receipt(key=one.key, answered=Answered.DONE, entry=entry)
        return None

    return acting(do)


@lie("recover.at-once")
def one_buffer_for_all():
    last = []

    async def instead(true, question, deadline):
        last[:] = [question]
        await asyncio.sleep(0)
        return await true.ask(last[0], deadline)

    return Lying(province(), instead=instead)


@lie("recover.abandoned", on="recover.abandoned")
def a_lock_that_is_kept():
    held = []

    async def instead(true, question, deadline):
        if not one.on:
            return await true.ask(question, deadline)
        if held:
            held.clear()
            raise ProvinceFault(FaultCode.TIMED_OUT, "locked")
        held.append(1)
        await asyncio.sleep(0.02)
        held.clear()
        return await true.ask(question, deadline)

    one = Lying(province(), instead=instead)
    return one


@lie(
    "recover.reopened",
    reopen=lambda: province({**WORKERS, "gd-0002": replace(WANG, name="王 五")}),
)
def another_node_knows_another():
    return province()


@lie("secrets.wrong", strangers={"bearer_env": province})
def anybody_is_let_in():
    return province()


def _shut():
    return Lying(province(), instead=_busy)


async def _busy(*_):
    raise ProvinceFault(FaultCode.PROVINCE_ERROR, "HTTP 500")


@lie("secrets.wrong", strangers={"bearer_env": _shut}, warned=True)
def strangers_break_it():
    return province()


def late(size, seconds):
    async def instead(true, question, deadline):
        if one.on and len(question.asks[0].keys) == size:
            await asyncio.sleep(seconds)
        return await true.ask(question, deadline)

    one = Lying(province(), instead=instead)
    return one


@lie("speed.1", on="speed.1", deadline=0.5, rounds=1)
def one_is_late():
    return late(1, 0.55)


@lie("speed.10", on="speed.10", deadline=0.5, rounds=1)
def ten_are_late():
    return late(10, 0.55)


@lie("speed.100", on="speed.100", deadline=0.5, rounds=1)
def a_hundred_are_late():
    return late(100, 0.55)


@lie("speed.100", on="speed.100", deadline=2.0, rounds=1, warned=True)
def a_hundred_take_half_of_it():
    return late(100, 1.05)
