"""Itinerary: a membership moves from one province to another, and comes back."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final

from deploy.demo import moving
from deploy.demo.case_story import CaseStory
from deploy.demo.checking import differences, register_differences
from deploy.demo.choosing import best, move_of
from deploy.demo.failure import DemoFailed
from deploy.demo.federation import NOT_SERVED
from deploy.demo.kinds import FILES, SUBGRAPH
from deploy.demo.looking_up import look_up
from deploy.demo.province.compare import cards
from deploy.demo.table import show_transfer
from schema.records.transfer import ENDED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from deploy.demo.choosing import Move
    from deploy.demo.presenting import Running
    from deploy.demo.truth import Known

#: Among how many workers one that can move is looked for.
_LOOKED_AT: Final = 60
#: An act that ends a transfer in the old province's register.
_LAST_ACTS: Final = (
    "SELECT seq, transfer FROM done WHERE seq > ? AND act IN"
    " ('COMPLETE_OUT', 'CANCEL_OUT') ORDER BY seq"
)
#: Who delivers files does so after an act, and the hub takes them a little later: so
#: long, in seconds, that a busy machine is no failure.
_DELIVERED_IN: Final = 180.0
_AGAIN_AFTER: Final = 0.25
_NOBODY: Final = (
    "没有可以演示接转的职工：需要两个办理进出登记的省。 Nobody to move: it takes two "
    "provinces that keep a register of members."
)


class Story:
    """Shows how a member moves; also checks it against the registers.

    Args:
        running: The demo.
        console: Where to.
        names: Chinese names of the provinces, by code.
    """

    def __init__(
        self, running: Running, console: Console, names: Mapping[str, str]
    ) -> None:
        self._running = running
        self._console = console
        self._names = names
        #: How far the registers were read, and what the hub has not ended yet.
        self._read = dict.fromkeys(running.acts, 0)
        self._ending: dict[str, str] = {}
        self._invited: tuple[Known, Move] | None = None
        self._case = CaseStory(running, console, names)

    def invite(self) -> None:
        """Show what to paste, so that a member moves."""
        self._news()  # what ended before is no news
        found = self._choose()
        if found is None:
            self._say(f"\n{_NOBODY}")
            return
        self._invited, (_, move) = found, found
        old, new = self._names[move.from_province], self._names[move.to_province]
        self._say(
            f"\n会员流动：{old}签发会员证，{new}凭证接转，经过显示在此处。 A member "
            "moves: the old union issues a credential, the new one requests the "
            "transfer with it; what happens is shown here:"
        )
        self._say("\n".join(moving.lines(self._doors(move), move)))
        self._case.invite(move)

    def follow(self) -> None:
        """Show the transfers that have ended since it was last asked."""
        self._ending |= self._news()
        for transfer, province in list(self._ending.items()):
            with suppress(DemoFailed):  # asked again in a moment
                told = moving.told(self._running.door(province), transfer)
                if told["state"] in ENDED:
                    del self._ending[transfer]
                    self._console.print()
                    self._show(told)
                    self._invite_back(told["membershipNo"])

    def _invite_back(self, membership_no: str) -> None:
        """Show how the one who was invited to move comes back."""
        if self._invited is None or self._invited[1].membership_no != membership_no:
            return
        worker, before = self._invited
        move = self._move(worker)
        if move is None or move.from_province == before.from_province:
            return  # they never left: the same lines do
        move = move._replace(
            to_province=before.from_province, to_union=before.from_union
        )
        self._invited = worker, move
        self._say("\n返程。 The way back:")
        self._say("\n".join(moving.lines(self._doors(move), move)))

    def check(self) -> bool:
        """Move a member and bring them home again; compare all registers each time.

        Returns:
            Whether hub and registers agreed.
        """
        found = self._choose()
        if found is None:
            self._console.print(_NOBODY)
            return True
        worker, move = found
        right = self._leg(move, shown=True)
        here = move.to_province
        for code in (*self._other_kinds(move), move.from_province):
            if right and self._running.provinces[here].kind == FILES:
                # It shows the new member with the next batch only.
                right = self._agrees(worker, move.to_province)
            here = code
            onward = self._move(worker, code) if right else None
            if onward is None:
                self._console.print("[red]✗[/] 未能返程。 There is no way back.")
                return False
            if code == move.from_province:
                onward = onward._replace(to_union=move.from_union)
            right = self._leg(onward, shown=False)
        right = self._agrees(worker, move.to_province) and right
        if right:
            self._console.print(
                "一次接转及其返程与各省登记一致。 A transfer and its return agree with "
                "every province's register."
            )
        return self._cases_agree(move) and right

    def _other_kinds(self, move: Move) -> list[str]:
        """Tell the provinces on the way whose systems speak otherwise."""
        passed = {move.from_province, move.to_province}
        return [
            code
            for code, it in self._running.provinces.items()
            if code in self._running.acts and code not in passed and it.kind != SUBGRAPH
        ]

    def _cases_agree(self, move: Move) -> bool:
        """Work on a case at the place of the move, and in each other kind of province."""
        right = self._case.check(move)
        for code in self._other_kinds(move):
            union = self._running.unions.first_of(code)
            if union is not None:
                there = move._replace(to_province=code, to_union=union)
                right = self._case.check(there, shown=False) and right
        return right

    def _agrees(self, worker: Known, province: str) -> bool:
        """Compare what the hub tells of a worker, and show what is different."""
        found = self._still_different(worker, province)
        if found:
            self._console.print(
                f"[red]✗[/] {_DELIVERED_IN:.0f} 秒后枢纽所告仍与各省不一致。 After "
                f"{_DELIVERED_IN:.0f} s the hub still tells otherwise than the provinces."
            )
        for difference in found:
            self._console.print(f"     {difference}", markup=False)
        return not found

    def _still_different(self, worker: Known, province: str) -> list[str]:
        """Compare until files were delivered too; tell what is different at the end."""
        end = time.monotonic() + _DELIVERED_IN
        while True:
            (again,) = self._running.truth.anew([worker])
            answer = look_up(self._running.door(province), worker.resident_id)
            found = differences(answer, again, self._running.truth, NOT_SERVED)
            if not found or time.monotonic() > end:
                return found
            time.sleep(_AGAIN_AFTER)

    def _leg(self, move: Move, *, shown: bool) -> bool:
        told = moving.move(self._doors(move), move)
        if shown:
            self._show(told)
        found = register_differences(told, move, self._registers(move.membership_no))
        verdict = "[red]✗[/]" if found else "[green]✓[/]"
        ends = (move.from_province, move.to_province)
        old, new = (self._names[code] for code in ends)
        kinds = " → ".join(self._running.provinces[code].kind for code in ends)
        self._console.print(f"{verdict} 接转 transfer  {old} → {new}  [dim]{kinds}[/]")
        for difference in found:
            self._console.print(f"     {difference}", markup=False)
        return not found

    def _registers(self, membership_no: str) -> dict[str, dict[str, Any] | None]:
        """Read what ``python -m deploy.demo.province register`` shows of a card."""
        return {
            code: next(
                (one for one in cards(acts) if one["membershipNo"] == membership_no),
                None,
            )
            for code, acts in self._running.acts.items()
        }

    def _choose(self) -> tuple[Known, Move] | None:
        """Choose somebody whom the demo does not look up first, if it can."""
        known = self._running.truth.choose(_LOOKED_AT)
        workers = {each.resident_id: each for each in (*known[1:], *known[:1])}
        moves = ((self._move(each), each.local_keys) for each in workers.values())
        move = best((move, keys) for move, keys in moves if move is not None)
        return None if move is None else (workers[move.resident_id], move)

    def _move(self, worker: Known, to: str = "") -> Move | None:
        (worker,) = self._running.truth.anew([worker])
        cards_ = self._running.truth.cards(worker)
        unions = self._running.unions
        return move_of(worker, cards_, tuple(self._running.acts), unions, to=to)

    def _doors(self, move: Move) -> moving.Doors:
        return moving.Doors(
            self._running.door(move.from_province), self._running.door(move.to_province)
        )

    def _news(self) -> dict[str, str]:
        """Find in the registers' own files which transfers ended since it was asked.

        Returns:
            For each transfer the province that ended it.
        """
        found = {}
        for code, acts in self._running.acts.items():
            with (
                suppress(sqlite3.OperationalError),  # locked: in a moment
                closing(sqlite3.connect(f"{acts.as_uri()}?mode=ro", uri=True)) as kept,
            ):
                for seq, transfer in kept.execute(_LAST_ACTS, [self._read[code]]):
                    self._read[code] = seq
                    found[transfer] = code
        return found

    def _say(self, text: str) -> None:
        """Print as it is: a line that shall be pasted must not be wrapped."""
        self._console.print(text, markup=False, soft_wrap=True)

    def _show(self, told: Mapping[str, Any]) -> None:
        show_transfer(self._console, told, self._names, self._running.unions.name)
