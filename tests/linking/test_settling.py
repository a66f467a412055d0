from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hub.linking.rows import Outcome, Statement
from hub.linking.settling import Settling, StandingLink

ANNA, BO = "anna", "bo"


def _statement(local_key="W1", begins=2020, ends=None, kinds=("SKILL",), province="44"):
    last = None if ends is None else date(ends, 12, 31)
    return Statement(
        0, 1, (b"key",), province, local_key, kinds, date(begins, 1, 1), last
    )


def _standing(worker=ANNA, local_key="W1", begins=2020, ends=None, link=7):
    last = None if ends is None else date(ends, 12, 31)
    return StandingLink(
        link, worker, "44", local_key, ("SKILL",), date(begins, 1, 1), last
    )


def _one(standing, statement, worker=ANNA):
    settling = Settling(standing)
    result = settling.settle(statement, worker)
    return settling, result


def test_a_first_statement_makes_a_link():
    settling, result = _one([], _statement())

    assert result.outcome is Outcome.CREATED
    (made,) = settling.made.values()
    assert (made.worker, made.local_key, made.valid_to) == (ANNA, "W1", None)


def test_the_same_statement_again_changes_nothing():
    settling, result = _one([_standing()], _statement())

    assert result.outcome is Outcome.UNCHANGED
    assert (settling.made, settling.changed, settling.conflicts) == ({}, {}, [])


def test_other_kinds_update_the_link():
    settling, result = _one([_standing()], _statement(kinds=("MEMBERSHIP",)))

    assert result.outcome is Outcome.UPDATED
    assert settling.changed[7].kinds == ("MEMBERSHIP",)


def test_a_last_day_ends_the_link():
    settling, result = _one([_standing()], _statement(ends=2024))

    assert result.outcome is Outcome.ENDED
    assert settling.changed[7].valid_to == date(2024, 12, 31)


def test_an_ended_link_can_be_taken_up_again():
    settling, result = _one([_standing(ends=2024)], _statement())

    assert result.outcome is Outcome.UPDATED
    assert settling.changed[7].valid_to is None


def test_a_first_day_can_be_corrected():
    settling, result = _one([_standing()], _statement(begins=2018))

    assert result.outcome is Outcome.UPDATED
    assert settling.changed[7].valid_from == date(2018, 1, 1)


def test_who_comes_back_later_has_a_second_link():
    settling, result = _one([_standing(ends=2021)], _statement(begins=2023))

    assert result.outcome is Outcome.CREATED
    assert not settling.changed


def test_a_twin_is_a_conflict_and_the_standing_link_is_untouched():
    settling, result = _one([_standing()], _statement("W2"))

    assert result.outcome is Outcome.CONFLICT
    assert result.refusal.code == "TWIN_LOCAL_KEY"
    assert "W1" in result.refusal.message.zh
    assert not settling.made
    assert not settling.changed
    (conflict,) = settling.conflicts
    assert conflict.standing == _standing()
    assert conflict.stated.local_key == "W2"


def test_a_twin_of_a_link_that_will_end_is_a_conflict_too():
    _, result = _one([_standing(ends=2030)], _statement("W2", begins=2025))

    assert result.refusal.code == "TWIN_LOCAL_KEY"


def test_a_new_local_key_after_the_old_one_ended_is_no_twin():
    _, result = _one([_standing(ends=2024)], _statement("W2", begins=2025))

    assert result.outcome is Outcome.CREATED


def test_the_same_local_key_in_another_province_is_no_twin():
    _, result = _one([_standing()], _statement(province="51"))

    assert result.outcome is Outcome.CREATED


def test_a_local_key_of_another_worker_is_taken():
    settling, result = _one([_standing(BO)], _statement())

    assert result.refusal.code == "LOCAL_KEY_TAKEN"
    assert settling.conflicts[0].standing.worker == BO
    assert BO not in result.refusal.message.en


def test_a_local_key_may_pass_on_when_its_link_has_ended():
    _, result = _one([_standing(BO, ends=2019)], _statement())

    assert result.outcome is Outcome.CREATED


def test_one_key_may_not_have_two_links_on_one_day():
    early, late = _standing(ends=2021, link=7), _standing(begins=2023, link=8)

    settling, result = _one([early, late], _statement(begins=2020, ends=2025))

    assert result.refusal.code == "OVERLAPPING_PERIOD"
    assert not settling.changed


def test_an_end_makes_room_for_what_follows_in_the_same_batch():
    settling = Settling([_standing()])

    ended = settling.settle(_statement(ends=2024), ANNA)
    made = settling.settle(_statement("W2", begins=2025), ANNA)

    assert [ended.outcome, made.outcome] == [Outcome.ENDED, Outcome.CREATED]


def test_a_batch_sees_its_own_links():
    settling = Settling([])

    outcomes = [
        settling.settle(each, ANNA).outcome
        for each in (
            _statement(),
            _statement(),
            _statement("W2"),
            _statement(ends=2024),
        )
    ]

    assert outcomes == ["CREATED", "UNCHANGED", "CONFLICT", "ENDED"]
    (made,) = settling.made.values()
    assert made.valid_to == date(2024, 12, 31)
    assert not settling.changed


_years = st.integers(2018, 2024)
_statements = st.lists(
    st.tuples(
        st.sampled_from([ANNA, BO]),
        st.builds(
            lambda key, begins, length, kinds: _statement(
                key, begins, None if length is None else begins + length, kinds
            ),
            st.sampled_from(["W1", "W2", "W3"]),
            _years,
            st.none() | st.integers(0, 4),
            st.sampled_from([("SKILL",), ("MEMBERSHIP",)]),
        ),
    ),
    max_size=12,
)


def _settle_all(standing, stated):
    settling = Settling(standing)
    results = [settling.settle(each, worker) for worker, each in stated]
    after = {link.link: link for link in standing} | settling.changed
    links = [*after.values(), *settling.made.values()]
    return [
        StandingLink(
            place, link.worker, link.province, link.local_key, link.kinds,
            link.valid_from, link.valid_to,
        )
        for place, link in enumerate(links, 1)
    ], results  # fmt: skip


@given(_statements)
def test_on_no_day_has_a_worker_two_keys_or_a_key_two_workers(stated):
    links, _ = _settle_all([], stated)

    for one in links:
        for other in links:
            if one.link < other.link and one.meets(other):
                assert one.worker != other.worker
                assert one.local_key != other.local_key


@given(_statements)
def test_how_statements_are_cut_into_batches_does_not_matter(stated):
    whole, results = _settle_all([], stated)

    links, piecewise = [], []
    for each in stated:
        links, result = _settle_all(links, [each])
        piecewise += result

    assert [r.outcome for r in piecewise] == [r.outcome for r in results]
    assert sorted(map(repr, links)) == sorted(map(repr, whole))


@given(_statements)
def test_what_was_taken_last_about_a_link_is_unchanged_when_stated_again(stated):
    links, results = _settle_all([], stated)
    last = {}
    for (worker, each), result in zip(stated, results, strict=True):
        if result.outcome in {"CREATED", "UPDATED", "ENDED", "UNCHANGED"}:
            last[worker, each.local_key, each.valid_from] = each
    for link in links:
        stated_again = last.get((link.worker, link.local_key, link.valid_from))
        if stated_again and stated_again.valid_to == link.valid_to:
            _, again = _one(
                links,
                stated_again,
                link.worker,
            )
            assert again.outcome in {"UNCHANGED", "UPDATED"}
