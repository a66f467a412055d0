"""``province init`` from what is live: a service, a database, files; bounded, and without secrets."""

from __future__ import annotations

import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from graphql import build_schema, graphql_sync
from openpyxl import Workbook
from typer.testing import CliRunner

from connectors.drafting import address
from connectors.mapping.mapping import Mapping
from hub.cli.app import app
from hub.config.load import load_province
from schema.records.kinds import RecordKind
from tests.drafting.test_descriptions import FOREIGN, OPENAPI

TOKEN = "t0k3n-of-nobody"  # noqa: S105
SCHEMA = build_schema(FOREIGN)


class _Province(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.rpartition("/")[2]
        if name == "openapi.json":
            self._answer(200, json.dumps(OPENAPI | {"servers": [{"url": "/api"}]}))
        elif name == "large":
            self._answer(200, " " * (address.MOST + 1))
        elif name == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "/openapi.json")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif name == "hangs":
            self.server.go_on.wait(20)
        else:
            self._answer(404, "{}")

    def do_POST(self):
        read = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, "{}")
        elif self.path == "/closed":
            self._answer(200, '{"errors": [{"message": "introspection is disabled"}]}')
        else:
            told = graphql_sync(SCHEMA, json.loads(read)["query"]).formatted
            assert "errors" not in told
            self._answer(200, json.dumps(told))

    def _answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # Whoever has read enough hangs up.
        try:
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def served():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Province) as server:
        server.daemon_threads = True
        server.go_on = threading.Event()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.go_on.set()
        server.shutdown()
        thread.join()


def init(*arguments):
    told = CliRunner().invoke(app, ["province", "init", *map(str, arguments)])
    assert TOKEN not in told.output
    return told


def drafted(told):
    assert told.exit_code == 0, told.output
    return Mapping.load(told.stdout.encode(), "draft")


def test_a_graphql_service_is_introspected_with_its_token(
    served, monkeypatch, tmp_path
):
    monkeypatch.setenv("TOKEN_44", TOKEN)
    made = drafted(init("graphql", f"{served}/graphql", "--bearer-env", "TOKEN_44"))
    assert made.kind(RecordKind.WORKER).source == "zgxx"
    assert made.kind(RecordKind.MEMBERSHIP).source == "hyList"

    file = tmp_path / "provinces" / "31.toml"
    told = init(
        "graphql", f"{served}/graphql", "--bearer-env", "TOKEN_44", "--settings", file
    )
    assert told.exit_code == 0, told.output
    settings = load_province(file, {"TOKEN_44": TOKEN})
    assert settings.graphql.paging.parameter == "after: String"
    checked = CliRunner().invoke(app, ["province", "check", str(file)])
    assert checked.exit_code == 0, checked.output

    refused = init("graphql", f"{served}/graphql")
    assert refused.exit_code == 1
    assert "HTTP 401" in refused.stderr
    closed = init("graphql", f"{served}/closed", "--bearer-env", "TOKEN_44")
    assert closed.exit_code == 1
    assert "SDL" in closed.stderr
    assert init("graphql", served, "--bearer-env", "NOT_SET").exit_code == 1


def test_a_schema_in_a_file_does_where_a_service_tells_nothing(tmp_path):
    (tmp_path / "s.graphql").write_text(FOREIGN, "utf-8")
    made = drafted(init("graphql", tmp_path / "s.graphql"))
    assert made.kind(RecordKind.WORKER).source == "zgxx"
    (tmp_path / "s.graphql").write_text("type Query {", "utf-8")
    assert init("graphql", tmp_path / "s.graphql").exit_code == 1


