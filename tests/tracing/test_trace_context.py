from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.tracing.trace_context import chosen, headers_of, parent_of

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
GOOD = f"00-{TRACE}-{SPAN}-01"


def test_a_valid_parent_is_read():
    parent = parent_of([GOOD], ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"])

    assert (parent.trace, parent.span, parent.kept) == (TRACE, SPAN, True)
    assert parent.state == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"


@pytest.mark.parametrize(
    ("flags", "kept"), [("00", False), ("01", True), ("03", True), ("02", False)]
)
def test_only_the_first_flag_says_whether_it_is_kept(flags, kept):
    assert parent_of([f"00-{TRACE}-{SPAN}-{flags}"], []).kept is kept


@pytest.mark.parametrize(
    "header",
    [
        "",
        "00",
        GOOD.upper(),
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01.",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}{SPAN}-01",
        f"0-{TRACE}-{SPAN}-01",
        f"00-{TRACE.replace('4', 'g')}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-０１",  # full-width digits
    ],
)
def test_an_invalid_parent_is_none(header):
    assert parent_of([header], []) is None


def test_a_later_version_is_read_as_far_as_it_is_known():
    assert parent_of([f"01-{TRACE}-{SPAN}-01-what-comes-later"], []).trace == TRACE
    assert parent_of([f"01-{TRACE}-{SPAN}-01more"], []) is None


def test_two_parents_are_none():
    assert parent_of([GOOD, GOOD], []) is None


@pytest.mark.parametrize(
    "trace",
    [
        "00000000000000110101199003078515",
        "00000000000000000110101900307851",
        "13812345678000000000000000000000",
        "11010119900307851500000000000001",
    ],
)
def test_a_trace_that_somebody_wrote_is_not_taken(trace):
    """A resident ID number or a telephone number fits into it, padded."""
    assert parent_of([f"00-{trace}-{SPAN}-01"], []) is None


def test_a_span_id_that_holds_a_number_is_not_taken():
    assert parent_of([f"00-{TRACE}-0110101900307851-01"], []) is None
    assert parent_of([f"00-{TRACE}-1101019003078510-01"], []) is None


@pytest.mark.parametrize(
    "state",
    [
        "officer=110101199003078515",
        "t=13812345678",
        "a=1,a=2",
        "A=1",
        "a",
        "a=\x01",
        "a=张三",
        ",".join(f"k{n}=1" for n in range(33)),
        "a=" + "x" * 256 + ",b=" + "y" * 256,
    ],
)
def test_a_state_that_is_wrong_or_telling_is_dropped_and_the_parent_stays(state):
    parent = parent_of([GOOD], [state])

    assert parent.trace == TRACE
    assert parent.state == ""


def test_states_of_several_headers_are_one():
    assert parent_of([GOOD], ["a=1", " b=2 ,, c@d=3"]).state == "a=1,b=2,c@d=3"


@given(st.lists(st.text(max_size=80), max_size=3), st.lists(st.text(max_size=80)))
def test_nothing_that_is_sent_raises(traceparent, tracestate):
    parent = parent_of(traceparent, tracestate)

    assert parent is None or parent.state.isascii()


@given(
    st.text("0123456789abcdef", min_size=32, max_size=32).filter(
        lambda t: t.strip("0")
    ),
    st.booleans(),
)
def test_what_is_written_is_read_again(trace, kept):
    told = headers_of(trace, SPAN, "a=1", kept=kept)
    parent = parent_of([told["traceparent"]], [told["tracestate"]])

    if not trace.isdecimal():
        assert (parent.trace, parent.span, parent.kept) == (trace, SPAN, kept)
        assert parent.state == "a=1"


def test_the_chosen_part_is_as_large_as_it_should_be():
    ids = [sha256(str(seed).encode()).hexdigest()[:32] for seed in range(4000)]

    assert sum(chosen(one, 0.25) for one in ids) == pytest.approx(1000, abs=120)
    assert all(chosen(one, 1.0) for one in ids)
    assert not any(chosen(one, 0.0) for one in ids)
