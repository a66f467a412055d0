"""The README of the mapping shows what loads, and names every word there is."""

from __future__ import annotations

import re

import pytest

from connectors.mapping import codes, dates, entries, numbers
from connectors.mapping.mapping import Mapping
from tests.house.documents import blocks, named, prose

README = "connectors/mapping/README.md"


@pytest.mark.parametrize("one", blocks("toml mapping"), ids=named)
def test_every_mapping_that_is_shown_loads(one):
    assert len(Mapping.load(one.text.encode(), one.document).kinds) > 1


def test_every_word_of_an_entry_is_explained():
    told = set(re.findall(r"`([^`]+)`", prose(README)))
    known = {*entries._EVERY, *dates.FORMATS, *numbers.UNITS, "absent_is_empty", "own"}
    assert known - told == set()


def test_every_yes_and_no_is_named():
    (line,) = re.findall(r"^- 是否：.*$", prose(README), re.MULTILINE)
    told = re.findall(r"`([^`/\s]+)/([^`/\s]+)`", line)
    words = {one.lower() for pair in told for one in pair}
    assert {one.lower() for one in codes.TRUTH} == words
