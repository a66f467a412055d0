"""The code calls things as the glossary does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from tests.house.documents import (
    ROOT,
    read,
    rows,
)

#: Words of the glossary's last column that the code must use for what libraries
#: and standards call so, each with the reason. All others are forbidden as a word
#: of a class, function or module.
LEGITIMATE = {
    "broker": "in hub/feeds it hands events to every process; the hub itself is none",
    "channel": "JoinChannel (入会渠道) is a field of the province contract",
    "delta": "timedelta is the standard library's",
    "duplicate": "a duplicate membership, which is a question to people; a link has a twin",
    "entity": "federation's term, and Cedar's",
    "error": "Python's exceptions end in Error; GraphQL's `errors`",
    "exception": "logging's formatException",
    "filter": "logging's Filter.filter",
    "hash": "__hash__",
    "history": "membershipHistory; what a saga writes is the journal",
    "id": "resident ID number, request id, GraphQL's `id`",
    "job": "procrastinate's wake-up call; what a province is asked is a command",
    "mapping": "a province's mapping file; the statement about a person is a link",
    "match": "a regular expression matches",
    "message": "a field of refusals and faults; HTTP messages",
    "metadata": "SQLAlchemy's MetaData",
    "migrate": "the tables are migrated: Alembic's word",
    "migration": "a migration of the tables: Alembic's word",
    "model": "pydantic's base class of settings",
    "move": "the breaker moves to a phase; no worker does here",
    "new": "used plainly",
    "object": "used plainly",
    "old": "used plainly",
    "publisher": "puts keys and the status list of credentials out",
    "queue": "procrastinate's, of jobs; commands stand in the outbox",
    "reason": "why a token is refused: never said to the caller",
    "record": "it is the word for a canonical row, and not for a province's",
    "registry": "of connectors and of kinds; the table of links has another name",
    "resolve": "people resolve a duplicate membership",
    "result": "LinkResult: what came of one statement",
    "results": "as result",
    "role": "LEAD, CO_HANDLER, FOLLOWER: what a union is in a rights case",
    "schema": "the package's and GraphQL's",
    "server": "the HTTP server and its settings, not the hub",
    "service": "`_Service` is federation's",
    "session": "aiohttp's",
    "source": "it is the word for where a value comes from",
    "status": "HTTP's, and how a thing stands",
    "stream": "a file or socket that is read piece by piece",
    "subscription": "GraphQL's",
    "timeout": "asyncio's",
    "transfer": "it is the word for moving a membership",
    "type": "GraphQL's and Python's",
    "uuid": "a transfer's id is one; a person's is the worker id",
    "worker": "it is the word for a person, never for a process",
}

#: Methods of libraries that we override: their names are not ours to choose.
OVERRIDES = {
    "send_400_response": "uvicorn's HTTP protocol",
    "on_response_complete": "uvicorn's HTTP protocol",
}


def _words_to_avoid() -> set[str]:
    found = set()
    for row in rows(read("GLOSSARY.md")):
        if row[0].startswith("**"):
            plain = re.sub(r"\(.*?\)", "", row[2]).replace("*", "")
            found |= {word.strip() for word in re.split(r"[,/]", plain) if word.strip()}
    return found


def _names() -> Iterator[tuple[str, str]]:
    for room in ("hub", "connectors", "schema"):
        for path in (ROOT / room).rglob("*.py"):
            where = path.relative_to(ROOT)
            yield from (
                (part, where.as_posix()) for part in where.with_suffix("").parts
            )
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(
                        node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
                    )
                    and node.name not in OVERRIDES
                ):
                    yield node.name, f"{where.as_posix()}: {node.name}"


def test_no_name_in_the_code_is_one_that_the_glossary_avoids():
    avoided = {word.replace(" ", "") for word in _words_to_avoid() - set(LEGITIMATE)}
    found = set()
    for name, where in _names():
        words = [
            word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
        ]
        pairs = ["".join(pair) for pair in pairwise(words)]
        for word in (*words, *pairs):
            if avoided & {word, word.removesuffix("s")}:
                found.add(f"{where} ({word})")

    assert len(avoided) > 40
    assert found == set()


def test_every_exception_from_the_glossary_is_of_the_glossary():
    assert set(LEGITIMATE) - _words_to_avoid() <= {"new", "old", "delta"}
