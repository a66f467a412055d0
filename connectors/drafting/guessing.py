"""Decider (pure): guesses from names which columns hold what we have; it sees no rows."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.drafting import guess_words
from connectors.mapping.names import is_column
from schema.records.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CERTAIN, _LIKELY, _PERHAPS = 1.0, 0.85, 0.7
#: A table is taken for a kind from this on: half a name, or three fields.
_ENOUGH: Final = 1.2
_NAME_WEIGHS: Final = 2.0
_SPLIT: Final = re.compile(r"[\s_\-./（）()：:]+")
_EXTENSION: Final = re.compile(r"\.(csv|xlsx|jsonl|json)$", re.IGNORECASE)
#: Left out of Chinese words: they say nothing.
_FILLERS: Final = re.compile(r"必填|选填|代码$|编码$|字段|\*")


class Column(msgspec.Struct, frozen=True):
    """A column as a catalogue, a file's head or a description of an interface has it.

    Attributes:
        name: Its name.
        comment: What people wrote beside it; empty if nothing.
    """

    name: str
    comment: str = ""


class Seen(msgspec.Struct, frozen=True):
    """A table, view, file or endpoint, and its columns.

    Attributes:
        name: Its name, as ``source`` would have it.
        columns: In its own order.
        comment: What people wrote beside it.
    """

    name: str
    columns: tuple[Column, ...]
    comment: str = ""


class Guess(msgspec.Struct, frozen=True):
    """What may be meant.

    Attributes:
        column: The column.
        sure: From 0 to 1.
        word: By which word.
    """

    column: Column
    sure: float
    word: str


class GuessedKind(msgspec.Struct, frozen=True):
    """Which table may hold a kind, and in which columns.

    Attributes:
        table: The table.
        key: Whose a row is.
        row: What a row is called by.
        as_of: How fresh a row is.
        fields: The canonical fields that were found.
    """

    table: Seen
    key: Guess | None
    row: Guess | None
    as_of: Guess | None
    fields: dict[str, Guess]


def likeness(words: Iterable[str], column: Column) -> tuple[float, str]:
    """Tell how like a column's name or comment is to one of some words, and to which."""
    best, by = 0.0, ""
    for text in (column.name, column.comment):
        plain = _plain(text)
        for word in words:
            like = _alike(_plain(word), plain, text)
            if like > best:
                best, by = like, word
    return best, by


def _alike(word: str, plain: str, text: str) -> float:
    if not plain or not word:
        return 0.0
    if word == plain:
        return _CERTAIN
    if len(word) > 1 and not word.isascii() and word in plain:
        return _LIKELY
    parts = [part.lower() for part in _SPLIT.split(text)]
    if word in parts and len(parts) <= 2:  # noqa: PLR2004  # T_XM, XM_1
        return _LIKELY
    if min(len(word), len(plain)) < 5:  # noqa: PLR2004  # short names are alike by chance
        return 0.0
    ratio = difflib.SequenceMatcher(None, word, plain).ratio()
    return ratio * _LIKELY if ratio > _LIKELY else 0.0


def _plain(text: str) -> str:
    return "".join(_SPLIT.split(_FILLERS.sub("", text.lower())))


def sound(table: Seen) -> Seen:
    """Leave out names that a mapping may not hold, and identity numbers."""
    never = guess_words.NEVER.split()
    kept = (
        column
        for column in table.columns
        if is_column(column.name) and likeness(never, column)[0] < _LIKELY
    )
    return Seen(table.name, tuple(kept), table.comment)


def kinds_in(tables: Sequence[Seen]) -> dict[RecordKind, GuessedKind]:
    """Give each kind the table that fits it best; a table may serve one kind only."""
    read = {
        (kind, place): _read(kind, table)
        for place, table in enumerate(tables)
        for kind in RecordKind
    }
    scored = sorted(
        ((_score(kind, found), kind, place) for (kind, place), found in read.items()),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    kinds: dict[RecordKind, GuessedKind] = {}
    taken: set[int] = set()
    for score, kind, place in scored:
        if score >= _ENOUGH and kind not in kinds and place not in taken:
            kinds[kind] = read[kind, place]
            taken.add(place)
    for _, kind, place in scored:
        # One table may hold both the workers and what they are members of.
        found = read[kind, place]
        people = kind is RecordKind.WORKER and found.key and "name" in found.fields
        if people and kind not in kinds:
            kinds[kind] = found
    return kinds


def _score(kind: RecordKind, found: GuessedKind) -> float:
    table = found.table
    bare = _EXTENSION.sub("", table.name).rpartition(".")[2]
    name = Column(bare, table.comment)
    by_name = likeness(guess_words.TABLES[kind].split(), name)[0]
    own = sum(guess.sure for guess in found.fields.values())
    return by_name * _NAME_WEIGHS + own * (1 if found.key else 0.5)


def _read(kind: RecordKind, table: Seen) -> GuessedKind:
    left = list(table.columns)
    key = _take(left, guess_words.KEY.split())
    if key is None and not KINDS[kind].rows:
        key = _take(left, guess_words.ROW.split())
    as_of = _take(left, guess_words.AS_OF.split())
    fields: dict[str, Guess] = {}
    wished = sorted(
        (
            (-like, name, place, word)
            for name in KINDS[kind].fields
            for place, column in enumerate(left)
            for like, word in [likeness(_words(name), column)]
            if like >= _PERHAPS
        ),
    )
    taken: set[int] = set()
    for like, name, place, word in wished:
        if name not in fields and place not in taken:
            fields[name] = Guess(left[place], -like, word)
            taken.add(place)
    rest = [column for place, column in enumerate(left) if place not in taken]
    row = _take(rest, guess_words.ROW.split()) if KINDS[kind].rows else None
    same = KINDS[kind].same_by
    if row is None and same in fields:
        row = fields[same]
    return GuessedKind(table, key, row, as_of, fields)


def _words(field: str) -> list[str]:
    return [field, *guess_words.FIELDS.get(field, "").split()]


def _take(columns: list[Column], words: list[str]) -> Guess | None:
    """Take the column out that is most like one of the words; none if none is."""
    liked = [(likeness(words, column), place) for place, column in enumerate(columns)]
    if not liked:
        return None
    (sure, word), place = max(liked, key=lambda one: (one[0][0], -one[1]))
    return Guess(columns.pop(place), sure, word) if sure >= _PERHAPS else None
