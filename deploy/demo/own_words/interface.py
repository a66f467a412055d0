"""Adapter: the REST interface of Zhejiang: its own paths, fields, codes, pages and tokens."""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from base64 import b64decode
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from deploy.demo.own_words.words import milliseconds, moment_of
from deploy.demo.own_words.zhejiang import ACT, REASON, SHEETS
from deploy.demo.province.rules import REASONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from deploy.demo.own_words.words import Sheet
    from deploy.demo.province.acting import Desk
    from deploy.demo.province.case_file import CaseFile
    from deploy.demo.province.register import Register

    Row = dict[str, Any]
    Answer = Callable[[Request, Row], Awaitable[Response]]

LOG = logging.getLogger("province")

LONGEST_BODY: Final = 1_000_000
MOST_WORKERS: Final = 100
MOST_ROWS: Final = 500
#: How long a token holds, in seconds; the hub asks for another before.
TOKEN_LIFE: Final = 600
TOKENS_KEPT: Final = 64

#: Each act has a path of its own.
ACTS: Final = {
    "/v2/dengji/zhuanchu": "REGISTER_OUT",
    "/v2/dengji/zhuanchu/chexiao": "CANCEL_OUT",
    "/v2/dengji/zhuanru": "REGISTER_IN",
    "/v2/dengji/zhuanru/chexiao": "CANCEL_IN",
    "/v2/dengji/zhuanchu/banjie": "COMPLETE_OUT",
}
#: What an entry is called here, and in the register; text, and needed or not.
_ENTRY: Final = {
    "yeWuHao": ("key", True), "jieZhuanHao": ("transfer", True),
    "renYuanId": ("local_id", False), "huiYuanZhengHao": ("membership_no", True),
    "gongHuiDaiMa": ("union", True), "duiFangGongHui": ("counterpart_union", True),
    "duiFangSheng": ("counterpart_province", True), "dengJiRi": ("on", True),
    "chuCiRuHui": ("joined_on", False),
}  # fmt: skip
_DAYS: Final = ("on", "joined_on")
_LONGEST: Final = 256
_DIGITS: Final = 9
_REASONS: Final = {"401": "未授权", "400": "请求有误", "413": "请求过长"}


