"""A GraphQL province on the wire, and what may be wrong with it where a connector sees nothing."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
from aiohttp import web
from graphql import graphql_sync

from connectors.graphql.names import ROWS
from tests.conformance.sound import WORKERS
from tests.provinces.plain import _serve

TOKEN = "a-token-of-the-tests"  # noqa: S105
JSON = "application/json"
RICH = "application/graphql-response+json"
#: A few kinds are enough to tell the truth and to lie.
KINDS = ["WORKER", "SKILL", "TRAINING"]
ABSENT = frozenset(f"Worker.{rows}" for kind, rows in ROWS.items() if kind not in KINDS)
WIRE_LIES = {}


class Heard:
    """One exchange, before it goes out: a lie changes what it likes."""

    def __init__(self, status, answer, media):
        self.status, self.answer, self.media = status, answer, media
        self.headers = {}


class Province:
    """The contract by graphql-core: sound, but for what is changed."""

    def __init__(self, *, contract=None, sdl=None, change=None, token=True, bad=None):
        self.sdl, self.schema = _serve(ABSENT)
        if sdl:
            self.sdl = sdl(self.sdl)
        self.contract = {
            "version": "1.0", "province": "44", "kinds": KINDS,
            "asOf": "2026-11-01T00:00:00Z", **(contract or {}),
        }  # fmt: skip
        self.change, self.token, self.bad = change, token, bad
        blank = {rows: [] for rows in ROWS.values()}
        self.workers = {
            key: {**blank, **msgspec.to_builtins(one)} for key, one in WORKERS.items()
        }

    def root(self):
        return {
            "contract": self.contract,
            "_service": {"sdl": self.sdl},
            "_entities": lambda _, representations: [
                self.entity(one) for one in representations
            ],
        }

    def entity(self, one):
        if "localId" not in one:
            if self.bad:
                return self.bad()
            return ValueError("no localId")
        return self.workers.get(one["localId"])

    def answered(self, body, accept):
        media = RICH if RICH in accept else JSON
        try:
            told = json.loads(body)
            query, variables = told["query"], told.get("variables")
        except (ValueError, TypeError, KeyError):
            return None, Heard(400, {"errors": [{"message": "no request"}]}, media)
        found = graphql_sync(self.schema, query, self.root(), variable_values=variables)
        answer = found.formatted
        status = 200
        if found.data is None:
            answer.pop("data", None)
            status = 400 if media == RICH else 200
        return query, Heard(status, answer, media)

    async def post(self, request):
        body = await request.read()
        if self.token and request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"errors": [{"message": "who?"}]}, status=401)
        query, heard = self.answered(body, request.headers.get("Accept", ""))
        if self.change:
            self.change(query, heard)
        headers = {"Content-Type": heard.media, **heard.headers}
        text = json.dumps(heard.answer).encode()
        return web.Response(status=heard.status, body=text, headers=headers)


@contextlib.asynccontextmanager
async def served(province):
    """Serve it on a port of its own."""
    app = web.Application()
    app.router.add_post("/graphql", province.post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        await runner.cleanup()


def lie(check, *besides, warned=False):
    """Register a lie: the check that it is for, and those that see it too."""

    def keep(make):
        WIRE_LIES[f"{check}: {make.__name__}"] = check, {check, *besides}, make, warned
        return make

    return keep


@lie("wire.contract")
def of_tomorrow():
    tomorrow = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251  # the clock of the check is the machine's
    return Province(contract={"asOf": tomorrow.isoformat()})


@lie("wire.contract")
def a_moment_without_a_zone():
    return Province(contract={"asOf": "2026-11-01T00:00:00"})


@lie("wire.contract", "wire.sdl")
def nothing_declared():
    def change(query, heard):
        if query and query.startswith("{contract"):
            heard.answer = {"data": {"contract": None, "_service": {"sdl": ""}}}

    return Province(change=change)


@lie("wire.contract", warned=True)
def a_kind_that_it_does_not_name():
    return Province(contract={"kinds": [one for one in KINDS if one != "TRAINING"]})


@lie("wire.sdl")
def without_a_key():
    return Province(sdl=lambda text: text.replace('@key(fields: "localId")', ""))


@lie("wire.sdl")
def of_another_federation():
    return Province(sdl=lambda text: text.replace("federation/v2.3", "federation/v1.0"))


@lie("wire.sdl")
def a_name_that_may_not_be_null():
    return Province(sdl=lambda text: text.replace("name: String\n", "name: String!\n"))


@lie("wire.media")
def always_the_newer_type():
    def change(_, heard):
        heard.media = RICH

    return Province(change=change)


@lie("wire.unknown-field")
def a_refusal_that_says_nothing():
    def change(_, heard):
        if "hubProbe" in (_ or ""):
            heard.answer = {"errors": [{"message": "no"}]}

    return Province(change=change)


@lie("wire.unknown-field")
def the_rest_is_told_all_the_same():
    def change(query, heard):
        if "hubProbe" in (query or ""):
            heard.status, heard.answer = 200, {"data": {"a0": [{"localId": "gd-0001"}]}}

    return Province(change=change)


@lie("wire.not-graphql", warned=True)
def broken_by_half_a_body():
    def change(query, heard):
        if query is None:
            heard.status = 500

    return Province(change=change)


def _strange(query, heard):
    """Whether nobody was asked for, and by the wire."""
    return (
        query
        and query.startswith("query($k")
        and heard.answer.get("data") == {"a0": [None]}
    )


@lie("wire.null")
def an_error_beside_null():
    def change(query, heard):
        if _strange(query, heard):
            heard.answer["errors"] = [{"message": "not found", "path": ["a0", 0]}]

    return Province(change=change)


@lie("wire.representation")
def one_bad_costs_all():
    def bad():
        raise ValueError("no localId")

    return Province(bad=bad)


@lie("wire.representation")
def one_bad_is_passed_over():
    return Province(bad=lambda: None)


@lie("wire.no-token", "secrets.wrong")
def open_to_all():
    return Province(token=False)


@lie("wire.date")
def a_clock_that_is_slow():
    past = datetime.now(UTC) - timedelta(minutes=9)  # noqa: TID251  # as above

    def change(_, heard):
        heard.headers["Date"] = format_datetime(past, usegmt=True)

    return Province(change=change)
