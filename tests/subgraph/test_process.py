"""The command itself: a process of its own before a SQLite file, from start to end."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest
from typer.testing import CliRunner

from connectors.faults import ProvinceFault
from connectors.port import WHOLE_CONTRACT, Ask, Question
from hub.cli.app import app
from schema.records.command import Answered
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.told import FaultCode
from tests.provinces import own_tables
from tests.provinces.certificates import Authority
from tests.provinces.kit_process import SETTINGS, argv, environ, files, serving
from tests.provinces.over_kit import TOKEN, speaking
from tests.provinces.registers import command
from tests.subgraph.conftest import KEPT, who


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    place = tmp_path_factory.mktemp("province")
    files(place, KEPT.values())
    return place


@pytest.fixture
def refused(monkeypatch):
    """What the command says that does not serve; in this process, which is quicker."""
    root = logging.getLogger()
    before = list(root.handlers), root.level

    def run(place, *more, **variables):
        for name in ("OWN_DATABASE", "PROVINCE_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environ(place, **variables).items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(app, argv(place, *more)[3:])
        assert done.exit_code == 1, done.output
        assert "Traceback" not in done.output
        return done.output

    yield run
    root.handlers, root.level = before
    logging.captureWarnings(capture=False)


def test_a_stranger_asks_by_hand_and_the_hub_by_its_connector(province):
    with serving(province) as (url, said, process):
        assert "MEMBERSHIP" in said
        assert "registerOut" in said
        assert "PROVINCE_TOKEN" in said
        assert TOKEN not in said
        query = "query($r:[_Any!]!){_entities(representations:$r){...on Worker{name}}}"
        body = json.dumps({"query": query, "variables": {"r": who("gd-1", "nobody")}})
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(url, body.encode(), headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
            assert json.load(reply) == {"data": {"_entities": [{"name": "李四"}, None]}}

        whole = asyncio.run(_stopped_while_acting(url, process))
        assert process.wait(20) == 0
        log = (province / "log").read_text("utf-8")

    assert whole.fault is None
    assert [one.answered for one in whole.receipts] == [Answered.PENDING]
    assert "event=stopped" in log
    for secret in ("李四", "gd-1", TOKEN, "own.sqlite"):
        assert secret not in log


async def _stopped_while_acting(url, process):
    """Send an act that waits for people, and end the process meanwhile."""
    async with speaking(url) as hub:
        loop = asyncio.get_running_loop()
        assert (await hub.probe(loop.time() + 10)) == WHOLE_CONTRACT
        one = command("REGISTER_OUT", local_id="gd-1")
        acting = asyncio.create_task(hub.act([one], "request-1", loop.time() + 10))
        await asyncio.sleep(0.4)
        process.send_signal(signal.SIGTERM)
        return await acting


FILES = """
name_zh = "浙江"
name_en = "Zhejiang"
kind = "files"
mapping_file = "44.mapping.toml"
[files]
directory = "drop"
"""
WORDS = """
version = 1
[kinds.WORKER]
source = "zg.csv"
key = "BH"
[kinds.WORKER.fields]
name = "XM"
[kinds.MEMBERSHIP]
source = "hy.csv"
key = "BH"
id = "HYH"
[kinds.MEMBERSHIP.fields]
union_name = "GH"
"""


def test_before_a_drop_folder_that_gets_its_first_batch(tmp_path):
    batch = tmp_path / "drop" / "in" / "b1"
    batch.mkdir(parents=True)
    (tmp_path / "44.toml").write_text(FILES, "utf-8")
    (tmp_path / "44.mapping.toml").write_text(WORDS, "utf-8")
    (batch / "zg.csv").write_text("BH,XM\nzj-1,李四\nzj-2,王五\n", "utf-8")
    (batch / "hy.csv").write_text("BH,HYH,GH\nzj-1,330001,甲\n", "utf-8")

    with serving(tmp_path) as (url, said, _process):
        assert ready(url) == 503
        packed = CliRunner().invoke(app, ["province", "pack", str(batch)])
        assert packed.exit_code == 0, packed.output
        wait_until_ready(url)
        assert re.search(r"MEMBERSHIP\W+memberships\W+1/18", said)
        told = asyncio.run(_told(url))

    (first, second), (third,) = told.workers
    assert (first.name, second.name, third) == ("李四", "王五", None)
    assert [one.union_name for one in first.memberships] == ["甲"]
    assert second.memberships == ()


async def _told(url):
    chosen = Selection.of(
        {RecordKind.WORKER: {"name"}, RecordKind.MEMBERSHIP: {"union_name"}}
    )
    asks = (Ask(("zj-1", "zj-2"), chosen), Ask(("nobody",), chosen))
    async with speaking(url) as hub:
        loop = asyncio.get_running_loop()
        await hub.probe(loop.time() + 10)
        return await hub.ask(Question(asks, "request-1", "x"), loop.time() + 10)


def test_over_tls_with_certificates_on_both_sides(province, tmp_path):
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    cert, key = ours.issue("kit")
    options = ("--tls-cert", cert, "--tls-key", key, "--client-ca", str(theirs.file))
    mine, mine_key = theirs.issue("hub")
    with serving(province, *options) as (url, _, _process):
        assert url.startswith("https://")
        shown = {"client_cert_file": mine, "client_key_file": mine_key}
        told = asyncio.run(_probed(url, ca_file=str(ours.file), **shown))
        assert told == WHOLE_CONTRACT
        with pytest.raises(ProvinceFault) as turned_down:
            asyncio.run(_probed(url, ca_file=str(ours.file)))
    # With TLS 1.3 the refusal comes after the handshake.
    codes = {FaultCode.UNAUTHORISED, FaultCode.BROKEN_OFF}
    assert turned_down.value.code in codes


async def _probed(url, **more):
    async with speaking(url, **more) as hub:
        return await hub.probe(asyncio.get_running_loop().time() + 10)


def test_a_source_that_comes_later_is_served_from_then_on(province, tmp_path):
    later = tmp_path / "later.sqlite"
    with serving(province, OWN_DATABASE=f"sqlite:///{later}") as (url, said, _process):
        assert "/readyz" in said
        assert ready(url) == 503
        shutil.copy(province / "own.sqlite", later)
        wait_until_ready(url)


def wait_until_ready(url):
    until = time.monotonic() + 20
    while ready(url) != 200:
        assert time.monotonic() < until
        time.sleep(0.1)


def ready(url):
    address = url.replace("/graphql", "/readyz")
    try:
        with urllib.request.urlopen(address, timeout=10) as reply:  # noqa: S310
            return reply.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("more", "variables", "words"),
    [
        ((), {"PROVINCE_TOKEN": None}, ("PROVINCE_TOKEN", "未设置", "is not set")),
        ((), {"PROVINCE_TOKEN": "short"}, ("16", "openssl rand")),
        (("--bearer-env", "OTHER_TOKEN"), {}, ("OTHER_TOKEN",)),
        ((), {"OWN_DATABASE": None}, ("OWN_DATABASE",)),
        (("--tls-cert", "/nowhere.pem"), {}, ("--tls-key",)),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_served(
    refused, province, more, variables, words
):
    said = refused(province, *more, **variables)

    assert "✗" in said
    for word in words:
        assert word in said
    assert "short" not in said


def test_a_port_in_use_is_told_with_the_option_to_change_it(refused, province):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refused(province, "--port", str(taken.getsockname()[1]))
    assert "--port" in said


def test_a_mapping_that_fits_no_table_is_told_at_the_start(refused, province, tmp_path):
    (tmp_path / "44.toml").write_text(SETTINGS, "utf-8")
    assert "44.mapping.toml" in refused(tmp_path)
    mapping = own_tables.mapping_text(WHOLE_CONTRACT.fields, source=lambda _: "NONE")
    (tmp_path / "44.mapping.toml").write_text(mapping, "utf-8")
    database = environ(province)["OWN_DATABASE"]
    said = refused(tmp_path, OWN_DATABASE=database)
    assert "mapping" in said
