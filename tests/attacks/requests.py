"""Attacks by the HTTP request: bodies, encodings, headers, addresses, methods."""

from __future__ import annotations

import gzip
import json
import zlib
from urllib.parse import quote

from deploy.demo.issuer import Role
from tests.attacks.attack import Attack
from tests.attacks.documents import INPUT, LARGE, PARSE, VALID, WELL, WHY
from tests.attacks.wire import asking, head, post, send
from tests.web.serving import NUMBER

BAD = frozenset({(400, "BAD_REQUEST")})
TYPE = frozenset({(415, "UNSUPPORTED_MEDIA_TYPE")})
HEADERS = frozenset({(431, "HEADERS_TOO_LARGE"), (0, "")})
NO_HTTP = frozenset({(400, "BAD_REQUEST"), (0, "")})
HELLO = b'{"query":"{__typename}"}'


def bodies(*contents: bytes, **headers: str):
    async def run(target):
        token = target.tokens[Role.INFLOW]
        return [await send(target.port, post(token, b, **headers)) for b in contents]

    return run


def raw(*parts: bytes, token: bool = True):
    """Make the run that sends each head as it is; ``%`` stands for the token."""

    async def run(target):
        bearer = target.tokens[Role.INFLOW].encode() if token else b""
        return [
            await send(target.port, part.replace(b"%", bearer), patience=6.0)
            for part in parts
        ]

    return run


def gets(*targets: str):
    async def run(target):
        token = target.tokens[Role.INFLOW]
        return [
            await send(target.port, head(token, b"GET", one.encode()))
            for one in targets
        ]

    return run


def methods(*names: bytes):
    async def run(target):
        token = target.tokens[Role.INFLOW]
        return [await send(target.port, head(token, name)) for name in names]

    return run


def _variables(value: object) -> bytes:
    query = f"query($a:[WorkerBy!]!){{workers(by:$a,{WHY}){{__typename}}}}"
    return json.dumps({"query": query, "variables": {"a": value}}).encode()


async def _places(target):
    """Put a resident ID number where it does not belong: it must not come back."""
    token = target.tokens[Role.INFLOW]
    q, n = "{__typename}", NUMBER
    by_id = f"query($i:ID!){{worker(by:{{id:$i}},{WHY}){{__typename}}}}"
    sent = [
        asking(token, q, operationName=n), asking(token, q, operationName=f"Q{n}"),
        asking(token, f"{{_{n}}}"), asking(token, f"{{_{n}:__typename}}"),
        asking(token, f"query($_{n}:Int){{__typename}}"),
        asking(token, f"{{__typename @_{n}}}"), asking(token, f"{{...F{n}}}"),
        asking(token, f"{{{n}}}"), asking(token, f'{{"{n}"}}'),
        asking(token, f'{{worker(by:{{id:"1"}},purpose:X{n}){{__typename}}}}'),
        asking(token, f'{{worker(by:{{id:"1"}},purpose:"{n}"){{__typename}}}}'),
        asking(token, f'{{worker(by:"{n}",{WHY}){{__typename}}}}'),
        asking(token, f"{{worker(by:{{residentId:{n}}},{WHY}){{__typename}}}}"),
        asking(token, f'{{worker(by:{{x{n}:"1"}},{WHY}){{__typename}}}}'),
        asking(token, by_id, variables={"i": {"n": n}}),
        asking(token, by_id, variables={"i": [n]}),
        asking(token, by_id, variables={n: n}), asking(token, by_id, variables=n),
        asking(token, by_id, variables={"i": n}),
        asking(token, q, extensions=n), asking(token, q, documentId=n),
        asking(token, q, extensions={"persistedQuery": {"version": 1, "sha256Hash": n}}),
        post(token, HELLO, x_request_id=n), post(token, HELLO, purpose_of_use=n),
        post(token, HELLO, content_type=f"application/{n}"),
        post(token, HELLO, accept=f"application/{n}"),
        post(token, HELLO, accept_language=n), post(n, HELLO),
        head(token, b"GET", f"/graphql/{n}".encode()),
        head(token, b"GET", f"/graphql?{n}={n}&query=%7B__typename%7D".encode()),
        head(token, b"GET", f"/graphql?query={quote(f'{{_{n}}}')}".encode()),
    ]  # fmt: skip
    return [await send(target.port, one) for one in sent]


