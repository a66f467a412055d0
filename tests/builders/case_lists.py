"""Cases as lists show them, and a reader of whole lists."""

from __future__ import annotations

import msgspec

from schema.records.refusal import Refusal
from tests.builders.cases import draft, going_on, opening
from tests.following.case_samples import ACCEPTED, DAY, TODAY


async def write(cases, *written):
    async with cases.unit() as unit:
        await unit.lock([each.case.no for each in written if each.case.seq > 1])
        await unit.write(written)


def dated(number, **more):
    return opening(no=f"c{number}", due_on=TODAY + number * DAY, **more)


def moved(before, due_on, **changes):
    """The case, due on another day, and maybe otherwise changed."""
    after = going_on(before, ACCEPTED) if before.case.seq == 1 else before
    seq = before.case.seq + 1
    case = msgspec.structs.replace(after.case, seq=seq, **changes)
    return msgspec.structs.replace(
        after, case=case, due_on=due_on, told=(), audit=(draft(),)
    )


async def whole(read, wanted, unions, first=2):
    """Read all pages; tell the numbers."""
    numbers, after = [], None
    while True:
        page = await read(wanted, unions, first, after)
        assert not isinstance(page, Refusal), page
        shown = page.cases if hasattr(page, "cases") else page.tasks
        assert len(shown) == len(page.cursors) <= first
        numbers += [getattr(one, "no", None) or one.case_no for one in shown]
        if not page.more:
            return numbers
        assert len(shown) == first
        after = page.cursors[-1]
