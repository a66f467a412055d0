"""Adapter: reports of arrears, kept and linked in the transaction of their cases.

Reports on one employer group, from whatever provinces, are counted by one transaction
at a time. That one changes the collective case by what the report changes, and tells
the leads of its cases (``hub.store.arrears_collecting``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgspec

from hub.clock import day_in_china
from hub.following.collecting import (
    change_of,
    changed,
    first_act,
    formed,
    state_of,
)
from hub.store import arrears_collecting as collecting
from hub.store.arrears_forms import encode
from hub.store.case_forms import columns
from hub.store.case_telling import tell_within
from hub.store.locks import ARREARS
from schema.records.case import ENDED
from schema.records.case_notice import Notice, NoticeKind
from schema.records.rights_case import CaseMatter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from psycopg import AsyncConnection

    from hub.following.collecting import KeptReport
    from hub.following.employers import EmployerGroups
    from hub.following.ports import Written
    from schema.records.arrears import CollectiveTotals

_KEEP: Final = """
INSERT INTO arrears_report (report_id, case_no, province, office, employer, reported_on,
    signal_on, acted_on, lead, lead_province, body)
SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::date[], %b::date[], %b::date[], %b::text[], %b::text[], %b::json[])
"""
# What is said of a report is said of its case; what did not change is not written.
_MOVE: Final = """
UPDATE arrears_report AS kept SET state = new.state, lead = new.lead,
    lead_province = new.lead_province, acted_on = new.acted_on,
    signal_on = least(kept.signal_on, new.touched_on)
FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::date[], %b::date[])
    AS new (case_no, state, lead, lead_province, acted_on, touched_on)
WHERE kept.case_no = new.case_no AND
    (kept.state, kept.lead, kept.acted_on, kept.signal_on) IS DISTINCT FROM
    (new.state, new.lead, new.acted_on, least(kept.signal_on, new.touched_on))
