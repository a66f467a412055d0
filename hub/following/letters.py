"""Decider: a letter of the union's supervision (一函两书) waits for its answer by itself.

To record such a letter is the fact that it was served; from then on its reply is due
(``hub/rules/clocks.toml``; RULEBOOK §5, §6). Each letter has a clock of its own, which
is about the number of the act (``a`` and the number of its event).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.following.refusals import about
from schema.records.case import ActKind
from schema.records.case_wish import FactWish
from schema.records.clock import Phase
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema.records.case import Case
    from schema.records.case_wish import RecordAct

#: Which fact it is that a letter was served.
SERVED: Final[Mapping[ActKind, str]] = {
    ActKind.HINT_LETTER: "hint-served",
    ActKind.OPINION_LETTER: "opinion-served",
    ActKind.PROPOSAL_LETTER: "proposal-served",
}
#: Which clock an answer to a letter meets.
_ANSWERS: Final[Mapping[str, str]] = {
    "hint-answered": "hint-reply",
    "opinion-answered": "opinion-reply",
    "proposal-answered": "proposal-reply",
}

SEVERAL_LETTERS: Final = Refusal(
    "SEVERAL_LETTERS",
    "case-letters",
    Bilingual(
        "有多份函书待答复（{letters}），未写明答复的是哪一份。",
        "Several letters wait for an answer ({letters}); which was answered is not said.",
    ),
    Bilingual(
        "请在 about 中写明其中一份后再提交。",
        "Name one of them in about, and send it again.",
    ),
)


def served(case: Case, wish: RecordAct) -> tuple[FactWish, ...]:
    """Name the fact that a recorded letter is, unless it is stated with the act.

    Args:
        case: Before the act.
        wish: The act; its day is the one on which the letter was served.
    """
    kind = SERVED.get(wish.kind)
    if kind is None or any(one.kind == kind for one in wish.facts):
        return ()
    return (FactWish(kind=kind, on=wish.on, about=f"a{case.seq + 1}"),)


def addressed(case: Case, wishes: Sequence[FactWish]) -> tuple[FactWish, ...] | Refusal:
    """Say which letter an answer answers: the one that waits, if none is named."""
    found: list[FactWish] = []
    for one in wishes:
        waiting = _waiting(case, one)
        if len(waiting) > 1:
            return about(SEVERAL_LETTERS, letters=", ".join(waiting))
        named = one if not waiting else msgspec.structs.replace(one, about=waiting[0])
        found.append(named)
    return tuple(found)


def _waiting(case: Case, wish: FactWish) -> list[str]:
    """Name the letters of which an unaddressed answer may be the answer."""
    clock = _ANSWERS.get(wish.kind)
    if clock is None or wish.about or wish.corrects is not None:
        return []
    return [
        due.about
        for due in case.dues
        if due.clock == clock and due.phase is Phase.RUNNING
    ]
