"""A province in memory that keeps the contract, with all that a visit looks at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec

from connectors.conformance.running import run
from connectors.conformance.sample import Acts, Member, Sample
from connectors.conformance.visit import Means
from connectors.memory import MemoryConnector
from connectors.port import WHOLE_CONTRACT
from hub.clock import SystemClock
from schema.records.case import ActKind
from schema.records.change import Change
from schema.records.hardship import AidRecord, HardshipFileRecord
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.skill import SkillRecord
from schema.records.worker import Sex, WorkerRecord
from tests.provinces.registers import AWAY, U1, membership

CODE = ProvinceCode("44")
AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
CLOCK = SystemClock()


def _person(key, name, *memberships, skills=()):
    return WorkerRecord(
        local_id=key, as_of=AT, name=name, sex=Sex.FEMALE, phone="13000000000",
        memberships=memberships, skills=skills,
    )  # fmt: skip


def skill(id_):
    return SkillRecord(id=id_, as_of=AT, certificate_no="Z-7", issued_on=AT.date())


LI = msgspec.structs.replace(
    _person(
        "gd-0001",
        "李四",
        membership("m1", "c1"),
        membership("m2", "c2", state=MembershipState.TRANSFERRED),
        skills=(skill("s1"),),
    ),
    hardship_files=(
        HardshipFileRecord(
            id="h1",
            as_of=AT,
            income_per_head="812.50",
            aids=(AidRecord(programme="送温暖", period="2025", amount="1000.00"),),
        ),
    ),
)
WANG = _person("gd-0002", "王五")
ZHAO = _person("gd-0003", "赵六")
WORKERS = {one.local_id: one for one in (LI, WANG, ZHAO)}


def member(key, card, **more):
    return Member(
        local_id=key, membership_no=card, union=U1, counterpart_union=AWAY,
        counterpart_province="45", **more,
    )  # fmt: skip


SAMPLE = Sample(
    known=tuple(WORKERS),
    rows={RecordKind.MEMBERSHIP: ("gd-0001",), RecordKind.SKILL: ("gd-0001",)},
    none={RecordKind.MEMBERSHIP: ("gd-0002", "gd-0003")},
    acts=Acts(
        leaving=member("gd-0001", "c1"),
        coming=member("gd-0003", "c9", joined_on=date(2019, 5, 4)),
    ),
)


def change(seq, **more):
    told = {
        "province": CODE, "case_no": "2026-44-1", "seq": seq,
        "as_of": AT + timedelta(hours=seq), "act": ActKind.MEDIATION,
        "on": AT.date(), "union": U1,
    }  # fmt: skip
    return Change(**told | more)


def province(workers=None, capabilities=WHOLE_CONTRACT):
    """Make it; seven things happened in one case."""
    one = MemoryConnector(
        CODE, WORKERS if workers is None else workers, CLOCK, capabilities
    )
    for seq in range(1, 8):
        one.file.write(change(seq))
    return one


async def visited(connector, sample=SAMPLE, *, tell=None, **means):
    """Visit it, and tell the outcome of each check by its id."""
    given = {"clock": CLOCK, "acts": True, "rounds": 3, **means}
    given.setdefault("reopen", lambda: connector)
    report = await run(connector, sample, Means(**given), tell=tell)
    return report, {one.check.id: one.outcome for one in report.findings}