RETURNING kept.report_id, kept.state
"""
_TOUCHED: Final = """
SELECT report_id, employer, reported_on, employer_group
FROM arrears_report LEFT JOIN collective_report USING (report_id)
LEFT JOIN collective_case USING (collective_id)
WHERE report_id = ANY(%s::text[])
"""
_LOCK: Final = "SELECT pg_advisory_xact_lock(%s, lock) FROM unnest(%s::int[]) AS lock"


class ArrearsLinks:
    """Keeps reports and links them, as a part of somebody's transaction."""

    def __init__(self, groups: EmployerGroups, enough: Callable[[date], int]) -> None:
        """Hold what is needed.

        Args:
            groups: To which group an employer belongs.
            enough: From how many workers on reports are one case, on a day.
        """
        self._groups = groups
        self._enough = enough

    async def within(
        self, connection: AsyncConnection[Any], written: Sequence[Written]
    ) -> list[bytes]:
        """Keep new reports, bring the others forward, and link them.

        Args:
            connection: In a transaction that holds the cases, and neither the trail
                nor the feed yet.
            written: What the transaction writes; of one case, in order.

        Returns:
            Bodies of feed events (``Topic.CASE``), to be published with the rest.
        """
        last = {
            one.case.no: one
            for one in written
            if one.case.matter is CaseMatter.WAGE_ARREARS
        }
        if not last:
            return []
        new = [one for one in written if one.report is not None]
        ids = {one.report.report.id for one in new if one.report is not None}
        await _keep(connection, new)
        ids |= await _move(connection, list(last.values()))
        if not ids:
            return []
        at = max(one.event.at for one in last.values())
        return await self._link(connection, ids, at)

    async def _link(
        self, connection: AsyncConnection[Any], ids: Iterable[str], at: datetime
    ) -> list[bytes]:
        found = await connection.execute(_TOUCHED, (list(ids),))
        together: dict[str, tuple[str, ...]] = {}
        touched: dict[str, list[str]] = defaultdict(list)
        for id_, employer, on, part_of in await found.fetchall():
            # What is part of a collective case goes with that one until it ends.
            group = part_of or self._groups.group_of(employer, on)
            touched[group].append(id_)
            together[group] = self._groups.together(employer, on)
        locks = sorted({_lock_of(group) for group in touched})
        await connection.execute(_LOCK, (ARREARS, locks))
        said: list[bytes] = []
        for group, some in sorted(touched.items()):
            standing = await collecting.standing(connection, group)
            if standing is None:
                said += await self._form(connection, group, together[group], at)
            else:
                said += await self._change(connection, standing, some, at)
        return said

    async def _form(
        self,
        connection: AsyncConnection[Any],
        group: str,
        codes: tuple[str, ...],
        at: datetime,
    ) -> list[bytes]:
        """Form the collective case of a group, if there are enough workers.

        There are few reports: with more of them it would have been formed before.
        """
        kept = [
            one
            for one in await collecting.opened(connection, codes)
            if self._groups.group_of(one.report.employer, one.report.on) == group
        ]
        enough = self._enough(day_in_china(at))
        totals = formed(kept, group, self._groups, enough)
        if totals is None:
            return []
        standing = await collecting.form(connection, totals, at)
        changes = [change_of(one, was=None) for one in kept]
        await collecting.link(connection, standing, changes)
        return await _tell(connection, NoticeKind.COLLECTIVE_FOUND, standing, kept)

    async def _change(
        self,
        connection: AsyncConnection[Any],
        standing: tuple[str, CollectiveTotals],
        ids: Sequence[str],
        at: datetime,
    ) -> list[bytes]:
        """Change a collective case by what some reports change, or end it."""
        id_, before = standing
        changes = [
            one
            for one in await collecting.changes(connection, id_, ids)
            if one.was != one.now
        ]
        listed = await collecting.link(connection, id_, changes)
        after = changed(before, changes, listed)
        if not after.open or after.workers < self._enough(day_in_china(at)):
            whom = await collecting.end(connection, id_, at)
            return await _tell(connection, NoticeKind.COLLECTIVE_ENDED, id_, whom)
        if after != before:
            await collecting.change(connection, id_, after, at)
        joined = [one.kept for one in changes if one.was is None]
        return await _tell(connection, NoticeKind.COLLECTIVE_FOUND, id_, joined)


async def _keep(connection: AsyncConnection[Any], new: Sequence[Written]) -> None:
    rows = []
    for one in new:
        assert one.report is not None  # noqa: S101  # so they were chosen
        # Who was named by a province's own name is known by the hub's from the case.
        report = msgspec.structs.replace(one.report.report, listed=one.case.workers)
        lead = one.case.lead
        signal = min(one.report.signal_on or report.on, report.on)
        rows.append(
            (
                report.id,
                one.case.no,
                report.province,
                report.office,
                report.employer,
                report.on,
                min(signal, one.case.first_touch_on),
                first_act(one.case.milestones),
                lead.union,
                lead.province,
                encode(report),
            )
        )
    if rows:
        await connection.execute(_KEEP, columns(rows))


async def _move(connection: AsyncConnection[Any], last: Sequence[Written]) -> set[str]:
    """Bring reports forward with their cases; tell whose reports stopped counting."""
    rows = [
        (
            one.case.no,
            state_of(one.case.state),
            one.case.lead.union,
            one.case.lead.province,
            first_act(one.case.milestones),
            one.case.first_touch_on,
        )
        for one in last
    ]
    found = await connection.execute(_MOVE, columns(rows))
    return {id_ for id_, state in await found.fetchall() if state in ENDED}


async def _tell(
    connection: AsyncConnection[Any],
    kind: NoticeKind,
    collective: str,
    whom: Iterable[KeptReport],
) -> list[bytes]:
    told = [(one.case_no, Notice(kind, one.lead, collective)) for one in whom]
    return await tell_within(connection, told)


def _lock_of(group: str) -> int:
    """Make a lock's number of a group's name: a signed one of four bytes."""
    return crc32(group.encode()) - 2**31
