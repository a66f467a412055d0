"""Value: the made-up workers of the benchmark, each computed from its number.

Nothing is stored: whoever has the number of a worker (the filler of the tables,
the load generator, a stub province) knows the rest. Nobody here exists.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from hub.identity.resident_id import check_character

#: The provinces that the stubs play.
PROVINCES = ("33", "42", "44", "51")
#: Every worker is known to two of them.
PER_WORKER = 2
_PAIRS = tuple(combinations(PROVINCES, PER_WORKER))

#: Divisions that exist since 1980 and earlier.
_DIVISIONS = ("330102", "420102", "440103", "510104", "370102")
_FIRST_BIRTHDAY = date(1985, 1, 1)
_DAYS = 7_000
_PER_DAY = 1_000

#: A stride without a common factor with any size in use: it visits everybody
#: once, and no two neighbours of a table one after the other.
_STRIDE = 1_000_003

#: How many digits the number of a worker has in local keys and names.
DIGITS = 8


def workers_of(links: int) -> int:
    """Tell how many workers so many links make."""
    return links // PER_WORKER


def provinces_of(number: int) -> tuple[str, ...]:
    """Tell which provinces know a worker, in the order of their codes."""
    return _PAIRS[number % len(_PAIRS)]


def local_key(province: str, number: int) -> str:
    """Give a worker's name in a province."""
    return f"{province}-{number:0{DIGITS}d}"


def name_of(number: int) -> str:
    """Give the name that every province tells."""
    return f"工人{number:0{DIGITS}d}"


def worker_id(number: int) -> UUID:
    """Give the hub's name of a worker: spread like a random one."""
    digest = hashlib.blake2b(b"bench %d" % number, digest_size=16).digest()
    return UUID(bytes=digest, version=4)


def resident_id(number: int) -> str:
    """Make a valid resident ID number; each worker has another one."""
    rest, division = divmod(number, len(_DIVISIONS))
    rest, day = divmod(rest, _DAYS)
    if rest >= _PER_DAY:
        raise ValueError(f"no number is left for worker {number}")
    born = _FIRST_BIRTHDAY + timedelta(days=day)
    body = f"{_DIVISIONS[division]}{born:%Y%m%d}{rest:03d}"
    return body + check_character(body)


def visit(turn: int, size: int) -> int:
    """Tell who is looked up at a turn: everybody once, before anybody twice."""
    return turn * _STRIDE % size
