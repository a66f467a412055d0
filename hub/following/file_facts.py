"""Itinerary: what the file of a case says as facts is stated in the case.

Each fact by itself: one that the case cannot take keeps no other back, and is declared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from hub.following.acting_refusals import NOT_THE_FILE
from hub.following.told_facts import steps
from schema.records.case import ENDED
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.following.told_facts import FactsDue
    from schema.records.case import Case
    from schema.records.clock import ClockFact
    from schema.records.keys import ProvinceCode

#: It says nothing of the fact: it is tried again.
_NOT_NOW: Final = frozenset({"STORE_UNAVAILABLE"})


class Statements(Protocol):
    """Who states facts (``hub.following.following``)."""

    async def facts_from_province(
        self,
        number: str,
        province: ProvinceCode,
        union: str,
        facts: Sequence[ClockFact],
    ) -> Case | Refusal:
        """Take in facts that the lead stated in its own province's case file."""
        ...


class Cases(Protocol):
    """Who reads cases."""

    async def some(self, numbers: Sequence[str]) -> Mapping[str, Case]:
        """Read several at once."""
        ...


class FileFacts:
    """Takes facts of files into their cases; a ``hub.following.file_ports.FactsTaker``."""

    def __init__(self, statements: Statements, cases: Cases) -> None:
        """Hold what is needed.

        Args:
            statements: States facts.
            cases: Reads cases.
        """
        self._statements = statements
        self._cases = cases

    async def facts_from_province(self, due: FactsDue) -> Sequence[int]:
        """Have a case say what its file says; what it says already changes nothing.

        Returns:
            Numbers of the statements that the case could not take.

        Raises:
            Refused: It cannot be done now; it stays due.
        """
        case = (await self._cases.some([due.case_no])).get(due.case_no)
        if case is None or case.state in ENDED:
            return ()
        refused = []
        for step in steps(case, due.province, due.facts):
            answer = await self._statements.facts_from_province(
                case.no, due.province, case.lead.union, [step.fact]
            )
            if not isinstance(answer, Refusal):
                continue
            if answer.code in _NOT_NOW:
                raise Refused(answer)
            if answer == NOT_THE_FILE:
                break  # it has moved meanwhile: what counts is another file
            refused.append(step.seq)
        return refused
