"""Adapter: provinces push what happened in their case files (``POST /callbacks/{province}``).

A message is taken as a whole, and once; 200 is answered when it is kept. Whatever is
refused has changed nothing.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.port import MOST_CHANGES
from connectors.told_changes import ToldChanges, UnfitChanges, read_changes
from hub.clock import day_in_china
from hub.following.arrivals import sorted_out
from hub.following.file_ports import Intake, Replayed, UnknownCases
from hub.web import callback_sentences as said
from hub.web import sentences
from hub.web.body import Disconnected, header, read_body
from hub.web.callback_signature import WINDOW, is_signed, is_timely, read_headers
from hub.web.errors import BadRequest, Code, of_refusal, problem
from hub.web.respond import OPERATION, OUTCOME, bad, send_json, send_problems
from schema.records.keys import ProvinceCode
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import Receive, Scope, Send

    from hub.following.file_ports import CaseFiles, Taken
    from hub.web.callback_sentences import Sentences
    from hub.web.callback_signature import Signed
    from hub.web.errors import Problem
    from hub.web.ports import WebParts
    from schema.records.change import Arrival

_KIND: Final = "application/json"
_ALLOW: Final = ((b"allow", b"POST"),)
#: So many messages are dealt with at once; the others come again.
_AT_ONCE: Final = 16
_RETRY_S: Final = 2
_log = logging.getLogger("hub.callbacks")
_decode: Final = msgspec.json.Decoder(ToldChanges).decode


class _No(BadRequest):
    """A refusal with a status of its own."""

    def __init__(self, status: HTTPStatus, one: Problem) -> None:
        super().__init__(one)
        self.status = status


class Callbacks:
    """The ASGI application behind ``/callbacks/{province}``."""

    def __init__(
        self,
        parts: WebParts,
        files: CaseFiles,
        secrets: Mapping[ProvinceCode, Sequence[bytes]],
    ) -> None:
        """Take messages in.

        Args:
            parts: What the web needs.
            files: Where what provinces tell is kept.
            secrets: Of each province that may push: two while one is changed.
        """
        self._parts = parts
        self._files = files
        self._secrets = secrets
        most = parts.limits.callback_bytes
        self._limits = parts.limits.model_copy(update={"body_bytes": most})
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            wrong = bad(Code.METHOD_NOT_ALLOWED, sentences.METHOD, allow="POST")
            await send_problems(scope, send, wrong, headers=_ALLOW)
            return
        scope[OPERATION] = "callback"
        province = ProvinceCode(scope["path_params"]["province"])
        try:
            taken = await self._in_turn(scope, receive, province)
        except BadRequest as wrong:
            status = wrong.status if isinstance(wrong, _No) else None
            first = wrong.problems[0]
            self._note(province, first.reason or first.code)
            await send_problems(scope, send, wrong, status=status)
        except Disconnected:
            scope[OUTCOME] = "DISCONNECTED"
        else:
            told = {"new": taken.new, "contradicted": taken.contradicted}
            self._note(province, "ok", taken.new, taken.contradicted)
            await send_json(send, HTTPStatus.OK, told)

    def _note(
        self, province: ProvinceCode, outcome: str, new: int = 0, contradicted: int = 0
    ) -> None:
        """Write a line; a path that names no province of ours is not repeated."""
        _log.info(
            "callback province=%s outcome=%s new=%d contradicted=%d",
            province if province in self._secrets else "other",
            outcome,
            new,
            contradicted,
        )

    async def _in_turn(
        self, scope: Scope, receive: Receive, province: ProvinceCode
    ) -> Taken:
        if self._under_way >= _AT_ONCE:
            busy = msgspec.structs.replace(
                problem(Code.BUSY, said.BUSY), retry_after=_RETRY_S
            )
            raise BadRequest(busy)
        self._under_way += 1
        try:
            signed, body = await self._message(scope, receive, province)
            return await self._take(province, signed, body)
        finally:
            self._under_way -= 1

    async def _message(
        self, scope: Scope, receive: Receive, province: ProvinceCode
    ) -> tuple[Signed, bytes]:
        """See that the province has signed it, and just now."""
        kind = (header(scope, b"content-type") or "").partition(";")[0].strip().lower()
        coding = header(scope, b"content-encoding") or "identity"
        if kind != _KIND or coding != "identity":
            raise bad(Code.UNSUPPORTED_MEDIA_TYPE, said.MEDIA)
        signed = read_headers(
            header(scope, b"webhook-id"),
            header(scope, b"webhook-timestamp"),
            header(scope, b"webhook-signature"),
        )
        if signed is None:
            raise _unsigned(said.HEADERS, "HEADERS")
        body = await read_body(scope, receive, self._parts.server, self._limits)
        # A province without secrets is told the same: who pushes is nobody's business.
        if not is_signed(signed, body, self._secrets.get(province, ())):
            raise _unsigned(said.SIGNATURE, "SIGNATURE")
        if not is_timely(signed, self._parts.clock.now()):
            minutes = int(WINDOW.total_seconds() // 60)
            raise _unsigned(said.STALE, "TIMESTAMP", minutes=minutes)
        return signed, body

    async def _take(self, province: ProvinceCode, signed: Signed, body: bytes) -> Taken:
        now = self._parts.clock.now()
        intake = Intake(
            province=province,
            arrivals=_read(province, body),
            now=now,
            nonce=signed.id,
            at=signed.at,
        )
        _, unfit = sorted_out(intake.arrivals, day_in_china(now))
        for _, flaw in unfit:
            if flaw == "personal-data":
                raise _unfit(said.PERSONAL, "PERSONAL_DATA", "callbacks.personal-data")
            raise _unfit(said.UNREADABLE, "UNREADABLE", "callbacks.contract", what=flaw)
        try:
            return await self._files.take(intake)
        except Replayed:
            raise _no(
                HTTPStatus.CONFLICT, said.REPLAYED, "NONCE_USED", "callbacks.nonce"
            ) from None
        except UnknownCases:
            raise _unfit(said.UNKNOWN_CASE, "UNKNOWN_CASE", "callbacks.case") from None
        except Refused as refused:
            raise BadRequest(of_refusal(refused.refusal)) from refused


def _read(province: ProvinceCode, body: bytes) -> tuple[Arrival, ...]:
    try:
        return read_changes(province, _decode(body), MOST_CHANGES, whole=True).arrivals
    except UnfitChanges as unfit:
        if unfit.rule == "another-province":
            raise _no(
                HTTPStatus.FORBIDDEN,
                said.ANOTHER_PROVINCE,
                "ANOTHER_PROVINCE",
                "callbacks.province",
            ) from None
        rule = unfit.rule
    except (ValueError, RecursionError) as error:
        # Where it is wrong, and never what stands there.
        where = str(error).rpartition(" - at ")[2] if " - at `$" in str(error) else ""
        rule = where.strip("`") or "no JSON"
    raise _unfit(said.UNREADABLE, "UNREADABLE", "callbacks.contract", what=rule)


def _no(
    status: HTTPStatus, sentence: Sentences, reason: str, rule: str, **blanks: object
) -> _No:
    code = Code.FORBIDDEN if status == HTTPStatus.FORBIDDEN else Code.BAD_USER_INPUT
    if status == HTTPStatus.UNAUTHORIZED:
        code = Code.UNAUTHENTICATED
    one = problem(code, sentence, **blanks)
    return _No(status, msgspec.structs.replace(one, reason=reason, rule=rule))


def _unsigned(sentence: Sentences, reason: str, **blanks: object) -> _No:
    rule = "callbacks.signature"
    return _no(HTTPStatus.UNAUTHORIZED, sentence, reason, rule, **blanks)


def _unfit(sentence: Sentences, reason: str, rule: str, **blanks: object) -> _No:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _no(status, sentence, reason, rule, **blanks)
