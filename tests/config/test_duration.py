from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from schema.records.duration import Duration, write_duration

READ = TypeAdapter(Duration)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("2s", 2), ("500ms", 0.5), ("1m", 60), ("1h", 3600), ("1.5s", 1.5), (" 2 s ", 2)],
)
def test_a_duration_has_a_unit(written, seconds):
    assert READ.validate_python(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written", [2, 2.5, "30", "", "s", "-1s", "1d", "２s", None, True]
)
def test_a_bare_number_is_refused_in_both_languages(written):
    with pytest.raises(ValidationError, match=r"单位.*unit"):
        READ.validate_python(written)


@pytest.mark.parametrize("written", ["90s", "500ms", "1h", "2m", "0ms", "1.5ms"])
def test_what_is_written_reads_the_same(written):
    length = READ.validate_python(written)

    assert READ.validate_python(write_duration(length)) == length
