"""Decider: what was done about a rights case → what stands in the trail, and back.

Who did it, for which office and union, in which case; the workers by the hub's own
random names, an entry for each. Reasons and what was stated stand in the journal of the
case, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.audit.chain import Draft
from hub.audit.entries import UnreadableEntryError
from hub.audit.tags import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class CaseDeed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done about a rights case.

    Attributes:
        tag: What.
        worker: Whose case it is; empty where no worker of it is known.
        case: Its number.
        seq: Number of the event in its journal.
        subject: Who did it, as the token names them; ``hub`` for what passed by
            itself.
        office: For which office.
        province: In which province.
        request: Id of the request.
        union: The union that did it.
        what: The kind of the event.
        state: Where the case stood afterwards.
        lead: Who led it afterwards.
    """

    tag: Tag
    worker: str
    case: str
    seq: int
    subject: str
    office: str = ""
    province: str = ""
    request: str = ""
    union: str = ""
    what: str = ""
    state: str = ""
    lead: str = ""


class _CaseDeed1(
    msgspec.Struct, frozen=True, kw_only=True, tag=1, tag_field="v", omit_defaults=True
):
    """The first form of a body; entries are never rewritten."""

    case: str
    seq: int
    subject: str
    office: str = ""
    province: str = ""
    request: str = ""
    union: str = ""
    what: str = ""
    state: str = ""
    lead: str = ""


#: Tags of the entries that are written here.
TAGS: Final = frozenset({Tag.CASE_OPENED, Tag.CASE_ACTED, Tag.CASE_PASSED})

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(_CaseDeed1).decode


def drafts_of_deed(
    deed: CaseDeed, workers: Iterable[str], at: datetime
) -> tuple[Draft, ...]:
    """Write it in canonical form, once for each worker; once if none is known.

    Args:
        deed: What was done; its ``worker`` is left aside.
        workers: Whose case it is.
        at: When.
    """
    said = msgspec.structs.asdict(deed)
    del said["tag"], said["worker"]
    body = _encode(_CaseDeed1(**said))
    return tuple(
        Draft(at, deed.tag, worker, body) for worker in sorted(workers) or ("",)
    )


def deed_of(draft: Draft) -> CaseDeed:
    """Read an entry back.

    Raises:
        UnreadableEntryError: Its form is newer than this version, or broken.
    """
    try:
        body = _decode(draft.body)
        tag = Tag(draft.tag)
    except ValueError as error:
        raise UnreadableEntryError(str(error)) from error
    return CaseDeed(tag=tag, worker=draft.worker, **msgspec.structs.asdict(body))
