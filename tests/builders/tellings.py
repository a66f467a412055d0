"""Builders of what provinces tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.rights_case import CaseStatus, RightsCaseRecord
from schema.records.told import Fault, Gathered, Link, Located, Source, Told
from schema.records.worker import WorkerRecord

WORKER = WorkerId("00000000-0000-4000-8000-000000000001")
FETCHED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    """A moment ``number`` days after the first of January 2026."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


def source(province: str, as_of: int = 0) -> Source:
    return Source(ProvinceCode(province), day(as_of), FETCHED)


def worker(as_of: int = 0, **fields) -> WorkerRecord:
    return WorkerRecord(local_id="W1", as_of=day(as_of), **fields)


def told(province: str, as_of: int = 0, **fields) -> Told[WorkerRecord]:
    return Told(worker(as_of, **fields), source(province, as_of))


def case(id: str, case_no: str | None, as_of: int = 0, **fields) -> RightsCaseRecord:  # noqa: A002
    fields.setdefault("status", CaseStatus.ACCEPTED)
    fields.setdefault("lead_province", None)
    return RightsCaseRecord(id=id, case_no=case_no, as_of=day(as_of), **fields)


def membership(id: str, as_of: int = 0, **fields) -> MembershipRecord:  # noqa: A002
    fields.setdefault("state", MembershipState.ACTIVE)
    fields.setdefault("since", date(2020, 1, 1))
    return MembershipRecord(id=id, as_of=day(as_of), **fields)


def gathered(*tellings: Told[WorkerRecord], faults: tuple[Fault, ...] = ()) -> Gathered:
    asked = {t.source.province for t in tellings} | {f.province for f in faults}
    return Gathered(told=tellings, faults=faults, asked=tuple(sorted(asked)))


def link(province: str, key: str = "W1", *kinds: RecordKind) -> Link:
    return Link(
        LocalKey(ProvinceCode(province), key),
        frozenset(kinds or RecordKind),
        "2020-01-01",
        None,
        "test",
    )


def located(*links: Link, worker: WorkerId = WORKER) -> Located:
    return Located(worker, links)
