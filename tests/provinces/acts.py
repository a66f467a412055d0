"""What a hostile province answers to two commands, by the path that is asked.

The commands are a ``CANCEL_OUT`` of ``t1`` (field ``a0``) and a ``REGISTER_OUT`` of
``t2`` (field ``a1``).
"""

from __future__ import annotations

import json

CANCELLED = {
    "key": "t1:CANCEL_OUT", "answered": "DONE", "entry": None, "localId": None,
    "joinedOn": None, "code": None, "message": None,
}  # fmt: skip
OUT = {
    **CANCELLED, "key": "t2:REGISTER_OUT", "entry": "44-OUT-2", "joinedOn": "2019-05-04"
}  # fmt: skip
NO = {"answered": "REFUSED", "entry": None, "joinedOn": None}


def _told(cancelled, out, **besides):
    return {"data": {"a0": cancelled, "a1": out}, **besides}


def _error(*path, message="the table of 李四 is locked"):
    return [{"message": message, "path": list(path)}]


_OK = _told([CANCELLED], [OUT])

#: A quotation mark more, and the first of two fields of one name is silently lost.
_TWICE = json.dumps(_OK).replace('{"a0":', '{"a0": [], "a0":')

_BODIES = {
    "/acts-ok": _OK,
    "/acts-other-key": _told([{**CANCELLED, "key": "t9:CANCEL_OUT"}], [OUT]),
    "/acts-swapped": _told([OUT], [CANCELLED]),
    "/acts-fewer": _told([], [OUT]),
    "/acts-more": _told([CANCELLED, CANCELLED], [OUT]),
    "/acts-no-list": _told(CANCELLED, [OUT]),
    "/acts-broken": _told([{**CANCELLED, "answered": 5}], [OUT]),
    "/acts-unheard-of": _told([{**CANCELLED, "answered": "PERHAPS"}], [OUT]),
    "/acts-short": _told([{"key": "t1:CANCEL_OUT", "answered": "DONE"}], [OUT]),
    "/acts-cancel-refused": _told([{**CANCELLED, **NO, "code": "BARRED"}], [OUT]),
    "/acts-long-entry": _told([{**CANCELLED, "entry": "x" * 200}], [OUT]),
    "/acts-field-null": _told(None, [OUT], errors=_error("a0")),
    "/acts-entry-null": _told([None], [OUT], errors=_error("a0", 0)),
    "/acts-silent-null": _told([None], [OUT]),
    "/acts-missing": {"data": {"a1": [OUT]}},
    "/acts-no-entry": _told([CANCELLED], [{**OUT, "entry": None}]),
    "/acts-other-worker": _told([CANCELLED], [{**OUT, "localId": "w9"}]),
    "/acts-refused": _told(
        [CANCELLED],
        [{**OUT, **NO, "code": "NOT_ACTIVE", "message": "已退会。 Withdrawn."}],
    ),
    "/acts-refused-oddly": _told(
        [CANCELLED],
        [{**OUT, **NO, "code": "WHY_NOT", "message": "李四 440106199001011234"}],
    ),
    "/acts-pending": _told(
        [CANCELLED], [{**OUT, "answered": "PENDING", "entry": None}]
    ),
    "/acts-twice": _TWICE,
}  # fmt: skip

#: Whole bodies, by path.
BODIES = {
    path: (body if isinstance(body, str) else json.dumps(body)).encode()
    for path, body in _BODIES.items()
}
