"""A province that serves REST in its own words: tokens, signatures, pages, a register.

``PUT /control`` sets what it keeps and how it fails; the rest is its interface.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import threading
from base64 import b64decode

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.memory_file import MemoryFile
from connectors.memory_register import MemoryRegister
from connectors.own_words.signing import signed_text
from hub.clock import SystemClock
from schema.records.change import Change, Tombstone, Watermark
from schema.records.command import Answered
from schema.records.worker import WorkerRecord
from tests.provinces.launch import end_with_parent, ready
from tests.rest.failing import FAULTS
from tests.rest.foreign import (
    ACTS,
    SOURCES,
    change_row,
    command_from,
    pages,
    receipt_row,
    rows,
)

CLIENT, SECRET, SIGNING, API_KEY = "hub", "s3cret/of:the+tests", "signing-key", "a-key"


class Kept(msgspec.Struct):
    """What it keeps, and how it fails: by the beginning of a path, what goes wrong."""

    workers: dict[str, WorkerRecord] = {}
    unions: list[str] | None = None
    untold: list[str] = []
    faults: dict[str, str] = {}
    life: float = 3600.0
    keyless: bool = False
    paging: str = "cursor"


class Province:
    def __init__(self):
        # What it keeps may change; who is known here does not.
        self.tokens = {}
        self.given = 0
        self.nonces = set()
        self.begin(Kept())

    def begin(self, kept):
        self.kept = kept
        known = kept.unions
        self.register = MemoryRegister(
            "44", kept.workers, lambda one: known is None or one in known
        )
        self.receipts = {}
        self.file = MemoryFile("44")
        self.seen = []


HERE = Province()
_KEPT = msgspec.json.Decoder(Kept)
_STATEMENT = msgspec.json.Decoder(Change | Tombstone)


def now():
    return asyncio.get_running_loop().time()


async def control(request):
    if request.method == "GET":
        return JSONResponse({"seen": HERE.seen, "given": HERE.given})
    if request.method == "POST":
        HERE.file.write(_STATEMENT.decode(await request.body()))
    elif request.method == "PATCH":
        told = await request.json()
        for name, one in told.items():
            setattr(HERE.kept, name, one)
        HERE.seen = []
        if "life" in told:
            HERE.tokens, HERE.given = {}, 0
    else:
        HERE.begin(_KEPT.decode(await request.body()))
    return JSONResponse({})


async def token(request):
    if told := fault(request):
        return await told
    pair = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    form = await request.body()
    if pair != "hub:s3cret%2Fof%3Athe%2Btests" or b"client_credentials" not in form:
        return JSONResponse({"error": "invalid_client"}, 400)
    HERE.given += 1
    name = f"token-{HERE.given}"
    HERE.tokens[name] = now() + HERE.kept.life
    return JSONResponse(
        {"access_token": name, "token_type": "Bearer", "expires_in": HERE.kept.life}
    )


def admitted(request, body):
    """Tell whether who asks is the hub, by token, key and signature."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if HERE.tokens.get(bearer, 0) <= now():
        return False
    if request.headers.get("x-api-key") != API_KEY:
        return False
    moment, nonce = (request.headers[f"x-signature-{n}"] for n in ("time", "nonce"))
    whole = f"http://{request.headers['host']}{request.scope['raw_path'].decode()}"
    if query := request.scope["query_string"].decode():
        whole += f"?{query}"
    told = signed_text(request.method, whole, int(moment), nonce, body)
    made = hmac.new(SIGNING.encode(), told, hashlib.sha256).hexdigest()
    fresh = nonce not in HERE.nonces
    HERE.nonces.add(nonce)
    old = abs(SystemClock().now().timestamp() - int(moment)) > 60
    return fresh and not old and made == request.headers["x-signature"]


def fault(request):
    """Find what goes wrong on a path, if anything does."""
    for start, name in HERE.kept.faults.items():
        if request.url.path.startswith(start) and name in FAULTS:
            return FAULTS[name](request)
    return None


def guarded(answer):
    async def endpoint(request: Request):
        body = await request.body()
        HERE.seen.append([request.method, request.url.path, body.decode()])
        if not admitted(request, body):
            return JSONResponse({"error": "unauthorised"}, 401)
        if told := fault(request):
            return await told
        return await answer(request, json.loads(body) if body else {})

    return endpoint


