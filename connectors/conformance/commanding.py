"""Adapter: commands of a visit, and receipts that are answers to them."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from connectors.conformance.report import failed, skipped
from connectors.faults import ProvinceFault
from connectors.receipts import checked
from schema.records.command import Act, Answered, Command
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.conformance.sample import Member
    from connectors.conformance.visit import Visit
    from schema.records.command import Receipt

#: The day of an entry is a day in China, which has no summer time.
_CHINA = timezone(timedelta(hours=8))
#: Where people or another program work, an answer may take a while.
_TRIES = 5
#: A code that is no union's, and as long as one.
_NO_UNION = "00000000PROBE00000"


def transfer_of(visit: Visit, name: str) -> str:
    """Name a transfer that there never was before."""
    return f"probe-{visit.name}-{name}"


def command(
    visit: Visit,
    act: Act,
    transfer: str,
    member: Member,
    *,
    key: str = "",
    local_id: str | None = None,
) -> Command:
    """Write a command for a test member."""
    return Command(
        key=key or f"{transfer}:{act}",
        act=act,
        transfer=transfer,
        province=visit.connector.province,
        local_id=local_id or member.local_id,
        membership_no=member.membership_no,
        union=member.union,
        counterpart_union=member.counterpart_union,
        counterpart_province=ProvinceCode(member.counterpart_province),
        on=visit.means.clock.now().astimezone(_CHINA).date(),
        joined_on=member.joined_on if act is Act.REGISTER_IN else None,
    )


def nobodys(visit: Visit, act: Act) -> Command:
    """Write a command for nobody: wherever it arrives, there is nothing to write."""
    transfer = transfer_of(visit, f"nobody-{act}")
    (stranger,) = visit.strangers(1)
    return Command(
        key=f"{transfer}:{act}",
        act=act,
        transfer=transfer,
        province=visit.connector.province,
        local_id=stranger,
        membership_no=f"probe-{visit.name}",
        union=_NO_UNION,
        counterpart_union=_NO_UNION,
        counterpart_province=ProvinceCode("11"),
        on=visit.means.clock.now().astimezone(_CHINA).date(),
    )


async def carried_out(visit: Visit, *commands: Command) -> Sequence[Receipt]:
    """Have commands carried out; what is unknown or waits is asked again.

    Raises:
        Judged: A receipt is none, or there is none yet.
    """
    code = ""
    for attempt in range(_TRIES):
        if attempt:
            await asyncio.sleep(min(1.0, visit.means.act_deadline / 10))
        try:
            acted = await visit.connector.act(
                commands,
                visit.question().request,
                visit.soon(visit.means.act_deadline),
            )
        except ProvinceFault as fault:
            code = str(fault.code)
            continue
        acted, flaw = checked(visit.connector.province, commands, acted)
        if flaw:
            raise failed(f"不是回执：{flaw}", f"no receipt: {flaw}")
        code = str(acted.fault.code) if acted.fault else Answered.PENDING
        told = [one for one in acted.receipts if one is not None]
        if len(told) == len(commands) and all(
            one.answered is not Answered.PENDING for one in told
        ):
            return told
    if code == Answered.PENDING:
        raise skipped(
            "仍是 PENDING：由人办理的省，办妥后再验收。",
            "still PENDING: people work on it; probe again when they are done",
        )
    raise failed(f"没有回执：{code}", f"no receipt: {code}")


def how(receipt: Receipt) -> str:
    """Tell how a command ended."""
    return receipt.code or str(receipt.answered)
