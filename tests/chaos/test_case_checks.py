"""Each check of cases can fail: a made-up run is right, and wrong with one thing planted."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from hub.following.case import decide, open_case
from hub.following.collecting import KeptReport
from hub.following.decision import Decision
from hub.following.lead_events import MembershipMoved, Opened
from hub.following.task_events import Answered, TaskClosed
from schema.records.arrears import ArrearsReport, CollectiveTotals, Reporter
from schema.records.case import ActKind
from schema.records.case_powers import Role
from schema.records.case_task import TaskState
from schema.records.change import Change, ToldFact
from schema.records.clock import ClockFact
from tests.builders.moves import opened as transfer_opened
from tests.builders.moves import to_the_end
from tests.chaos.case_replay import load_book, replay
from tests.chaos.case_store import CasesKept, Row, Told
from tests.chaos.case_verdict import judge_cases
from tests.chaos.casework import Asked, CaseBook, Reported, employer
from tests.chaos.receiver import Message
from tests.following.case_samples import (
    ACCEPTED,
    AT,
    DAY,
    HOME,
    NEWCOMER,
    OTHER,
    PLACE,
    POWERS,
    TODAY,
    act,
    on_task,
    opened,
    stated,
    task,
)

NO, FIRM, GROUP, FILE = "2026-44-1", employer(1), "group-1", ("44", "2026-44-1")
SEATS = {one.union: one.province for one in (HOME, PLACE, OTHER, NEWCOMER)}
#: What happened, and by which act.
JOURNAL = (
    ("openCase", opened(no=NO)),
    ("acceptCase", ACCEPTED),
    ("assignTask", task()),
    ("answerTask", on_task(Answered(round=1, answer=()))),
    ("closeTask", on_task(TaskClosed(round=1), who=PLACE)),
    ("", MembershipMoved(at=AT, worker="w", to=NEWCOMER)),
    ("", stated(ClockFact(id="44:1", kind="claim-made", on=TODAY))),
)
RULES = load_book()


def rows(events):
    return [
        Row(place + 1, AT, event, f"o|{name}" if name else "")
        for place, (name, event) in enumerate(events)
    ]


def case_of(events):
    case = None
    for _, event in events:
        first = isinstance(event, Opened)
        found = open_case(event) if first else decide(case, event, POWERS)
        assert isinstance(found, Decision), found
        case = found.case
    return case


class World:
    """A run in which all is right; a test plants something wrong."""

    def __init__(self, events=JOURNAL):
        self.case, journal = case_of(events), rows(events)
        lead = self.case.lead
        told = [*replay(NO, journal, RULES, AT).told]
        told.append(f"{NO}:COLLECTIVE_FOUND:{lead.union}:{GROUP}")
        report = ArrearsReport(
            id="r", on=TODAY, reporter=Reporter.UNION, office="o", province="51",
            employer=FIRM, division="440101", workers=12, since=TODAY, until=TODAY,
            amount="1",
        )  # fmt: skip
        collective = CollectiveTotals(
            group=FIRM, reached_on=TODAY, reports={report.province: 1}, open=1,
            listed=0, unlisted=report.workers,
        )  # fmt: skip
        change = Change(
            province="44", case_no=NO, seq=1, as_of=AT, act=ActKind.OTHER, on=TODAY,
            union=PLACE.union, fact=ToldFact(kind="claim-made"),
        )  # fmt: skip
        plain = {
            "act": "OTHER", "on": TODAY.isoformat(), "unionCode": PLACE.union,
            "fact": {"kind": "claim-made"},
        }  # fmt: skip
        transfer = to_the_end(transfer_opened(worker="w"))[-1].transfer
        transfer = replace(
            transfer, home=NEWCOMER.union, home_province=NEWCOMER.province
        )
        self.kept = CasesKept(
            cases={NO: self.case}, journal={NO: journal},
            notices=dict.fromkeys(told, NO), transfers=[transfer],
            files={FILE: Told(1, {1: change}, 0, ())}, logs={FILE: {1: plain}},
            reports=[
                KeptReport(
                    report=report, case_no=NO, lead=lead, signal_on=TODAY,
                    collective=GROUP,
                )
            ],
            collectives={GROUP: collective}, read_at=AT,
        )  # fmt: skip
        names = [name for name, _ in events if name]
        self.book = CaseBook(
            asked={f"o|{one}": Asked(one, NO) for one in names},
            acknowledged={f"o|{one}": NO for one in names},
            received={NO: self.case.first_touch_on},
            tasks={(NO, "t1"): "CLOSED"},
            reports={"r": Reported(NO, FIRM, "51", 12)},
            changes={("44", "k"): (NO, 1)},
        )
        self.messages = [message(key, place) for place, key in enumerate(told)]

    def wrong(self):
        found = judge_cases(self.book, self.kept, self.messages)
        return {one.en for one in found if one.wrong}

    def keep(self, **other):
        self.kept = self.kept._replace(**other)

    def stand(self, **other):
        self.keep(cases={NO: replace(self.case, **other)})


def message(key, place):
    _, kind, union, about = key.split(":", 3)
    to = {"union": union, "province": SEATS[union]}
    notice = {"kind": kind, "to": to, "about": about}
    body = {"data": {"case": {"no": NO, "notices": [notice]}}}
    return Message(f"p{SEATS[union]}", f"m{place}", json.dumps(body).encode())


def test_a_run_in_which_all_is_right_is_fine():
    assert World().wrong() == set()


LOST, TWICE = (
    "acts lost after they were acknowledged",
    "acts done twice, or never asked for",
)
LEAD, TOUCH = "cases without exactly one lead", "first touch moved"
TASKS, HOMES = (
    "tasks lost, or not as they were left",
    "movers whose open cases do not know the new home",
)
REPLAY, NOTICES = (
    "journal replayed is another case",
    "notices missing, or told for nothing",
)
SENT = "notices not sent once to their office"
OWN, ALTERED = "changes lost in the province", "changes missing, doubled or altered"
GAPS, FACTS = "timelines with gaps", "facts of files that their case does not have"
PUSHED = "pushed messages answered wrongly"
REPORTS, GROUPS = "reports lost or altered", "collective cases that are wrong"


def lost_act(world):
    world.book.acknowledged["o|recordAct"] = NO


def act_of_nobody(world):
    del world.book.asked["o|acceptCase"]


def refused_and_done(world):
    world.book.refused["o|acceptCase"] = "acceptCase NO"


def another_act(world):
    world.book.asked["o|acceptCase"] = Asked("declineCase", NO)


def act_twice(world):
    journal = [*world.kept.journal[NO]]
    journal.append(journal[1]._replace(seq=8))
    world.keep(journal={NO: journal})


def unasked_event(world):
    journal = [one._replace(acting="") for one in world.kept.journal[NO]]
    world.keep(journal={NO: journal})


def two_leads(world):
    lead = next(one for one in world.case.held if one.role is Role.LEAD)
    world.stand(held=(*world.case.held, replace(lead, seat=HOME)))


def touch_moved(world):
    world.stand(first_touch_on=TODAY)


def task_lost(world):
    world.stand(tasks=())


def task_open(world):
    open_again = replace(world.case.tasks[0], state=TaskState.ANSWERED)
    world.stand(tasks=(open_again,))


def case_lost(world):
    world.keep(cases={})


def home_unknown(world):
    held = tuple(one for one in world.case.held if one.seat != NEWCOMER)
    world.stand(held=held)


def sequence_torn(world):
    world.keep(journal={NO: world.kept.journal[NO][:-1]})


def notice_missing(world):
    key = next(one for one in world.kept.notices if "TASK_GIVEN" in one)
    world.keep(notices={k: no for k, no in world.kept.notices.items() if k != key})


def notice_for_nothing(world):
    key = f"{NO}:TASK_GIVEN:{HOME.union}:t9.1"
    world.keep(notices={**world.kept.notices, key: NO})
    world.messages.append(message(key, "x"))


def message_missing(world):
    world.messages.pop(0)


def message_doubled(world):
    world.messages.append(world.messages[0]._replace(id="again"))


def message_elsewhere(world):
    world.messages[0] = world.messages[0]._replace(endpoint="p63")


def change_lost_at_home(world):
    world.book.changes["44", "k2"] = (NO, 2)


def change_missing(world):
    log = {**world.kept.logs[FILE], 2: {"gone": 1}}
    world.keep(logs={FILE: log})


def change_of_nobody(world):
    told = world.kept.files[FILE]
    more = {**told.statements, 2: replace(told.statements[1], seq=2, fact=None)}
    world.keep(files={FILE: told._replace(last=2, statements=more)})


def change_altered(world):
    told = world.kept.files[FILE]
    more = {1: replace(told.statements[1], on=TODAY - DAY)}
    world.keep(files={FILE: told._replace(statements=more)})


def change_contradicted(world):
    told = world.kept.files[FILE]
    world.keep(files={FILE: told._replace(contradicted=1)})


def gap(world):
    told = world.kept.files[FILE]
    world.keep(files={FILE: told._replace(last=3)})


def fact_refused(world):
    told = world.kept.files[FILE]
    world.keep(files={FILE: told._replace(refused=(1,))})


def fact_unknown(world):
    kept = tuple(one for one in world.case.facts if one.id != "44:1")
    world.stand(facts=kept)


def push_answered_wrongly(world):
    world.book.wrong_pushes.append("200 instead of [401]")


def report_lost(world):
    world.keep(reports=[])


def report_of_nobody(world):
    world.book.reports.clear()


def report_with_another_lead(world):
    world.keep(reports=[replace(world.kept.reports[0], lead=HOME)])


def total_wrong(world):
    case = replace(world.kept.collectives[GROUP], unlisted=13)
    world.keep(collectives={GROUP: case})


def not_collective(world):
    world.keep(collectives={})


def not_linked(world):
    world.keep(reports=[replace(world.kept.reports[0], collective=None)])


def withdrawn_and_counted(world):
    world.book.withdrawn.add(NO)


def nobody_told(world):
    keys = {k: no for k, no in world.kept.notices.items() if GROUP not in k}
    world.keep(notices=keys)
    world.messages = [one for one in world.messages if GROUP.encode() not in one.body]


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (lost_act, {LOST}),
        (act_of_nobody, {TWICE}),
        (refused_and_done, {TWICE}),
        (another_act, {TWICE}),
        (act_twice, {TWICE, REPLAY}),
        (unasked_event, {LOST, TWICE}),
        (two_leads, {LEAD, REPLAY}),
        (touch_moved, {TOUCH, REPLAY}),
        (task_lost, {TASKS, REPLAY}),
        (task_open, {TASKS, REPLAY}),
        (case_lost, {REPLAY, TASKS, TOUCH, REPORTS}),
        (home_unknown, {HOMES, REPLAY}),
        (sequence_torn, {REPLAY}),
        (notice_missing, {NOTICES, SENT}),
        (notice_for_nothing, {NOTICES}),
        (message_missing, {SENT}),
        (message_doubled, {SENT}),
        (message_elsewhere, {SENT}),
        (change_lost_at_home, {OWN}),
        (change_missing, {ALTERED}),
        (change_of_nobody, {ALTERED}),
        (change_altered, {ALTERED}),
        (change_contradicted, {ALTERED}),
        (gap, {GAPS}),
        (fact_refused, {FACTS}),
        (fact_unknown, {FACTS, REPLAY}),
        (push_answered_wrongly, {PUSHED}),
        (report_lost, {REPORTS, GROUPS}),
        (report_of_nobody, {REPORTS, GROUPS}),
        (report_with_another_lead, {REPORTS}),
        (total_wrong, {GROUPS}),
        (not_collective, {GROUPS}),
        (not_linked, {GROUPS}),
        (withdrawn_and_counted, {GROUPS}),
        (nobody_told, {GROUPS}),
    ],
)  # fmt: skip
def test_each_check_can_fail(plant, found):
    world = World()
    plant(world)
    assert world.wrong() == found


def test_a_lead_that_is_lost_on_the_way_and_found_again_is_found(monkeypatch):
    """The stored case is right; only the journal tells."""
    from tests.chaos import case_replay  # noqa: PLC0415

    def broken(case, event, powers):
        found = decide(case, event, powers)
        if type(event) is type(act()):
            lead = next(one for one in found.case.held if one.role is Role.LEAD)
            held = (*found.case.held, replace(lead, seat=OTHER))
            return replace(found, case=replace(found.case, held=held))
        return found

    monkeypatch.setattr(case_replay, "decide", broken)
    world = World((*JOURNAL[:2], ("recordAct", act()), *JOURNAL[2:]))
    assert LEAD in world.wrong()
