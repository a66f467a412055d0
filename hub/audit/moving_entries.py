"""Decider: what was done about a membership → what stands in the trail, and back.

Who did it, for which office, to which transfer; the worker by the hub's own random
name. Reasons stand in the journal of the transfer, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.audit.chain import Draft
from hub.audit.entries import UnreadableEntryError
from hub.audit.tags import Tag

if TYPE_CHECKING:
    from datetime import datetime


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done about a membership.

    Attributes:
        tag: What.
        worker: Whose; empty for a batch.
        about: Id of the transfer, the batch or the question.
        subject: Who did it, as the token names them; ``hub`` for what registers
            answered and limits brought about.
        office: For which office.
        province: In which province; of what a register answered, whose.
        request: Id of the request.
        state: Where it stood afterwards.
        from_union: The old union.
        to_union: The new one.
        home: The home afterwards.
    """

    tag: Tag
    worker: str
    about: str
    subject: str
    office: str = ""
    province: str = ""
    request: str = ""
    state: str = ""
    from_union: str = ""
    to_union: str = ""
    home: str = ""


class _Move1(
    msgspec.Struct, frozen=True, kw_only=True, tag=1, tag_field="v", omit_defaults=True
):
    """The first form of a body; entries are never rewritten."""

    about: str
    subject: str
    office: str = ""
    province: str = ""
    request: str = ""
    state: str = ""
    from_union: str = ""
    to_union: str = ""
    home: str = ""


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(_Move1).decode


def draft_of_move(move: Move, at: datetime) -> Draft:
    """Write it in canonical form: equal ones give equal bytes.

    Args:
        move: What was done.
        at: When.
    """
    body = _Move1(
        about=move.about,
        subject=move.subject,
        office=move.office,
        province=move.province,
        request=move.request,
        state=move.state,
        from_union=move.from_union,
        to_union=move.to_union,
        home=move.home,
    )
    return Draft(at, move.tag, move.worker, _encode(body))


def move_of(draft: Draft) -> Move:
    """Read an entry back.

    Raises:
        UnreadableEntryError: Its form is newer than this version, or broken.
    """
    try:
        body = _decode(draft.body)
        tag = Tag(draft.tag)
    except ValueError as error:
        raise UnreadableEntryError(str(error)) from error
    return Move(tag=tag, worker=draft.worker, **msgspec.structs.asdict(body))
