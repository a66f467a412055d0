"""Itinerary: all open cases have their clocks re-evaluated, because rules changed.

A case whose due dates are as the rules say is left alone. So it may be ended at any
moment: begun again, it goes on with what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.following.facts import kept_missed
from hub.following.limits import dues_of, setting_of
from schema.records.case import ENDED, CaseState
from schema.records.case_list import CaseFilter
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.following.book import Book
    from hub.following.following import Following
    from hub.following.ports import CaseReading
    from schema.records.case import Case

_OPEN: Final = CaseFilter(states=tuple(one for one in CaseState if one not in ENDED))
_AT_ONCE: Final = 1000


class Recomputed(msgspec.Struct, frozen=True):
    """How far it is.

    Attributes:
        seen: Open cases that were looked at.
        changed: Those of them whose due dates changed.
    """

    seen: int = 0
    changed: int = 0


def stale(book: Book, case: Case) -> bool:
    """Tell whether the due dates of a case are not what the rules say now."""
    setting = setting_of(book.agreements, case)
    dues = dues_of(book, setting, case.facts)
    return kept_missed(case.dues, dues) != case.dues


async def recompute(
    reading: CaseReading,
    following: Following,
    book: Book,
    progress: Callable[[Recomputed], None],
) -> Recomputed:
    """Re-evaluate the clocks of all open cases.

    Args:
        reading: Reads them.
        following: Writes what changed.
        book: The rules of now.
        progress: Is told how far it is.

    Raises:
        schema.records.refusal.Refused: The store cannot be used; begin again.
    """
    done, after = Recomputed(), None
    while True:
        page = await reading.page(_OPEN, None, _AT_ONCE, after)
        if isinstance(page, Refusal):
            raise Refused(page)
        changed = [one.no for one in page.cases if stale(book, one)]
        if changed:
            await following.set_clocks(changed)
        done = Recomputed(done.seen + len(page.cases), done.changed + len(changed))
        progress(done)
        if not page.more:
            return done
        after = page.cursors[-1]
