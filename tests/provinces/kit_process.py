"""The province kit as a process of its own, before a SQLite file."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine

from connectors.port import WHOLE_CONTRACT
from tests.provinces import over_sql, own_tables
from tests.provinces.over_kit import TOKEN

ROOT = Path(__file__).parents[2]
SETTINGS = """
name_zh = "广东"
name_en = "Guangdong"
kind = "sql"
mapping_file = "44.mapping.toml"
[sql]
url_env = "OWN_DATABASE"
inbox = "hub_inbox"
changes = "hub_log"
receipt_wait = "1500ms"
"""
SERVED = re.compile(r"is served at (\S+)$", re.MULTILINE)


def files(place, workers):
    """Write the files of a province: settings, mapping, and a database with rows."""
    engine = create_engine(f"sqlite:///{place / 'own.sqlite'}")
    over_sql.make(engine)
    with engine.begin() as connection:
        own_tables.fill(connection, workers)
    engine.dispose()
    mapping = own_tables.mapping_text(WHOLE_CONTRACT.fields)
    (place / "44.mapping.toml").write_text(mapping, "utf-8")
    (place / "44.toml").write_text(SETTINGS, "utf-8")


def environ(place, **more):
    own = {
        "OWN_DATABASE": f"sqlite:///{place / 'own.sqlite'}",
        "PROVINCE_TOKEN": TOKEN,
        "COLUMNS": "120",
    }
    kept = {n: v for n, v in os.environ.items() if not n.startswith("HUB")}
    told = {**kept, **own, **more}
    return {name: value for name, value in told.items() if value is not None}


def argv(place, *more):
    serve = ["province", "serve", "--from", str(place / "44.toml"), "--port", "0"]
    return [sys.executable, "-m", "hub", *serve, *more]


@contextlib.contextmanager
def serving(place, *more, **variables):
    """Run it; tell where it serves, what it said, and the process. Its log is a file:
    a pipe that nobody empties would hold it up."""
    with (place / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            argv(place, *more),
            cwd=ROOT,
            env=environ(place, **variables),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        said = ""
        try:
            while not (found := SERVED.search(said)):
                line = process.stdout.readline()
                assert line, (place / "log").read_text("utf-8")
                said += line
            yield found[1], said, process
        finally:
            process.kill()
            process.communicate()
