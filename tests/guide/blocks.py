"""Cuts a guide into what its reader does, in order."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.house.documents import FENCE, read

GUIDES = ("connectors/README.md", "connectors/README.zh-CN.md")
#: Words for people; all other blocks are the same in both languages.
TRANSLATED = {"mermaid"}
_HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
#: A block that is a file says so in its first line, as a comment.
_FILE = re.compile(r"(?:#|--|//) ([\w/.-]+\.\w+)\n")


class Block(NamedTuple):
    """One block: in which section, the how manieth there, what it is and what it holds."""

    section: int
    info: str
    text: str

    @property
    def file(self) -> str | None:
        """The name of the file that it is, if it is one."""
        found = _FILE.match(self.text)
        return found[1] if found and not self.info.startswith("sh") else None


def blocks_of(document: str) -> list[Block]:
    text = read(document)
    heads = [found.start() for found in _HEADING.finditer(text)]
    return [
        Block(
            sum(head < found.start() for head in heads),
            found[2].strip(),
            found[3],
        )
        for found in FENCE.finditer(text)
    ]


def sections_of(document: str) -> list[str]:
    return ["", *_HEADING.findall(read(document))]
