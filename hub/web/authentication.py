"""Adapter: who asks, by the bearer token of the request.

A request without a token that does is answered 401, always in the same words:
nothing of the reason goes out, so that nobody can find out by trying. The answer
differs only in what the request itself decides: its id, and the language.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hub.access.claims import InvalidToken
from hub.web import sentences
from hub.web.errors import Code
from hub.web.logs import fields
from hub.web.respond import bad, send_problems

if TYPE_CHECKING:
    from starlette.types import Scope, Send

    from hub.access.caller import Caller
    from hub.web.ports import Verifier

_SCHEME = b"bearer "
_HEADERS = (
    (b"vary", b"Accept-Language"),
    (b"www-authenticate", b'Bearer realm="hub"'),
)

_log = logging.getLogger("hub.access")


async def authenticate(scope: Scope, verifier: Verifier) -> Caller | None:
    """Tell who asks, or ``None`` if no token says so.

    A request with two ``Authorization`` headers is nobody's.
    """
    found = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(found) != 1 or found[0][: len(_SCHEME)].lower() != _SCHEME:
        return None
    try:
        token = found[0][len(_SCHEME) :].strip().decode("ascii")
    except UnicodeDecodeError:
        return None
    try:
        return await verifier.verify(token)
    except InvalidToken as error:
        reason = str(error) or type(error).__name__
        _log.info("token refused", extra=fields(reason=reason))
        return None


async def send_unauthenticated(scope: Scope, send: Send) -> None:
    """Answer 401."""
    wrong = bad(Code.UNAUTHENTICATED, sentences.UNAUTHENTICATED)
    await send_problems(scope, send, wrong, headers=_HEADERS)
