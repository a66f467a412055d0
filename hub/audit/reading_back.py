"""Decider: an entry about a worker, whatever it tells of, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.audit.case_entries import TAGS, CaseDeed, deed_of
from hub.audit.entries import disclosure_of, is_disclosure
from hub.audit.moving_entries import Move, move_of
from hub.audit.showing_entries import is_showing, showing_of
from schema.records.showing import Showing
from schema.records.verdict import Disclosure

if TYPE_CHECKING:
    from hub.audit.chain import Draft

#: What an entry about a worker tells of: a file was read, transfers, credentials or
#: cases were shown, or something was done about the membership or a case.
Handling = Disclosure | Showing | Move | CaseDeed


def handling_of(draft: Draft) -> Handling:
    """Read an entry about a worker.

    Raises:
        hub.audit.entries.UnreadableEntryError: Its form is newer than this version.
    """
    if is_disclosure(draft):
        return disclosure_of(draft)
    if draft.tag in TAGS:
        return deed_of(draft)
    return showing_of(draft) if is_showing(draft) else move_of(draft)
