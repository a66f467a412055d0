"""Decider: what the registers and the journal say after the run, and whether it holds.

The registers are the provinces' own; the journal is the hub's. Nothing that is checked
here is asked of the hub's code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Sized


#: Ends of a transfer that leave the member at the new union.
MOVED = frozenset({"COMPLETED", "LANDED"})
ENDED = MOVED | {"REJECTED", "WITHDRAWN", "REFUSED", "EXPIRED"}


class Home(NamedTuple):
    """Where a membership is at home."""

    province: str
    union: str


class Journal(NamedTuple):
    """A transfer as the hub's journal has it."""

    id: str
    membership_no: str
    state: str
    home: Home


class Registers(NamedTuple):
    """What the provinces' registers say.

    Attributes:
        homes: Where each membership is at home, by number of the card: one place.
        done: How often each act was really done: ``(transfer, act)``.
    """

    homes: Mapping[str, Sequence[Home]]
    done: Mapping[tuple[str, str], int]


class Finding(NamedTuple):
    """One thing that is checked.

    Attributes:
        zh: What, in Chinese.
        en: What, in English.
        looked: How many were looked at.
        wrong: Those where it does not hold.
    """

    zh: str
    en: str
    looked: int
    wrong: tuple[str, ...]


def judge(
    acknowledged: Mapping[int, str],
    journal: Mapping[str, Journal],
    registers: Registers,
) -> list[Finding]:
    """Check everything that was promised.

    Args:
        acknowledged: The transfer that the hub acknowledged, by number of the move.
        journal: Every transfer, by id.
        registers: What the provinces keep.
    """
    homes = registers.homes
    transfers = list(journal.values())
    return [
        finding(
            "无处安身", "homeless", homes, [n for n, rows in homes.items() if not rows]
        ),
        finding(
            "两处为家", "double homes", homes,
            [n for n, rows in homes.items() if len(rows) > 1],
        ),
        finding(
            "承诺丢失", "lost after it was acknowledged", acknowledged,
            [id_ for id_ in acknowledged.values() if id_ not in journal],
        ),
        finding(
            "重复开立", "opened twice", transfers, _opened_twice(transfers)
        ),
        finding(
            "未了结", "not ended", transfers,
            [one.id for one in transfers if one.state not in ENDED],
        ),
        finding(
            "重复办理", "acts done twice in a register", registers.done,
            [f"{who} {act}" for (who, act), times in registers.done.items() if times > 1],
        ),
        finding(
            "进出登记不成对", "OUT and IN not paired", transfers,
            [one.id for one in transfers if not _paired(one, registers.done)],
        ),
        finding(
            "两册与日志不符", "registers and journal disagree", transfers,
            [one.id for one in transfers if not _agrees(one, homes)],
        ),
    ]  # fmt: skip


def finding(zh: str, en: str, looked: Sized, wrong: Iterable[str]) -> Finding:
    """Make a finding of what was looked at, and what of it is wrong."""
    return Finding(zh, en, len(looked), tuple(wrong))


def _opened_twice(transfers: Sequence[Journal]) -> list[str]:
    """A move is opened once, however often it was asked for."""
    seen: dict[str, int] = {}
    for one in transfers:
        seen[one.membership_no] = seen.get(one.membership_no, 0) + 1
    return [number for number, times in seen.items() if times > 1]


def _paired(one: Journal, done: Mapping[tuple[str, str], int]) -> bool:
    """An OUT entry and an IN entry, or neither in force."""
    acts = {
        act
        for act in ("REGISTER_OUT", "REGISTER_IN", "COMPLETE_OUT", "CANCEL_OUT")
        if done.get((one.id, act))
    }
    if one.state in MOVED:
        return acts == {"REGISTER_OUT", "REGISTER_IN", "COMPLETE_OUT"}
    if one.state == "REFUSED" and not acts:
        return True
    out_taken_back = "REGISTER_OUT" not in acts or "CANCEL_OUT" in acts
    return out_taken_back and not acts & {"REGISTER_IN", "COMPLETE_OUT"}


def _agrees(one: Journal, homes: Mapping[str, Sequence[Home]]) -> bool:
    return list(homes.get(one.membership_no, ())) == [one.home]
