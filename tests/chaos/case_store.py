"""Adapter: reads what the hub keeps of cases, and what the provinces' own logs say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import psycopg

from hub.store.arrears_forms import kept_of
from hub.store.case_forms import read_case, read_event
from schema.records.arrears import CollectiveTotals
from schema.records.change import Change, Tombstone
from schema.records.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.following.case_events import Event
    from hub.following.collecting import KeptReport
    from hub.following.lead_events import Opened
    from schema.records.case import Case
    from tests.chaos.ground import Ground

#: A file of a case: province and number.
File = tuple[str, str]
_read_statement = msgspec.json.Decoder(Change | Tombstone).decode
_read_collective = msgspec.json.Decoder(CollectiveTotals).decode
_read_transfer = msgspec.json.Decoder(Transfer).decode
_REPORTS = """
SELECT kept.body::text, kept.case_no, kept.lead, kept.lead_province, kept.signal_on,
    kept.state, collective_id::text
FROM arrears_report AS kept LEFT JOIN collective_report USING (report_id)
"""
_BEHIND = """
SELECT (SELECT count(*) FROM membership_move)
    + (SELECT count(*) FROM case_file WHERE facts > facts_done OR held < last)
    + (SELECT count(*) FROM webhook WHERE cursor < (SELECT max(cursor) FROM feed_event))
"""


class Row(NamedTuple):
    """An event of a journal, as it was written down."""

    seq: int
    at: datetime
    event: Opened | Event
    acting: str


class Told(NamedTuple):
    """What the hub has of a file, and up to where."""

    last: int
    statements: Mapping[int, Change | Tombstone]
    contradicted: int
    refused: Sequence[int]


class CasesKept(NamedTuple):
    """All there is to be compared.

    Attributes:
        cases: As they stand, by number.
        journal: What happened in each, in order.
        notices: Keys of what unions were told, each with its case.
        transfers: Of all members.
        files: What the hub has of the files of provinces.
        logs: What the provinces themselves have: by number of the change.
        reports: Of arrears.
        collectives: Those that stand, by id.
        read_at: When all this was read.
    """

    cases: Mapping[str, Case]
    journal: Mapping[str, Sequence[Row]]
    notices: Mapping[str, str]
    transfers: Sequence[Transfer]
    files: Mapping[File, Told]
    logs: Mapping[File, Mapping[int, Mapping[str, Any]]]
    reports: Sequence[KeptReport]
    collectives: Mapping[str, CollectiveTotals]
    read_at: datetime


def read_cases(ground: Ground) -> CasesKept:
    """Read everything."""
    with psycopg.connect(ground.database) as store:

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return store.execute(statement.encode()).fetchall()

        journal: dict[str, list[Row]] = {}
        for no, seq, at, event, acting in rows(
            "SELECT case_no, seq, at, event::text, acting FROM case_event"
            " ORDER BY case_no, seq"
        ):
            journal.setdefault(no, []).append(Row(seq, at, read_event(event), acting))
        (now,) = rows("SELECT now()")[0]
        return CasesKept(
            cases={
                no: read_case(body)
                for no, body in rows("SELECT case_no, body::text FROM rights_case")
            },
            journal=journal,
            notices=dict(rows("SELECT key, case_no FROM case_notice")),
            transfers=[
                _read_transfer(body)
                for (body,) in rows("SELECT body::text FROM transfer")
            ],
            files=_files(
                rows("SELECT province, case_no, last, refused FROM case_file"),
                rows(
                    "SELECT province, case_no, seq, body, contradicted"
                    " FROM case_statement"
                ),
            ),
            logs={
                (code, no): log
                for code in ground.provinces
                for no, log in own_log(ground, code).items()
            },
            reports=[kept_of(row) for row in rows(_REPORTS)],
            collectives={
                id_: _read_collective(body)
                for id_, body in rows(
                    "SELECT collective_id::text, body::text FROM collective_case"
                    " WHERE ended_at IS NULL"
                )
            },
            read_at=now,
        )


def own_log(ground: Ground, code: str) -> dict[str, dict[int, dict[str, Any]]]:
    """Read the log of a province's case files, as the province has it."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    file = ground.cases(code)
    with closing(
        sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    ) as log:
        rows = log.execute("SELECT case_no, seq, body FROM case_change ORDER BY place")
        for no, seq, body in rows:
            found.setdefault(no, {})[seq] = json.loads(body)
    return found


def is_settled(ground: Ground, store: psycopg.Connection[Any]) -> bool:
    """Tell whether everything was told to everybody."""
    (behind,) = store.execute(_BEHIND).fetchone() or (1,)
    if behind:
        return False
    found = store.execute("SELECT province, count(*) FROM case_statement GROUP BY 1")
    counts = dict(found.fetchall())
    return all(
        counts.get(code, 0) >= sum(map(len, own_log(ground, code).values()))
        for code in ground.provinces
    )


def _files(
    marks: Sequence[tuple[Any, ...]], statements: Sequence[tuple[Any, ...]]
) -> dict[File, Told]:
    told: dict[File, dict[int, Change | Tombstone]] = {}
    doubted: dict[File, int] = {}
    for province, no, seq, body, contradicted in statements:
        told.setdefault((province, no), {})[seq] = _read_statement(body)
        doubted[province, no] = doubted.get((province, no), 0) + contradicted
    return {
        (province, no): Told(
            last, told.get((province, no), {}), doubted.get((province, no), 0), refused
        )
        for province, no, last, refused in marks
    }
