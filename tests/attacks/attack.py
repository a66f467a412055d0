"""What an attack is, and the judgement of what came of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.attacks.ground import Target
from tests.attacks.wire import Answer
from tests.web.serving import NUMBER

#: No request may hold the event loop for longer, in seconds.
MOST_BUSY = 0.1
#: Nor may anybody else wait for longer.
MOST_WAITED = 2.0

#: What must never be read in an answer: signs of raw error texts and of places.
_RAW = re.compile(
    rb"Traceback|\.py\b|Exception|Error\(|psycopg|graphql-core|GraphQLError|"
    rb"site-packages|<class|object at 0x|strawberry|uvicorn|orjson|UndefinedType",
)

#: How a request may end: a status, and a code where the answer has one.
Proper = frozenset[tuple[int, str]]


@dataclass(frozen=True)
class Attack:
    """One way to harm a hub.

    Attributes:
        name: What it is.
        run: Tries it, and gives every answer.
        proper: How its requests may end.
        slow: Whether it takes longer than a second.
        crowd: Whether so many ask at once that the loop is busy with all of them,
            none of whom holds it up: then only the waiting of others is judged.
        echoes: What must not come back, besides resident ID numbers.
    """

    name: str
    run: Callable[[Target], Awaitable[list[Answer]]]
    proper: Proper
    slow: bool = False
    crowd: bool = False
    echoes: tuple[str, ...] = ()


@dataclass
class Found:
    """What came of an attack.

    Attributes:
        attack: Which.
        tried: How many requests.
        ends: How they ended, and how often.
        improper: What should not have been, in words.
        seconds: The slowest answer.
        busy: For how long the loop worked without a pause, at the most.
        lag: For how long it was held up, at the most; the machine's share too.
        waited: The slowest answer that somebody else got meanwhile.
    """

    attack: Attack
    tried: int = 0
    ends: Counter = field(default_factory=Counter)
    improper: list[str] = field(default_factory=list)
    seconds: float = 0.0
    busy: float = 0.0
    lag: float = 0.0
    waited: float = 0.0


def judge(attack: Attack, answers: list[Answer]) -> Found:
    """Say what came of an attack, by its answers."""
    found = Found(attack, tried=len(answers))
    for one in answers:
        end = (one.status, one.code)
        found.ends[end] += 1
        found.seconds = max(found.seconds, one.seconds)
        found.improper += _improper(attack, one, end)
    return found


def _improper(attack: Attack, one: Answer, end: tuple[int, str]) -> list[str]:
    wrong = []
    if end not in attack.proper:
        wrong.append(f"ended {end}")
    if "INTERNAL" in one.codes:
        wrong.append("a bug was met")
    if one.status == -1:
        wrong.append("hung")
    if _RAW.search(one.body):
        wrong.append("raw text")
    whole = one.head + one.body
    secrets = (NUMBER, *attack.echoes)
    wrong += ["echoed" for secret in secrets if secret.encode() in whole]
    if one.status >= 400 and b"application/" not in one.head:
        wrong.append("an error that is no JSON")
    return wrong