async def _wrong_tokens(target):
    good = target.tokens[Role.INFLOW]
    header, claims, signature = good.split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    tokens = [
        f"{none}.{claims}.", f"{none}.{claims}.{signature}", f"{header}.{claims}.",
        f"{header}.{claims}.{signature[:-4]}AAAA", f"{good}x", "x" * 9000, "a.b.c", "..",
    ]  # fmt: skip
    answers = [await send(target.port, post(token, HELLO)) for token in tokens]
    twice = f"Authorization: Bearer {good}\r\nAuthorization: Bearer {good}\r\n".encode()
    answers.append(
        await send(
            target.port,
            b"POST /graphql HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + twice
            + b"Content-Type: application/json\r\nContent-Length: 0\r\n\r\n",
        )
    )  # fmt: skip
    return answers


_START = b"POST /graphql HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer %\r\n"
_JSON = b"Content-Type: application/json\r\n"

ATTACKS = [
    Attack("JSON 50,000 deep", bodies(
        b'{"query":"{__typename}","variables":{"a":' + b"[" * 50_000 + b"]" * 50_000
        + b"}}", b"[" * 100_000, b'{"a":' * 20_000), BAD),
    Attack("JSON 33 deep", bodies(
        b'{"query":"{__typename}","variables":{"a":' + b"[" * 33 + b"]" * 33 + b"}}"),
        BAD),
    Attack("integers of 10,000 digits", bodies(
        b'{"query":"{__typename}","variables":{"a":' + b"1" * 10_000 + b"}}",
        b'{"query":"{__typename}","variables":{"a":1e999}}'), BAD | WELL),
    Attack("bodies that are no object", bodies(
        b"", b"null", b"1", b'"x"', b"true", b"[]", b"{", b"NaN", b"{}",
        b'{"query":1}', b'{"query":"{__typename}","variables":[]}'), BAD),
    Attack("batching", bodies(b"[" + b",".join([HELLO] * 100) + b"]"), BAD),
    Attack("40,000 values in variables", bodies(_variables([1] * 40_000)), LARGE),
    Attack("an object of 20,000 keys", bodies(
        _variables([{f"k{i}": 1 for i in range(14_000)}]),
        _variables([{f"k{i}": 1 for i in range(18_000)}])), INPUT | LARGE),
    Attack("85,000 empty lists", bodies(_variables([[]] * 85_000)), LARGE | BAD),
    Attack("a string of 250,000 characters", bodies(
        json.dumps({
            "query": f"query($i:ID!){{worker(by:{{id:$i}},{WHY}){{__typename}}}}",
            "variables": {"i": "x" * 250_000}}).encode()), WELL),
    Attack("one word of 200,000 letters", bodies(
        *(json.dumps(one).encode() for one in (
            {"query": "query A{__typename}", "operationName": "a" * 200_000},
            {"query": f"query($a:Int={'9' * 30_000}){{__typename}}"},
            {"query": f"{{...f{'9' * 30_000}}}"},
            {"query": "mutation($l:[LinkInput!]!){registerLinks(links:$l)"
                      "{__typename}}",
             "variables": {"l": [{
                 "residentId": "1", "province": "44", "localId": "a", "kinds": [],
                 "validFrom": "9" * 200_000}]}},
        ))), BAD | INPUT | VALID | PARSE),
    Attack("NUL in values", bodies(
        json.dumps({
            "query": f"query($i:ID!){{a:worker(by:{{id:$i}},{WHY}){{__typename}} "
                     f'b:worker(by:{{residentId:"\\u0000"}},{WHY}){{__typename}} c:'
                     f'worker(by:{{local:{{province:"44",localId:"\\u0000"}}}},{WHY})'
                     "{__typename}}",
            "variables": {"i": "\x00"}}).encode()), WELL | INPUT),
    Attack("a body of 100 MB, announced", raw(
        _START + _JSON + b"Content-Length: 104857600\r\n\r\n" + b" " * 1000), LARGE),
    Attack("a body of 2 MB", bodies(b" " * 2_000_000), LARGE | frozenset({(0, "")})),
    Attack("wrong media types", bodies(HELLO, content_type="text/plain"), TYPE),
    Attack("form, multipart upload", bodies(
        b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
        content_type="multipart/form-data; boundary=x"), TYPE),
    Attack("UTF-16", bodies(
        HELLO.decode().encode("utf-16"), content_type="application/json; charset=utf-16"),
        TYPE),
    Attack("invalid UTF-8", bodies(
        b'{"query":"\xff\xfe"}', b"\xef\xbb\xbf" + HELLO, b'{"query":"\xed\xa0\x80"}',
        b'{"query":"{\\ud800}"}'), BAD | PARSE),
    Attack("gzip bomb", bodies(
        gzip.compress(b" " * 20_000_000), content_encoding="gzip"), TYPE),
    Attack("gzip, deflate, undeclared", bodies(
        gzip.compress(HELLO), zlib.compress(HELLO)), BAD),
    Attack("header flood, 8,000", raw(
        b"GET /livez HTTP/1.1\r\nHost: h\r\n" + b"x: y\r\n" * 8000 + b"\r\n",
        b"GET /livez HTTP/1.1\r\nHost: h\r\nx: " + b"a" * 60_000 + b"\r\n\r\n"), HEADERS),
    Attack("an address of 60,000 characters", gets(
        "/graphql?query=%7B__typename%7D&x=" + "a" * 60_000), HEADERS),
    Attack("GET with too much", gets(
        "/graphql?" + "&".join(f"a{i}=1" for i in range(3000)),
        "/graphql?query=" + "%7B" * 5000,
        "/graphql?query=%7B__typename%7D&variables=" + "%5B" * 8000,
        "/graphql?query=%ff%fe", "/graphql?query=%7B__typename%7D&variables=1",
        "/graphql", "/graphql?query="), BAD | PARSE | HEADERS),
    Attack("mutation by GET", gets(
        "/graphql?query=" + quote("mutation{registerLinks(links:[]){__typename}}")),
        frozenset({(405, "METHOD_NOT_ALLOWED")})),
    Attack("other methods", methods(
        b"PUT", b"DELETE", b"PATCH", b"TRACE", b"OPTIONS", b"PROPFIND"),
        frozenset({(405, "METHOD_NOT_ALLOWED")})),
    Attack("line breaks and NUL in headers", raw(
        _START + b"X-Request-Id: aaaaaaaa\rSet-Cookie: a=b\r\n\r\n",
        _START + b"X-Request-Id: aaaaaaaa\nSet-Cookie: a=b\r\n\r\n",
        _START + b"X-Request-Id: aaaa\x00aaaa\r\n\r\n",
        _START + b"X-Request-Id: aaaaaaaa%0d%0aSet-Cookie: a=b\r\n\r\n",
        _START + b" folded: a\r\n\r\n"), NO_HTTP | TYPE, echoes=("Set-Cookie",)),
    Attack("request smuggling", raw(
        _START + _JSON + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
        _START + _JSON + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        _START + _JSON + b"Content-Length: -1\r\n\r\n",
        _START + _JSON + b"Content-Length: 99999999999999999999999\r\n\r\n",
        _START + _JSON + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
        _START + _JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), NO_HTTP | LARGE),
    Attack("what is no HTTP", raw(
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"nonsense\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
        b"GET http:// HTTP/1.1\r\n\r\n", b"\x00" * 100, token=False), NO_HTTP),
    Attack("other addresses", gets(
        "/graphql/", "/../etc/passwd", "/%2e%2e/", "/admin", "//graphql", "/metrics/x"),
        frozenset({(404, "NOT_FOUND")})),
    Attack("operations that are not there", bodies(
        b'{"query":"query A{__typename}","operationName":"B"}',
        b'{"query":"query A{__typename} query B{__typename}"}',
        b'{"query":"fragment F on Query{__typename}"}'), INPUT | VALID),
    Attack("hashes of documents", bodies(
        b'{"documentId":"sha256:' + b"0" * 64 + b'"}', b'{"documentId":"x"}',
        b'{"documentId":"../../etc/passwd"}',
        b'{"query":"{__typename}","documentId":"sha256:' + b"0" * 64 + b'"}'),
        BAD | frozenset({(400, "PERSISTED_QUERY_NOT_FOUND"),
                         (400, "PERSISTED_QUERY_MISMATCH")})),
    Attack("wrong tokens", _wrong_tokens, frozenset({(401, "UNAUTHENTICATED")})),
    Attack("resident ID numbers in wrong places", _places, (
        WELL | INPUT | VALID | PARSE | BAD | TYPE
        | frozenset({(401, "UNAUTHENTICATED"), (404, "NOT_FOUND"),
                     (406, "NOT_ACCEPTABLE")}))),
]  # fmt: skip
