"""Itinerary: checks of a GraphQL province on the wire, where no connector hides them."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import GraphQLError

from connectors.conformance import sdl
from connectors.conformance.comparing import listed
from connectors.conformance.reading import LEEWAY
from connectors.conformance.report import failed, inapplicable, skipped, warned
from connectors.graphql.errors import ErrorBody, refusal
from schema.records.kinds import RecordKind
from schema.records.refusal import Bilingual
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.conformance.visit import Visit
    from connectors.conformance.wire import Heard, Wire

_DECLARED = "{contract{version province kinds asOf} _service{sdl}}"
_ENTITIES = "query($k:[_Any!]!){a0:_entities(representations:$k){...on Worker{%s}}}"
_JSON = frozenset({"application/graphql-response+json", "application/json"})
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_SAID = frozenset({HTTPStatus.OK, HTTPStatus.BAD_REQUEST})
#: A field that no province has.
_NOWHERE = "hubProbeNoSuchField"


def _wire(visit: Visit) -> Wire:
    if visit.means.wire is None:
        raise inapplicable(
            "不是契约的 GraphQL。", "it serves no GraphQL of the contract"
        )
    return visit.means.wire


def _entity(key: str) -> dict[str, str]:
    return {"__typename": "Worker", "localId": key}


async def _declared(visit: Visit) -> tuple[dict[str, Any], str]:
    heard = await _wire(visit).put(_DECLARED)
    match heard.data:
        case {"contract": dict(told), "_service": {"sdl": str(text)}}:
            return told, text
        case _:
            raise failed(
                f"HTTP {heard.status}，没有 contract 或 _service",
                f"HTTP {heard.status} without contract or _service",
            )


async def contract(visit: Visit) -> Bilingual:
    """Look at ``contract``, and hold its kinds against the SDL."""
    told, text = await _declared(visit)
    found = []
    if told.get("province") != visit.connector.province:
        found.append("province")
    kinds = told.get("kinds")
    if not isinstance(kinds, list) or not all(isinstance(one, str) for one in kinds):
        found.append("kinds")
        kinds = []
    ahead = _ahead(visit, told.get("asOf"))
    if ahead:
        found.append(ahead)
    if found:
        raise failed(f"不符：{listed(found)}", f"not so: {listed(found)}")
    served = sdl.kinds_of(text) | {RecordKind.WORKER.value}
    unsaid = sorted(served - set(kinds)) + sorted(
        kind for kind in set(kinds) & set(RecordKind) if kind not in served
    )
    if unsaid:
        raise warned(
            f"kinds 与 SDL 不符：{listed(unsaid)}", f"kinds ≠ SDL: {listed(unsaid)}"
        )
    return Bilingual("相符", "all as it should be")


def _ahead(visit: Visit, told: object) -> str:
    """Name what is wrong with a moment; empty if nothing is."""
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return "asOf"
    if moment.tzinfo is None:
        return "asOf (+08:00?)"
    late = moment > visit.means.clock.now() + LEEWAY
    return "asOf (future)" if late else ""


async def fitting_sdl(visit: Visit) -> Bilingual:
    """Hold the SDL against the contract."""
    _, text = await _declared(visit)
    try:
        found = sdl.flaws(text)
    except GraphQLError:
        raise failed("SDL 读不懂", "the SDL cannot be read") from None
    if found:
        raise failed(listed(found), listed(found))
    return Bilingual(f"{len(text)} 个字符", f"characters: {len(text)}")


async def media(visit: Visit) -> Bilingual:
    """Look at status, media type and encoding of a plain answer."""
    seen = []
    for accept in (None, "application/json"):
        more = {} if accept is None else {"accept": accept}
        heard = await _wire(visit).put("{__typename}", **more)  # type: ignore[arg-type]
        _in_json(heard)
        if heard.status != HTTPStatus.OK or heard.data is None:
            raise failed(f"HTTP {heard.status}", f"HTTP {heard.status}")
        if accept and heard.media != accept:
            raise failed(
                f"Accept {accept} 得 {heard.media}", f"{heard.media} for {accept}"
            )
        seen.append(heard.media)
    return Bilingual(", ".join(seen), ", ".join(seen))


def _in_json(heard: Heard) -> None:
    if HTTPStatus.MULTIPLE_CHOICES <= heard.status < HTTPStatus.BAD_REQUEST:
        raise failed(
            f"跳转：HTTP {heard.status}", f"it sends elsewhere: {heard.status}"
        )
    if heard.media not in _JSON or heard.told is None:
        raise failed(
            f"HTTP {heard.status}，{heard.media[:60] or '-'}，不是 UTF-8 的 JSON",
            f"HTTP {heard.status}, {heard.media[:60] or '-'}: no JSON in UTF-8",
        )
    if heard.charset not in {"", "utf-8", "utf8"}:
        raise failed(f"编码 {heard.charset}", f"charset {heard.charset}")


async def unknown_field(visit: Visit) -> Bilingual:
    """Ask for a field that there is not, beside one that there is."""
    key = (*visit.sample.known, *visit.strangers(1))[0]
    heard = await _wire(visit).put(
        _ENTITIES % f"localId {_NOWHERE}", {"k": [_entity(key)]}
    )
    if heard.data is not None:
        raise failed("有 data", "there is data")
    _in_json(heard)
    if heard.status not in _SAID or not heard.errors:
        raise failed(
            f"HTTP {heard.status}，{len(heard.errors)} 条 errors",
            f"HTTP {heard.status} with {len(heard.errors)} errors",
        )
    try:
        errors = msgspec.convert(heard.errors, list[ErrorBody])
    except msgspec.ValidationError:
        raise failed("errors 不成样", "errors are not as GraphQL has them") from None
    if refusal(errors).code is not FaultCode.NOT_SUPPORTED:
        raise failed(
            "errors 看不出是校验错误", "the errors do not say that it was validation"
        )
    return Bilingual(f"HTTP {heard.status}", f"HTTP {heard.status}")


async def not_graphql(visit: Visit) -> Bilingual:
    """Send what is no request."""
    wire, seen = _wire(visit), []
    for body in (b"{", b"[]", msgspec.json.encode({"query": "{ a { "})):
        heard = await wire.send(body)
        refused = HTTPStatus.BAD_REQUEST <= heard.status < 500  # noqa: PLR2004
        if heard.data is not None:
            raise failed(
                f"HTTP {heard.status}，有 data", f"HTTP {heard.status} with data"
            )
        if not refused and not (heard.status == HTTPStatus.OK and heard.errors):
            raise warned(f"HTTP {heard.status}", f"HTTP {heard.status}")
        seen.append(str(heard.status))
    return Bilingual(", ".join(seen), ", ".join(seen))


async def null(visit: Visit) -> Bilingual:
    """Ask for nobody."""
    (key,) = visit.strangers(1)
    heard = await _wire(visit).put(_ENTITIES % "localId", {"k": [_entity(key)]})
    if heard.errors:
        raise failed("附有 errors", "there are errors beside it")
    if heard.status != HTTPStatus.OK or heard.data != {"a0": [None]}:
        raise failed(
            f"HTTP {heard.status}，不是 [null]", f"HTTP {heard.status}, not [null]"
        )
    return Bilingual("[null]", "[null]")


async def representation(visit: Visit) -> Bilingual:
    """Put a bad representation between two good ones."""
    good = visit.known()[0]
    bad = {"__typename": "Worker"}
    asked = [_entity(good), bad, _entity(good)]
    heard = await _wire(visit).put(_ENTITIES % "localId", {"k": asked})
    told = heard.data.get("a0") if isinstance(heard.data, dict) else None
    there = {"localId": good}
    if told != [there, None, there]:
        raise failed(
            f"HTTP {heard.status}，其余也没有答出",
            f"HTTP {heard.status}: the others were not told",
        )
    paths = [tuple(one.get("path") or ())[:2] for one in heard.errors]
    if paths != [("a0", 1)]:
        raise failed(
            f"{len(paths)} 条 errors，path 不指向该位",
            f"{len(paths)} errors, and no path leads there",
        )
    return Bilingual("null，path 指向该位", "null, and the path leads there")


async def no_token(visit: Visit) -> Bilingual:
    """Ask without the token."""
    wire = _wire(visit)
    if wire.bearer is None:
        raise skipped("设置没有令牌。", "not checked: the settings have no token")
    key = (*visit.sample.known, *visit.strangers(1))[0]
    heard = await wire.put(_ENTITIES % "localId", {"k": [_entity(key)]}, token=False)
    if heard.data is not None:
        raise failed(f"HTTP {heard.status}，有 data", f"HTTP {heard.status} with data")
    if heard.status not in _REFUSED:
        raise warned(
            f"HTTP {heard.status}，而不是 401", f"HTTP {heard.status}, not 401"
        )
    return Bilingual(f"HTTP {heard.status}", f"HTTP {heard.status}")


async def date(visit: Visit) -> Bilingual:
    """Compare the clocks."""
    heard = await _wire(visit).put("{__typename}")
    try:
        moment = parsedate_to_datetime(heard.date)
    except (TypeError, ValueError):
        raise skipped(
            "没有 Date 头。", "not checked: there is no header Date"
        ) from None
    off = abs(visit.means.clock.now() - moment)
    seconds = round(off / timedelta(seconds=1))
    if off > LEEWAY:
        raise failed(f"相差 {seconds} 秒", f"{seconds} s apart")
    return Bilingual(f"相差 {seconds} 秒", f"{seconds} s apart")


CHECKS = {
    "wire.contract": contract,
    "wire.sdl": fitting_sdl,
    "wire.media": media,
    "wire.unknown-field": unknown_field,
    "wire.not-graphql": not_graphql,
    "wire.null": null,
    "wire.representation": representation,
    "wire.no-token": no_token,
    "wire.date": date,
}
