"""What a hostile province sends at once, by the path that is asked."""

from __future__ import annotations

import gzip
import json

from tests.provinces.acts import BODIES

AT = "2026-10-01T08:00:00Z"


def worker(**fields):
    rows = [{"id": "m1", "asOf": AT, "state": "ACTIVE"}]
    whole = {"localId": "gd-1", "asOf": AT, "name": "李四", "memberships": rows}
    return {**whole, **fields}


def told(*workers, **besides):
    return json.dumps(
        {"data": {"a0": list(workers)}, **besides}, ensure_ascii=False
    ).encode()


def http(body=b"", status="200 OK", kind="application/json", length=None, **headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if length is None:
        length = len(body)
    if length != "none":
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


GOOD = told(worker())
_NAME = '"李四"'.encode()
_MEMBER = {"id": "m1", "asOf": AT, "state": "ACTIVE"}
_DEEP = b'{"data":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001
_DEEP_ASIDE = b'{"aside":' + b"[" * 10_000 + b"]" * 10_000 + b',"data":{"a0":[]}}'
_PATH = ["a0", 0, "memberships"]


def refusing(message, **besides):
    return json.dumps({"errors": [{"message": message, **besides}]}).encode()


#: What is sent at once, whole.
ANSWERS = {
    "/ok": http(GOOD),
    "/gzip": http(gzip.compress(GOOD), Content_Encoding="gzip"),
    "/response-json": http(GOOD, kind="application/graphql-response+json"),
    "/extra": http(told(worker(unheardOf={"x": 1e300}), extensions={"cost": 1})),
    "/half": http(GOOD[:40], length=len(GOOD)),
    "/half-gzip": http(gzip.compress(GOOD)[:-20], Content_Encoding="gzip"),
    "/types": http(told(worker(name=5))),
    "/naive-moment": http(told(worker(asOf="2026-10-01T08:00:00"))),
    "/no-as-of": http(told({"localId": "gd-1", "name": "李四", "memberships": []})),
    "/beside": http(
        told(worker(memberships=None), errors=[{"message": "no", "path": _PATH}])
    ),
    "/field-beside": http(
        told(
            worker(memberships=[{**_MEMBER, "state": None}]),
            errors=[{"message": "no", "path": [*_PATH, 0, "state"]}],
        )
    ),
    "/entity-beside": http(told(None, errors=[{"message": "x", "path": ["a0", 0]}])),
    "/pathless-beside": http(told(worker(), errors=[{"message": "no"}])),
    "/silent-null": http(told(worker(memberships=None))),
    "/500": http(b"<h1>oops</h1>", "500 Internal Server Error", "text/html"),
    "/500-json": http(refusing("oops"), "500 Internal Server Error"),
    "/500-empty": http(b"", "500 Internal Server Error"),
    "/500-unknown": http(refusing('Cannot query field "x".'), "500 Oh"),
    "/500-with-data": http(GOOD, "500 Internal Server Error"),
    "/400-unknown": http(refusing('Cannot query field "x" on type "Worker".'), "400 No"),
    "/200-unknown": http(
        refusing("?", extensions={"code": "GRAPHQL_VALIDATION_FAILED"})
    ),
    "/400-json": http(b'{"detail":"no"}', "400 Bad Request"),
    "/404": http(b"not here", "404 Not Found", "text/plain"),
    "/graphql-401": http(refusing("?", extensions={"code": "UNAUTHENTICATED"})),
    "/errors": http(refusing("the table of 李四 is locked")),
    "/null-data": http(b'{"data":null}'),
    "/html": http(b"<html>log in</html>", kind="text/html"),
    "/utf8": http(GOOD.replace(b"ACTIVE", b"ACT\xff\xfe")),
    "/utf8-aside": http(GOOD[:-1] + b',"x":"\xc3"}'),
    "/latin1": http(GOOD, kind="application/json; charset=iso-8859-1"),
    "/redirect": http(b"", "302 Found", Location="/elsewhere"),
    "/307": http(b"", "307 Temporary Redirect", Location="/elsewhere"),
    "/401": http(b"", "401 Unauthorized"),
    "/403": http(b"", "403 Forbidden"),
    "/429": http(b"", "429 Too Many Requests", Retry_After="1"),
    "/503-until": http(
        b"", "503 Oh", Retry_After="Sun, 01 Nov 2026 08:00:30 GMT"
    ),
    "/other": http(told(worker(localId="gd-2"))),
    "/count": http(told(worker(), worker())),
    "/none": http(told()),
    "/deep": http(_DEEP),
    "/deep-aside": http(_DEEP_ASIDE),
    "/empty": http(b""),
    "/204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/twice": http(b'{"data":{"a0":[],' + GOOD.removeprefix(b'{"data": {')),
    "/nan": http(GOOD.replace(_NAME, b"NaN")),
    "/huge-number": http(GOOD.replace(_NAME, b"1e999")),
    "/unasked": http(told(worker(phone="13000000000"))),
    "/missing": http(told({"localId": "gd-1", "asOf": AT, "memberships": []})),
    "/same-id": http(told(worker(memberships=[_MEMBER, _MEMBER]))),
    "/rows": http(
        told(worker(memberships=[{**_MEMBER, "id": f"m{n}"} for n in range(1_001)]))
    ),
    "/declared-huge": http(b"{", length=100_000_000),
    "/br": http(GOOD, Content_Encoding="br"),
    "/not-gzip": http(GOOD, Content_Encoding="gzip"),
    "/bomb": http(gzip.compress(b" " * 100_000_000), Content_Encoding="gzip"),
    "/not-http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "/headers": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    **{path: http(body) for path, body in BODIES.items()},
}  # fmt: skip