def look_up(kind):
    async def answer(request, body):
        if kind in HERE.kept.untold:
            return JSONResponse({"error": "locked"}, 500)
        query = request.query_params
        keys = body.get("GRBH") or query.getlist("GRBH")
        single = request.path_params.get("key")
        if single is not None:
            keys = [single]
        files = [one for key in keys if (one := HERE.register.file(key))]
        if single is not None and not files:
            return JSONResponse({"error": "nobody"}, 404)
        told = [row for one in files for row in rows(kind, one)]
        wanted = body.get("lie") or query.get("lie", "").split(",")
        tops = {name.partition(".")[0] for name in wanted}
        told = [{k: v for k, v in row.items() if k in tops} for row in told]
        wrong = next(
            (f for p, f in HERE.kept.faults.items() if request.url.path.startswith(p)),
            "",
        )
        if wrong == "stranger":
            told.append({**told[0], "GRBH": "gd-666"})
        return page_of(told, {**query, **body}, request, wrong)

    return answer


def page_of(told, asked, request, wrong):
    """Cut one page, in the way that is set; or never an end."""
    style, size = HERE.kept.paging, int(asked.get("ts", 100))
    if style == "page":
        number = 1 if wrong == "repeats" else int(asked["yb"])
        page, _ = pages(told, size, (number - 1) * size)
        return JSONResponse({"data": page, "total": len(told)})
    page, after = pages(told, size, asked.get("yb"))
    if wrong == "ring":
        after = "1" if asked.get("yb") == "2" else "2"
    elif wrong == "endless":
        page, after = told[:1], str(int(asked.get("yb") or 0) + 1)
        page = [{**row, "BH": after} for row in page]
    elif wrong == "repeats":
        page, after = told[:1], str(int(asked.get("yb") or 0) + 1)
    if style == "link":
        link = f'<{request.url.path}?{keys_of(request)}&yb={after}>; rel="next"'
        if wrong == "elsewhere":
            link = '<http://elsewhere.invalid/v1/jn?yb=1>; rel="next"'
        headers = {"Link": f'</v1>; rel="help", {link}'} if after else {}
        return JSONResponse({"data": page}, headers=headers)
    return JSONResponse({"data": page, "next": after})


def keys_of(request):
    return "&".join(
        one for one in request.url.query.split("&") if not one.startswith("yb=")
    )


async def register(request, body):
    asked = command_from(body)
    path = next(path for act, path in ACTS.items() if act is asked.act)
    if path != request.url.path:
        return JSONResponse({"error": "not here"}, 404)
    if not HERE.kept.keyless and request.headers["idempotency-key"] != asked.key:
        return JSONResponse({"error": "two keys"}, 400)
    receipt = HERE.register.act(asked, SystemClock().now())
    HERE.receipts[asked.key] = receipt
    status = 409 if receipt.answered is Answered.REFUSED else 200
    if HERE.kept.faults.get("/after") == "lost":
        HERE.kept.faults = {}
        return Response("<h1>gone</h1>", 502, media_type="text/html")
    return JSONResponse({"jg": receipt_row(receipt)}, status)


async def entry(request, _body):
    found = HERE.receipts.get(request.path_params["key"])
    if found is None:
        return JSONResponse({"error": "no such entry"}, 404)
    return JSONResponse({"jg": receipt_row(found)})


async def log(request, _body):
    query = request.query_params
    first = int(query["tiao"])
    if not 1 <= first <= 500:
        return JSONResponse({"error": "no such page"}, 500)
    if "ajh" in query:
        told = HERE.file.of(query["ajh"], int(query["hou"]), first)
    else:
        told = HERE.file.log(query.get("yb", ""), first)
    marks = [one for one in told.arrivals if isinstance(one, Watermark)]
    lines = [one for one in told.arrivals if not isinstance(one, Watermark)]
    return JSONResponse({
        "changes": [change_row(one) for one in lines],
        "watermarks": [{"D_CASE_NO": o.case_no, "D_SEQ": o.seq} for o in marks],
        "next": told.next,
        "more": told.more,
    })  # fmt: skip


def routes():
    yield Route("/control", control, methods=["GET", "PUT", "POST", "PATCH"])
    yield Route("/token", token, methods=["POST"])
    for kind, (source, _) in SOURCES.items():
        yield Route(source, guarded(look_up(kind)), methods=["GET", "POST"])
    for path in ACTS.values():
        yield Route(path, guarded(register), methods=["POST"])
    yield Route("/v1/dj/by/{key}", guarded(entry))
    yield Route("/v1/aj", guarded(log))


class _Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = sockets[0].getsockname()[1]
        ready({"url": f"http://127.0.0.1:{port}"})


def main() -> None:
    # Named TCP, so that asyncio sends at once what is written (TCP_NODELAY); else each
    # answer waits 40 ms for the acknowledgement of its head.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    app = Starlette(routes=list(routes()))
    settings = uvicorn.Config(app, lifespan="off", log_level="warning")
    server = _Server(settings)

    def watch():
        end_with_parent()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    asyncio.run(server.serve([listener]))


if __name__ == "__main__":
    main()
