"""Adapter: transactions about rights cases; each takes its locks in one order.

The order is that of ``hub.store.locks``: rows of ``rights_case`` by number, then what
belongs to these cases only, then the trail, then the feed. Rows of lists are written
under the feed's lock: nobody else writes those of a case that is locked.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from psycopg.errors import UniqueViolation

from hub.feeds.events import Topic
from hub.following.ports import Before, Clashed
from hub.store.audit import append_within
from hub.store.case_entries import Standing, first_seen
from hub.store.case_forms import read_case
from hub.store.case_listing import Relisting
from hub.store.case_moments import moved_before
from hub.store.case_saying import Told, case_change, task_changes
from hub.store.case_writing import (
    write_cases,
    write_cooperation,
    write_looked,
    write_notices,
)
from hub.store.publishing import publish_all

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from psycopg import AsyncConnection

    from hub.following.ports import Looked, Written
    from hub.store.arrears import ArrearsLinks
    from hub.store.pool import Pool
    from schema.records.case import Case

#: Whatever the server's default: promised is only what is on disk.
_BEGIN: Final = """
SELECT set_config('synchronous_commit', 'on', true),
    set_config('lock_timeout', '10s', true)
"""
_LOCK: Final = """
SELECT case_no, body::text, due_on FROM rights_case
WHERE case_no = ANY(%s::text[]) ORDER BY case_no FOR NO KEY UPDATE
"""
_ACTED: Final = """
SELECT event.acting, event.act, rights_case.body::text
FROM case_event AS event JOIN rights_case USING (case_no)
WHERE event.acting = ANY(%s::text[]) AND event.acting <> ''
"""
#: What two transactions at once can both believe that they are the first to write.
_CLASHES: Final = {"pk_rights_case", "pk_case_event", "uq_case_event_acting"}


class Cases:
    """Where cases are kept; fulfils ``hub.following.ports.CaseStore``."""

    def __init__(self, pool: Pool, arrears: ArrearsLinks | None = None) -> None:
        """Use the hub's database.

        Args:
            pool: Its connections.
            arrears: Keeps and links reports of arrears; none are taken without it.
        """
        self._pool = pool
        self._arrears = arrears

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[CaseUnit]:
        """Begin a transaction.

        Raises:
            StoreUnavailable: It may or may not be written.
            Clashed: Somebody else was first; nothing was written.
        """
        try:
            # The statements go out together; only what is read is waited for.
            async with (
                self._pool.connection() as connection,
                connection.pipeline(),
                connection.transaction(),
            ):
                await connection.execute(_BEGIN)
                yield CaseUnit(connection, self._arrears)
        except UniqueViolation as error:
            if error.diag.constraint_name not in _CLASHES:
                raise
            raise Clashed from error


class CaseUnit:
    """One transaction; fulfils ``hub.following.ports.CaseUnit``."""

    def __init__(
        self, connection: AsyncConnection[Any], arrears: ArrearsLinks | None = None
    ) -> None:
        """Use a connection in a transaction, in pipeline mode."""
        self._connection = connection
        self._arrears = arrears
        self._turn = 0
        #: How the locked cases stand.
        self._locked: dict[str, Standing] = {}

    async def lock(self, numbers: Sequence[str]) -> Mapping[str, Case]:
        """Read cases and keep others from changing them."""
        self._take(1)
        known = [each for each in set(numbers) if each.isprintable()]
        if known:
            found = await self._connection.execute(_LOCK, (known,))
            self._locked = {
                no: Standing(read_case(body), due_on)
                for no, body, due_on in await found.fetchall()
            }
        return {no: each.case for no, each in self._locked.items()}

    async def acted(self, keys: Sequence[str]) -> Mapping[str, Before]:
        """Tell what earlier acts under these keys were; it locks nothing."""
        self._take(2)
        known = [each for each in set(keys) if each]
        if not known:
            return {}
        found = await self._connection.execute(_ACTED, (known,))
        return {
            acting: Before(read_case(body), bytes(act))
            for acting, act, body in await found.fetchall()
        }

    async def write(
        self, written: Sequence[Written], looked: Sequence[Looked] = ()
    ) -> None:
        """Write all of it.

        Raises:
            RuntimeError: A case was not locked before.
        """
        self._take(3)
        self._check(written, looked)
        connection = self._connection
        await write_cases(connection, written)
        await write_looked(connection, looked)
        await write_cooperation(connection, written)
        told = [(each.case.no, one) for each in written for one in each.told]
        told += [(each.no, one) for each in looked for one in each.told]
        new = Told(await write_notices(connection, told))
        linked: list[bytes] = []
        if self._arrears is not None:
            linked = await self._arrears.within(connection, written)
        relisting = self._relisting(written)
        await relisting.before_publishing(connection)
        # From here on nobody else can write: it is the end.
        if written:
            drafts = [draft for each in written for draft in each.audit]
            await append_within(connection, drafts)
        cases, tasks = self._said(written, looked, new)
        await publish_all(connection, Topic.CASE, [*cases, *linked])
        await publish_all(connection, Topic.TASK, tasks)
        await moved_before(connection, written)
        await relisting.after_publishing(connection)

    def _relisting(self, written: Sequence[Written]) -> Relisting:
        relisting = Relisting()
        last: dict[str, Written] = {}
        since: dict[str, dict[str, Any]] = {}
        for each in written:
            no = each.case.no
            before = last[no].case if no in last else self._case(no)
            seen = first_seen(each.case, before, each.event.at)
            since.setdefault(no, {}).update(seen)
            last[no] = each
        for no, each in last.items():
            after = Standing(each.case, each.due_on)
            relisting.note(self._locked.get(no), after, each.event.at, since[no])
        return relisting

    def _said(
        self, written: Sequence[Written], looked: Sequence[Looked], new: Told
    ) -> tuple[list[bytes], list[bytes]]:
        """Say what happened: of cases, and of tasks."""
        cases, tasks = [], []
        last = {no: each.case for no, each in self._locked.items()}
        for each in written:
            case, was = each.case, last.get(each.case.no)
            told = new.of(case.no, each.told)
            cases.append(case_change(case, was, told, each.due_on))
            tasks.extend(task_changes(case, was))
            last[case.no] = case
        due = {no: each.due_on for no, each in self._locked.items()}
        due |= {each.case.no: each.due_on for each in written}
        for one in looked:
            case = last[one.no]
            if told := new.of(one.no, one.told):
                cases.append(case_change(case, case, told, due[one.no]))
        return cases, tasks

    def _case(self, no: str) -> Case | None:
        standing = self._locked.get(no)
        return None if standing is None else standing.case

    def _take(self, turn: int) -> None:
        if turn <= self._turn:
            raise RuntimeError("the calls of a unit are out of their order")
        self._turn = turn

    def _check(self, written: Sequence[Written], looked: Sequence[Looked]) -> None:
        """Refuse what was not locked: it would break under load only."""
        known = set(self._locked)
        for each in written:
            if each.case.seq != 1 and each.case.no not in known:
                raise RuntimeError("a case is changed that is not locked")
            known.add(each.case.no)
        if any(one.no not in known for one in looked):
            raise RuntimeError("a case is looked at that is not locked")