def test_settings_that_load_are_drafted_beside_the_mapping(
    served, tmp_path, monkeypatch
):
    monkeypatch.setenv("TOKEN_44", TOKEN)
    file = tmp_path / "provinces" / "44.toml"
    told = init("rest", f"{served}/v1/openapi.json", "--settings", file,
                "--bearer-env", "TOKEN_44")  # fmt: skip
    assert told.exit_code == 0, told.output
    settings = load_province(file, {"TOKEN_44": TOKEN})
    assert (settings.name_zh, settings.kind) == ("广东", "rest")
    assert settings.url == f"{served}/api"
    assert settings.mapping_file is not None
    mapping = (tmp_path / "mappings" / "44.toml").read_bytes()
    assert Mapping.load(mapping, "44").kind(RecordKind.WORKER).own == {
        "keys_in": "path", "rows_at": "rows",
    }  # fmt: skip
    assert "province check" in told.stderr
    # What a person has mended since is never written over.
    again = init("rest", f"{served}/v1/openapi.json", "--settings", file)
    assert again.exit_code == 1
    assert (tmp_path / "mappings" / "44.toml").read_bytes() == mapping
    assert init("rest", "x", "--settings", tmp_path / "gd.toml").exit_code == 1


WRONG = {
    "nobody there": ("http://127.0.0.1:9/x", "no connection"),
    "not there": ("{}/nothing", "HTTP 404"),
    "leads elsewhere": ("{}/elsewhere", "leads elsewhere"),
    "too large": ("{}/large", "16 MB"),
    "hangs": ("{}/hangs", "seconds"),
    "plain": ("http://hub.gd.example/openapi.json", "https"),
    "with a password": ("https://u:{token}@hub.gd.example/x", "https"),
    "no address": ("https://[::1/x", "https"),
}


