"""Adapter: reads the documents that the operator registers, and checks each.

A ``.graphql`` file is one document. A ``.json`` file is a manifest, as tools of
clients write it: an object of documents by hash (Relay, GraphQL Code Generator), or
Apollo's ``{"operations": [{"id": …, "body": …}]}``. A document is known by the
SHA-256 of its text; of a ``.graphql`` file also without the blank space around it,
as editors end a file with a line break that clients do not send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from graphql import OperationDefinitionNode

from hub.config.mistakes import BadSettings, Mistake
from hub.web.documents import Prepared
from hub.web.errors import BadRequest
from hub.web.scrub import holds_number
from hub.web.trusted import hash_of
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.web.documents import Documents

_UNREADABLE = (
    Bilingual("文件无法读取。", "The file cannot be read."),
    Bilingual(
        "文件须为 UTF-8，并允许枢纽读取。",
        "It must be UTF-8, and the hub must be allowed to read it.",
    ),
)
_NO_MANIFEST = (
    Bilingual(
        "这不是已登记文档的清单。", "This is no manifest of registered documents."
    ),
    Bilingual(
        '请写成 {"摘要": "文档"}，或 Apollo 的 {"operations": [{"id": "摘要", "body": "文档"}]}。',
        'Write {"hash": "document"}, or Apollo\'s {"operations": [{"id": "hash",'
        ' "body": "document"}]}.',
    ),
)
_OTHER_HASH = (
    Bilingual(
        "清单中的摘要不是该文档的 SHA-256。",
        "The hash in the manifest is not the SHA-256 of the document.",
    ),
    Bilingual(
        "请用客户端工具重新生成清单；摘要算法须为 sha256（十六进制）。",
        "Make the manifest anew with the client's tool, with sha256 in hex.",
    ),
)
_HOLDS_NUMBER = (
    Bilingual(
        "文档里有疑似居民身份号码的数字。",
        "The document holds what may be a resident ID number.",
    ),
    Bilingual("请改用变量传值。", "Pass it as a variable."),
)


class Listed(msgspec.Struct, frozen=True):
    """One registered document.

    Attributes:
        hashes: The names by which it is known, the first being the one to use.
        file: Where it stands.
        operations: The names of its operations.
        prepared: Ready to run.
    """

    hashes: tuple[str, ...]
    file: str
    operations: tuple[str, ...]
    prepared: Prepared


class _Found(msgspec.Struct, frozen=True):
    """A document as it stands in a file; ``named`` by a manifest, else empty."""

    file: str
    key: str
    text: str
    named: str = ""


def read_directory(directory: Path, documents: Documents) -> list[Listed]:
    """Read and check all documents of a directory, the ones below it too.

    Args:
        directory: Where they are.
        documents: Prepares them.

    Raises:
        BadSettings: With every mistake of every file.
    """
    mistakes: list[Mistake] = []
    listed = []
    for path in sorted(directory.rglob("*")):
        if path.suffix not in {".graphql", ".gql", ".json"} or not path.is_file():
            continue
        shown = str(path.relative_to(directory))
        try:
            found = list(_documents_of(path, shown))
        except (OSError, UnicodeDecodeError):
            mistakes.append(Mistake(shown, "", *_UNREADABLE))
            continue
        except (orjson.JSONDecodeError, _NotAManifestError):
            mistakes.append(Mistake(shown, "", *_NO_MANIFEST))
            continue
        for one in found:
            wrong, made = _check(one, documents)
            mistakes += wrong
            listed += made
    if mistakes:
        raise BadSettings(mistakes)
    return listed


def by_hash(listed: list[Listed]) -> dict[str, Prepared]:
    """Arrange registered documents by all of their hashes."""
    return {name: one.prepared for one in listed for name in one.hashes}


class _NotAManifestError(Exception):
    """A JSON file has another shape."""


def _documents_of(path: Path, shown: str) -> Iterator[_Found]:
    text = path.read_bytes().decode("utf-8")
    if path.suffix != ".json":
        yield _Found(shown, "", text)
        return
    for number, (named, document) in enumerate(_entries(orjson.loads(text))):
        if not isinstance(named, str) or not isinstance(document, str):
            raise _NotAManifestError
        yield _Found(shown, f"[{number}]", document, named)


def _entries(manifest: Any) -> list[tuple[Any, Any]]:
    if not isinstance(manifest, dict):
        raise _NotAManifestError
    operations = manifest.get("operations")
    if not isinstance(operations, list):
        return list(manifest.items())
    if not all(isinstance(one, dict) for one in operations):
        raise _NotAManifestError
    return [(one.get("id"), one.get("body")) for one in operations]


def _check(found: _Found, documents: Documents) -> tuple[list[Mistake], list[Listed]]:
    """Check one document: its mistakes, or the document."""
    named = found.named.lower().removeprefix("sha256:")
    hashes = tuple(dict.fromkeys(map(hash_of, (found.text.strip(), found.text))))
    if found.named and named not in hashes:
        return [Mistake(found.file, found.key, *_OTHER_HASH)], []
    hashes = tuple(sorted(hashes, key=lambda one: one != named)) if named else hashes
    if holds_number(found.text):
        return [Mistake(found.file, found.key, *_HOLDS_NUMBER)], []
    try:
        prepared = documents.register(found.text)
    except BadRequest as bad:
        return [
            Mistake(
                found.file, _place(found.key, one.locations), one.message, one.remedy
            )
            for one in bad.problems
        ], []
    operations = tuple(
        node.name.value if node.name else node.operation.value
        for node in prepared.document.definitions
        if isinstance(node, OperationDefinitionNode)
    )
    return [], [Listed(hashes, found.file, operations, prepared)]


def _place(key: str, locations: tuple[tuple[int, int], ...]) -> str:
    at = f"{locations[0][0]}:{locations[0][1]}" if locations else ""
    return " ".join(filter(None, (key, at)))