class Interface:
    """Gives tokens, and answers who has one.

    Attributes:
        app: The ASGI application.
    """

    def __init__(
        self,
        register: Register,
        desk: Desk,
        cases: CaseFile,
        client: tuple[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Put the parts together.

        Args:
            register: What is read.
            desk: Where acts are taken.
            cases: Its case files.
            client: Name and secret of the one client that may ask: the hub.
            clock: Tells seconds.
        """
        self._register = register
        self._desk = desk
        self._cases = cases
        self._client = ":".join(client)
        self._clock = clock
        self._tokens: dict[str, float] = {}
        routes = [Route("/oauth/token", self.token, methods=["POST"])]
        routes += [self._route(one.name, self._look_up(one), "POST") for one in SHEETS]
        routes += [self._route(path, self._act, "POST") for path in ACTS]
        routes.append(self._route("/v2/anjuan/biandong", self._log, "GET"))
        self.app = Starlette(routes=routes)

    async def token(self, request: Request) -> Response:
        """Give a token to the client (RFC 6749 §4.4)."""
        word = request.headers.get("authorization", "").removeprefix("Basic ")
        try:
            shown = b64decode(word, validate=True)
        except ValueError:
            shown = b""
        if not hmac.compare_digest(shown, self._client.encode()):
            return _json({"error": "invalid_client"}, 401)
        now = self._clock()
        alive = {one: end for one, end in self._tokens.items() if end > now}
        self._tokens = dict(list(alive.items())[-TOKENS_KEPT:])
        token = secrets.token_urlsafe(24)
        self._tokens[token] = now + TOKEN_LIFE
        told = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE}
        return _json(told)

    def _route(self, path: str, answer: Answer, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            started = time.perf_counter()
            response = await self._admitted(request, answer)
            took = (time.perf_counter() - started) * 1000
            LOG.info("path=%s status=%d ms=%.1f", path, response.status_code, took)
            return response

        return Route(path, endpoint, methods=[method])

    async def _admitted(self, request: Request, answer: Answer) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, 0) <= self._clock():
            return _refused(401)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY:
                return _refused(413)
        try:
            asked = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError:
            return _refused(400)
        return (
            await answer(request, asked) if isinstance(asked, dict) else _refused(400)
        )

    def _look_up(self, sheet: Sheet) -> Answer:
        async def answer(_request: Request, asked: Row) -> Response:
            keys, fields = _texts(asked, sheet.key.name), _texts(asked, "ziDuan")
            start, size = _whole(asked.get("youBiao") or "0"), asked.get("meiYe", 100)
            if keys is None or fields is None or start is None:
                return _refused(400)
            if not (isinstance(size, int) and 1 <= size <= MOST_ROWS):
                return _refused(400)
            if len(keys) > MOST_WORKERS:
                return _refused(400)
            kept = self._register.rows(sheet.table, sheet.key.field, keys)
            wanted = {*fields, sheet.key.name}
            page = [
                {name: one for name, one in sheet.row(row).items() if name in wanted}
                for row in kept[start : start + size]
            ]
            more = str(start + size) if start + size < len(kept) else None
            return _told({"lieBiao": page, "xiaYiYe": more})

        return answer

    async def _act(self, request: Request, asked: Row) -> Response:
        entry = _entry(asked)
        if entry is None or request.headers.get("idempotency-key") != entry["key"]:
            return _refused(400)
        async with self._desk.request() as acts:
            (done,) = await acts.act(ACTS[request.url.path], [entry])
        code = done["code"]
        receipt = {
            "yeWuHao": done["key"],
            "jieGuo": "N" if code else "Y",
            "dengJiHao": done["entry"],
            "renYuanId": done["local_id"],
            "chuCiRuHui": done["joined_on"],
            "yuanYin": code and REASON[code],
            "shuoMing": code and REASONS[code],
        }
        return _told(receipt, 409 if code else 200)

    async def _log(self, request: Request, _asked: Row) -> Response:
        query = request.query_params
        first, seq = _whole(query.get("tiaoShu", "")), _whole(query.get("houXu", "0"))
        if first is None or seq is None or not 1 <= first <= MOST_ROWS:
            return _refused(400)
        if "anJuanHao" in query:
            page = self._cases.of(query["anJuanHao"], seq, first)
        else:
            page = self._cases.log(query.get("youBiao", ""), first)
        return _told(
            {
                "bianDong": [_change(one) for one in page["changes"]],
                "shuiWei": [
                    {"anJuanHao": one["caseNo"], "xuHao": one["seq"]}
                    for one in page["watermarks"]
                ],
                "xiaYiYe": page["next"],
                "haiYou": page["more"],
            }
        )


def _change(one: Mapping[str, Any]) -> Row:
    """Write what happened in a case file in the province's own words."""
    paper, fact = one.get("document") or {}, one.get("fact") or {}
    act = one.get("act")
    return {
        "anJuanHao": one["caseNo"],
        "xuHao": one["seq"],
        "gengXinShiJian": milliseconds(moment_of(one["asOf"])),
        "dongZuo": act and ACT.get(act, ACT["OTHER"]),
        "riQi": one.get("on"),
        "gongHuiDaiMa": one.get("unionCode"),
        "gengZheng": one.get("corrects"),
        "zuoFei": one.get("gone"),
        "wenShu": {"bianHao": paper.get("reference"), "sha256": paper.get("sha256")},
        "shiShi": {
            "leiXing": fact.get("kind"),
            "shiXiang": fact.get("about"),
            "zhiDingRi": fact.get("names"),
            "tianShu": fact.get("days"),
        },
    }


def _entry(asked: Row) -> Row | None:
    """Read an entry as the register has it; none if it cannot be one."""
    entry: Row = {}
    for name, (field, needed) in _ENTRY.items():
        value = asked.get(name)
        if value is None and not needed:
            entry[field] = None
        elif isinstance(value, str) and 0 < len(value) <= _LONGEST:
            entry[field] = value
        else:
            return None
    try:
        for field in _DAYS:
            if entry[field] is not None:
                date.fromisoformat(entry[field])
    except ValueError:
        return None
    return entry | {"landing": asked.get("guaKao") in {"Y", True}}


def _texts(asked: Row, name: str) -> list[str] | None:
    value = asked.get(name)
    sound = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return value if sound else None


def _whole(text: object) -> int | None:
    if isinstance(text, str) and text.isascii() and text.isdigit():
        return int(text) if len(text) <= _DIGITS else None
    return None


def _told(told: object, status: int = 200) -> Response:
    return _json({"daiMa": "0", "shuJu": told}, status)


def _refused(status: int) -> Response:
    code = str(status)
    return _json({"daiMa": code, "xiaoXi": _REASONS[code]}, status)


def _json(told: object, status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, media_type="application/json")