@pytest.mark.parametrize(("where", "why"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_told_in_time_and_without_the_address(
    served, where, why, monkeypatch
):
    monkeypatch.setattr(address, "LONGEST", 1.0)
    told = init("rest", where.replace("{}", served).replace("{token}", TOKEN))
    assert told.exit_code == 1
    assert why in told.stderr
    assert "127.0.0.1" not in told.stderr
    assert len(told.stderr.strip().splitlines()) == 2


@pytest.fixture(scope="module")
def catalogue(postgres):
    """A province's own database: comments, an enum, a schema, and what we may not read."""
    url = postgres.ensure_database("init_catalogue")
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("""
            CREATE SCHEMA gh;
            CREATE TYPE zt AS ENUM ('正常', '转出');
            CREATE TABLE gh.a17 (f1 text, f2 text, f3 text, f4 date);
            COMMENT ON TABLE gh.a17 IS '职工基本信息';
            COMMENT ON COLUMN gh.a17.f1 IS '职工编号';
            COMMENT ON COLUMN gh.a17.f2 IS '姓名';
            COMMENT ON COLUMN gh.a17.f3 IS '性别：1-男，2-女';
            INSERT INTO gh.a17 VALUES ('1', '张三丰', '1', '1990-01-01');
            CREATE TABLE t_hyxx (zgbh text, hyzh text, hyzt zt, secret_xm text);
            CREATE TABLE t_hidden (zgbh text, ajbh text, slrq date, jarq date);
            CREATE ROLE init_reader LOGIN PASSWORD 'geheim-wort';
            GRANT USAGE ON SCHEMA gh TO init_reader;
            GRANT SELECT ON gh.a17 TO init_reader;
            GRANT SELECT (zgbh, hyzh, hyzt) ON t_hyxx TO init_reader;
        """)
    return url


def test_a_real_catalogue_is_read_as_far_as_the_account_may(catalogue, monkeypatch):
    parts = psycopg.conninfo.conninfo_to_dict(catalogue)
    where = f"host={parts['host']}&port={parts.get('port', 5432)}"
    monkeypatch.setenv(
        "SQL_44", f"postgresql://init_reader:geheim-wort@/init_catalogue?{where}"
    )
    told = init("sql", "SQL_44")
    made = drafted(told)
    worker = made.kind(RecordKind.WORKER)
    assert worker.source == "gh.a17"
    assert worker.columns["name"] == ("f2",)
    assert worker.from_value("sex", "FEMALE") == "2"
    member = made.kind(RecordKind.MEMBERSHIP)
    assert member.source == "t_hyxx"
    assert member.from_value("state", "TRANSFERRED") == "转出"
    assert made.kind(RecordKind.RIGHTS_CASE) is None
    for never in ("张三丰", "secret_xm", "t_hidden", "geheim-wort"):
        assert never not in told.output


def test_a_database_that_does_not_answer_is_told_without_its_password(monkeypatch):
    monkeypatch.setenv("PROVINCE_URL", "postgresql://u:secret-word@127.0.0.1:1/x")
    told = init("sql", "PROVINCE_URL")
    assert told.exit_code == 1
    assert "secret-word" not in told.output
    assert "PROVINCE_URL" in told.output


def test_a_file_of_sqlite_is_read_too(tmp_path, monkeypatch):
    with sqlite3.connect(tmp_path / "p.sqlite") as line:
        line.execute("CREATE TABLE T_ZGXX (ZGBH TEXT, XM TEXT, XB TEXT, CSRQ TEXT)")
        line.execute("INSERT INTO T_ZGXX VALUES ('1', '张三丰', '1', '19900101')")
    line.close()
    monkeypatch.setenv("PROVINCE_URL", f"sqlite:///{tmp_path / 'p.sqlite'}")
    told = init("sql", "PROVINCE_URL", "--settings", tmp_path / "provinces" / "33.toml")
    assert told.exit_code == 0, told.output
    mapping = (tmp_path / "mappings" / "33.toml").read_text("utf-8")
    assert 'source = "T_ZGXX"' in mapping
    assert "张三丰" not in mapping + told.output
    settings = load_province(tmp_path / "provinces" / "33.toml", {"PROVINCE_URL": "x"})
    assert settings.sql.url_env == "PROVINCE_URL"


@pytest.fixture
def folder(tmp_path):
    """A drop folder: an older batch, and one with a file of each format."""
    old, new = tmp_path / "in" / "2026-11-01", tmp_path / "in" / "2026-11-22"
    for batch in (old, new):
        batch.mkdir(parents=True)
    (old / "旧.csv").write_text("编号,姓名\n1,张三\n", "utf-8")
    (new / "职工.csv").write_bytes("职工编号,姓名,性别\n1,张三,1\n".encode("gb18030"))
    (new / "anjian.jsonl").write_text(
        '{"zgbh": "1", "ajbh": "A1", "slrq": "20260101", "aq": "张三被欠薪"}\n', "utf-8"
    )
    book = Workbook()
    book.active.title = "会员"
    book.active.append(["职工编号", "会员证号", "工会名称", "会员状态", 17, None])
    book.active.append(["1", "H1", "某工会", "正常"])
    book.create_sheet("说明")
    book.save(new / "book.xlsx")
    (new / "~$book.xlsx").write_bytes(b"lock")
    (new / "manifest.json").write_text("{}")
    return tmp_path


def test_the_heads_of_a_batch_are_read_in_every_format(folder):
    told = init("files", folder)
    made = drafted(told)
    assert made.kind(RecordKind.WORKER).source == "职工.csv"
    assert made.kind(RecordKind.MEMBERSHIP).source == "book.xlsx#会员"
    assert made.kind(RecordKind.RIGHTS_CASE).source == "anjian.jsonl"
    for never in ("张三", "某工会", "旧.csv"):
        assert never not in told.output


def test_a_file_that_cannot_be_read_is_named(folder):
    (folder / "in" / "2026-11-22" / "torn.xlsx").write_bytes(b"PK\x03\x04 torn")
    told = init("files", folder)
    assert told.exit_code == 1
    assert "torn.xlsx" in told.stderr
    assert init("files", folder / "nothing").exit_code == 1


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(folder, monkeypatch):
    monkeypatch.setattr("connectors.drafting.folder._WORDS", 100)
    told = init("files", folder / "in" / "2026-11-22" / "book.xlsx")
    assert told.exit_code == 1
