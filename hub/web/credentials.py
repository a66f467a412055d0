"""Adapter: serves what anybody may fetch of the credentials: lists and public keys.

Without a token, from any web page, and cacheable on the way: nobody is in it.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from hub.store.unavailable import StoreUnavailable
from hub.web import sentences
from hub.web.body import header
from hub.web.errors import BadRequest, Code, Problem
from hub.web.respond import bad, send_problems

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from hub.credential.publishing import Published
    from hub.web.ports import Documents

#: So many lists are more credentials than there are people.
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)


class CredentialDocuments:
    """The ASGI applications below ``/credentials``."""

    def __init__(self, documents: Documents) -> None:
        """Serve these documents."""
        self._documents = documents

    async def keys(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the public keys."""
        await _send(scope, send, self._documents.keys())

    async def status_list(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send a status list, or 404 where there is none of that number."""
        number = scope["path_params"]["number"]
        found = None
        if _NUMBER.fullmatch(number):
            try:
                found = await self._documents.status_list(int(number))
            except StoreUnavailable as error:
                said = error.refusal
                problem = Problem(
                    code=Code.STORE_UNAVAILABLE,
                    message=said.message,
                    remedy=said.remedy,
                )
                await send_problems(scope, send, BadRequest(problem))
                return
        if found is None:
            await send_problems(scope, send, bad(Code.NOT_FOUND, sentences.NOT_FOUND))
            return
        await _send(scope, send, found)


async def _send(scope: Scope, send: Send, document: Published) -> None:
    headers = [
        (b"etag", document.etag.encode("ascii")),
        (b"cache-control", b"public, max-age=%d" % document.max_age),
        (b"access-control-allow-origin", b"*"),
    ]
    if _has(header(scope, b"if-none-match"), document.etag):
        await _answer(send, HTTPStatus.NOT_MODIFIED, headers, b"")
        return
    headers += [
        (b"content-type", document.media_type.encode("ascii")),
        (b"content-length", b"%d" % len(document.body)),
    ]
    body = b"" if scope["method"] == "HEAD" else document.body
    await _answer(send, HTTPStatus.OK, headers, body)


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    start = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _has(asked: str | None, etag: str) -> bool:
    """Compare weakly (RFC 9110 §13.1.2)."""
    if not asked:
        return False
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
