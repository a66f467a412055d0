"""Itinerary: whether a membership stands in the register of its province.

Asked before a credential is issued, which says that the holder is at home at that
union, and before another membership is ended in favour of this one. Nothing of the file
is told to anybody; the answer is yes or no.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from connectors.port import Ask, Question
from hub.transfer.opening import local_id_in
from schema.records.keys import LocalKey, ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.purpose import PurposeOfUse
from schema.records.record import UNSET
from schema.records.refusal import Bilingual, Refusal
from schema.records.selection import Selection

if TYPE_CHECKING:
    from hub.organisation.directory import Organisation
    from hub.reading.ports import Links, Provinces
    from schema.records.keys import WorkerId
    from schema.records.wanted import ById, ByLocalKey
    from schema.records.worker import WorkerRecord

#: A window does not wait for longer, in seconds.
_PATIENCE: Final = 5.0
_WHETHER: Final = Selection.of(
    {RecordKind.MEMBERSHIP: {"membership_no", "union_code", "state"}}
)
#: The member is at home there, and not on the way elsewhere.
_STANDING: Final = frozenset(
    {MembershipState.ACTIVE, MembershipState.RETAINED, MembershipState.LANDED_FALLBACK}
)

NOT_CONFIRMED: Final = Refusal(
    "MEMBERSHIP_NOT_CONFIRMED",
    "credential.membership",
    Bilingual(
        "该工会所在省的登记中，没有此职工以此会员证号在该工会的有效会籍。",
        "The register of the union's province has no standing membership of this worker"
        " at this union under this card number.",
    ),
    Bilingual(
        "请核对工会代码与会员证号，或先由该省更正登记。",
        "Check union and card number, or have the province correct its register.",
    ),
)
REGISTER_SILENT: Final = Refusal(
    "REGISTER_SILENT",
    "credential.membership",
    Bilingual(
        "该工会所在省的登记此刻未能答复，无法确认会籍，未签发。",
        "The register of the union's province does not answer just now, so the"
        " membership could not be confirmed and nothing was issued.",
    ),
    Bilingual(
        "请稍后以同一幂等键重试。", "Try again later, with the same idempotency key."
    ),
)


async def confirmed(
    by: ById | ByLocalKey,
    union: Organisation,
    membership_no: str,
    *,
    links: Links,
    provinces: Provinces,
    request: str,
) -> WorkerId | Refusal:
    """Ask the register of a union's province whether a membership stands.

    Args:
        by: Whose.
        union: Where.
        membership_no: Number of the card.
        links: Tells the worker's name in the register.
        provinces: The connectors, each in its guard.
        request: Id of the request.

    Returns:
        The hub's name of the worker. Nobody known by that, no such membership and one
        that has ended look alike.
    """
    province = ProvinceCode(union.province)
    (located,) = await links.locate([by])
    local_id = None if located is None else local_id_in(located, province)
    if located is None or local_id is None:
        return NOT_CONFIRMED
    stands = await in_register(
        LocalKey(province, local_id),
        union.code,
        membership_no,
        provinces=provinces,
        request=request,
    )
    if stands is None:
        return REGISTER_SILENT
    return located.worker if stands else NOT_CONFIRMED


async def in_register(
    key: LocalKey,
    union: str,
    membership_no: str,
    *,
    provinces: Provinces,
    request: str,
) -> bool | None:
    """Tell whether a membership stands in its register; none if that is silent.

    Args:
        key: Whose, as the register knows them.
        union: Code of the union where it should stand.
        membership_no: Number of the card.
        provinces: The connectors, each in its guard.
        request: Id of the request.
    """
    connector = provinces.get(key.province)
    if connector is None or not connector.capabilities.covers(_WHETHER):
        return None
    question = Question(
        (Ask((key.value,), _WHETHER),), request, PurposeOfUse.MEMBERSHIP_SERVICE
    )
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    answer = await connector.ask(question, deadline)
    if answer.faults:
        return None
    ((told,),) = answer.workers
    return told is not None and _stands(told, union, membership_no)


def _stands(told: WorkerRecord, union: str, membership_no: str) -> bool:
    rows = told.memberships
    return rows is not UNSET and any(
        row.union_code == union
        and row.membership_no == membership_no
        and row.state in _STANDING
        for row in rows or ()
    )
