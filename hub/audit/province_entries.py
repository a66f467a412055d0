"""Decider: what was done about a province's connection → what stands in the trail.

Which version of its settings, who did it, and why; no secret, and nobody's name but the
operator's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.audit.chain import Draft
from hub.audit.entries import UnreadableEntryError
from hub.audit.tags import Tag

if TYPE_CHECKING:
    from datetime import datetime

#: The tags of these entries.
TAGS = frozenset({Tag.PROVINCE_CHANGED, Tag.PROVINCE_PAUSED, Tag.PROVINCE_RESUMED})


class ProvinceDeed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done about how a province is asked.

    Attributes:
        tag: What.
        province: Which.
        by: Who: an operator, or the process that took a file in.
        why: The operator's reason; empty for a file.
        version: Of the settings; 0 where they did not change.
        digest: Of the settings and the files that they name.
        change: What is different from the version before.
    """

    tag: Tag
    province: str
    by: str
    why: str = ""
    version: int = 0
    digest: str = ""
    change: tuple[str, ...] = ()


class _ProvinceDeed1(
    msgspec.Struct, frozen=True, kw_only=True, tag=1, tag_field="v", omit_defaults=True
):
    """The first form of a body; entries are never rewritten."""

    province: str
    by: str
    why: str = ""
    version: int = 0
    digest: str = ""
    change: tuple[str, ...] = ()


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(_ProvinceDeed1).decode


def draft_of_province(deed: ProvinceDeed, at: datetime) -> Draft:
    """Write it in canonical form: equal ones give equal bytes.

    Args:
        deed: What was done.
        at: When.
    """
    told = msgspec.structs.asdict(deed)
    tag = told.pop("tag")
    return Draft(at, tag, "", _encode(_ProvinceDeed1(**told)))


def province_deed_of(draft: Draft) -> ProvinceDeed:
    """Read an entry back.

    Raises:
        UnreadableEntryError: Its form is newer than this version, or broken.
    """
    try:
        body = _decode(draft.body)
        tag = Tag(draft.tag)
    except ValueError as error:
        raise UnreadableEntryError(str(error)) from error
    return ProvinceDeed(tag=tag, **msgspec.structs.asdict(body))
