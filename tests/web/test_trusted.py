"""Documents by their hash: registered ones, remembered ones, and who must use them."""

from __future__ import annotations

import hashlib
import json

import pytest

from hub.access.caller import Caller
from hub.config.callers import TrustedSettings
from hub.config.mistakes import BadSettings
from hub.config.server import LimitSettings
from hub.web.documents import Documents
from hub.web.registered import by_hash, read_directory
from hub.web.trusted import Trusted
from tests.web.serving import NUMBER, schema

HELLO = "query Hello { hello }"
WHO = "{who}"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def read(directory):
    return read_directory(directory, Documents(schema(), LimitSettings()))


@pytest.fixture
def kept(tmp_path):
    """A directory with a document, and both forms of a manifest."""
    (tmp_path / "hello.graphql").write_text(HELLO + "\n")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "relay.json").write_text(json.dumps({sha(WHO): WHO}))
    (tmp_path / "apollo.json").write_text(
        json.dumps(
            {
                "format": "apollo-persisted-query-manifest",
                "operations": [
                    {"id": sha("{__typename}"), "name": "T", "body": "{__typename}"}
                ],
            }
        )
    )
    (tmp_path / "README.md").write_text("not a document")
    return tmp_path


@pytest.fixture
def ask_trusting(ask_with, kept):
    """Ask a hub with registered documents and these settings."""

    def make(scopes=(), also=None, **trusted):
        made = {
            "registered": by_hash(read(kept)),
            "trusted": TrustedSettings(**trusted),
            "scopes": frozenset(scopes),
        }
        return ask_with(**made, **(also or {}))

    return make


def test_all_forms_are_read_and_each_document_has_its_hash(kept):
    listed = read(kept)

    assert {one.hashes[0] for one in listed} == {
        sha(HELLO), sha(WHO), sha("{__typename}")
    }  # fmt: skip
    assert sha(HELLO + "\n") in by_hash(listed)
    assert {one.operations for one in listed} == {("Hello",), ("query",)}


def test_every_mistake_in_every_file_is_told(tmp_path):
    (tmp_path / "a.graphql").write_text("{helo}")
    (tmp_path / "b.graphql").write_text("{hello")
    (tmp_path / "c.json").write_text("[1]")
    (tmp_path / "d.json").write_text(json.dumps({sha("x"): HELLO}))
    (tmp_path / "e.graphql").write_bytes(b"\xff\xfe")
    (tmp_path / "f.json").write_text("{")
    (tmp_path / "g.graphql").write_text(f'{{echo(text:"{NUMBER}")}}')

    with pytest.raises(BadSettings) as bad:
        read(tmp_path)

    files = [one.file for one in bad.value.mistakes]
    assert files == [f"{c}.{k}" for c, k in zip(
        "abcdefg", ["graphql", "graphql", "json", "json", "graphql", "json", "graphql"], strict=True
    )]  # fmt: skip
    assert all(one.message.zh and one.remedy.en for one in bad.value.mistakes)
    assert NUMBER not in str(bad.value)


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "sha256:" + sha(HELLO)},
        {"documentId": sha(HELLO).upper()},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(HELLO)}}},
        {"documentId": "sha256:" + sha(HELLO), "query": HELLO},
        {"documentId": "sha256:" + sha(HELLO + "\n")},
    ],
)
async def test_a_registered_document_runs_by_its_hash_in_both_forms(ask_trusting, body):
    async with ask_trusting() as ask:
        answer = await ask(data=json.dumps(body))

    assert answer.json == {"data": {"hello": "world"}}


async def test_it_runs_by_get_too(ask_trusting):
    async with ask_trusting() as ask:
        by_id = await ask(method="GET", path=f"/graphql?documentId=sha256:{sha(HELLO)}")
        apq = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": sha(WHO)}})
        by_apq = await ask(method="GET", path="/graphql", params={"extensions": apq})

    assert by_id.json == {"data": {"hello": "world"}}
    assert by_apq.json == {"data": {"who": "officer"}}


async def test_an_unknown_hash_is_told_as_apollos_clients_expect(ask_trusting):
    async with ask_trusting() as ask:
        apq = {"persistedQuery": {"version": 1, "sha256Hash": sha("{hello}")}}
        answer = await ask(data=json.dumps({"extensions": apq}))
        strict = await ask(
            data=json.dumps({"extensions": apq}),
            headers={"Accept": "application/graphql-response+json"},
        )

    assert (answer.status, strict.status) == (200, 400)
    assert answer.code == "PERSISTED_QUERY_NOT_FOUND"
    assert answer.error["message"] == "PersistedQueryNotFound"
    assert "data" not in strict.json


async def test_a_hash_of_another_document_is_refused(ask_trusting):
    async with ask_trusting() as ask:
        answer = await ask("{hello}", also={"documentId": "sha256:" + sha(HELLO)})

    assert answer.code == "PERSISTED_QUERY_MISMATCH"


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "x"},
        {"documentId": 1},
        {"documentId": "md5:" + "0" * 32},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "0" * 64}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 1}}},
        {"extensions": {"persistedQuery": []}},
    ],
)
async def test_what_is_no_hash_is_400(ask, body):
    answer = await ask(data=json.dumps(body))

    assert (answer.status, answer.code) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("same", [True, False])
