"""Adapter: signed batches of transfers, sent ahead (``POST /transfers/batches``).

A batch of ten thousand is larger than a GraphQL request may be. What is sent here is
checked and kept; nothing is opened before ``bulkTransfer`` names it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from hub.acting.actor import actor_of
from hub.web import sentences
from hub.web.authentication import authenticate, send_unauthenticated
from hub.web.body import Disconnected, header, read_body
from hub.web.errors import BadRequest, Code, of_refusal
from hub.web.respond import OPERATION, OUTCOME, REQUEST, bad, send_json, send_problems
from schema.records.refusal import Refusal, Refused

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from hub.access.caller import Caller
    from hub.transfer.uploading import Uploaded, Uploads
    from hub.web.admission import Admission
    from hub.web.ports import WebParts

_KIND = "application/jose"
_ALLOW = ((b"allow", b"POST"),)
_VARY = ((b"vary", b"Accept-Language"),)


class BatchUpload:
    """The ASGI application behind ``/transfers/batches``."""

    def __init__(self, parts: WebParts, uploads: Uploads, admission: Admission) -> None:
        """Take batches in.

        Args:
            parts: What the web needs.
            uploads: Checks and keeps them.
            admission: Says how fast a caller may ask; one for all that is served.
        """
        self._parts = parts
        self._uploads = uploads
        self._admission = admission
        most = parts.limits.batch_bytes
        self._limits = parts.limits.model_copy(update={"body_bytes": most})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            wrong = bad(Code.METHOD_NOT_ALLOWED, sentences.METHOD, allow="POST")
            await send_problems(scope, send, wrong, headers=_ALLOW)
            return
        caller = await authenticate(scope, self._parts.verifier)
        if caller is None:
            await send_unauthenticated(scope, send)
            return
        scope[OPERATION] = "uploadBatch"
        try:
            with self._admission.enter(caller):
                kept = await self._take(scope, receive, caller)
        except BadRequest as wrong:
            await send_problems(scope, send, wrong, headers=_VARY)
        except Disconnected:
            scope[OUTCOME] = "DISCONNECTED"
        else:
            told = {
                "upload": kept.upload,
                "rows": kept.rows,
                "faulty": kept.faulty,
                "digest": kept.digest,
            }
            await send_json(send, HTTPStatus.CREATED, told)

    async def _take(self, scope: Scope, receive: Receive, caller: Caller) -> Uploaded:
        kind = (header(scope, b"content-type") or "").partition(";")[0].strip().lower()
        coding = header(scope, b"content-encoding") or "identity"
        if kind != _KIND or coding != "identity":
            raise bad(Code.UNSUPPORTED_MEDIA_TYPE, sentences.JOSE)
        body = await read_body(scope, receive, self._parts.server, self._limits)
        actor = actor_of(caller, scope[REQUEST])
        try:
            kept = await self._uploads.upload(actor, body)
        except Refused as refused:
            raise BadRequest(of_refusal(refused.refusal)) from refused
        if isinstance(kept, Refusal):
            raise BadRequest(of_refusal(kept))
        return kept
