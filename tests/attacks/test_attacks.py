"""Whatever is tried: refused as it should be, at once, and nobody else suffers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from statistics import median

import pytest

from deploy.demo.issuer import PEOPLE, Role
from deploy.demo.settings_files import SCOPES
from tests.attacks.attack import Attack, judge
from tests.attacks.connections import guesses, look_up
from tests.attacks.ground import ROOT
from tests.attacks.run import ATTACKS, run
from tests.attacks.wire import Answer, send
from tests.web.serving import NUMBER

#: The others that take long are for the night and for ``python -m tests.attacks``.
_ALWAYS = {
    "slow heads, 200 sockets", "slow bodies, 60 sockets", "enumeration by number",
    "the heaviest question that is allowed", "1,500 requests as fast as can be",
    "1,000 WebSockets at once that say nothing",
    "a flood of empty pings on a WebSocket", "40 documents at once",
    "60 sockets of strangers, 8 pings of 240 kB each",
}  # fmt: skip
_ALL = os.environ.get("HYPOTHESIS_PROFILE") == "night"
_CHOSEN = [one for one in ATTACKS if _ALL or not one.slow or one.name in _ALWAYS]


@pytest.mark.slow
@pytest.mark.parametrize("attack", _CHOSEN, ids=lambda one: one.name)
async def test_the_hub_holds(target, attack):
    found = await run(attack, target)

    assert found.improper == []
    assert found.tried > 0


@pytest.mark.slow
async def test_an_enumeration_stands_in_the_trail_and_its_numbers_nowhere(target):
    alarms = target.rows(
        "SELECT body FROM audit_entry "
        "WHERE tag = 'reading:caller:enumeration-suspected'"
    )
    told = b"".join(bytes(body) for (body,) in alarms).decode()

    assert len(alarms) == 1
    assert '"subject":"officer-51"' in told
    assert not re.search(r"\d{15}", told)


@pytest.mark.slow
async def test_who_is_suspected_cannot_tell_known_from_unknown_by_time(target):
    token = target.tokens[Role.OUTFLOW]
    known, unknown = [], []
    for _ in range(15):
        for numbers, times in ((target.known[:1], known), (guesses(1), unknown)):
            answer = await send(target.port, look_up(token, numbers))
            assert answer.code == "ENUMERATION_SUSPECTED"
            times.append(answer.seconds)

    assert abs(median(known) - median(unknown)) < 0.02


@pytest.mark.slow
def test_after_all_that_the_trail_holds_and_no_number_is_readable(target):
    done = subprocess.run(
        [sys.executable, "-m", "hub", "audit", "verify", "-c", target.settings],
        env={**os.environ, **target.environment},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    log = target.logged()

    assert done.returncode == 0, done.stderr
    assert NUMBER not in log
    assert not any(number in log for number in target.known)
    assert "Traceback" not in log
    assert "event=request" in log


def test_nobody_of_the_demo_holds_a_scope_that_its_issuer_may_not_give():
    held = {scope for one in PEOPLE.values() for scope in one.scopes}

    assert held <= set(SCOPES)


def test_the_judge_sees_what_is_improper():
    attack = Attack("x", None, frozenset({(200, "")}), echoes=("secret",))

    def wrong(status, head=b"content-type: application/json", body=b"{}"):
        return judge(attack, [Answer(status, head, body, 0.1)]).improper

    assert wrong(200) == []
    assert wrong(500) == ["ended (500, '')"]
    assert "hung" in wrong(-1)
    assert wrong(200, body=b'{"data":"' + NUMBER.encode() + b'"}') == ["echoed"]
    assert wrong(200, body=b'{"data":"secret"}') == ["echoed"]
    assert wrong(200, body=b"Traceback (most recent") == ["raw text"]
    assert "an error that is no JSON" in wrong(400, head=b"content-type: text/plain")