async def test_two_hashes_must_name_the_same_document(ask_trusting, same):
    apq = {"version": 1, "sha256Hash": sha(HELLO if same else WHO)}
    body = {"documentId": sha(HELLO), "extensions": {"persistedQuery": apq}}
    async with ask_trusting() as ask:
        answer = await ask(data=json.dumps(body))

    assert (answer.status == 200) is same
    assert same or "different documents" in answer.error["message"]


async def test_nothing_is_remembered_unless_the_settings_want_it(ask_trusting):
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha("{hello}")}}}  # fmt: skip
    async with ask_trusting() as ask:
        sent = await ask("{hello}", also=named)
        again = await ask(data=json.dumps(named))
    assert sent.json == {"data": {"hello": "world"}}
    assert again.code == "PERSISTED_QUERY_NOT_FOUND"

    async with ask_trusting(auto=True) as ask:
        await ask("{hello}", also=named)
        again = await ask(data=json.dumps(named))
    assert again.json == {"data": {"hello": "world"}}


async def test_what_is_remembered_has_a_bound_and_never_holds_a_number(ask_trusting):
    async with ask_trusting(auto=True, auto_documents=2) as ask:
        texts = [f"{{a{i}:hello}}" for i in range(3)]
        texts.append(f'{{echo(text:"{NUMBER}")}}')
        texts.append("{helo}")
        for text in texts:
            await ask(text, also={"documentId": sha(text)})
        codes = [
            (await ask(data=json.dumps({"documentId": sha(text)}))).json.get("data")
            for text in texts
        ]

    assert codes == [None, {"a1": "world"}, {"a2": "world"}, None, None]


async def test_a_confined_caller_runs_registered_documents_only(ask_trusting):
    async with ask_trusting(scopes={"kiosk"}, only_for=("kiosk",), auto=True) as ask:
        by_hash = await ask(data=json.dumps({"documentId": sha(HELLO)}))
        whole = await ask(HELLO)
        free = await ask("{hello}", headers={"Accept-Language": "zh"})
        named = await ask("{hello}", also={"documentId": sha("{hello}")})
        unknown = await ask(data=json.dumps({"documentId": sha("{hello}")}))

    assert by_hash.json == whole.json == {"data": {"hello": "world"}}
    assert (free.status, free.code) == (403, "DOCUMENT_NOT_TRUSTED")
    assert "已登记" in free.error["message"]
    assert named.code == "DOCUMENT_NOT_TRUSTED"
    assert unknown.code == "PERSISTED_QUERY_NOT_FOUND"


async def test_others_are_free_and_an_issuer_can_be_confined_as_a_whole(ask_trusting):
    async with ask_trusting(only_for=("kiosk",)) as ask:
        assert (await ask("{hello}")).status == 200
    async with ask_trusting(only_for_issuers=("issuer",)) as ask:
        assert (await ask("{hello}")).status == 403


async def test_no_limit_holds_for_a_registered_document_but_those_of_its_variables(
    ask_trusting,
):
    async with ask_trusting(
        also={"limits": {"depth": 1, "cost": 1, "tokens": 2}}
    ) as ask:
        registered = await ask(data=json.dumps({"documentId": sha(HELLO)}))
        many = {"documentId": sha(HELLO), "variables": {"a": [1] * 20_000}}
        values = await ask(data=json.dumps(many))

    assert registered.json == {"data": {"hello": "world"}}
    assert (values.status, values.code) == (413, "PAYLOAD_TOO_LARGE")


async def test_the_graph_is_open_to_a_scope_though_closed_to_others(ask_with):
    closed = {"introspection": False, "introspection_scopes": ("graph:read",)}
    async with ask_with(server=closed) as ask:
        hidden = await ask("{__schema{queryType{name}}}")
        wrong = await ask("{helo}")
    async with ask_with(server=closed, scopes=frozenset({"graph:read"})) as ask:
        shown = await ask("{__schema{queryType{name}}}")
        suggested = await ask("{helo}")

    assert hidden.code == "INTROSPECTION_OFF"
    assert "hello" not in wrong.body.decode()
    assert shown.json == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    assert "hello" in suggested.body.decode()


def test_a_document_known_from_one_who_may_see_the_graph_stays_closed_to_others():
    documents = Documents(schema(), LimitSettings())
    text = "{__schema{queryType{name}}}"
    documents.prepare(text, {}, closed=False)

    with pytest.raises(Exception, match="INTROSPECTION_OFF"):
        documents.prepare(text, {}, closed=True)


def test_who_is_confined_is_a_matter_of_scope_and_issuer():
    trusted = Trusted(TrustedSettings(only_for=("kiosk",), only_for_issuers=("b",)), {})

    def who(issuer, *scopes):
        return Caller("s", issuer, "o", "44", frozenset(scopes), 2e9)

    assert trusted.confined(who("a", "kiosk", "worker:read"))
    assert trusted.confined(who("b"))
    assert not trusted.confined(who("a", "worker:read"))
