"""Decider (pure): where the keys of a TOML file stand: Python's reader does not tell.

The text has been read by ``tomllib`` before, so it is sound: this only has to find its
way, not to judge.
"""

from __future__ import annotations

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]

_SKIP: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""", re.ASCII)
_DOT: Final = re.compile(r"[ \t]*\.[ \t]*")
_STRING: Final = re.compile(
    r'"{3}(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE: Final = re.compile(r"[^,\]}#\n]*")


class _Walk:
    """One way through a file, from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}

    def file(self) -> None:
        table: Path = ()
        self._skip()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()

    def _skip(self, more: str = "") -> None:
        while True:
            found = _SKIP.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if not (more and self.text[self.at : self.at + 1] == more):
                return
            self.at += 1

    def _header(self) -> Path:
        begin = self.at
        array = self.text.startswith("[[", begin)
        self.at += 2 if array else 1
        self._blank()
        path = self._real(self._key(), begin, ())
        if array:
            place = self._arrays.get(path, -1) + 1
            self._arrays[path] = place
            path = (*path, place)
            self.found.setdefault(path, begin)
        self._blank()
        self.at += 2 if array else 1
        return path

    def _real(self, key: tuple[str, ...], begin: int, table: Path) -> Path:
        """Tell the path of a key, through the last table of each array of tables."""
        path = table
        for part in key:
            if path in self._arrays and path != table:
                path = (*path, self._arrays[path])
            path = (*path, part)
            self.found.setdefault(path, begin)
        return path

    def _pair(self, table: Path) -> None:
        begin = self.at
        path = self._real(self._key(), begin, table)
        self._blank()
        self.at += 1  # the equals sign
        self._blank()
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            found = _KEY.match(self.text, self.at)
            if found is None:
                return tuple(parts)
            self.at = found.end()
            parts.append(_unquoted(found[0]))
            dot = _DOT.match(self.text, self.at)
            if dot is None:
                return tuple(parts)
            self.at = dot.end()

    def _blank(self) -> None:
        while self.text[self.at : self.at + 1] in {" ", "\t"}:
            self.at += 1

    def _value(self, path: Path) -> None:
        first = self.text[self.at : self.at + 1]
        if first == "{":
            self.at += 1
            self._skip(",")
            while self.text[self.at : self.at + 1] not in {"}", ""}:
                self._pair(path)
                self._skip(",")
            self.at += 1
        elif first == "[":
            self.at += 1
            self._skip(",")
            place = 0
            while self.text[self.at : self.at + 1] not in {"]", ""}:
                self.found.setdefault((*path, place), self.at)
                self._value((*path, place))
                self._skip(",")
                place += 1
            self.at += 1
        else:
            pattern = _STRING if first in {'"', "'"} else _BARE
            found = pattern.match(self.text, self.at)
            self.at = max(found.end(), self.at + 1) if found else self.at + 1


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    return str(tomllib.loads(f"key = {key}")["key"])


def positions(text: str) -> dict[Path, tuple[int, int]]:
    """Tell line and character, from 1, of every key and element of a sound file."""
    text = text.replace("\r\n", "\n")
    walk = _Walk(text)
    walk.file()
    starts = [0]
    starts += [found.end() for found in re.finditer("\n", text)]
    told: dict[Path, tuple[int, int]] = {}
    line = 0
    for path, at in sorted(walk.found.items(), key=lambda item: item[1]):
        while line + 1 < len(starts) and starts[line + 1] <= at:
            line += 1
        told[path] = (line + 1, at - starts[line] + 1)
    return told
