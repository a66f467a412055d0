"""Adapter: counts how unions work together, from the journal of offers and tasks.

It judges as ``hub.following.indicators`` does, and a test holds it to that: but where
the rows are, for a province has hundred thousands of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from schema.records.cooperation import EarlyMeans, Indicators, Mean, Share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from psycopg import AsyncConnection

    from hub.store.pool import Pool
    from schema.records.cooperation import CooperationEvent
    from schema.records.keys import ProvinceCode

# Each offer or task once: the first time that it was asked, taken on and answered; the
# last rating and the last extension. China keeps one time, eight hours before UTC.
_FOLD: Final = """
WITH asked AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, at AS asked_at, answer_by
    FROM cooperation_event
    WHERE step = 'ASKED' AND at >= %(since)s AND at <= %(until)s AND {whose}
    ORDER BY id, at, place
), told AS (
    SELECT id, min(at) FILTER (WHERE step = 'ANSWERED') AS answered_at,
        min(at) FILTER (WHERE step IN ('ACCEPTED', 'ANSWERED')) AS accepted_at,
        (array_agg(answer_by ORDER BY at DESC, place DESC)
            FILTER (WHERE step = 'EXTENDED'))[1] AS agreed,
        (array_agg(timeliness ORDER BY at DESC, place DESC)
            FILTER (WHERE step = 'RATED'))[1] AS timeliness,
        (array_agg(effort ORDER BY at DESC, place DESC)
            FILTER (WHERE step = 'RATED'))[1] AS effort,
        bool_or(step = 'WITHDRAWN') AS withdrawn
    FROM cooperation_event
    WHERE id = ANY(ARRAY(SELECT id FROM asked)) AND step <> 'ASKED' AND at <= %(until)s
    GROUP BY id
), judged AS (
    SELECT asked_at, accepted_at, answered_at, timeliness, effort,
        coalesce(agreed, answer_by) AS answer_by,
        (answered_at AT TIME ZONE 'UTC' + interval '8 hours')::date AS answered_on,
        (%(until)s AT TIME ZONE 'UTC' + interval '8 hours')::date AS today
    FROM asked LEFT JOIN told USING (id)
    WHERE withdrawn IS NOT TRUE
)
SELECT count(*) FILTER (WHERE accepted_at - asked_at <= %(within)s),
    count(*) FILTER (WHERE accepted_at IS NOT NULL OR %(until)s - asked_at > %(within)s),
    coalesce(sum(extract(epoch FROM answered_at - asked_at)) / 3600, 0)::float8,
    count(answered_at),
    count(*) FILTER (WHERE answered_on <= answer_by),
    count(*) FILTER (WHERE answer_by IS NOT NULL
        AND (answered_on IS NOT NULL OR today > answer_by)),
    coalesce(sum(timeliness), 0)::int, count(timeliness),
    coalesce(sum(effort), 0)::int, count(effort)
FROM judged
"""
_OF_UNIONS: Final = _FOLD.format(whose="asked = ANY(%(unions)s::text[])")
_OF_CORRIDOR: Final = _FOLD.format(
    whose="asker_province = %(asker)s AND asked_province = %(asked)s"
)
_EARLY: Final = """
SELECT coalesce(sum(acted_on - first_on), 0)::int, count(acted_on),
    coalesce(sum(reported_on - first_on), 0)::int, count(*)
FROM (
    SELECT acted_on, reported_on, least(signal_on, reported_on, acted_on) AS first_on
    FROM arrears_report
    WHERE lead = ANY(%s::text[]) AND reported_on BETWEEN %s AND %s
        AND state <> 'WITHDRAWN'
) AS found
"""
_KEEP: Final = """
INSERT INTO cooperation_event (id, case_no, step, at, asker, asker_province, asked,
    asked_province)
SELECT id, '', step, at, asker, asker_province, asked, asked_province
FROM unnest(%b::text[], %b::text[], %b::timestamptz[], %b::text[], %b::text[],
    %b::text[], %b::text[]) WITH ORDINALITY AS new (id, step, at, asker,
    asker_province, asked, asked_province, place)
ORDER BY place
"""


class CooperationFigures:
    """Counts; fulfils ``hub.following.report_doors.ReadsFigures``.

    Every method may raise ``hub.store.unavailable.StoreUnavailable``.
    """

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def of_unions(
        self, unions: Sequence[str], since: datetime, until: datetime, within_days: int
    ) -> Indicators:
        """Judge what these unions were asked in a time, as it was at its end."""
        return await self._folded(
            _OF_UNIONS, since, until, within_days, unions=list(unions)
        )

    async def of_corridor(
        self,
        corridor: tuple[ProvinceCode, ProvinceCode],
        since: datetime,
        until: datetime,
        within_days: int,
    ) -> Indicators:
        """Judge what unions of one province asked those of another."""
        asker, asked = corridor
        return await self._folded(
            _OF_CORRIDOR, since, until, within_days, asker=asker, asked=asked
        )

    async def early(
        self, unions: Sequence[str], since: date, until: date
    ) -> EarlyMeans:
        """Measure how early arrears were found in cases that these unions lead."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_EARLY, (list(unions), since, until))
            act_days, acted, report_days, all_of_them = await found.fetchone() or (
                0, 0, 0, 0
            )  # fmt: skip
        return EarlyMeans(
            days_to_act=Mean(act_days, acted),
            days_to_report=Mean(report_days, all_of_them),
            unacted=all_of_them - acted,
        )

    async def _folded(
        self,
        statement: str,
        since: datetime,
        until: datetime,
        within_days: int,
        **whose: Any,
    ) -> Indicators:
        wanted = {
            "since": since,
            "until": until,
            "within": timedelta(days=within_days),
            **whose,
        }
        async with self._pool.connection() as connection:
            found = await connection.execute(statement.encode(), wanted)
            row = await found.fetchone()
        assert row is not None  # noqa: S101  # it counts: there is always a row
        return Indicators(
            accepted=Share(*row[0:2]),
            answer_hours=Mean(*row[2:4]),
            answered=Share(*row[4:6]),
            timeliness=Mean(*row[6:8]),
            effort=Mean(*row[8:10]),
        )


async def keep_offers(
    connection: AsyncConnection[Any], events: Sequence[CooperationEvent]
) -> None:
    """Add steps of offers between unions, in the transaction of their transfers."""
    rows = [
        (
            one.id,
            str(one.step),
            one.at,
            one.asker,
            one.asker_province,
            one.asked,
            one.asked_province,
        )
        for one in events
    ]
    if rows:
        await connection.execute(_KEEP, [list(c) for c in zip(*rows, strict=True)])
