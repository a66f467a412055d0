"""A timeline is the same for any order of arrival, or says what is missing."""

from __future__ import annotations

import time
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.following.timeline import (
    Contradiction,
    Gap,
    History,
    fold,
    read_upto,
    timeline,
)
from schema.records.case import ActKind
from schema.records.change import Arrival, Change, Tombstone, Watermark
from tests.following.case_samples import AT, DAY, TODAY

CASE = "2026-44-1"
EMPTY = History(CASE)


def change(seq, province="44", day=0, corrects=None, act=ActKind.MEDIATION, **more):
    return Change(
        province=province, case_no=CASE, seq=seq, as_of=AT + timedelta(hours=seq),
        act=act, on=TODAY + day * DAY, union=f"u{province}", corrects=corrects, **more,
    )  # fmt: skip


def tombstone(seq, gone, province="44"):
    return Tombstone(province=province, case_no=CASE, seq=seq, as_of=AT, gone=gone)


def mark(seq, province="44"):
    return Watermark(province=province, case_no=CASE, seq=seq)


def read(*arrivals):
    return timeline(fold(EMPTY, arrivals))


def shown(result):
    return [(line.change.seq, line.seq, line.corrected) for line in result.lines]


@st.composite
def provinces_words(draw):
    """What two provinces have to tell of a case, whole and in their order."""
    words = []
    for province in ("44", "51"):
        for seq in range(1, draw(st.integers(0, 12)) + 1):
            before = st.integers(1, max(1, seq - 1))
            kind = draw(st.sampled_from("ccccfft" if seq > 1 else "c"))
            if kind == "t":
                words.append(tombstone(seq, draw(before), province))
            else:
                wrong = draw(before) if kind == "f" else None
                day = draw(st.integers(-5, 0))
                act = draw(st.sampled_from(ActKind))
                words.append(change(seq, province, day, wrong, act))
    return words


def plainly(words):
    """The same timeline by the plainest way: write, overwrite and strike out.

    Each line is a pile of papers; a correction is laid on the pile of what it corrects,
    a tombstone takes a paper out, and burns the pile whose first paper it takes.
    """
    piles, burnt, bad = {}, set(), set()
    for one in sorted(words, key=lambda one: (one.province, one.seq)):
        place = (one.province, one.seq)
        about = one.gone if isinstance(one, Tombstone) else one.corrects
        root = next((r for r, pile in piles.items() if (place[0], about) in pile), None)
        if about is not None and root is None:
            bad.add(place)
        if isinstance(one, Change):
            piles.setdefault(root or place, {})[place] = one
        elif root is not None:
            piles[root][place[0], about] = None
            burnt |= {root} & {(place[0], about)}
    lines = {}
    for root, pile in piles.items():
        left = [one for one in pile.values() if one is not None]
        if root not in burnt and left:
            lines[root] = left[-1]
    return lines, bad


@given(provinces_words())
def test_it_is_what_writing_overwriting_and_striking_out_would_give(words):
    lines, bad = plainly(words)
    result = read(*words)

    assert {(c.change.province, c.seq): c.change for c in result.lines} == lines
    assert {(c.province, c.seq) for c in result.contradictions} == bad


