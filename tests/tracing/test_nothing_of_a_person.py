"""After many look-ups over real processes, nothing of a person lies about anywhere.

Looked for are the resident ID numbers (in every form), names and telephone numbers of
everybody in the provinces' registers, in the hub's database, in all logs, in every span
that a collector got, and in the metrics.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import itertools
import re
import sqlite3
import subprocess
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import aiohttp
import psycopg
import pytest

from tests.builders.numbers import old_form
from tests.tracing.collector import collecting, told
from tests.web.federation import federation

pytestmark = pytest.mark.rehearsal

SIZE = 120
QUERY = (
    "query Look($by: WorkerBy!) { worker(by: $by, purpose: MEMBERSHIP_SERVICE) {"
    " __typename ... on Worker { name phone birthDate memberships { unionName state }"
    " rightsCases { caseNo status } completeness { complete answered } }"
    " ... on Refusal { code message remedy } ... on UnknownWorker { message } } }"
)
REGISTER = (
    "mutation Register($links: [LinkInput!]!) { registerLinks(links: $links) {"
    " __typename } }"
)
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def spelled(number):
    """One number as people write it, right and wrong."""
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    yield from (number, number.lower(), number.translate(WIDE), f" {number} ", wrong)
    yield f"{number[:6]} {number[6:14]} {number[14:]}"
    yield f"{number[:6]}-{number[6:14]}-{number[14:]}"
    yield number[1] + number[0] + number[2:]
    yield number[:17]
    yield number + "0"
    yield f"身份证{number}"
    if number[6:8] == "19":
        yield old_form(number)


def misplaced(number, url):
    """Requests with a number where none belongs: keyword arguments of a request."""
    body = {"query": QUERY, "variables": {"by": {"residentId": number}}}
    head = "00-" + number[:17].rjust(32, "0")
    yield {"json": {"query": f"query Q{number[:17]} {{ provinces {{ code }} }}"}}
    yield {"json": {"query": f"{{ a{number[:17]}: provinces {{ code }} }}"}}
    yield {"json": {"query": f"{{ worker{number} }}"}}
    yield {"json": {"query": f'{{ worker(by: "{number}") {{ name }} }}'}}
    yield {"json": {"query": QUERY, "variables": {"by": {"workerId": number}}}}
    yield {"json": {"query": QUERY, "variables": {number: number}}}
    yield {"json": {**body, "operationName": number}}
    yield {"json": {**body, "extensions": {"persistedQuery": {"sha256Hash": number}}}}
    yield {"data": number, "headers": {"Content-Type": "application/json"}}
    for name in (
        "X-Request-Id", "Purpose-Of-Use", "Accept-Language", "Accept", "Cookie",
        "tracestate", "X-Forwarded-For", "User-Agent",
    ):  # fmt: skip
        yield {"json": body, "headers": {name: f"a={number}"}}
        yield {"json": body, "headers": {name: number}}
    yield {"json": body, "headers": {"traceparent": f"{head}-{TRACE[:16]}-01"}}
    yield {"json": body, "headers": {"Authorization": f"Bearer {number}"}}
    yield {"method": "GET", "url": f"{url}/graphql?query={quote(QUERY)}&by={number}"}
    yield {"method": "GET", "url": f"{url}/{number}"}
    yield {"method": "GET", "url": f"{url}/explorer/{number}"}


def registering(number):
    for place, text in itertools.product(
        ("residentId", "localId", "province"), (number,)
    ):
        link = {
            "residentId": number, "province": "44", "localId": "x", "kinds": ["SKILL"],
            "validFrom": "2026-01-01", place: text,
        }  # fmt: skip
        yield {"json": {"query": REGISTER, "variables": {"links": [link]}}}


def with_phone(phone):
    good = f"00-{TRACE}-{TRACE[:16]}-01"
    for extra in (
        {"X-Request-Id": phone},
        {"traceparent": good, "tracestate": f"t={phone}"},
        {"traceparent": f"00-{phone:0>32}-{TRACE[:16]}-01"},
    ):
        document = f"query Q{phone} {{ provinces {{ code }} }}"
        yield {"json": {"query": document}, "headers": extra}


def requests(people, url):
    """All that is asked: about many, in all ways, of all that are looked for."""
    for number in people.numbers[:60]:
        for text in spelled(number):
            body = {"query": QUERY, "variables": {"by": {"residentId": text}}}
            body["operationName"] = "Look"
            yield {"json": body}
    for number in people.numbers[:12]:
        yield from misplaced(number, url)
        yield from registering(number)
    for phone in people.phones[:12]:
        yield from with_phone(phone)


async def look_around(running, people):
    """Ask; tell the statuses that came back, and the metrics in both formats."""
    headers = {"Authorization": f"Bearer {running.token}"}
    waiting = list(requests(people, running.url))
    statuses, metrics = [], []
    async with aiohttp.ClientSession(headers=headers) as session:

        async def send():
            while waiting:
                named = {"method": "POST", "url": f"{running.url}/graphql"}
                async with session.request(**(named | waiting.pop())) as response:
                    await response.read()
                    statuses.append(response.status)

        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(send())
        for accept in ("*/*", "application/openmetrics-text; version=1.0.0"):
            async with session.get(
                f"{running.url}/metrics", headers={"Accept": accept}
            ) as response:
                metrics.append(await response.text())
    return statuses, metrics


def people_of(directory):
    with (directory / "population" / "links.csv").open(encoding="utf-8") as lines:
        numbers = {row["resident_id"].upper() for row in csv.DictReader(lines)}
    names, phones = set(), set()
    for path in (directory / "population").glob("[0-9][0-9].sqlite"):
        for name, phone in sqlite3.connect(path).execute(
            "SELECT name, phone FROM worker"
        ):
            names.add(name)
            phones.add(phone)
    return SimpleNamespace(
        numbers=sorted(one for one in numbers if len(one) == 18),
        names=sorted(filter(None, names)),
        phones=sorted(filter(None, phones)),
    )


def forms(number):
    """How a number may lie about, readable to who looks for it."""
    yield number[:17]
    yield number[:17].translate(WIDE)
    yield f"{number[:6]} {number[6:14]} {number[14:17]}"
    yield f"{number[:6]}-{number[6:14]}-{number[14:17]}"
    if number[6:8] == "19":
        yield old_form(number)
    raw = number[:17].encode()
    yield raw.hex()
    for before in range(3):
        yield base64.b64encode(b"\0" * before + raw)[4:20].decode()


def dump(url):
    """Every row of every table, as text; bytes in hexadecimal and as they are."""
    rows = []
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            for row in connection.execute(f'SELECT * FROM "{schema}"."{table}"'):  # noqa: S608
                rows += [
                    f"{cell.hex()} {cell.decode('utf-8', 'replace')}"
                    if isinstance(cell, bytes)
                    else str(cell)
                    for cell in row
                ]
    return "\n".join(rows)


#: One caller asks more in this run than one person ever would.
_UNPACED = {
    f"HUB__LIMITS__CALLERS__{whose}__{what}": "1000000"
    for whose in ("SUBJECT", "OFFICE")
    for what in ("RATE", "BURST", "AT_ONCE")
}


@pytest.fixture(scope="module")
def ran(postgres, tmp_path_factory):
    """A whole run: what it left behind, and who was asked about."""
    directory = tmp_path_factory.mktemp("traced") / "demo"
    url = postgres.ensure_database("traced")
    with collecting() as collector:
        environ = {
            "HUB_DATABASE_URL": url,
            "HUB__TRACING__ENDPOINT": collector.url,
            "HUB__TRACING__SAMPLE": "1",
            "HUB__TRACING__EVERY": "200ms",
            "HUB__SERVER__LOG_LEVEL": "DEBUG",
            **_UNPACED,
        }
        with federation(directory, size=SIZE, **environ) as running:
            people = people_of(directory)
            statuses, metrics = asyncio.run(look_around(running, people))
        # All is stopped: the last lines are written, the last spans were sent.
        return SimpleNamespace(
            people=people,
            statuses=statuses,
            spans=collector.spans,
            tokens=running.tokens,
            left={
                "the database": dump(url),
                "the spans": "\n".join(collector.bodies),
                "the metrics": "\n".join(metrics),
                "the log of PostgreSQL": postgres.log.read_text(errors="replace"),
                **running.left,
            },
        )


def test_the_run_was_a_real_one(ran):
    assert len(ran.people.numbers) >= 50
    assert len(ran.people.phones) >= 50
    assert ran.statuses.count(200) > 400
    assert {400, 401, 404} <= set(ran.statuses)
    assert not [one for one in ran.statuses if one >= 500]
    shown = [one for one in ran.spans if told(one).get("hub.workers")]
    assert len(shown) > 400
    assert {"hub.log", "province-44.log", "province-51.log"} <= set(ran.left)
    assert len(ran.left["hub.log"].splitlines()) > 1000
    assert len(ran.left["the database"].splitlines()) > 1000


def holding(left, patterns, directory):
    """Where any of the texts stands. By grep: there are megabytes, and a thousand."""
    for where, text in left.items():
        (directory / where).write_text(text, "utf-8")
    found = subprocess.run(
        ["grep", "-rlaF", "-f", "-", directory],
        input="\n".join(patterns).encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert found.returncode in {0, 1}, found.stderr
    return [Path(line).name for line in found.stdout.decode().splitlines()]


def test_no_number_is_anywhere_in_any_form(ran, tmp_path):
    patterns = [form for number in ran.people.numbers for form in forms(number)]

    assert holding(ran.left, patterns, tmp_path) == []


def test_no_name_and_no_telephone_number_is_anywhere(ran, tmp_path):
    people = ran.people

    assert holding(ran.left, [*people.names, *people.phones], tmp_path) == []


def test_no_token_is_anywhere(ran, tmp_path):
    assert holding(ran.left, ran.tokens, tmp_path) == []


def test_the_search_would_find_them(ran, tmp_path):
    number = next(one for one in ran.people.numbers if one[6:8] == "19")
    left = {
        "plain": f"x{number}x",
        "lower": number.lower(),
        "wide": number.translate(WIDE),
        "old": old_form(number),
        "base64": base64.b64encode(b"ab" + number.encode()).decode(),
        "hexadecimal": number.encode().hex(),
        "clean": "x",
    }

    assert set(holding(left, list(forms(number)), tmp_path)) == set(left) - {"clean"}


def test_a_trace_has_a_span_for_each_stage_and_for_each_province_that_was_asked(ran):
    by_trace = {}
    for span in ran.spans:
        by_trace.setdefault(span["traceId"], []).append(span)
    whole = next(
        spans
        for spans in by_trace.values()
        if len([one for one in spans if one["name"] == "ask province"]) == 2
        and "Look" in [told(one).get("graphql.operation.name") for one in spans]
    )
    named = {one["name"]: one for one in whole}
    asked = [one for one in whole if one["name"] == "ask province"]

    assert set(named) == {
        "POST /graphql", "begin", "locate", "gather", "merge", "trail", "ask province",
    }  # fmt: skip
    assert {one["parentSpanId"] for one in asked} == {named["gather"]["spanId"]}
    assert {told(one)["hub.province"] for one in asked} == {"44", "51"}
    root = named["POST /graphql"]
    stages = ("begin", "locate", "gather", "merge", "trail")
    assert {named[one]["parentSpanId"] for one in stages} == {root["spanId"]}
    assert told(root)["http.response.status_code"] == "200"


def test_a_log_line_names_its_trace_and_a_histogram_an_example(ran):
    traces = {span["traceId"] for span in ran.spans}
    lines = [
        line
        for line in ran.left["hub.log"].splitlines()
        if " logger=hub.request " in line and "path=/graphql" in line
    ]
    named = {line.partition(" trace=")[2].split(" ")[0] for line in lines}
    examples = re.findall(
        r'hub_request_seconds_bucket.* # \{trace_id="(\w+)"\}', ran.left["the metrics"]
    )

    assert len(named) > 400
    assert named <= traces
    assert examples
    assert set(examples) <= traces
    assert ran.left["the metrics"].endswith("# EOF\n")
