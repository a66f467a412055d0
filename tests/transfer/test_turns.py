from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hub.transfer.turns import Waiting, in_turn
from schema.records.command import Act


def places(some):
    return [one.id for one in some]


def test_one_of_a_transfer_at_a_time_the_oldest():
    some = [
        Waiting(1, "t", Act.REGISTER_OUT),
        Waiting(2, "t", Act.CANCEL_OUT),
        Waiting(3, "u", Act.REGISTER_OUT),
    ]
    assert places(in_turn(some, some, {})) == [1, 3]


def test_what_the_province_has_holds_up_nothing():
    some = [
        Waiting(1, "t", Act.REGISTER_OUT, pending=True),
        Waiting(2, "t", Act.COMPLETE_OUT),
    ]
    assert places(in_turn(some[1:], some, {})) == [2]


def test_a_bar_goes_before_the_entry_that_it_bars():
    some = [Waiting(1, "t", Act.REGISTER_IN), Waiting(2, "t", Act.CANCEL_IN)]
    assert places(in_turn(some, some, {})) == [2]
    # Also while the bar rests after a failure, or the province is not done with it.
    for pending in (False, True):
        bar = Waiting(2, "t", Act.CANCEL_IN, pending=pending)
        assert in_turn(some[:1], [some[0], bar], {}) == []


def test_what_an_ended_transfer_is_owed_goes_first():
    some = [Waiting(5, "new", Act.REGISTER_OUT), Waiting(6, "other", Act.REGISTER_OUT)]
    assert places(in_turn(some, some, {"new": 3})) == [6]
    assert places(in_turn(some, some, {"new": 7})) == [5, 6], "owed since, it is later"


@given(st.permutations(list(Act)), st.integers(0, 5))
def test_of_one_transfer_never_two_and_never_none(acts, had):
    """Whatever it was asked, one goes next: nothing waits for itself in a ring."""
    some = [Waiting(place, "t", act) for place, act in enumerate(acts, 1)]
    left = some[had:]
    assert len(in_turn(left, left, {})) == (1 if left else 0)


def test_every_order_of_all_acts_comes_to_its_end():
    for acts in permutations(Act):
        left = [Waiting(place, "t", act) for place, act in enumerate(acts, 1)]
        while left:
            (one,) = in_turn(left, left, {})
            left.remove(one)
