"""Decider: what was shown of transfers and credentials → the trail, and back.

As with files, the worker stands there by the hub's own random name, and what was
shown by its id: there is nothing in it to disclose again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hub.audit.chain import Draft
from hub.audit.entries import UnreadableEntryError
from hub.audit.tags import Tag
from schema.records.showing import Showing, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TAGS: Final[Mapping[Shown, Tag]] = {
    Shown.TRANSFER: Tag.TRANSFER_SHOWN,
    Shown.PAGE: Tag.TRANSFER_PAGE_SHOWN,
    Shown.ARRIVED: Tag.TRANSFER_ARRIVED_SHOWN,
    Shown.TIMELINE: Tag.TRANSFER_TIMELINE_SHOWN,
    Shown.HISTORY: Tag.TRANSFER_HISTORY_SHOWN,
    Shown.EVENT: Tag.TRANSFER_EVENT_SHOWN,
    Shown.BATCH: Tag.TRANSFER_BATCH_SHOWN,
    Shown.DUPLICATE: Tag.DUPLICATE_SHOWN,
    Shown.CREDENTIAL: Tag.CREDENTIAL_SHOWN,
    Shown.CASE: Tag.CASE_SHOWN,
    Shown.CASE_PAGE: Tag.CASE_PAGE_SHOWN,
    Shown.CASE_TIMELINE: Tag.CASE_TIMELINE_SHOWN,
    Shown.CASE_OF_WORKER: Tag.CASE_OF_WORKER_SHOWN,
    Shown.CASE_EVENT: Tag.CASE_EVENT_SHOWN,
    Shown.TASK_PAGE: Tag.TASK_PAGE_SHOWN,
    Shown.TASK_EVENT: Tag.TASK_EVENT_SHOWN,
    Shown.ARREARS: Tag.ARREARS_SHOWN,
    Shown.DIGEST: Tag.DIGEST_SHOWN,
}
_SHOWN: Final[Mapping[str, Shown]] = {tag.value: shown for shown, tag in TAGS.items()}


class _Showing1(
    msgspec.Struct, frozen=True, kw_only=True, tag=1, tag_field="v", omit_defaults=True
):
    """The first form of a body; entries are never rewritten."""

    about: tuple[str, ...]
    subject: str
    office: str
    province: str
    request: str
    batch: str = ""


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(_Showing1).decode


def draft_of_showing(showing: Showing, at: datetime) -> Draft:
    """Write it in canonical form: equal ones give equal bytes.

    Args:
        showing: What is about to be shown.
        at: When.
    """
    body = _Showing1(
        about=showing.about,
        subject=showing.subject,
        office=showing.office,
        province=showing.province,
        request=showing.request,
        batch=showing.batch,
    )
    return Draft(at, TAGS[showing.shown], showing.worker, _encode(body))


def is_showing(draft: Draft) -> bool:
    """Tell whether an entry is one of these."""
    return draft.tag in _SHOWN


def showing_of(draft: Draft) -> Showing:
    """Read an entry back.

    Raises:
        UnreadableEntryError: Its form is newer than this version, or broken.
    """
    try:
        body = _decode(draft.body)
        shown = _SHOWN[draft.tag]
    except (ValueError, KeyError) as error:
        raise UnreadableEntryError(str(error)) from error
    return Showing(shown=shown, worker=draft.worker, **msgspec.structs.asdict(body))
