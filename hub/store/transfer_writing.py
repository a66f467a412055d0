"""Adapter: what events change, as a few statements whatever their number."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from hub.feeds.transfer_change import TransferChange, encode
from hub.store.transfer_forms import text_of, text_of_saga
from schema.records.transfer import TransferState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import AsyncConnection, AsyncCursor

    from hub.transfer.ports import Written
    from schema.records.command import Command, Receipt

# The columns go out in binary form (%b): JSON is full of quotes, and to escape them one
# by one in a list of texts takes four times as long as all the rest.
_TRANSFERS: Final = """
INSERT INTO transfer AS standing (transfer_id, worker_id, seq, since, basis, state,
    from_union, to_union, batch_id, opened_at, changed_at, ended_at, due_at, target_at,
    overdue, body, saga, arrived_at)
SELECT * FROM unnest(%b::text[], %b::uuid[], %b::int[], %b::int[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::timestamptz[],
    %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::bool[], %b::json[],
    %b::json[], %b::timestamptz[])
ON CONFLICT (transfer_id) DO UPDATE SET seq = excluded.seq, since = excluded.since,
    state = excluded.state, to_union = excluded.to_union,
    changed_at = excluded.changed_at, ended_at = excluded.ended_at,
    due_at = excluded.due_at, target_at = excluded.target_at,
    overdue = excluded.overdue, body = excluded.body, saga = excluded.saga,
    arrived_at = coalesce(standing.arrived_at, excluded.arrived_at)
"""
#: In these states the member has come to the new union.
_CAME: Final = frozenset(
    {TransferState.CLOSING, TransferState.COMPLETED, TransferState.LANDED}
)
_EVENTS: Final = """
INSERT INTO transfer_event (transfer_id, seq, at, event, milestone, acting, act)
SELECT * FROM unnest(%b::text[], %b::int[], %b::timestamptz[], %b::json[], %b::json[],
    %b::text[], %b::bytea[])
"""
# Their numbers are given out in the order of the list.
_COMMANDS: Final = """
INSERT INTO transfer_command (key, transfer_id, province, act, body)
SELECT key, transfer_id, province, act, body
FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::json[])
    WITH ORDINALITY AS new (key, transfer_id, province, act, body, place)
ORDER BY place
"""
# They end without a receipt. What a register has it may yet answer.
_DROP: Final = """
UPDATE transfer_command SET answered_at = now()
WHERE key = ANY(%b::text[]) AND answered_at IS NULL AND NOT pending
"""
_REDEEM: Final = """
UPDATE credential SET state = 'REDEEMED', transfer_id = redeemed.transfer_id,
    changed_at = redeemed.at
FROM unnest(%b::text[], %b::text[], %b::timestamptz[])
    AS redeemed (credential_id, transfer_id, at)
WHERE credential.credential_id = redeemed.credential_id AND state = 'ACTIVE'
"""
# Locked by id, as whoever redeems does. Of a duplicate's two unions the one that stays
# the home keeps its credential.
_RETIRE: Final = """
WITH left_behind AS (
    SELECT credential_id, moved.at
    FROM credential JOIN unnest(%b::uuid[], %b::text[], %b::timestamptz[])
        AS moved (worker_id, old_union, at) USING (worker_id)
    WHERE state = 'ACTIVE' AND claims->>'union' = moved.old_union
    ORDER BY credential_id FOR NO KEY UPDATE OF credential
)
UPDATE credential SET state = 'REVOKED', reason = 'MEMBERSHIP_MOVED',
    changed_at = left_behind.at
FROM left_behind WHERE credential.credential_id = left_behind.credential_id
"""
# The first receipt stands: an ended command is not touched.
_ANSWERED: Final = """
WITH told AS (
    SELECT * FROM unnest(%b::text[], %b::bool[], %b::json[]) AS told (key, ended, receipt)
), standing AS (
    SELECT command_id, told.ended, told.receipt
    FROM transfer_command JOIN told USING (key)
    WHERE answered_at IS NULL
    ORDER BY command_id FOR UPDATE OF transfer_command
)
UPDATE transfer_command AS command SET receipt = standing.receipt,
    pending = NOT standing.ended,
    answered_at = CASE WHEN standing.ended THEN now() END,
    not_before = CASE WHEN standing.ended THEN not_before ELSE %s END
