"""Itinerary: what happens in a case is written into the files of its provinces."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.chaos.case_files import now_in_china

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from tests.chaos.case_files import CaseFiles

    Seen = dict[str, Any]

_ACTS: Final = ("MEDIATION", "ARBITRATION", "LEGAL_AID", "OTHER")
#: What files state; officers state other facts.
_FACTS: Final = ("claim-made", "relief-sought", "inspection-complained")


class FileClerk:
    """Keeps the files of one case, in any province."""

    def __init__(
        self, files: CaseFiles, no: str, name: str, rng: random.Random
    ) -> None:
        self._files = files
        self._no = no
        self._name = name
        self._rng = rng
        self._today = now_in_china().date()

    async def write(self, seat: Seen, *, facts: bool) -> None:
        """Write what happened into the province's own file of the case."""
        province = seat["province"]
        plain: list[int] = []
        stated: dict[str, int] = {}
        for place in range(self._rng.randrange(5)):
            key = f"{self._name}-{province}-{place}"
            change: Seen = {"asOf": now_in_china().isoformat()}
            if plain and self._rng.random() < 0.12:
                change["gone"] = plain.pop()
            else:
                change |= self._change(seat, plain, stated, facts=facts)
            seq = await self._files.write(province, key, self._no, change)
            if "fact" in change:
                stated[change["fact"]["kind"]] = seq
            elif "gone" not in change:
                plain.append(seq)
            if self._rng.random() < 0.5:
                await self._files.push(province, key, self._no, seq, change)

    def _change(
        self, seat: Seen, plain: list[int], stated: Mapping[str, int], *, facts: bool
    ) -> Seen:
        """Choose what happened: some of it is a fact, some puts right what was told."""
        on = self._today - timedelta(days=self._rng.randrange(2))
        change: Seen = {"act": self._rng.choice(_ACTS), "on": on.isoformat()}
        change["unionCode"] = seat["union"]
        if facts and self._rng.random() < 0.4:
            kind = self._rng.choice(_FACTS)
            change["fact"] = {"kind": kind}
            if kind in stated:
                change["corrects"] = stated[kind]
        elif plain and self._rng.random() < 0.25:
            change["corrects"] = plain[-1]
        return change
