"""Adapter: reports of arrears, kept and linked in the transaction of their cases.

Reports on one employer group, from whatever provinces, are counted by one transaction
at a time. That one writes the collective case, and tells the leads of its cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import msgspec

from hub.clock import day_in_china
from hub.following.collecting import collected, counted, first_act, state_of
from hub.store.arrears_forms import encode, kept_of
from hub.store.case_forms import columns
from hub.store.case_telling import tell_within
from hub.store.locks import ARREARS
from schema.records.arrears import CollectiveCase
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
RETURNING kept.employer, kept.reported_on, kept.state
"""
_LOCK: Final = "SELECT pg_advisory_xact_lock(%s, lock) FROM unnest(%s::int[]) AS lock"
_OF_EMPLOYERS: Final = """
SELECT kept.body::text, kept.case_no, kept.lead, kept.lead_province, kept.signal_on,
    kept.state, collective_id::text
FROM arrears_report AS kept LEFT JOIN collective_report USING (report_id)
WHERE employer = ANY(%s::text[]) AND state <> 'WITHDRAWN'
"""
_STANDING: Final = """
SELECT collective_id::text, body::text FROM collective_case
WHERE employer_group = %s AND ended_at IS NULL
"""
_FORM: Final = """
INSERT INTO collective_case (employer_group, formed_at, changed_at, body)
VALUES (%s, %s, %s, %s) RETURNING collective_id::text
"""
_CHANGE: Final = """
UPDATE collective_case SET changed_at = %s, body = %s WHERE collective_id = %s
"""
_END: Final = "UPDATE collective_case SET ended_at = %s WHERE collective_id = %s"
_LINK: Final = """
INSERT INTO collective_report (report_id, collective_id)
SELECT report_id, %s FROM unnest(%s::text[]) AS new (report_id)
ON CONFLICT (report_id) DO UPDATE SET collective_id = excluded.collective_id
"""
_UNLINK: Final = """
DELETE FROM collective_report
WHERE collective_id = %s AND report_id <> ALL(%s::text[])
"""
_read_case = msgspec.json.Decoder(CollectiveCase).decode


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
        touched = {
            (one.report.report.employer, one.report.report.on)
            for one in new
            if one.report is not None
        }
        await _keep(connection, new)
        touched |= await _move(connection, list(last.values()))
        if not touched:
            return []
        at = max(one.event.at for one in last.values())
        return await self._link(connection, touched, at)

    async def _link(
        self,
        connection: AsyncConnection[Any],
        touched: Iterable[tuple[str, date]],
        at: datetime,
    ) -> list[bytes]:
        together = {
            self._groups.group_of(code, on): self._groups.together(code, on)
            for code, on in touched
        }
        locks = sorted({_lock_of(group) for group in together})
        await connection.execute(_LOCK, (ARREARS, locks))
        said: list[bytes] = []
        for group, codes in sorted(together.items()):
            said += await self._count(connection, group, codes, at)
        return said

    async def _count(
        self,
        connection: AsyncConnection[Any],
        group: str,
        codes: tuple[str, ...],
        at: datetime,
    ) -> list[bytes]:
        """Write the collective case of a group as it is now."""
        found = await connection.execute(_OF_EMPLOYERS, (list(codes),))
        kept = [kept_of(row) for row in await found.fetchall()]
        kept = [
            one
            for one in kept
            if self._groups.group_of(one.report.employer, one.report.on) == group
        ]
        found = await connection.execute(_STANDING, (group,))
        standing, before = await found.fetchone() or (None, None)
        counts = counted(kept, standing)
        case = collected(counts, group, self._groups, self._enough(day_in_china(at)))
        if case is None:
            if standing is None:
                return []
            await connection.execute(_END, (at, standing))
            await connection.execute(_UNLINK, (standing, []))
            kind, whom = NoticeKind.COLLECTIVE_ENDED, _linked(kept, standing)
            return await _tell(connection, kind, standing, whom)
        if standing is None:
            row = (group, at, at, encode(case))
            made = await (await connection.execute(_FORM, row)).fetchone()
            assert made is not None  # noqa: S101  # an INSERT returns its row
            standing = str(made[0])
        elif before is not None and _read_case(before) != case:
            await connection.execute(_CHANGE, (at, encode(case), standing))
        ids = [one.report.id for one in counts]
        await connection.execute(_LINK, (standing, ids))
        await connection.execute(_UNLINK, (standing, ids))
        joined = [one for one in counts if one.collective != standing and one.open]
        return await _tell(connection, NoticeKind.COLLECTIVE_FOUND, standing, joined)


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


async def _move(
    connection: AsyncConnection[Any], last: Sequence[Written]
) -> set[tuple[str, date]]:
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
    return {
        (employer, on)
        for employer, on, state in await found.fetchall()
        if state in ENDED
    }


def _linked(kept: Iterable[KeptReport], standing: str) -> list[KeptReport]:
    return [one for one in kept if one.open and one.collective == standing]


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
