"""Decider (pure): places by GB/T 2260, as provinces keep them: padded, short, old.

The canonical code has six digits for a county, city or province, nine for a township
and twelve for a village, whatever year it is of: what became of it on a day is the
hub's to tell (``hub/following/places.py``). A county that never existed is taken where
its city did: development zones have codes of their own.
"""

from __future__ import annotations

from functools import lru_cache

from stdnum import numdb

from connectors.mapping.mistakes import Unfit
from connectors.mapping.texts import narrow

_PROVINCE, _CITY, _COUNTY, _TOWNSHIP, _VILLAGE = 2, 4, 6, 9, 12
_LENGTHS = frozenset({_PROVINCE, _CITY, _COUNTY, _TOWNSHIP, _VILLAGE})


def read_division(value: object) -> object:
    """Make the canonical code of a place.

    Raises:
        Unfit: It is none, or no such city ever existed.
    """
    return _division(narrow(value))


def read_province(value: object) -> object:
    """Make the two digits of a province from them, or from the code of a place in it."""
    text = narrow(value)
    if len(text) not in _LENGTHS or not _is_province(text[:_PROVINCE]):
        raise Unfit("NOT_A_PROVINCE")
    if not (text.isascii() and text.isdigit()):
        raise Unfit("NOT_A_PROVINCE")
    return text[:_PROVINCE]


@lru_cache(maxsize=16_384)
def _division(text: str) -> str:
    if len(text) not in _LENGTHS or not (text.isascii() and text.isdigit()):
        raise Unfit("NOT_A_DIVISION")
    code = text.ljust(_COUNTY, "0")
    if len(code) == _VILLAGE and code.endswith("000"):
        code = code[:_TOWNSHIP]
    if len(code) == _TOWNSHIP and code.endswith("000"):
        code = code[:_COUNTY]
    if not _is_city(code[:_COUNTY]):
        raise Unfit("NOT_A_DIVISION")
    return code


@lru_cache(maxsize=128)
def _is_province(digits: str) -> bool:
    parts = numdb.get("cn/loc").info(f"{digits}0000")
    return any("province" in told for _, told in parts)


def _is_city(county: str) -> bool:
    if county.endswith("0000"):
        return _is_province(county[:_PROVINCE])
    parts = numdb.get("cn/loc").info(county)
    if any("county" in told for _, told in parts):
        return True
    city = numdb.get("cn/loc").info(f"{county[:_CITY]}00")
    return any("county" in told for _, told in city)
