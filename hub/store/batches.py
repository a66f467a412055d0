"""Adapter: batches of transfers and their rows; fulfils ``hub.transfer.keeping.Batches``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from psycopg import Rollback

from hub.store.audit import append_within
from hub.store.jobs import defer_within, open_batch
from hub.transfer.keeping import BatchRow, Opening, Taken
from schema.records.moving import Batch, BatchRowResult, BatchState, OfferWish
from schema.records.transfer import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg import AsyncConnection

    from hub.store.pool import Pool
    from hub.transfer.keeping import Submitted

_encode = msgspec.json.Encoder().encode
_read_wish = msgspec.json.Decoder(OfferWish).decode
_read_result = msgspec.json.Decoder(BatchRowResult).decode

_COLUMNS: Final = """batch_id, basis, office, union_code, state, rows, opened,
    already_open, refused, submitted_at, digest"""
_KEEP: Final = """
INSERT INTO transfer_batch (batch_id, acting, act, basis, office, union_code, subject,
    province, request, digest, submitted_at, rows, refused, state)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (acting) DO NOTHING RETURNING batch_id
"""
_KEEP_KEY: Final = """
INSERT INTO transfer_batch_key (acting, act) VALUES (%s, %s)
ON CONFLICT (acting) DO NOTHING
"""
_OF_CALLER: Final = "SELECT act FROM transfer_batch_key WHERE acting = %s"
_KEEP_ROWS: Final = """
INSERT INTO transfer_batch_row (batch_id, row, wish, result)
SELECT %b, new.row, new.wish, new.result
FROM unnest(%b::int[], %b::json[], %b::json[]) AS new (row, wish, result)
"""
_OF_KEY: Final = f"SELECT act, {_COLUMNS} FROM transfer_batch WHERE acting = %s"  # noqa: S608  # ours
_ONE: Final = f"""
SELECT {_COLUMNS}, subject, province, request FROM transfer_batch WHERE batch_id = %s
"""  # noqa: S608  # ours
_NEXT_ROWS: Final = """
SELECT row, wish::text FROM transfer_batch_row
WHERE batch_id = %s AND result IS NULL ORDER BY row LIMIT %s
"""
_LOCK: Final = "SELECT FROM transfer_batch WHERE batch_id = %s FOR NO KEY UPDATE"
# A row that has a result keeps it, and is counted once.
_SETTLE: Final = """
WITH settled AS (
    UPDATE transfer_batch_row AS kept SET result = told.result
    FROM unnest(%b::int[], %b::json[], %b::text[]) AS told (row, result, kind)
    WHERE kept.batch_id = %s AND kept.row = told.row AND kept.result IS NULL
    RETURNING told.kind
), counted AS (
    SELECT count(*) FILTER (WHERE kind = 'opened') AS opened,
        count(*) FILTER (WHERE kind = 'already') AS already_open,
        count(*) FILTER (WHERE kind = 'refused') AS refused, count(*) AS settled
    FROM settled
)
UPDATE transfer_batch AS batch SET opened = batch.opened + counted.opened,
    already_open = batch.already_open + counted.already_open,
    refused = batch.refused + counted.refused,
    state = CASE WHEN batch.opened + batch.already_open + batch.refused
        + counted.settled >= batch.rows THEN 'DONE' ELSE 'RUNNING' END
