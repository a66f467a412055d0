"""Cases and what happens to them, for tests of the deciders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hub.following.case import decide, open_case
from hub.following.case_events import ActRecorded, FactStated, OnTask, TaskAssigned
from hub.following.decision import Decision
from hub.following.lead_events import Accepted, Opened
from hub.following.roles import RoleTable
from schema.records.case import ActKind, DueDate
from schema.records.case_task import Document, Seat, TaskKind
from schema.records.clock import ClockFact, Phase
from schema.records.rights_case import CaseMatter

RULES = Path(__file__).parents[2] / "hub" / "rules" / "roles.toml"
TABLE = RoleTable.load(RULES.read_bytes())
TODAY = date(2026, 6, 1)
#: Noon in China.
AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
POWERS = TABLE.on(TODAY)
DAY = timedelta(days=1)

HOME = Seat("home-union", "51")
PLACE = Seat("place-union", "44")
OTHER = Seat("other-union", "33")
NEWCOMER = Seat("new-home-union", "35")
ABOVE = Seat("place-above", "44")
TOP = Seat("place-top", "44")

TOUCHED = ClockFact(id="touched", kind="request-received", on=TODAY - 3 * DAY)
PAPER = Document(reference="doc/1", sha256="ab" * 32, province="44")


def by(seat, kind, /, **facts):
    return kind(at=AT, by=seat, office=seat.union, **facts)


def opened(**facts):
    given = {
        "no": "2026-44-1", "matter": CaseMatter.WAGE_ARREARS,
        "workers": frozenset({"w"}), "to": PLACE, "outflow": (HOME,),
        "homes": (HOME,), "facts": (TOUCHED,),
    }  # fmt: skip
    return by(facts.pop("by", HOME), Opened, **(given | facts))


def due(clock="superior-follow-up", days=5, **facts):
    given = {"about": "", "rule": f"{clock}-1", "phase": Phase.RUNNING}
    return DueDate(clock=clock, due_on=TODAY + days * DAY, **(given | facts))


def fact(name="asked", on=TODAY, **facts):
    given = {"kind": "mediation-requested"}
    return ClockFact(id=name, on=on, **(given | facts))


def stated(*facts, dues=(), who=PLACE, **more):
    return by(who, FactStated, facts=facts, dues=dues, **more)


def act(key="a1", on=TODAY, who=PLACE, **more):
    return by(who, ActRecorded, key=key, kind=ActKind.MEDIATION, on=on, **more)


def task(no="t1", to=HOME, who=PLACE, **more):
    given = {"acknowledge_by": TODAY + 2 * DAY, "answer_by": TODAY + 14 * DAY}
    return by(
        who, TaskAssigned, no=no, kind=TaskKind.VISIT_FAMILY, to=to, **given | more
    )


def on_task(what, no="t1", who=HOME):
    return by(who, OnTask, no=no, what=what)


ACCEPTED = by(PLACE, Accepted)


def after(*events, first=None):
    """Let events happen to a case; each of them must change it."""
    decision = open_case(first or opened())
    assert isinstance(decision, Decision), decision
    for event in events:
        decision = decide(decision.case, event, POWERS)
        assert isinstance(decision, Decision), (event, decision)
    return decision


def running(*events):
    """A case that the union of the place has accepted."""
    return after(ACCEPTED, *events).case


def answer(case, event):
    return decide(case, event, POWERS)


def told(decision):
    return [(notice.kind.value, notice.to) for notice in decision.told]
