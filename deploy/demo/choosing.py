"""Decider: whose membership the demo moves, and from which union to which."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final, NamedTuple

from deploy.demo.province.rules import MEMBER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from deploy.demo.truth import Card, Known

#: Where most of the population's moves go: from Sichuan to Guangdong.
_WELL_TRODDEN: Final = ("51", "44")
_GRASSROOTS: Final = "GRASSROOTS"


class Move(NamedTuple):
    """A membership that can move.

    Attributes:
        resident_id: Whose; a made-up number of the demo's population.
        membership_no: Number of the card.
        local_id: The worker's name in the old province.
        from_province: Where the home is now.
        from_union: Code of the home union.
        to_province: Where it could go.
        to_union: Code of a union there: the worker's last one, if it still stands.
    """

    resident_id: str
    membership_no: str
    local_id: str
    from_province: str
    from_union: str
    to_province: str
    to_union: str


class Unions:
    """The unions that stand, as ``organisations.csv`` has them.

    Args:
        file: That file.
    """

    def __init__(self, file: Path) -> None:
        self._names: dict[str, str] = {}
        self._divisions: dict[str, str] = {}
        self._first: dict[str, str] = {}
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["valid_to"]:
                    continue
                self._names[row["code"]] = row["name"]
                self._divisions[row["code"]] = row["division"]
                if row["kind"] == _GRASSROOTS:
                    self._first.setdefault(row["province"], row["code"])

    def name(self, code: str) -> str:
        """Give a union's name; its code if it has none."""
        return self._names.get(code, code)

    def stands(self, code: str) -> bool:
        """Tell whether there is such a union."""
        return code in self._names

    def division(self, code: str) -> str:
        """Give where a union has its seat (GB/T 2260)."""
        return self._divisions[code]

    def first_of(self, province: str) -> str | None:
        """Give any grassroots union of a province."""
        return self._first.get(province)


def move_of(
    worker: Known,
    cards: Sequence[Card],
    provinces: Collection[str],
    unions: Unions,
    *,
    to: str = "",
) -> Move | None:
    """Tell how a worker could move, if they have exactly one home that can be left.

    Args:
        worker: Who.
        cards: All their memberships, as the registers have them now.
        provinces: Those whose registers take acts.
        unions: That stand.
        to: Where to; without it, where they are known, or anywhere.
    """
    homes = [card for card in cards if card.state in MEMBER]
    if len(homes) != 1:
        return None
    (home,) = homes
    if (
        home.state != "ACTIVE"
        or home.province not in provinces
        or not home.membership_no
        or not unions.stands(home.union_code)
    ):
        return None
    known = [code for code in provinces if code in worker.local_keys]
    others = [code for code in (*known, *provinces) if code != home.province]
    others = [to] if to in others else others
    others.sort(key=lambda code: (home.province, code) != _WELL_TRODDEN)
    for province in others:
        union = _union_in(province, cards, unions)
        if union is not None:
            return Move(
                worker.resident_id,
                home.membership_no,
                worker.local_keys[home.province],
                home.province,
                home.union_code,
                province,
                union,
            )
    return None


def best(moves: Iterable[tuple[Move, Mapping[str, str]]]) -> Move | None:
    """Choose whose move is shown: on the well-trodden way, known at both ends.

    Args:
        moves: Each with the worker's names, by province.
    """
    second: tuple[int, Move] | None = None
    for move, local_keys in moves:
        way = (move.from_province, move.to_province)
        rank = (way != _WELL_TRODDEN) + 2 * (move.to_province not in local_keys)
        if rank == 0:
            return move
        if second is None or rank < second[0]:
            second = rank, move
    return None if second is None else second[1]


def _union_in(province: str, cards: Sequence[Card], unions: Unions) -> str | None:
    """Find the worker's last union in a province, or any union there."""
    before = [
        (card.since or "", card.union_code)
        for card in cards
        if card.province == province and unions.stands(card.union_code)
    ]
    return max(before)[1] if before else unions.first_of(province)
