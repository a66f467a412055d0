"""Adapter: local keys that registers gave become links, in the transfer's transaction.

The rules are those of registering (``hub.linking.settling``): what contradicts a link
that stands is kept as a conflict for people, and changes nothing; the transfer goes on.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.linking.rows import Statement
from hub.linking.settling import Settling
from hub.store.locks import REGISTER
from hub.store.registration import TAKE_TURN, read_standing, write_settled
from schema.records.keys import LocalKey, WorkerId
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import AsyncConnection

    from hub.linking.settling import StandingLink

#: Who stated these links.
SOURCE: Final = "hub:transfer"


class GivenLink(msgspec.Struct, frozen=True):
    """A local key under which a register keeps a membership now.

    Attributes:
        worker: To whom.
        key: What.
        on: From which day.
    """

    worker: WorkerId
    key: LocalKey
    on: date


async def register_within(
    connection: AsyncConnection[Any], given: Sequence[GivenLink]
) -> None:
    """Register links in the caller's transaction; whoever else registers waits.

    A link that was registered for other records gets the kind ``MEMBERSHIP``: without it
    the register that has the member would not be asked, and the file be called whole.
    """
    async with connection.cursor(binary=True) as cursor:
        standing = await read_standing(cursor, (), {link.worker for link in given})
        given = [link for link in given if not _held(link, standing)]
        if not given:
            return  # nobody who registers need wait for us
        await cursor.execute(TAKE_TURN, [REGISTER])
        standing = await read_standing(
            cursor,
            {link.key.value for link in given},
            {link.worker for link in given},
        )
        settling = Settling(standing)
        for row, link in enumerate(given):
            settling.settle(_statement(row, link, standing), link.worker)
        await write_settled(cursor, settling, SOURCE)


def _held(given: GivenLink, standing: Sequence[StandingLink]) -> bool:
    return any(
        link.worker == given.worker
        and link.province == given.key.province
        and link.local_key == given.key.value
        and link.valid_from <= given.on
        and link.valid_to is None
        and RecordKind.MEMBERSHIP in link.kinds
        for link in standing
    )


def _statement(
    row: int, given: GivenLink, standing: Sequence[StandingLink]
) -> Statement:
    """State that the key holds from now on, and keeps the kinds that it had."""
    kinds: set[str] = {RecordKind.MEMBERSHIP}
    valid_from = given.on
    for link in standing:
        if (
            link.worker == given.worker
            and link.province == given.key.province
            and link.local_key == given.key.value
            and (link.valid_to is None or link.valid_to >= given.on)
        ):
            kinds.update(link.kinds)
            valid_from = min(valid_from, link.valid_from)
    return Statement(
        row,
        0,
        (),
        given.key.province,
        given.key.value,
        tuple(sorted(kinds)),
        valid_from,
        None,
    )
