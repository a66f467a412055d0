"""Adapter: the documents of this repository, cut into what can be checked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
RUNBOOK, SETTINGS = "deploy/RUNBOOK.md", "deploy/SETTINGS.md"


def documents() -> Iterator[str]:
    """Find them; what begins with a dot is not ours (whole trees of packages)."""
    for place, rooms, files in os.walk(ROOT):
        rooms[:] = [room for room in rooms if not room.startswith(".")]
        for name in files:
            if name.endswith(".md") and not name.startswith("."):
                yield (Path(place) / name).relative_to(ROOT).as_posix()


DOCUMENTS = sorted(documents())
FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: where it stands, what it says it is, and what it holds."""

    document: str
    info: str
    text: str


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def blocks(*infos: str) -> list[Block]:
    found = []
    for document in DOCUMENTS:
        for indent, info, text in FENCE.findall(read(document)):
            lines = [line.removeprefix(indent) for line in text.splitlines()]
            found.append(Block(document, info.strip(), "\n".join(lines)))
    return [one for one in found if one.info in infos]


def prose(document: str) -> str:
    return FENCE.sub("", read(document))


def named(one: Block) -> str:
    return f"{one.document}:{one.text[:30]!r}"


def section(document: str, heading: str) -> str:
    """Cut out what stands under a heading, up to the next of any level."""
    whole = prose(document)
    found = re.search(rf"^#+ .*{re.escape(heading)}.*\n", whole, re.MULTILINE)
    assert found, f"{document} has no heading {heading}"
    return re.split(r"^#", whole[found.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> Iterator[list[str]]:
    """Give the cells of each row of the tables, without heads and rulers."""
    for table in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def coded(text: str) -> list[str]:
    """Tell the code in the first cell of each row."""
    return [found[1] for row in rows(text) if (found := re.match(r"`([^`]+)`", row[0]))]
