"""The measurement of transfers: that it can tell a target that is missed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from io import StringIO

import pytest
from msgspec import json, structs
from rich.cells import cell_len
from rich.console import Console

from tests.bench.federation import CLOSING, part, persons
from tests.bench.machine import Machine
from tests.bench.moving import Moved, Slice
from tests.bench.moving_report import judge, share, show
from tests.bench.report import as_json
from tests.bench.spent import spent
from tests.builders.numbers import number, old_form
from tests.chaos.people import Move

FREE = Machine(2, "any", "3.11", "Linux", (1.0,))


def moved(rate=120.0, paced=98.0, slow=1.0, refused=None, wrong=None):
    took = [0.2] * 90 + [slow] * 10
    slices = [
        Slice("paced", 100, paced, took, [], {"hub": 1.0}),
        Slice("full", 100, rate, took, took, {"hub": 1.0}),
    ]
    return Moved(FREE, slices, 50.0, {"hub": 1.0}, refused or {}, wrong or {}, 200)


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        ({}, []),
        ({"rate": 99.0}, [2]),
        ({"slow": 2.5}, [3]),
        ({"paced": 60.0}, [3]),
        ({"refused": {"offerTransfer: X": 1}}, [1]),
        ({"wrong": {"homeless": 1}}, [0]),
    ],
)
def test_a_target_that_is_missed_is_told(given, missed):
    verdicts = judge(moved(**given))

    assert [place for place, one in enumerate(verdicts) if not one.good] == missed


def test_a_narrow_terminal_shows_every_heading_and_figure_whole():
    text = StringIO()
    found = moved(refused={"requestTransfer: CREDENTIAL_REVOKED": 12_345})
    wide = dict.fromkeys(("hub", "runner", "postgres", "province", "load"), 1234.5)
    slices = [
        structs.replace(one, name="paced, 100 a second", transfers=123_456, cpu=wide)
        for one in found.slices
    ]
    found = structs.replace(found, slices=slices, issuing=wide)

    show(found, judge(found), Console(file=text, width=80))

    said = text.getvalue()
    assert "…" not in said
    assert max(map(cell_len, said.splitlines())) <= 80
    for whole in ("offered p99", "province", "officers", "123,456", "6172.5"):
        assert whole in said
    assert "CREDENTIAL_REVOKED': 12345" in said


def test_programs_are_told_everything():
    told = json.decode(as_json({"found": moved(), "verdicts": judge(moved())}))

    assert set(told["found"]) == set(Moved.__struct_fields__)
    assert set(told["found"]["slices"][0]) == set(Slice.__struct_fields__)
    assert len(told["found"]["slices"][0]["took"]) == 100
    assert len(told["verdicts"]) == 4


def test_a_share_of_nothing_is_nothing():
    assert share([], 0.99) == 0
    assert share([1.0, 2.0, 3.0], 0.5) == 2.0
    assert share([1.0, 2.0, 3.0], 1.0) == 3.0


def test_what_a_child_computes_is_told_by_name_and_with_its_parent():
    busy = "import time\nwhile time.process_time() < 0.2: pass\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", busy]) as child:
        try:
            end = time.monotonic() + 20
            while spent({"hub-1": child.pid}, {})["hub"] < 0.1:
                assert time.monotonic() < end
                time.sleep(0.05)
            alone = spent({"us": os.getpid()}, {})["us"]
            assert spent({}, {"us": os.getpid()})["us"] >= alone + 0.1
        finally:
            child.kill()


def card(province, person, place=0):
    """One card of a person who is known by this number."""
    return Move(
        place, f"{province}-{person}", str(person), province, "U", "63", "V",
        "offer", "accept", twice=False,
    )  # fmt: skip


def links(file, *lines):
    rows = [",".join((*line, "")[:4]) for line in lines]
    header = "resident_id,province,local_key,valid_to"
    file.write_text("\n".join([header, *rows, ""]))
    return persons(file)


def test_no_person_moves_twice_however_their_number_is_written(tmp_path):
    numbers = [number(sequence=n) for n in range(8)]
    small = next(one for one in numbers if one.endswith("X"))
    plain = [one for one in numbers if one != small]
    whose = links(
        tmp_path / "links.csv",
        (plain[0], "51", "0"), (old_form(plain[0]), "33", "0"),
        (small, "51", "1"), (small.lower(), "33", "1"),
        (plain[1], "51", "2"),
        (plain[2], CLOSING, "3"), (plain[2], CLOSING, "4"),
        (plain[3], CLOSING, "5"), (old_form(plain[3]), "51", "5"),
        (plain[4], CLOSING, "6", "2013-03-18"), (plain[5], "51", "7", "2013-03-18"),
        (plain[6], "51", "8", "2999-12-31"),
    )  # fmt: skip
    cards = [card("51", 0), card("33", 0), card("51", 1), card("33", 1), card("51", 2)]
    cards += [card(CLOSING, 6), card("51", 7), card("51", 8), card(CLOSING, 3)]
    cards += [card(CLOSING, 4), card(CLOSING, 5), card("51", 5)]

    members, others = part(cards, whose, closing=2)

    assert [one.local_id for one in members] == ["3", "5"]
    assert [one.local_id for one in others] == ["2", "8"]
    with pytest.raises(ValueError, match="only 2 members"):
        part(cards, whose, closing=3)
