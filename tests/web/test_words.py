"""Pure parts: scrubbing, media types, languages, and the log's line."""

from __future__ import annotations

import logging
import sys
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import new_request_id
from hub.web.envelope import request_id_of
from hub.web.logs import KeyValue, fields
from hub.web.negotiate import language, media_type
from hub.web.scrub import REMOVED, holds_number, scrub
from tests.web.serving import NUMBER

WIDE = "".join(chr(ord(c) + 0xFEE0) for c in NUMBER)


@pytest.mark.parametrize(
    "number",
    [
        NUMBER,
        WIDE,
        "11010119900307851X",
        "11010119900307851x",
        "１１０１０１１９９００３０７８５１Ｘ",
        "110101900307851",
        "110101 19900307 8515",
        "110101-19900307-8515",
        "110101199013998515",
    ],
)
@pytest.mark.parametrize("around", ["{}", "a{}b", "id={},", "“{}”", "中{}文", "\\n{}"])
def test_a_number_is_taken_out_wherever_it_stands(number, around):
    assert scrub(around.format(number)) == around.format(REMOVED)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 05:52:22,123456 took 123456 µs",
        "13800138000",
        "44",
        "",
        "1" * 14,
        str(uuid.UUID(int=4660)),
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert scrub(text) == text


@given(st.text(), st.text())
def test_no_number_survives_in_any_text(before, after):
    for number in (NUMBER, WIDE):
        assert number not in scrub(before + number + after)


def test_a_random_request_id_is_not_taken_for_a_number():
    assert not any(holds_number(new_request_id()) for _ in range(2_000))
    assert holds_number(f"x{NUMBER}")


@given(st.text(max_size=80))
def test_any_header_chooses_something(text):
    assert language(text) in {"zh", "en"}
    assert media_type(text) in {
        None,
        "application/json",
        "application/graphql-response+json",
    }


@given(st.none() | st.text(max_size=80))
def test_a_request_id_is_always_safe_to_write(text):
    assert (
        request_id_of(text).replace("-", "").replace(".", "").replace("_", "").isalnum()
    )


def record(message, *args, **extra):
    made = logging.LogRecord("x", logging.INFO, "f", 1, message, args, None)
    made.__dict__.update(extra)
    return made


def test_a_line_of_the_log_is_one_line_of_pairs():
    line = KeyValue().format(
        record("a thing\nhappened", **fields(ms=1.5, note='say "hi"\n', path="/x"))
    )

    assert "\n" not in line
    assert 'event="a thing\\nhappened" ms=1.5 note="say \\"hi\\"\\n" path=/x' in line


def test_a_line_that_is_pairs_already_stays_pairs():
    line = KeyValue().format(
        record("asked province=%s ms=%.1f detail=%s", "44", 2, "-")
    )

    assert line.endswith("event=asked province=44 ms=2.0 detail=-")


def test_a_sentence_at_its_end_leaves_a_line_of_pairs():
    line = KeyValue().format(record("asked province=44 detail=drop folder: No space"))

    assert line.endswith('event=asked province=44 detail="drop folder: No space"')


def test_neither_number_nor_token_gets_into_a_line():
    token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"  # noqa: S105
    try:
        int(f"{NUMBER} Bearer abc.def {token}")
    except ValueError:
        made = record("for %s and %s", WIDE, token)
        made.exc_info = sys.exc_info()
    line = KeyValue().format(made)

    for secret in (NUMBER, WIDE, token, "abc.def"):
        assert secret not in line
