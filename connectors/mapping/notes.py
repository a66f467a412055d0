"""Decider (pure): gathers the mistakes of one file, each with its line and a hint."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from connectors.mapping import words
from connectors.mapping.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.mapping.positions import Path
    from connectors.mapping.words import Said
    from schema.records.refusal import Bilingual

_SHOWN = 80


class Notes:
    """What was found so far.

    Attributes:
        mistakes: In the order in which they were found.
    """

    def __init__(self, name: str, positions: Mapping[Path, tuple[int, int]]) -> None:
        """Note mistakes of the file of this name."""
        self.mistakes: list[Mistake] = []
        self._name = name
        self._positions = positions

    def add(self, path: Path, said: Said, **blanks: object) -> None:
        """Note a mistake at a key, or at the nearest one above it."""
        shown = {name: _short(value) for name, value in blanks.items()}
        message, remedy = (one.format(**shown) for one in said)
        self.mistakes.append(locate(self._name, self._positions, path, message, remedy))

    def unknown(
        self, path: Path, said: Said, name: str, known: Iterable[str], **blanks: object
    ) -> None:
        """Note a word that nobody knows, and which may be meant."""
        names = sorted(known)
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.6) or [
            one for one in names if one.lower() == name.lower()
        ]
        remedy = words.DID_YOU_MEAN if close else words.KNOWN_ARE
        hint = remedy.format(guess="".join(close[:1]), known=", ".join(names) or "-")
        message = said[0].format(
            name=_short(name), **{key: _short(value) for key, value in blanks.items()}
        )
        self.mistakes.append(locate(self._name, self._positions, path, message, hint))

    def of_type(self, path: Path, zh: str, en: str, example: str) -> None:
        """Note a value of a wrong type."""
        name = str(path[-1]) if path else ""
        self.add(path, words.WRONG_TYPE, name=name, zh=zh, en=en, example=example)

    def table(self, holder: Mapping[str, Any], path: Path, key: str) -> dict[str, Any]:
        """Take a table out of another; empty, with a note, if it is none."""
        value = holder.get(key, {})
        if isinstance(value, dict):
            return value
        self.of_type((*path, key), "一个表", "a table", f"[{key}]")
        return {}

    def text(self, holder: Mapping[str, Any], path: Path, key: str) -> str | None:
        """Take a text out of a table; none, with a note, if it is not one."""
        value = holder.get(key)
        if value is None or isinstance(value, str):
            return value
        self.of_type((*path, key), "文字", "a text", f'{key} = "…"')
        return None


def locate(
    name: str,
    positions: Mapping[Path, tuple[int, int]],
    path: Path,
    message: Bilingual,
    remedy: Bilingual,
) -> Mistake:
    """Make a mistake at a key; of one that is not there, at the nearest above."""
    at = path
    while at and at not in positions:
        at = at[:-1]
    line, place = positions.get(at, (0, 0))
    key = ".".join(_short(part) for part in path)
    return Mistake(name, line, place, key, message, remedy)


def _short(value: object) -> str:
    text = str(value)
    printed = "".join(c if c.isprintable() else "�" for c in text[:_SHOWN])
    return printed + ("…" if len(text) > _SHOWN else "")
