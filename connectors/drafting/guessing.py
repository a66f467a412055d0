"""Decider (pure): guesses from names which columns hold what we have; it sees no rows."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.drafting import guess_words
from connectors.mapping.names import is_column
from schema.records.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CERTAIN, LIKELY, _PERHAPS = 1.0, 0.85, 0.7
#: A table is taken for a kind from this on: half a name, or three fields.
_ENOUGH: Final = 1.2
_NAME_WEIGHS: Final = 2.0
#: Shorter names are alike by chance; of longer texts the beginning is enough.
_SHORT: Final = 5
_TEXT: Final = 100
_SPLIT: Final = re.compile(r"[\s_\-./（）()：:]+")
_EXTENSION: Final = re.compile(r"\.(csv|xlsx|jsonl|json)$", re.IGNORECASE)
#: Left out of Chinese words: they say nothing.
_FILLERS: Final = re.compile(r"必填|选填|代码$|编码$|字段|\*")


class Column(msgspec.Struct, frozen=True):
    """A column as a catalogue, a file's head or a description of an interface has it.

    Attributes:
        name: Its name.
        comment: What people wrote beside it; empty if nothing.
        codes: The codes that it can hold, each with what it means, as far as the
            description lists them.
    """

    name: str
    comment: str = ""
    codes: tuple[tuple[str, str], ...] = ()


class Seen(msgspec.Struct, frozen=True):
    """A table, view, file or endpoint, and its columns.

    Attributes:
        name: Its name, as ``source`` would have it.
        columns: In its own order.
        comment: What people wrote beside it.
        own: How its rows are asked for, as ``[kinds.<KIND>.own]`` has it.
        paging: How its answers go on, as ``[kinds.<KIND>.own.paging]`` has it; empty
            where one page is all there is.
        doubt: What is seen of pages and cannot be written as settings: a person has to.
    """

    name: str
    columns: tuple[Column, ...]
    comment: str = ""
    own: tuple[tuple[str, str | int], ...] = ()
    paging: tuple[tuple[str, str], ...] = ()
    doubt: str = ""


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
    """Tell how like a column's name or comment is to one of some words, and to which.

    Args:
        words: Of those in ``guess_words``, or names of our fields; others are not known.
        column: The column.
    """
    best, by = 0.0, ""
    hits = _hits(column)
    if hits:
        for word in words:
            if (like := hits.get(word, 0.0)) > best:
                best, by = like, word
    return best, by


def is_known(column: Column) -> bool:
    """Tell whether a column is like any that we have a word for."""
    return any(
        like >= LIKELY and word in _WORDS_OF_FIELDS
        for word, like in _hits(column).items()
    )


def is_key(name: str) -> bool:
    """Tell whether a parameter may take the keys of workers."""
    words = f"{guess_words.KEY} {guess_words.ROW} {guess_words.PARAMETER}".split()
    many = name.removesuffix("s").removesuffix("List")
    return max(likeness(words, Column(one))[0] for one in (name, many)) >= _PERHAPS


def _hits(column: Column) -> dict[str, float]:
    """Tell which of all words a column is like, by its name or its comment."""
    by_name, by_comment = _like(column.name), _like(column.comment)
    if not by_comment:
        return by_name
    return {
        word: max(by_name.get(word, 0.0), by_comment.get(word, 0.0))
        for word in {**by_name, **by_comment}
    }


@lru_cache(maxsize=200_000)
def _like(text: str) -> dict[str, float]:
    """Tell which of all words a text is like, and how much."""
    plain = _plain(text)
    if not plain:
        return {}
    found = dict(_fuzzy(plain))
    parts = [part.lower() for part in _SPLIT.split(text)]
    if len(parts) <= 2:  # noqa: PLR2004  # T_XM, XM_1
        for part in parts:
            found |= dict.fromkeys(_BY_PLAIN.get(part, ()), LIKELY)
    for start in range(len(plain)):
        for end in range(start + 2, min(start + _LONGEST, len(plain)) + 1):
            found |= dict.fromkeys(_CHINESE.get(plain[start:end], ()), LIKELY)
    return found | dict.fromkeys(_BY_PLAIN.get(plain, ()), _CERTAIN)


def _fuzzy(plain: str) -> Iterator[tuple[str, float]]:
    """Find words that are written a little otherwise."""
    if len(plain) < _SHORT:
        return
    # Of both, so much must be the same letters that few are compared in earnest.
    least = LIKELY / (2 - LIKELY)
    for length in range(int(least * len(plain)), int(len(plain) / least) + 2):
        for word, has, listed in _LONG.get(length, ()):
            enough = LIKELY * (length + len(plain)) / 2
            if sum(map(has, plain)) < enough:
                continue
            ratio = difflib.SequenceMatcher(None, word, plain).ratio()
            if ratio > LIKELY:
                yield from ((one, ratio * LIKELY) for one in listed)


def _plain(text: str) -> str:
    return "".join(_SPLIT.split(_FILLERS.sub("", text[:_TEXT].lower())))


def _all_words() -> dict[str, list[str]]:
    """Gather all words there are, by how they are compared."""
    told = [guess_words.KEY, guess_words.ROW, guess_words.AS_OF, guess_words.NEVER]
    told += [guess_words.PARAMETER, *guess_words.TABLES.values()]
    told += [*guess_words.FIELDS, *guess_words.FIELDS.values()]
    told += [name for kind in KINDS.values() for name in kind.fields]
    found: dict[str, list[str]] = {}
    for word in dict.fromkeys(" ".join(told).split()):
        found.setdefault(_plain(word), []).append(word)
    found.pop("", None)
    return found


_BY_PLAIN: Final = _all_words()
_CHINESE: Final = {
    plain: listed
    for plain, listed in _BY_PLAIN.items()
    if len(plain) > 1 and not plain.isascii()
}
_LONGEST: Final = max(map(len, _CHINESE))
#: By length: the word, whether a letter is one of its own, and how it is written.
_LONG: Final = {
    length: [
        (plain, frozenset(plain).__contains__, listed)
        for plain, listed in _BY_PLAIN.items()
        if len(plain) == length
    ]
    for length in range(_SHORT, max(map(len, _BY_PLAIN)) + 1)
}
_WORDS_OF_FIELDS: Final = frozenset(" ".join(guess_words.FIELDS.values()).split())


def sound(table: Seen) -> Seen:
    """Leave out names that a mapping may not hold, and identity numbers."""
    never = guess_words.NEVER.split()
    kept = (
        column
        for column in table.columns
        if is_column(column.name) and likeness(never, column)[0] < LIKELY
    )
    return msgspec.structs.replace(table, columns=tuple(kept))


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
