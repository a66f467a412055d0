"""The made-up population is believable: what holds for every worker in it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from deploy.demo.population.joining import HOME_STATES
from deploy.demo.population.links import REFERENCE
from deploy.demo.population.places import Identities, old_form
from deploy.demo.population.shares import MATTER, PROVINCES
from deploy.demo.population.telling import tell
from deploy.demo.population.world import World
from hub.identity import resident_id
from schema.records.kinds import ROW_KINDS
from schema.records.membership import MembershipState as State
from schema.records.rights_case import CaseStatus
from schema.records.worker import Sex, WorkerRecord

MANY = 3000
WORLD = World(7, REFERENCE)


@pytest.fixture(scope="module")
def told():
    lives = [WORLD.life(index) for index in range(MANY)]
    return [(life, tell(WORLD, life)) for life in lives]


def rows(told, field):
    for life, workers in told:
        for province, worker in workers.items():
            for row in getattr(worker, field):
                yield life, province, row


def test_every_number_is_valid_and_says_what_the_registers_say(told):
    for life, workers in told:
        number = life.identity.resident_id
        assert ric.validate(number) == number
        assert number[:2] == life.home
        assert ric.get_birth_date(number) == life.identity.birth
        for worker in workers.values():
            assert worker.sex is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)
            assert worker.household_division == number[:6]


def test_the_hub_takes_every_number_and_the_old_form_is_the_same_person(told):
    for life, _ in told:
        number = life.identity.resident_id
        taken = resident_id.parse(number, REFERENCE)
        if number[6:8] == "19":
            assert resident_id.parse(old_form(number), REFERENCE) == taken


def test_no_number_and_no_local_id_is_dealt_twice():
    identities = Identities("63", 2007, 5)  # the smallest province
    numbers = {identities.deal(i, male=i % 2 == 0).resident_id for i in range(100_000)}
    assert len(numbers) == 100_000
    for code in PROVINCES:
        assert len({WORLD.local_id(code, i) for i in range(50_000)}) == 50_000


def test_a_local_id_never_holds_the_number_or_a_part_of_it(told):
    for life, workers in told:
        number = life.identity.resident_id
        for worker in workers.values():
            assert number not in worker.local_id
            assert number[6:14] not in worker.local_id


def test_every_credit_code_is_valid(told):
    codes = {row.union_code for _, _, row in rows(told, "memberships")}
    for _, _, row in rows(told, "employments"):
        codes |= {row.employer_code, row.user_unit_code or row.employer_code}
    assert len(codes) > 1000
    for code in codes:
        assert uscc.validate(code) == code
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(c, 36) * w for c, w in zip(code[8:16], weights, strict=True))
        assert code[16] == "0123456789X0"[11 - total % 11]  # GB 11714


def test_what_is_told_decodes_as_the_records_of_the_contract(told):
    for _, workers in told[:500]:
        for worker in workers.values():
            again = msgspec.json.decode(msgspec.json.encode(worker), type=WorkerRecord)
            assert again == worker


def test_nobody_works_or_joins_before_sixteen_and_no_row_is_from_the_future(told):
    for life, workers in told:
        sixteen = life.identity.birth + timedelta(days=5844)
        assert min(stint.start for stint in life.stints) >= sixteen.toordinal()
        for worker in workers.values():
            assert worker.as_of.date() <= REFERENCE
            for line in ROW_KINDS:
                for row in getattr(worker, line.rows):
                    assert row.as_of.date() <= REFERENCE
            for row in worker.memberships:
                assert row.joined_on is None or row.joined_on >= sixteen


def in_order(*days: date | None) -> bool:
    known = [day for day in days if day is not None]
    return known == sorted(known)


def test_the_dates_of_a_row_are_in_order(told):
    for _, _, row in rows(told, "memberships"):
        seen = row.as_of.date()
        assert in_order(
            row.joined_on, row.since, row.registered_out_on, row.until, seen
        )
        assert row.registered_in_on in {None, row.since}
    for _, _, row in rows(told, "rights_cases"):
        seen = row.as_of.date()
        assert in_order(row.first_touch_on, row.accepted_on, row.closed_on, seen)
        assert in_order(row.first_touch_on, row.due_on)
    for _, _, row in rows(told, "employments"):
        assert in_order(row.started_on, row.ended_on, row.as_of.date())
    for _, _, row in rows(told, "trainings"):
        assert in_order(row.started_on, row.finished_on, row.as_of.date())
        assert (row.finished_on is None) == (row.passed is None)
    for _, _, row in rows(told, "skills"):
        assert in_order(row.issued_on, row.as_of.date())
    for _, _, row in rows(told, "hardship_files"):
        seen = row.as_of.date()
        assert in_order(row.opened_on, row.closed_on, seen)
        for aid in row.aids:
            assert in_order(row.opened_on, aid.given_on)


def test_every_out_entry_has_its_in_entry_and_the_other_way_round(told):
    pairs = 0
    for life, workers in told:
        entered = {
            (province, row.registered_in_on)
            for province, worker in workers.items()
            for row in worker.memberships
            if row.registered_in_on
        }
        left = [
            (row.counterpart_province, row)
            for worker in workers.values()
            for row in worker.memberships
            if row.registered_out_on and row.state is not State.OUT_REGISTERED
        ]
        answered = set()
        for counterpart, row in left:
            assert row.state is State.TRANSFERRED
            answer = (counterpart, row.until)
            assert answer in entered
            assert timedelta(0) <= row.until - row.registered_out_on <= timedelta(15)
            answered.add(answer)
        assert answered == entered, life.index
        pairs += len(entered)
    assert pairs > MANY / 4


def test_an_offer_that_waits_leaves_the_home_where_it_was(told):
    waiting = 0
    for _, workers in told:
        for province, worker in workers.items():
            for row in worker.memberships:
                if row.state is not State.OUT_REGISTERED:
                    continue
                waiting += 1
                assert row.until is None
                offers = [
                    offer
                    for offer in workers[row.counterpart_province].memberships
                    if offer.state is State.IN_TRANSIT
                ]
                (offer,) = offers
                assert offer.counterpart_province == province
                assert offer.since is None
                assert offer.registered_in_on is None
    assert waiting > 10


def test_a_worker_has_one_home_but_for_the_few_who_joined_at_both_ends(told):
    homes = Counter()
    for _, workers in told:
        rows_at_home = [
            row
            for worker in workers.values()
            for row in worker.memberships
            if row.state in HOME_STATES
        ]
        homes[len(rows_at_home)] += 1
        if len(rows_at_home) == 2:
            assert len({row.membership_no for row in rows_at_home}) == 2
    assert set(homes) == {0, 1, 2}
    assert 0 < homes[2] < MANY * 0.02
    assert homes[1] > MANY * 0.85


def test_everything_that_the_rulebook_names_occurs(told):
    states = {row.state for _, _, row in rows(told, "memberships")}
    assert states >= {
        State.ACTIVE, State.TRANSFERRED, State.RETAINED, State.IN_TRANSIT,
        State.OUT_REGISTERED, State.LANDED_FALLBACK, State.WITHDRAWN,
    }  # fmt: skip
    assert {row.matter for _, _, row in rows(told, "rights_cases")} == set(
        MATTER.values
    )
    statuses = {row.status for _, _, row in rows(told, "rights_cases")}
    assert statuses >= set(CaseStatus) - {CaseStatus.OTHER, CaseStatus.IN_COURT}
    assert any(row.source_enrolled for _, _, row in rows(told, "memberships"))
    assert any(row.seasonal for _, _, row in rows(told, "memberships"))
    assert any(row.dispatch_side for _, _, row in rows(told, "memberships"))
    assert {len(life.provinces) for life, _ in told} == {1, 2, 3, 4, 5}


def test_provinces_disagree_now_and_then(told):
    several = [list(workers.values()) for _, workers in told if len(workers) > 1]

    def differing(field: str) -> float:
        different = [len({getattr(w, field) for w in each}) > 1 for each in several]
        return sum(different) / len(several)

    assert 0.02 < differing("name") < 0.2
    assert 0 < differing("birth_date") < 0.05
    assert 0.05 < differing("education") < 0.4
    assert differing("phone") > 0.2


def test_one_case_is_told_by_two_provinces_with_different_progress(told):
    by_number = {}
    for _, province, row in rows(told, "rights_cases"):
        by_number.setdefault(row.case_no, {})[province] = row
    twice = [list(each.values()) for each in by_number.values() if len(each) == 2]
    assert len(twice) > 50
    assert sum(a.status != b.status for a, b in twice) > 10
    for one, other in twice:
        assert one.first_touch_on == other.first_touch_on
        lead = next(r for r in (one, other) if r.summary is not None)
        follower = other if lead is one else one
        if lead.status != follower.status:
            assert lead.as_of >= follower.as_of or lead.closed_on is None


def test_certificates_contracts_and_households_are_told_twice(told):
    for field, same in (
        ("skills", "certificate_no"),
        ("employments", "contract_no"),
        ("hardship_files", "household_key"),
    ):
        seen = Counter(getattr(row, same) for _, _, row in rows(told, field))
        del seen[None]
        assert max(seen.values()) == 2, field
        assert sum(n == 2 for n in seen.values()) > 5, field


def test_row_ids_are_unique_in_a_province(told):
    for line in ROW_KINDS:
        ids = Counter((province, row.id) for _, province, row in rows(told, line.rows))
        assert set(ids.values()) <= {1}, line.kind


def test_people_go_where_the_corridors_lead(told):
    ways = Counter()
    for life, _ in told:
        for here, there in zip(life.stints, life.stints[1:], strict=False):
            ways[here.province, there.province] += 1
    from_sichuan = Counter({b: n for (a, b), n in ways.items() if a == "51"})
    assert from_sichuan.most_common(1)[0][0] == "44"
    inflow = sum(n for (_, b), n in ways.items() if b in {"44", "33"})
    outflow = sum(n for (a, _), n in ways.items() if a in {"44", "33"})
    assert inflow > outflow > 0


@settings(max_examples=8)  # a world costs a quarter of a second
@given(index=st.integers(0, 10**6), seed=st.integers(0, 2**31))
def test_a_life_is_its_seed_and_index_and_nothing_else(index, seed):
    first, second = World(seed, REFERENCE), World(seed, REFERENCE)
    second.life(index + 1)
    assert first.life(index) == second.life(index)
    assert ric.is_valid(first.life(index).identity.resident_id)


def test_a_life_is_told_the_same_whoever_was_told_before(told):
    other = World(7, REFERENCE)
    for index in (2000, 3, 1, 2999):
        assert tell(other, other.life(index)) == told[index][1]
