"""Adapter: collective cases as rows: what they are made of, and how much there is.

Whoever calls holds the lock of the group. What a report costs does not grow with how
many there are: a total is changed, and of workers those that the report lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.following.collecting import change_of, listed_changes
from hub.store.arrears_forms import encode, kept_of
from schema.records.arrears import CollectiveTotals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.following.collecting import Change, KeptReport

_REPORT: Final = """
SELECT kept.body::text, kept.case_no, kept.lead, kept.lead_province, kept.signal_on,
    kept.state, collective_id::text
"""
_OPENED: Final = f"""
{_REPORT} FROM arrears_report AS kept LEFT JOIN collective_report USING (report_id)
WHERE employer = ANY(%s::text[]) AND state = 'OPEN' AND collective_id IS NULL
"""
_CHANGES: Final = f"""
{_REPORT}, linked.open
FROM arrears_report AS kept LEFT JOIN collective_report AS linked USING (report_id)
WHERE report_id = ANY(%s::text[])
    AND (collective_id IS NULL OR collective_id = %s::uuid)
"""
_PART_OF: Final = f"""
{_REPORT} FROM arrears_report AS kept JOIN collective_report USING (report_id)
WHERE collective_id = %s AND state = 'OPEN'
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
_LINK: Final = """
INSERT INTO collective_report (collective_id, report_id, open)
SELECT %s::uuid, new.* FROM unnest(%s::text[], %s::boolean[]) AS new
ON CONFLICT (report_id) DO UPDATE SET open = excluded.open
"""
_UNLINK: Final = """
DELETE FROM collective_report
WHERE collective_id = %s AND report_id = ANY(%s::text[])
"""
_LIST: Final = """
INSERT INTO collective_worker AS listed (collective_id, worker_id, reports)
SELECT %s::uuid, new.* FROM unnest(%s::text[], %s::int[]) AS new
ON CONFLICT (collective_id, worker_id)
    DO UPDATE SET reports = listed.reports + excluded.reports
RETURNING worker_id, reports
"""
_UNLIST: Final = """
DELETE FROM collective_worker
WHERE collective_id = %s AND worker_id = ANY(%s::text[]) AND reports <= 0
"""
_END: Final = "UPDATE collective_case SET ended_at = %s WHERE collective_id = %s"
_UNLINK_ALL: Final = "DELETE FROM collective_report WHERE collective_id = %s"
_UNLIST_ALL: Final = "DELETE FROM collective_worker WHERE collective_id = %s"
read_totals = msgspec.json.Decoder(CollectiveTotals).decode


async def standing(
    connection: AsyncConnection[Any], group: str
) -> tuple[str, CollectiveTotals] | None:
    """Read the collective case of a group; none if none stands."""
    row = await (await connection.execute(_STANDING, (group,))).fetchone()
    return None if row is None else (str(row[0]), read_totals(row[1]))


async def opened(
    connection: AsyncConnection[Any], codes: Sequence[str]
) -> list[KeptReport]:
    """Read open reports on some employers that are part of no collective case."""
    found = await connection.execute(_OPENED.encode(), (list(codes),))
    return [kept_of(row) for row in await found.fetchall()]


async def changes(
    connection: AsyncConnection[Any], id_: str, ids: Sequence[str]
) -> list[Change]:
    """Tell what reports change in a collective case that stands."""
    found = await connection.execute(_CHANGES.encode(), (list(ids), id_))
    return [change_of(kept_of(row[:-1]), was=row[-1]) for row in await found.fetchall()]


async def form(
    connection: AsyncConnection[Any], totals: CollectiveTotals, at: datetime
) -> str:
    """Write a new collective case; give its id."""
    given = (totals.group, at, at, encode(totals))
    row = await (await connection.execute(_FORM, given)).fetchone()
    assert row is not None  # noqa: S101  # an INSERT returns its row
    return str(row[0])


async def change(
    connection: AsyncConnection[Any], id_: str, totals: CollectiveTotals, at: datetime
) -> None:
    """Write how much there is of it now."""
    await connection.execute(_CHANGE, (at, encode(totals), id_))


async def link(
    connection: AsyncConnection[Any], id_: str, changes: Sequence[Change]
) -> int:
    """Note which reports it is made of; tell how many more workers are listed."""
    if stay := [one for one in changes if one.now is not None]:
        named = [one.kept.report.id for one in stay]
        await connection.execute(_LINK, (id_, named, [one.now for one in stay]))
    if gone := [one.kept.report.id for one in changes if one.now is None]:
        await connection.execute(_UNLINK, (id_, gone))
    more = listed_changes(changes)
    if not more:
        return 0
    whose = sorted(more)
    given = (id_, [str(one) for one in whose], [more[one] for one in whose])
    found = await connection.execute(_LIST, given)
    now = dict(await found.fetchall())
    await connection.execute(_UNLIST, given[:2])
    return sum((now[one] > 0) - (now[one] - more[one] > 0) for one in whose)


async def end(
    connection: AsyncConnection[Any], id_: str, at: datetime
) -> list[KeptReport]:
    """End it; tell which of its reports are open."""
    found = await connection.execute(_PART_OF.encode(), (id_,))
    whom = [kept_of(row) for row in await found.fetchall()]
    await connection.execute(_END, (at, id_))
    await connection.execute(_UNLINK_ALL, (id_,))
    await connection.execute(_UNLIST_ALL, (id_,))
    return whom