FROM standing WHERE command.command_id = standing.command_id
"""


async def write_standing(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    """Write the transfers as they stand after the last event of each."""
    last = {each.transfer.id: each for each in written}
    # The first of a group in which the home has moved, for it says when.
    came = {
        each.transfer.id: each.transfer.changed_at
        for each in reversed(written)
        if each.transfer.state in _CAME
    }
    rows = [
        (
            each.transfer.id,
            each.transfer.worker,
            each.saga.seq,
            each.saga.since,
            str(each.transfer.basis),
            str(each.transfer.state),
            each.transfer.from_union,
            each.transfer.to_union,
            each.transfer.batch or "",
            each.transfer.opened_at,
            each.transfer.changed_at,
            each.transfer.ended_at,
            each.due_at,
            each.target_at,
            each.transfer.overdue,
            text_of(each.transfer),
            text_of_saga(each.saga),
            came.get(each.transfer.id),
        )
        for each in last.values()
    ]
    await connection.execute(_TRANSFERS, _columns(rows))


async def write_journal(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    """Add to the journal."""
    rows = [
        (
            each.transfer.id,
            each.milestone.seq,
            each.milestone.at,
            text_of(each.event),
            text_of(each.milestone),
            each.acting,
            each.act,
        )
        for each in written
    ]
    await connection.execute(_EVENTS, _columns(rows))


async def write_commands(
    connection: AsyncConnection[Any], commands: Sequence[Command]
) -> None:
    """Put commands in the outbox, in order."""
    rows = [
        (each.key, each.transfer, each.province, str(each.act), text_of(each))
        for each in commands
    ]
    if rows:
        await connection.execute(_COMMANDS, _columns(rows))


async def drop_commands(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> None:
    """End commands that are not asked any more."""
    keys = list(chain.from_iterable(each.dropped for each in written))
    if keys:
        await connection.execute(_DROP, (keys,))


async def redeem_credentials(
    connection: AsyncConnection[Any], written: Sequence[Written]
) -> tuple[AsyncCursor[Any] | None, int]:
    """Redeem the credentials that were named; tell how many, to be compared."""
    rows = [
        (each.credential, each.transfer.id, each.milestone.at)
        for each in written
        if each.credential
    ]
    if not rows:
        return None, 0
    return await connection.execute(_REDEEM, _columns(rows)), len(rows)


async def retire_credentials(
    connection: AsyncConnection[Any], moved: Sequence[Written]
) -> None:
    """Revoke what the old unions issued and nobody redeemed, where the home moved."""
    rows = [
        (each.transfer.worker, each.transfer.from_union, each.milestone.at)
        for each in moved
    ]
    if rows:
        await connection.execute(_RETIRE, _columns(rows))


async def write_receipts(
    connection: AsyncConnection[Any],
    receipts: Iterable[tuple[Receipt, bool]],
    again_at: Any,
) -> None:
    """Note receipts on their commands; each with whether it ends its command."""
    rows = [(each.key, ended, text_of(each)) for each, ended in receipts]
    if rows:
        await connection.execute(_ANSWERED, (*_columns(rows), again_at))


def changes_of(
    written: Sequence[Written], before: dict[str, TransferState]
) -> list[bytes]:
    """Say what moved, for those who follow; ``before`` is brought forward."""
    said = []
    for each in written:
        was = before.get(each.transfer.id)
        before[each.transfer.id] = each.transfer.state
        opened = each.saga.opened
        change = TransferChange(
            transfer=each.transfer,
            was=was,
            seq=each.saga.seq,
            parties=(opened.to_union, opened.fallback_union),
        )
        said.append(encode(change))
    return said


def commands_of(written: Sequence[Written]) -> list[Command]:
    """List all commands, in order."""
    return list(chain.from_iterable(each.commands for each in written))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
