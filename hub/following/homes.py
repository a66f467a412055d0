"""Itinerary: workers of a case → the unions where they are at home, which will follow it.

The hub knows the homes of those whom it moved. Of the others the registers are asked, as
they are before a credential is issued: of every worker the union and the state of the
membership, and nothing else. A province that is silent keeps no case from being opened.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from connectors.port import Ask, Question
from hub.following.seats import seat_of
from schema.records.case_task import Seat
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.purpose import PurposeOfUse
from schema.records.record import UNSET
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from hub.following.ports import CaseReading
    from hub.organisation.directory import Directory
    from hub.reading.ports import Provinces
    from schema.records.keys import ProvinceCode, WorkerId
    from schema.records.told import Located
    from schema.records.worker import WorkerRecord

_log = logging.getLogger("hub.following")

#: A window waits for the registers for no longer, in seconds: the case is more urgent
#: than its followers.
_PATIENCE: Final = 2.0
#: The registers are asked about so many workers of one case at the most, lest one list
#: of a thousand keep a province from its windows. Of the others the moves tell.
_MOST_ASKED: Final = 200
_WANTED: Final = Selection.of({RecordKind.MEMBERSHIP: {"union_code", "state"}})
_THERE: Final = frozenset(
    {
        MembershipState.ACTIVE,
        MembershipState.IN_REGISTERED,
        MembershipState.RETAINED,
        MembershipState.LANDED_FALLBACK,
    }
)
#: On the way; the home stays where it is until the other union accepts (RULEBOOK §2).
_LEAVING: Final = frozenset(
    {MembershipState.OUT_REGISTERED, MembershipState.IN_TRANSIT}
)

_Told = tuple[MembershipState, Seat]


class Homes:
    """Finds the home unions of workers."""

    def __init__(self, reading: CaseReading, provinces: Provinces) -> None:
        """Hold what is needed.

        Args:
            reading: Tells the homes that the hub knows.
            provinces: The connectors, each in its guard.
        """
        self._reading = reading
        self._provinces = provinces

    async def known(
        self, workers: Iterable[WorkerId]
    ) -> Mapping[WorkerId, frozenset[Seat]]:
        """Tell the homes of those whom the hub moved.

        Raises:
            schema.records.refusal.Refused: The store cannot be asked now.
        """
        wanted = sorted(workers)
        found = await self._reading.homes(wanted) if wanted else {}
        return {worker: frozenset({seat}) for worker, seat in found.items()}

    async def asked(
        self,
        workers: Sequence[Located],
        directory: Directory,
        today: date,
        request: str,
    ) -> Mapping[WorkerId, frozenset[Seat]]:
        """Ask the registers for the homes of workers: one call for each province.

        Args:
            workers: Of whom the hub does not know it.
            directory: The unions; one that no longer stands follows nothing.
            today: The day, in China.
            request: Id of the request.

        Returns:
            One home each, or several where two registers have one for the same member
            (whose it is, is a question of duplicates). Nobody of whom none is known.
        """
        keys: dict[ProvinceCode, dict[str, WorkerId]] = {}
        for one in workers[:_MOST_ASKED]:
            for link in one.links:
                keys.setdefault(link.key.province, {})[link.key.value] = one.worker
        told: dict[WorkerId, list[_Told]] = {}
        async with asyncio.TaskGroup() as group:
            answers = {
                province: group.create_task(self._ask(province, tuple(of), request))
                for province, of in keys.items()
            }
        for province, of in keys.items():
            records = answers[province].result()
            for worker, record in zip(of.values(), records, strict=True):
                told.setdefault(worker, []).extend(
                    (state, seat)
                    for state, union in _memberships(record)
                    if isinstance(seat := seat_of(directory, union, today), Seat)
                    and seat.province == province
                )
        found = {worker: home_of(rows) for worker, rows in told.items()}
        found = {worker: homes for worker, homes in found.items() if homes}
        if len(found) < len(workers):
            _log.info("case homes unknown=%d", len(workers) - len(found))
        return found

    async def _ask(
        self, province: ProvinceCode, keys: tuple[str, ...], request: str
    ) -> Sequence[WorkerRecord | None]:
        """Ask one register; where it does not answer, nothing is told of anybody."""
        connector = self._provinces.get(province)
        if connector is not None and connector.capabilities.covers(_WANTED):
            deadline = asyncio.get_running_loop().time() + _PATIENCE
            purpose = PurposeOfUse.RIGHTS_PROTECTION
            answer = await connector.ask(
                Question((Ask(keys, _WANTED),), request, purpose), deadline
            )
            if not answer.faults:
                return answer.workers[0]
        _log.info("case homes silent province=%s", province)
        return [None] * len(keys)


def home_of(told: Sequence[_Told]) -> frozenset[Seat]:
    """Tell where a worker is at home, by what the registers say.

    Args:
        told: States of memberships, and where they are.
    """
    for states in (_THERE, _LEAVING):
        found = frozenset(seat for state, seat in told if state in states)
        if found:
            return found
    return frozenset()


def _memberships(record: WorkerRecord | None) -> Iterable[tuple[MembershipState, str]]:
    rows = None if record is None or record.memberships is UNSET else record.memberships
    for row in rows or ():
        if isinstance(row.union_code, str) and isinstance(row.state, MembershipState):
            yield row.state, row.union_code
