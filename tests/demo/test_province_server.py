"""The reference province over real HTTP, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import aiohttp
import pytest
from sqlalchemy import create_engine, insert

from deploy.demo.province import tables
from deploy.demo.province.__main__ import main

TOKEN = "a-token-of-the-demo"  # noqa: S105
AS_OF = datetime(2026, 10, 30, 8, tzinfo=UTC)
ASK = """query ($k: [_Any!]!) { a: _entities(representations: $k) { ... on Worker {
  localId asOf name memberships { id asOf state since } } } }"""


def worker(local_id: str, name: str) -> dict:
    return {"local_id": local_id, "as_of": AS_OF, "name": name, "sex": "FEMALE"}


def row(worker: str, id_: str, **fields) -> dict:
    return {"worker": worker, "id": id_, "as_of": AS_OF, **fields}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    file = tmp_path_factory.mktemp("province") / "44 广东.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    tables.METADATA.create_all(engine)
    aid = {"programme": "送温暖", "period": "2026", "amount": "1000.00",
           "given_on": "2026-01-20", "given_by": "某工会"}  # fmt: skip
    with engine.begin() as connection:
        run = connection.execute
        kinds = ["MEMBERSHIP", "RIGHTS_CASE", "SKILL", "EMPLOYMENT", "HARDSHIP_FILE"]
        run(
            insert(tables.PROVINCE).values(
                code="44", name_zh="广东", name_en="Guangdong", kinds=kinds, as_of=AS_OF
            )
        )
        run(insert(tables.WORKER), [worker(f"w{n}", f"甲{n}") for n in range(300)])
        run(
            insert(tables.MEMBERSHIP),
            [row(f"w{n}", f"m{n}", state="ACTIVE") for n in range(300)],
        )
        run(insert(tables.MEMBERSHIP), [row("w1", "m-old", state="TRANSFERRED")])
        run(insert(tables.HARDSHIP_FILE),
            [row("w1", "h1", income_per_head="812.50", aids=[aid])])  # fmt: skip
    engine.dispose()
    return file


@contextlib.contextmanager
def serving(database, *words: str, code="44", log=None):
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.demo.province", "--code", code,
         "--database", str(database), *words],
        stdout=subprocess.PIPE, stderr=log or subprocess.DEVNULL, text=True,
        env={**os.environ, "PROVINCE_TOKEN": TOKEN},
    )  # fmt: skip
    try:
        ready = process.stdout.readline()
        yield process, ready.removeprefix("ready ").strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def log_file(tmp_path_factory):
    return tmp_path_factory.mktemp("log") / "province.log"


@pytest.fixture(scope="module")
def url(database, log_file):
    with log_file.open("w") as log, serving(database, log=log) as (_, url):
        yield url


async def post(url, query=ASK, *, token=TOKEN, request="r-1", keys=("w1",), data=None):
    variables = {"k": [{"__typename": "Worker", "localId": key} for key in keys]}
    headers = {"Authorization": f"Bearer {token}", "X-Request-Id": request,
               "Purpose-Of-Use": "RIGHTS_PROTECTION"}  # fmt: skip
    body = {"json": {"query": query, "variables": variables}}
    async with aiohttp.ClientSession(headers=headers) as session:
        wanted = {"data": data} if data is not None else body
        async with session.post(url, **wanted) as response:
            return response.status, await response.json()


def logged(log_file, request: str) -> dict[str, str]:
    (line,) = [line for line in log_file.read_text().splitlines() if request in line]
    return dict(re.findall(r"(\w+)=(\S+)", line))


async def test_workers_are_told_in_the_order_asked_and_null_for_the_unknown(url):
    status, told = await post(url, keys=("w7", "nobody", "w1", "w7"))
    assert status == 200
    assert "errors" not in told
    seven, nobody, one, again = told["data"]["a"]
    assert nobody is None
    assert seven == again
    assert seven["localId"] == "w7"
    assert seven["name"] == "甲7"
    assert seven["asOf"] == "2026-10-30T08:00:00+00:00"
    assert {each["id"] for each in one["memberships"]} == {"m1", "m-old"}


async def test_each_selected_kind_costs_one_statement_whatever_the_number(
    url, log_file
):
    await post(url, request="few", keys=("w1",))
    await post(url, request="many", keys=[f"w{n}" for n in range(300)])
    assert logged(log_file, "few")["statements"] == "2"
    assert logged(log_file, "many")["statements"] == "2"


async def test_two_selections_in_one_request_share_the_statements(url, log_file):
    query = """query ($k: [_Any!]!) {
      a: _entities(representations: $k) { ... on Worker { name memberships { id } } }
      b: _entities(representations: $k) { ... on Worker { sex skills { id } } } }"""
    _, told = await post(url, query, request="two-asks")
    assert told["data"]["b"] == [{"sex": "FEMALE", "skills": []}]
    assert logged(log_file, "two-asks")["statements"] == "3"


async def test_only_selected_kinds_are_read(url, log_file):
    query = ASK.replace("memberships { id asOf state since }", "")
    await post(url, query, request="bare")
    assert logged(log_file, "bare")["statements"] == "1"


async def test_a_hardship_file_comes_with_its_ledger(url):
    query = """query ($k: [_Any!]!) { _entities(representations: $k) { ... on Worker {
      hardshipFiles { incomePerHead aids { programme amount givenOn } } } } }"""
    _, told = await post(url, query)
    assert told["data"]["_entities"][0]["hardshipFiles"] == [
        {
            "incomePerHead": "812.50",
            "aids": [
                {"programme": "送温暖", "amount": "1000.00", "givenOn": "2026-01-20"}
            ],
        }
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"__typename": "Worker"},
        {"__typename": "Worker", "localId": 7},
        {"__typename": "Employer", "localId": "w1"},
        {"localId": "w1"},
        "w1",
        7,
    ],
    ids=str,
)
async def test_a_bad_representation_costs_its_own_place_only(url, bad):
    good = {"__typename": "Worker", "localId": "w1"}
    body = {"query": ASK, "variables": {"k": [good, bad, good]}}
    _, told = await post(url, data=json.dumps(body))
    first, second, third = told["data"]["a"]
    assert first["localId"] == third["localId"] == "w1"
    assert second is None
    (error,) = told["errors"]
    assert error["path"] == ["a", 1]
    assert "representation" in error["message"]


async def test_too_many_workers_at_once_are_refused_in_both_languages(url):
    _, told = await post(url, keys=[f"w{n}" for n in range(501)])
    assert told["data"] is None
    assert "500" in told["errors"][0]["message"]
    assert "请分批" in told["errors"][0]["message"]


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x"])
async def test_without_the_token_nothing_is_told(url, token):
    status, told = await post(url, token=token)
    assert status == 401
    assert told.keys() == {"errors"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"query": 1}', b'{"query": "{a}", "variables": []}', b"\xff"]
)  # fmt: skip
async def test_a_body_that_is_no_graphql_request_is_refused(url, body):
    status, told = await post(url, data=body)
    assert status == 400
    assert "JSON" in told["errors"][0]["message"]


async def test_a_body_that_is_too_long_is_refused(url):
    status, _ = await post(url, data=b" " * 1_000_001)
    assert status == 413


async def test_the_probe_tells_contract_and_sdl(url):
    query = """{ contract { version province asOf kinds } _service { sdl } }"""
    _, told = await post(url, query)
    assert told["data"]["contract"] == {
        "version": "1.2",
        "province": "44",
        "asOf": "2026-10-30T08:00:00+00:00",
        "kinds": ["WORKER", "MEMBERSHIP", "RIGHTS_CASE", "SKILL", "EMPLOYMENT",
                  "HARDSHIP_FILE"],
    }  # fmt: skip
    assert "trainings" not in told["data"]["_service"]["sdl"]


async def test_the_log_names_the_request_and_no_person(url, log_file):
    await post(url, request="told-of-nobody", keys=("w42",))
    await post(url, request="torn line=x", keys=("w43",))
    line = logged(log_file, "told-of-nobody")
    assert line["purpose"] == "RIGHTS_PROTECTION"
    assert line["status"] == "200"
    text = log_file.read_text()
    assert "甲42" not in text
    assert "w42" not in text
    assert "torn line" not in text
    assert TOKEN not in text


async def test_an_older_province_with_fewer_kinds_refuses_what_it_does_not_serve(
    database,
):
    older = ("--contract-version", "0.9", "--without", "SKILL", "HARDSHIP_FILE")
    with serving(database, *older) as (_, url):
        _, probe = await post(url, "{ contract { version kinds } }")
        assert probe["data"]["contract"] == {
            "version": "0.9",
            "kinds": ["WORKER", "MEMBERSHIP", "RIGHTS_CASE", "EMPLOYMENT"],
        }
        _, told = await post(url, ASK.replace("since", "seasonal"))
        assert "data" not in told or told["data"] is None
        assert "seasonal" in told["errors"][0]["message"]
        _, told = await post(url)
        assert told["data"]["a"][0]["localId"] == "w1"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
async def test_it_stops_quickly_and_quietly_when_told(database, stop):
    with serving(database, "--delay-ms", "1") as (process, url):
        async with aiohttp.ClientSession() as session:  # an idle kept connection
            async with session.get(url.replace("/graphql", "/health")) as response:
                assert response.status == 200
            process.send_signal(stop)
            assert process.wait(timeout=3) == 0


@pytest.fixture
def failing(capsys, monkeypatch):
    def run(*words: str, token=TOKEN) -> str:
        monkeypatch.setenv("PROVINCE_TOKEN", token)
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 2
        said = capsys.readouterr().err
        assert re.search(r"[\u4e00-\u9fff]", said)
        return said

    return run


def test_it_says_in_both_languages_why_it_cannot_start(failing, database):
    right = ("--code", "44", "--database", str(database))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "--port 0" in failing(*right, "--port", port)
    assert "PROVINCE_TOKEN" in failing(*right, token="")
    assert "--code" in failing("--code", "51", "--database", str(database))


def test_a_file_that_is_no_province_is_refused_with_the_way_to_make_one(
    failing, tmp_path
):
    empty = tmp_path / "empty.sqlite"
    sqlite3.connect(empty).close()
    torn = tmp_path / "torn.sqlite"
    torn.write_bytes(b"SQLite format 3\0" + b"?" * 5000)
    for file in (empty, torn, tmp_path / "absent.sqlite"):
        said = failing("--code", "44", "--database", str(file))
        assert "deploy.demo.population" in said