FROM counted WHERE batch.batch_id = %s
"""
_UNFINISHED: Final = """
SELECT batch_id FROM transfer_batch WHERE state <> 'DONE' ORDER BY submitted_at LIMIT %s
"""
_RESULTS: Final = """
SELECT result::text FROM transfer_batch_row
WHERE batch_id = %s AND row > %s AND result IS NOT NULL ORDER BY row LIMIT %s
"""
_UPLOAD: Final = """
INSERT INTO transfer_upload (upload_id, office, body) VALUES (%s, %s, %s)
"""
_UPLOADED: Final = """
SELECT body FROM transfer_upload WHERE upload_id = %s AND office = %s
"""
_FORGET_UPLOADS: Final = "DELETE FROM transfer_upload WHERE sent_at < %s"


class BatchStore:
    """Keeps batches. Every method may raise ``StoreUnavailable``."""

    def __init__(self, pool: Pool) -> None:
        """Use the hub's database."""
        self._pool = pool

    async def submit(self, given: Submitted) -> Batch | Taken:
        """Keep a batch with its job and its entry in the trail, in one transaction.

        Returns:
            It as kept, now or before, under whatever key; or what of it was another
            batch's.
        """
        # Where something is taken nothing stays written, the key neither.
        kept: Batch | Taken = Taken.NONCE
        async with self._pool.connection() as connection, connection.transaction():
            kept = await _keep(connection, given)
            if isinstance(kept, Taken):
                raise Rollback
        return kept

    async def one(self, batch: str) -> Batch | None:
        """Tell how far a batch is; none if there is none."""
        row = await self._one(batch)
        return None if row is None else _batch(row[:-3])

    async def opening(self, batch: str, most: int) -> Opening | None:
        """Read a batch and its next rows without a result; none if there is none."""
        kept = await self._one(batch)
        if kept is None:
            return None
        subject, province, request = kept[-3:]
        async with self._pool.connection() as connection:
            found = await connection.execute(_NEXT_ROWS, (batch, most))
            rows = [
                BatchRow(row, _read_wish(wish)) for row, wish in await found.fetchall()
            ]
        return Opening(
            batch=_batch(kept[:-3]),
            subject=subject,
            province=province,
            request=request,
            rows=tuple(rows),
        )

    async def settle(self, batch: str, results: Sequence[BatchRowResult]) -> None:
        """Note results, count them, and end the batch with the last."""
        told = (
            [each.row for each in results],
            [_encode(each).decode() for each in results],
            [_kind(each) for each in results],
        )
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_LOCK, (batch,))
            await connection.execute(_SETTLE, (*told, batch, batch))

    async def unfinished(self, most: int) -> Sequence[str]:
        """Name batches that are not done, the oldest first."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_UNFINISHED, (most,))
            return [name for (name,) in await found.fetchall()]

    async def results(
        self, batch: str, first: int, after: int
    ) -> Sequence[BatchRowResult]:
        """Read what became of persons, in their order, after a row (-1: all)."""
        async with self._pool.connection() as connection:
            found = await connection.execute(_RESULTS, (batch, after, first))
            return [_read_result(result) for (result,) in await found.fetchall()]

    async def upload(self, upload: str, office: str, body: bytes) -> None:
        """Keep what an office sent ahead of its submission."""
        async with self._pool.connection() as connection:
            await connection.execute(_UPLOAD, (upload, office, body))

    async def uploaded(self, upload: str, office: str) -> bytes | None:
        """Read what this office sent ahead; none if it did not."""
        if not upload.isprintable():
            return None
        async with self._pool.connection() as connection:
            found = await connection.execute(_UPLOADED, (upload, office))
            row = await found.fetchone()
            return None if row is None else bytes(row[0])

    async def forget_uploads(self, before: datetime) -> None:
        """Remove what was sent ahead so long ago."""
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET_UPLOADS, (before,))

    async def _one(self, batch: str) -> tuple[Any, ...] | None:
        if not batch.isprintable():
            return None
        async with self._pool.connection() as connection:
            found = await connection.execute(_ONE.encode(), (batch,))
            row: tuple[Any, ...] | None = await found.fetchone()
            return row


async def _keep(connection: AsyncConnection[Any], given: Submitted) -> Batch | Taken:
    found = await connection.execute(_KEEP_KEY, (given.key, given.act))
    if not found.rowcount:
        found = await connection.execute(_OF_CALLER, (given.key,))
        known = await found.fetchone()
        if known is None or bytes(known[0]) != given.act:
            return Taken.KEY
    found = await connection.execute(_KEEP, _row(given))
    if await found.fetchone() is None:
        found = await connection.execute(_OF_KEY, (given.acting,))
        before = await found.fetchone()
        if before is None or bytes(before[0]) != given.act:
            return Taken.NONCE
        return _batch(before[1:])
    # Rows that cannot be opened have their result from the beginning, and no wish.
    none = [None] * len(given.rows)
    rows = (
        [each.row for each in given.rows] + [each.row for each in given.refused],
        [_encode(each.wish).decode() for each in given.rows]
        + ["null"] * len(given.refused),
        none + [_encode(each).decode() for each in given.refused],
    )
    await connection.execute(_KEEP_ROWS, (given.batch.id, *rows))
    await append_within(connection, [given.audit])
    await defer_within(connection, [open_batch(given.batch.id)])
    found = await connection.execute(_ONE.encode(), (given.batch.id,))
    kept: tuple[Any, ...] | None = await found.fetchone()
    assert kept is not None, "it was just written"  # noqa: S101
    return _batch(kept[:-3])


def _row(given: Submitted) -> tuple[Any, ...]:
    batch = given.batch
    state = BatchState.WAITING if given.rows else BatchState.DONE
    return (
        batch.id,
        given.acting,
        given.act,
        str(batch.basis),
        batch.office,
        batch.union,
        given.subject,
        given.province,
        given.request,
        batch.digest,
        batch.submitted_at,
        len(given.rows) + len(given.refused),
        len(given.refused),
        str(state),
    )


def _kind(result: BatchRowResult) -> str:
    if result.refusal is not None:
        return "refused"
    return "already" if result.already_open else "opened"


def _batch(row: tuple[Any, ...]) -> Batch:
    id_, basis, office, union, state, rows, opened, already, refused, at, digest = row
    return Batch(
        id=id_,
        basis=Basis(basis),
        office=office,
        union=union,
        state=BatchState(state),
        rows=rows,
        opened=opened,
        already_open=already,
        refused=refused,
        submitted_at=at,
        digest=digest,
    )
