"""The measurement of transfers: that it can tell a target that is missed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.bench.machine import Machine
from tests.bench.moving import Moved, Slice
from tests.bench.moving_report import judge, share
from tests.bench.spent import spent

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