@given(provinces_words(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_any_portions_and_repetitions_give_the_same(words, random, portion):
    whole = read(*words)
    again = [*words, *random.sample(words, len(words) // 2)]
    random.shuffle(again)
    history = EMPTY
    for start in range(0, len(again), portion):
        history = fold(history, again[start : start + portion])

    assert timeline(history) == whole
    assert whole.gaps == ()


@given(provinces_words(), st.data())
def test_what_is_missing_is_declared_and_then_healed(words, data):
    lost = data.draw(st.sets(st.sampled_from(words))) if words else set()
    came = [one for one in words if one not in lost]
    marks = [mark(sum(o.province == p for o in words), p) for p in ("44", "51")]
    history = fold(EMPTY, [*came, *marks])
    partly = timeline(history)

    declared = {
        (gap.province, seq)
        for gap in partly.gaps
        for seq in range(gap.first, gap.last + 1)
    }
    assert declared == {(one.province, one.seq) for one in lost}
    assert timeline(fold(history, lost)) == read(*words)
    for province in ("44", "51"):
        first = min((s for p, s in declared if p == province), default=None)
        here = sum(one.province == province for one in words)
        assert read_upto(history, province) == (here if first is None else first - 1)


def test_lines_stand_in_the_order_of_their_days():
    words = [change(1, day=-1), change(2, day=-3), change(1, "51", day=-3)]

    assert [line.change for line in read(*words).lines] == [
        words[1],
        words[2],
        words[0],
    ]


def test_a_correction_stands_where_the_mistake_stood():
    words = (change(1), change(2, corrects=1, day=-2), change(3, corrects=2, day=-1))

    assert shown(read(*words)) == [(3, 1, 2)]
    assert read(*words).lines[0].change.on == TODAY - DAY


def test_a_correction_that_is_taken_back_leaves_what_was_before():
    words = (change(1), change(2, corrects=1, day=-2))

    assert shown(read(*words, tombstone(3, gone=2))) == [(1, 1, 0)]
    assert shown(read(*words, tombstone(3, gone=1))) == []
    late = change(4, corrects=1)
    assert shown(read(*words, tombstone(3, gone=1), late)) == []


def test_a_correction_of_what_is_missing_is_shown_and_the_gap_with_it():
    result = read(change(2, corrects=1))

    assert shown(result) == [(2, 1, 1)]
    assert result.gaps == (Gap("44", 1, 1),)
    assert shown(read(change(2, corrects=1), change(1))) == [(2, 1, 1)]


def test_gaps_at_the_beginning_in_the_middle_and_at_the_end():
    result = read(change(3), change(4), change(7), mark(9), mark(8), mark(2, "51"))

    assert result.gaps == (
        Gap("44", 1, 2), Gap("44", 5, 6), Gap("44", 8, 9), Gap("51", 1, 2),
    )  # fmt: skip
    assert read(mark(0)).gaps == ()


def test_two_words_under_one_number_are_declared_and_the_later_is_shown():
    first, second = change(1, day=-1), change(1, day=-2)
    second = replace(second, as_of=first.as_of + DAY)
    third = replace(first, as_of=first.as_of - DAY)
    expected = read(first, second)

    assert expected.lines[0].change == second
    assert expected.contradictions == (Contradiction("44", 1),)
    assert read(second, first) == expected
    for order in (
        (first, third, second),
        (third, second, first),
        (second, third, first),
    ):
        assert read(*order) == expected


def test_what_cannot_be_corrected_or_buried_is_declared():
    itself = read(change(1, corrects=1))
    later = read(change(1), tombstone(2, gone=3), change(3))
    of_tombstone = read(change(1), tombstone(2, gone=1), change(3, corrects=2))

    assert shown(itself) == [(1, 1, 0)]
    assert itself.contradictions == (Contradiction("44", 1),)
    assert shown(later) == [(1, 1, 0), (3, 3, 0)]
    assert later.contradictions == (Contradiction("44", 2),)
    assert shown(of_tombstone) == [(3, 3, 0)]
    assert of_tombstone.contradictions == (Contradiction("44", 3),)


def test_what_is_of_another_case_is_left_out():
    foreign = replace(change(1), case_no="another")

    assert fold(EMPTY, [foreign, replace(mark(4), case_no="another")]) == EMPTY


def test_what_comes_over_the_wire_is_told_apart_and_checked():
    for one in (change(1), tombstone(2, gone=1), mark(3)):
        assert msgspec.json.decode(msgspec.json.encode(one), type=Arrival) == one


def test_a_thousand_changes_are_folded_in_five_milliseconds():
    words = [change(n, corrects=n - 1 if n % 5 == 0 else None) for n in range(1, 1001)]
    words.reverse()

    def once():
        began = time.perf_counter()
        result = timeline(fold(EMPTY, words))
        spent = time.perf_counter() - began
        assert len(result.lines) == 800
        return spent

    assert min(once() for _ in range(15)) < 0.005
