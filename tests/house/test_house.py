"""The house keeps its own rules: floors, sizes, names, purity, secrets."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("hub", "connectors", "schema", "deploy", "tests")
FORBIDDEN = {
    "utils", "util", "helpers", "helper", "common", "core", "base", "manager",
    "service", "misc",
}  # fmt: skip
MOST_LINES = 300
#: The one place of a file that may skip tests for what a machine lacks, and why. A
#: skipped test is reported by its name, with the reason.
MAY_SKIP = {
    "tests/peers/kept.py": "gateways, clients and provinces of others run on Node",
    "tests/demo/test_demo.py": "one test pastes a line into a shell that has curl",
    "tests/demo/test_postgres.py": "only root can lend PostgreSQL another user",
    "tests/web/test_explorer.py": "a person's part is played in chromium, and Node bundles",
}
#: What decides does not touch the world.
DECIDERS = (
    "hub/reading/merge.py",
    "hub/reading/survivorship.py",
    "hub/access/masking.py",
    "hub/audit/chain.py",
    "hub/identity/resident_id.py",
    "hub/web/cost.py",
    "hub/web/list_sizes.py",
    "hub/web/throttle.py",
    "hub/access/enumeration.py",
    "hub/tracing/trace_context.py",
    "hub/tracing/otlp.py",
    "hub/runner/signing.py",
    "hub/runner/backoff.py",
    "hub/transfer/duplicate_deciding.py",
    "hub/transfer/record.py",
    "hub/transfer/acting.py",
    "hub/transfer/sight.py",
    "hub/rules/workdays.py",
    "hub/rules/periods.py",
    "hub/following/arrears.py",
    "hub/following/employers.py",
    "hub/following/indicators.py",
    "hub/following/thresholds.py",
    "hub/following/venue_rules.py",
    "hub/following/venue.py",
    "hub/following/places.py",
    "hub/following/agreements.py",
    "hub/following/clock_rules.py",
    "hub/following/clock_fold.py",
    "hub/following/clocks.py",
    "hub/following/clock_words.py",
    "hub/following/clock_facts.py",
    "hub/organisation/checking.py",
    "hub/organisation/directory.py",
    "hub/transfer/saga.py",
    "hub/transfer/turns.py",
    "hub/transfer/states.py",
    "hub/transfer/limits.py",
    "hub/transfer/invariants.py",
    "hub/transfer/model.py",
    "hub/transfer/picture.py",
    "hub/following/case.py",
    "hub/following/decision.py",
    "hub/following/facts.py",
    "hub/following/invariants.py",
    "hub/following/leading.py",
    "hub/following/model.py",
    "hub/following/picture.py",
    "hub/following/roles.py",
    "hub/following/sight.py",
    "hub/following/showing.py",
    "hub/following/due_showing.py",
    "hub/following/states.py",
    "hub/following/tasks.py",
    "hub/following/timeline.py",
    "hub/following/arrivals.py",
    "hub/following/told_facts.py",
    "hub/web/callback_signature.py",
    "connectors/told_changes.py",
    "connectors/graphql/changes.py",
    "hub/following/working.py",
    "connectors/breaker.py",
    "connectors/retry.py",
    "connectors/conformance/comparing.py",
    "connectors/conformance/html.py",
    "connectors/conformance/junit.py",
    "connectors/conformance/sdl.py",
    "connectors/filedrop/act_words.py",
    "connectors/filedrop/judging.py",
    "connectors/filedrop/mirroring.py",
    "connectors/mapping/assembling.py",
    "connectors/mapping/cells.py",
    "connectors/mapping/codes.py",
    "connectors/mapping/dates.py",
    "connectors/mapping/divisions.py",
    "connectors/drafting/mapping_draft.py",
    "connectors/mapping/entries.py",
    "connectors/drafting/code_lists.py",
    "connectors/drafting/guessing.py",
    "connectors/drafting/heads.py",
    "connectors/drafting/introspection.py",
    "connectors/drafting/openapi.py",
    "connectors/drafting/openapi_rows.py",
    "connectors/drafting/settings_draft.py",
    "connectors/drafting/trees.py",
    "connectors/mapping/loading.py",
    "connectors/mapping/names.py",
    "connectors/mapping/natures.py",
    "connectors/mapping/notes.py",
    "connectors/mapping/numbers.py",
    "connectors/mapping/picking.py",
    "connectors/mapping/positions.py",
    "connectors/mapping/rows.py",
    "connectors/mapping/texts.py",
    "connectors/rest/addresses.py",
    "connectors/rest/fitting.py",
    "connectors/rest/links.py",
    "connectors/mapping/near.py",
    "connectors/own_words/fitting.py",
    "connectors/own_words/joining.py",
    "connectors/meeting.py",
    "connectors/own_words/log.py",
    "connectors/own_words/paging.py",
    "connectors/own_words/reading.py",
    "connectors/own_words/signing.py",
    "connectors/own_words/words.py",
    "connectors/foreign/arguments.py",
    "connectors/foreign/declaring.py",
    "connectors/foreign/document.py",
    "connectors/foreign/fitting.py",
    "connectors/foreign/reading.py",
    "connectors/graphql/document.py",
    "connectors/graphql/decode.py",
    "connectors/graphql/envelope.py",
    "schema/graph/selecting.py",
    "schema/graph/claims.py",
    "schema/graph/stays.py",
    "hub/web/row_cursor.py",
)
OF_THE_WORLD = {
    "asyncio", "logging", "os", "random", "socket", "time", "uuid", "sqlalchemy",
    "psycopg", "starlette", "strawberry",
}  # fmt: skip


def sources(*packages: str) -> list[Path]:
    found = [p for name in packages for p in sorted((ROOT / name).rglob("*.py"))]
    return [path for path in found if "__pycache__" not in path.parts]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_import_keeps_to_its_floor():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {
        named(path): lines
        for path in sources("hub", "connectors", "schema", "deploy")
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [named(p) for p in sources(*CODE) if p.stem in FORBIDDEN] == []


def test_every_module_says_what_it_is():
    silent = [
        named(path)
        for path in sources("hub", "connectors", "schema", "deploy")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert silent == []


def test_the_init_of_a_package_is_one_sentence():
    busy = [
        named(path)
        for path in sources("hub", "connectors", "schema")
        if path.name == "__init__.py"
        and len(ast.parse(path.read_text("utf-8")).body) != 1
    ]

    assert busy == []


@pytest.mark.parametrize("path", DECIDERS)
def test_what_decides_does_not_touch_the_world(path):
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    asynchronous = [n for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef)]

    allowed = {"strawberry"} if path.startswith("schema/graph") else set()
    assert imported & OF_THE_WORLD - allowed == set()
    assert asynchronous == []


def test_a_test_is_skipped_only_where_the_house_knows_why():
    skips = re.compile(r"pytest\.(mark\.)?(skip|skipif|importorskip)\(")
    found = {
        named(path): count
        for path in sources(*CODE)
        if path != Path(__file__)
        and (count := len(skips.findall(path.read_text("utf-8"))))
    }

    assert found == dict.fromkeys(MAY_SKIP, 1)


def test_nothing_is_left_unfinished():
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|xfail")
    found = [
        f"{named(path)}:{number}"
        for path in sources(*CODE)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if marks.search(line)
    ]

    assert found == []


def test_the_requirements_are_locked_with_hashes_and_without_addresses():
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]

        assert pinned
        assert "://" not in text
        assert all("==" in line for line in pinned)
        assert text.count("--hash=sha256:") >= len(pinned)


def test_what_is_declared_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = (ROOT / "requirements-dev.txt").read_text("utf-8").lower()

    missing = [
        name
        for one in declared
        if (name := re.split(r"[\[><=; ]", one)[0].lower())
        and not re.search(rf"^{re.escape(name)}(\[|==)", locked, re.MULTILINE)
    ]

    assert missing == []


def test_no_tracked_file_names_this_machine():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    home = str(Path.home())
    places = [str(ROOT), *([] if home == "/" else [f"{home}/"])]
    leaks = [
        name
        for name in tracked
        if name
        and (path := ROOT / name).is_file()
        and any(place in path.read_text("utf-8", "replace") for place in places)
    ]

    assert leaks == []
