"""Adapter: reads what the provinces keep, and what the hub wrote down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import psycopg

from deploy.demo.province.compare import cards
from schema.records.transfer import Transfer
from tests.chaos.verdict import Home, Journal, Registers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.ground import Ground
    from tests.chaos.people import Move


def read_registers(ground: Ground, moves: Sequence[Move]) -> Registers:
    """Read every province's own register; nothing of the hub is asked.

    A membership that no register was ever asked about is at home where it was.
    """
    homes: dict[str, list[Home]] = {}
    done: dict[tuple[str, str], int] = {}
    for code in ground.provinces:
        for card in cards(ground.acts(code)):
            here = homes.setdefault(card["membershipNo"], [])
            here += [Home(code, union) for union in (*card["home"], *card["leaving"])]
            for transfer, acts in card["done"].items():
                for act, times in acts.items():
                    done[transfer, act] = done.get((transfer, act), 0) + times
    for move in moves:
        untouched = [Home(move.from_province, move.from_union)]
        homes.setdefault(move.membership_no, untouched)
    return Registers(homes, done)


def read_journal(ground: Ground) -> dict[str, Journal]:
    """Read every transfer of the hub."""
    with psycopg.connect(ground.database) as connection:
        rows = connection.execute("SELECT transfer_id, body::text FROM transfer")
        return {id_: _journal(body) for id_, body in rows.fetchall()}


def _journal(body: str) -> Journal:
    kept = msgspec.json.decode(body, type=Transfer)
    return Journal(
        kept.id,
        kept.membership_no,
        kept.state,
        Home(kept.home_province, kept.home),
    )
