"""Decider: a disclosure → what stands in the trail, and back.

What stands there names the worker by the hub's own random name, the fields by
name and never by value: there is nothing in it to disclose again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hub.audit.chain import Draft
from hub.audit.tags import Tag
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.verdict import Alarm, Disclosure, Relation

if TYPE_CHECKING:
    from datetime import datetime

_TAGS = {
    "shown": Tag.WORKER_SHOWN,
    "not-found": Tag.WORKER_NOT_FOUND,
    "refused": Tag.WORKER_REFUSED,
}


class _Body1(
    msgspec.Struct, frozen=True, kw_only=True, tag=1, tag_field="v", omit_defaults=True
):
    """The first form of a body.

    Entries are never rewritten: a changed form is a new struct beside this
    one, and this one goes on being read.
    """

    subject: str
    office: str
    province: str
    purpose: str
    relation: Relation
    selection: dict[RecordKind, list[str]]
    outcome: Literal["shown", "not-found", "refused"]
    request: str
    withheld: int = 0
    asked: list[ProvinceCode] = []
    answered: list[ProvinceCode] = []
    rule: str = ""


class _Alarm1(msgspec.Struct, frozen=True, kw_only=True, tag=1, tag_field="v"):
    """The first form of an alarm's body; its tag tells it from a disclosure's."""

    whose: str
    subject: str
    office: str
    province: str
    misses: int
    limit: int
    window: int
    request: str


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(_Body1).decode
_decode_alarm = msgspec.json.Decoder(_Alarm1).decode


class UnreadableEntryError(Exception):
    """A body is of no form that this version knows."""


def draft_of(disclosure: Disclosure, at: datetime) -> Draft:
    """Write a disclosure in canonical form: equal ones give equal bytes.

    Args:
        disclosure: What is about to be shown.
        at: When.

    Raises:
        ValueError: The outcome is none of ``shown``, ``not-found`` and
            ``refused``, or the worker's name is no name.
    """
    if disclosure.outcome not in _TAGS:
        raise ValueError(f"no such outcome: {disclosure.outcome}")
    if not disclosure.worker.isprintable():
        raise ValueError("a worker's name must be printable")
    body = _Body1(
        subject=disclosure.subject,
        office=disclosure.office,
        province=disclosure.province,
        purpose=disclosure.purpose,
        relation=disclosure.relation,
        selection={kind: sorted(names) for kind, names in disclosure.selection.parts},
        outcome=disclosure.outcome,  # type: ignore[arg-type]  # one of _TAGS
        request=disclosure.request,
        withheld=disclosure.withheld,
        asked=list(disclosure.asked),
        answered=list(disclosure.answered),
        rule=disclosure.rule,
    )
    return Draft(at, _TAGS[disclosure.outcome], disclosure.worker, _encode(body))


def is_disclosure(draft: Draft) -> bool:
    """Tell whether an entry tells of a file that was read, or asked for in vain."""
    return draft.tag in _TAGS.values()


def disclosure_of(draft: Draft) -> Disclosure:
    """Read an entry back.

    Raises:
        UnreadableEntryError: Its form is newer than this version, or broken.
    """
    try:
        body = _decode(draft.body)
    except ValueError as error:
        raise UnreadableEntryError(str(error)) from error
    return Disclosure(
        worker=draft.worker,
        subject=body.subject,
        office=body.office,
        province=body.province,
        purpose=body.purpose,
        relation=body.relation,
        selection=Selection.of(body.selection),
        withheld=body.withheld,
        asked=tuple(body.asked),
        answered=tuple(body.answered),
        request=body.request,
        outcome=body.outcome,
        rule=body.rule,
    )


def draft_of_alarm(alarm: Alarm, at: datetime) -> Draft:
    """Write an alarm in canonical form; it is about no worker.

    Args:
        alarm: What was noticed.
        at: When.
    """
    body = _Alarm1(**msgspec.structs.asdict(alarm))
    return Draft(at, Tag.ENUMERATION_SUSPECTED, "", _encode(body))


def alarm_of(draft: Draft) -> Alarm:
    """Read an alarm back.

    Raises:
        UnreadableEntryError: Its form is newer than this version, or broken.
    """
    try:
        body = _decode_alarm(draft.body)
    except ValueError as error:
        raise UnreadableEntryError(str(error)) from error
    return Alarm(**msgspec.structs.asdict(body))
