"""Adapter: telling unions of cases that a transaction does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hub.store.case_forms import read_case
from hub.store.case_saying import case_change
from hub.store.case_writing import write_notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import AsyncConnection

    from schema.records.case_notice import Notice

_CASES: Final = """
SELECT case_no, body::text, due_on FROM rights_case WHERE case_no = ANY(%s::text[])
"""


async def tell_within(
    connection: AsyncConnection[Any], told: Sequence[tuple[str, Notice]]
) -> list[bytes]:
    """Note who is told, each with the number of the case; what was told is told no more.

    Args:
        connection: In a transaction; the cases need not be locked, but written.
        told: To be told.

    Returns:
        Bodies of feed events (``Topic.CASE``), to be published in the transaction.
    """
    if not told:
        return []
    new = await write_notices(connection, sorted(told, key=_order))
    first = [(no, one) for no, one in told if one.key(no) in new]
    found = await connection.execute(_CASES, ([no for no, _ in first],))
    cases = {no: (read_case(body), due) for no, body, due in await found.fetchall()}
    said = []
    for no, notice in first:
        if no in cases:
            case, due_on = cases[no]
            said.append(case_change(case, case, (notice,), due_on))
    return said


def _order(one: tuple[str, Notice]) -> str:
    return one[1].key(one[0])
