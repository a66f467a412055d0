"""The documents keep their word: what they show works, and they fit together."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from hub.audit.entries import draft_of_alarm
from hub.config.load import load
from hub.config.settings import Settings
from hub.credential.keys import new_key, public_jwk
from hub.store.audit import AuditBook
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from hub.web.trusted import hash_of
from schema.graph.build import build_schema as build_hub
from schema.records.verdict import Alarm
from tests.audit.samples import AT, WORKER, draft
from tests.house.documents import (
    DOCUMENTS,
    FENCE,
    HEADING,
    READMES,
    ROOT,
    RUNBOOK,
    Block,
    blocks,
    named,
    prose,
    read,
    rows,
)


def provincial() -> GraphQLSchema:
    text = read("schema/province.graphql")
    return build_schema(
        re.sub(r"^extend schema .*$", "", text, flags=re.MULTILINE)
        + """
        directive @key(fields: String!) repeatable on OBJECT
        scalar _Any
        union _Entity = Worker
        type _Service { sdl: String! }
        extend type Query {
            _entities(representations: [_Any!]!): [_Entity]!
            _service: _Service!
        }
        """
    )


@pytest.mark.parametrize("one", blocks("graphql", "graphql province"), ids=named)
def test_every_query_that_is_shown_is_one_that_is_served(one):
    hub = build_hub()._schema
    served = provincial() if one.info.endswith("province") else hub

    assert validate(served, parse(one.text)) == []


def test_the_sdl_that_partners_are_shown_is_sound_and_lets_workers_be_null():
    (partner,) = blocks("graphql partner")
    sdl = re.sub(r"^extend schema .*$", "", partner.text, flags=re.MULTILINE)
    served = build_schema("directive @key(fields: String!) on OBJECT\n" + sdl)

    listed = served.query_type.fields["beneficiaries"].type
    assert str(listed) == "[Worker]!"


@pytest.mark.parametrize("one", blocks("json"), ids=named)
def test_every_json_that_is_shown_is_json(one):
    assert isinstance(json.loads(one.text), dict)


@pytest.mark.parametrize("document", READMES)
def test_the_curl_that_is_shown_asks_what_is_served(document):
    shown = [one.text for one in blocks("sh") if one.document == document]
    bodies = re.findall(r"-d '(\{.*?\})'", "\n".join(shown), re.DOTALL)

    assert bodies
    for body in bodies:
        assert validate(build_hub()._schema, parse(json.loads(body)["query"])) == []


def test_the_answer_that_is_shown_has_the_shape_of_the_query_beside_it():
    (query,) = (
        one.text
        for one in blocks("graphql")
        if one.document == "README.md" and "$number" in one.text
    )
    whole, cut = (
        json.loads(one.text)
        for one in blocks("json")
        if one.document == "README.md" and "completeness" in one.text
    )
    told = set(re.findall(r"\w+", query))

    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {n for v in value.values() for n in names(v)}
        return (
            {n for v in value for n in names(v)} if isinstance(value, list) else set()
        )

    assert names(whole) - {"data"} <= told
    assert names(cut) <= told


def _variables(text: str) -> dict[str, str]:
    """Set every variable that settings name."""
    found = re.findall(r'\w+_env = "(\w+)"', text)
    secrets = {
        name: bytes(range(n, n + 32)).hex()
        for n, name in enumerate(found)
        if "DATABASE" not in name
    }
    # Where a key is wanted, 32 bytes are none.
    key = new_key("EdDSA")
    for name in re.findall(r'key_env = "(\w+)"', text):
        secrets[name] = json.dumps(key.as_dict(private=True))
    for name in re.findall(r'jwks_env = "(\w+)"', text):
        secrets[name] = json.dumps({"keys": [public_jwk("1", key)]})
    return secrets | {"HUB_DATABASE_URL": "postgresql://hub@127.0.0.1/hub"}


def _load(hub: str, provinces: dict[str, str], at: Path) -> Settings:
    """Load settings that stand in files, with all that they name in its place."""
    (at / "provinces").mkdir()
    (at / "documents").mkdir()
    shutil.copytree(ROOT / "deploy/policies", at / "policies")
    (at / "hub.toml").write_text(hub, "utf-8")
    for code, text in provinces.items():
        (at / f"provinces/{code}.toml").write_text(text, "utf-8")
        for path in re.findall(r'_file = "(.+)"', text):
            named_file = at / "provinces" / path
            named_file.parent.mkdir(exist_ok=True)
            named_file.write_text("")
        for path in re.findall(r'^directory = "(.+)"', text, re.MULTILINE):
            (at / "provinces" / path).mkdir(parents=True)
    return load(at / "hub.toml", _variables("\n".join((hub, *provinces.values()))))


def _whole() -> str:
    (text,) = (
        one.text for one in blocks("toml") if one.text.startswith("# hub.toml\n")
    )
    return text


def _with_part(part: str) -> str:
    """Put a part of the settings in the place of what the example says."""
    replaced = set(tomllib.loads(part))
    pieces = re.split(r"^(?=\[)", _whole(), flags=re.MULTILINE)
    kept = [
        piece
        for piece in pieces
        if not (head := re.match(r"\[+(\w+)", piece)) or head[1] not in replaced
    ]
    return "".join(kept) + "\n" + part


SETTINGS_SHOWN = [
    # A client's own file is tried by tests/peers.
    one
    for one in blocks("toml")
    if not one.text.startswith("# pyproject.toml\n")
]


@pytest.mark.parametrize("one", SETTINGS_SHOWN, ids=named)
def test_every_setting_that_is_shown_loads(one, tmp_path):
    head = one.text.splitlines()[0]
    province = re.fullmatch(r"# (?:at-hub/)?provinces/(\d\d)\.toml", head)
    if province:
        settings = _load(_whole(), {province[1]: one.text}, tmp_path)
        assert [each.code for each in settings.provinces] == [province[1]]
        return
    assert head in {"# hub.toml", "# hub.toml, in part"}
    text = one.text if head == "# hub.toml" else _with_part(one.text)
    settings = _load(text, {}, tmp_path)
    for table in set(tomllib.loads(one.text)) - {"defaults", "provinces_dir"}:
        assert table in settings.model_fields_set


@pytest.mark.parametrize("document", READMES)
def test_the_hash_that_is_shown_is_that_of_the_look_up_of_our_peers(document):
    (shown,) = re.findall(r"sha256:([0-9a-f]{64})", read(document))

    assert shown == hash_of(read("tests/peers/look_up.graphql").strip())


@pytest.mark.parametrize("document", READMES)
def test_a_readme_begins_with_the_two_commands_and_the_picture(document):
    opening = read(document).split("\n## ")[0]
    first, *others = FENCE.findall(opening)

    assert [line.split("#")[0].strip() for line in first[2].splitlines()] == [
        "make demo",
        "make test",
    ]
    assert [info for _, info, _ in others] == ["mermaid"] * 4


def test_both_readmes_are_built_alike():
    english, chinese = (
        (
            [len(marks) for marks, _ in HEADING.findall(prose(document))],
            [one.info for one in _blocks_of(document)],
            [one.text for one in _blocks_of(document) if one.info not in _TRANSLATED],
            len(list(rows(prose(document)))),
            {link.replace(".zh-CN", "") for link in _links(document) - set(READMES)},
        )
        for document in READMES
    )

    assert english == chinese


#: Blocks with words for people; all others are the same in both languages.
_TRANSLATED = {"mermaid", "sh", "text"}


def _blocks_of(document: str) -> list[Block]:
    infos = {info.strip() for _, info, _ in FENCE.findall(read(document))}
    return [one for one in blocks(*infos) if one.document == document]


def _links(document: str) -> set[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", prose(document))
    return {link for link in found if not link.startswith(("http:", "https:"))}


def _anchors(document: str) -> set[str]:
    """Tell the anchors that GitHub makes of the headings."""
    return {
        re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        for _, title in HEADING.findall(prose(document))
    }


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document):
    for link in _links(document):
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), link
        if anchor:
            inside = target.resolve().relative_to(ROOT).as_posix()
            assert anchor in _anchors(inside), link


def test_no_document_shows_a_token_or_a_place_of_one_machine():
    marks = re.compile(r"eyJ[\w-]{10,}|/(home|root|tmp|work|Users)/")
    found = [d for d in DOCUMENTS if marks.search(read(d))]

    assert found == []


def _statement(mark: str) -> str:
    (found,) = (
        one.text
        for one in blocks("sql")
        if one.document == RUNBOOK and mark in one.text
    )
    return found


async def test_the_statement_that_finds_alarms_finds_them_alone(database_url):
    alarm = Alarm(
        whose="office",
        subject="officer-9",
        office="81440300MC1234567A",
        province="44",
        misses=2001,
        limit=2000,
        window=600,
        request="r9",
    )
    pool = await open_pool(DatabaseSettings(url=database_url, min_connections=1))
    try:
        await AuditBook(pool).append([draft(1), draft_of_alarm(alarm, AT), draft(2)])
        async with pool.connection() as connection:
            found = await (await connection.execute(_statement("tag ="))).fetchall()
    finally:
        await pool.close()

    assert [row[2:] for row in found] == [
        ("office", "officer-9", "81440300MC1234567A", "2001", "r9")
    ]


async def test_the_statement_that_tells_who_looked_tells_it(database_url):
    statement = _statement("worker_id")
    statement = re.sub(r"'[0-9a-f-]{36}'", f"'{WORKER}'", statement)
    pool = await open_pool(DatabaseSettings(url=database_url, min_connections=1))
    try:
        await AuditBook(pool).append([draft(1), draft(2)])
        async with pool.connection() as connection:
            looks = await (await connection.execute(statement)).fetchall()
    finally:
        await pool.close()

    assert [
        (who, purpose, request) for _, _, _, who, _, _, purpose, _, _, request in looks
    ] == [
        ("officer-2", "MEMBERSHIP_SERVICE", "r2"),
        ("officer-1", "MEMBERSHIP_SERVICE", "r1"),
    ]
