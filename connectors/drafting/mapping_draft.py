"""Decider (pure): writes guesses as a first mapping file, each marked with its reason.

It is a draft for people: what was not found is left as a comment, and the file loads as
it stands.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.drafting import guess_words
from connectors.drafting.code_lists import codes_of, meant
from connectors.drafting.guessing import LIKELY, kinds_in, sound
from connectors.mapping.names import is_source
from connectors.mapping.natures import Nature, fields_of
from schema.records.kinds import KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from enum import Enum

    from connectors.drafting.guessing import Column, Guess, GuessedKind, Seen

_HEAD: Final = """\
# 由列名猜出的草稿，请逐行核对 / A draft guessed from names: look at every line.
# “猜”后面是把握与依据 / "guess" is followed by how sure it is, and why.

version = 1
"""
#: What a person has to replace.
FILL_IN: Final = "FILL_IN"
_DOUBTFUL: Final = "请核对 doubtful"
#: Beside a list of which nothing is known: on its left stands what a province cannot have.
_OURS: Final = f"  # {_DOUBTFUL}: 左边换成本省的代码 / put your own codes on the left"
#: What a stranger calls a parameter, as far as settings may hold it.
_PLAIN: Final = re.compile(r"\w[\w.:\[\]! -]{0,199}")


class Drafted(msgspec.Struct, frozen=True):
    """A first mapping file.

    Attributes:
        text: The file.
        found: How many fields were guessed of each kind that was found.
        open: The lines that a person must decide on, from 1, with what stands there.
    """

    text: str
    found: dict[RecordKind, int]
    open: tuple[tuple[int, str], ...]


def draft(tables: Sequence[Seen]) -> Drafted:
    """Write a first mapping file.

    Args:
        tables: What there is. Names that a mapping may not hold are passed over.
    """
    named = [sound(table) for table in tables if is_source(table.name)]
    kinds = kinds_in([table for table in named if table.columns])
    parts = [_HEAD, *_codes(kinds)]
    for kind in RecordKind:
        if kind in kinds:
            parts += _written(kind, kinds[kind])
        elif kind is RecordKind.WORKER:
            parts += _unknown_worker()
        else:
            parts.append(f"# 没有找到 / not found: [kinds.{kind}]\n")
    text = "\n".join(parts)
    undecided = tuple(
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if FILL_IN in line.partition("#")[0] or _DOUBTFUL in line or '= ""' in line[:80]
        if not line.startswith("# as_of") and "没有找到" not in line
    )
    found = {kind: len(one.fields) for kind, one in kinds.items()}
    return Drafted(text, found, undecided)


def _codes(kinds: dict[RecordKind, GuessedKind]) -> Iterator[str]:
    """Write the code lists of the guessed fields: the left side is the province's."""
    lists: dict[str, list[str]] = {}
    ours: set[str] = set()
    for kind, found in kinds.items():
        for name, guess in found.fields.items():
            members = fields_of(KINDS[kind].record)[name].members
            if members is not None:
                listed = _list_name(kind, name, members, guess.column)
                lists[listed] = _own_codes(members, guess.column)
                if not lists[listed]:
                    lists[listed] = _usual(members)
                    # A national standard's codes may well be the province's too.
                    if members.__name__ not in guess_words.STANDARD:
                        ours.add(listed)
    if lists:
        yield "# 左边是本省的代码，请核对 / Your own codes are on the left: check them."
    for name in sorted(lists):
        yield f"[codes.{name}]" + (_OURS if name in ours else "")
        yield from lists[name]
        yield ""


def _own_codes(members: type[Enum], column: Column) -> list[str]:
    """Write the codes that the description lists; empty if none can be guessed."""
    told, any_meant = [], False
    for code, word in codes_of(column).items():
        value = meant(members, code, word)
        beside = _note(word) or _note(code)
        if value is None:
            told.append(f'# "{code}" = ""  # 没有猜到 / not guessed ({beside})')
        else:
            any_meant = True
            told.append(f'"{code}" = "{value}"  # 猜 guess: {beside}')
    return told if any_meant else []


def _usual(members: type[Enum]) -> list[str]:
    ours = {str(one.value): str(one.value) for one in members}
    usual = {**guess_words.STANDARD.get(members.__name__, ours)}
    return [f'"{code}" = "{value}"' for code, value in usual.items()]


def _list_name(
    kind: RecordKind, field: str, members: type[Enum], column: Column
) -> str:
    """Name a list: one that a column brings itself is its own."""
    if _own_codes(members, column):
        return f"{kind.lower()}_{field}"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", members.__name__).lower()


def _written(kind: RecordKind, found: GuessedKind) -> Iterator[str]:
    comment = _note(found.table.comment)
    yield f"[kinds.{kind}]" + (f"  # {comment}" if comment else "")
    yield f'source = "{found.table.name}"'
    yield _line("key", found.key)
    if KINDS[kind].rows:
        yield _line("id", found.row)
    if found.as_of is None:
        yield '# as_of = ""  # 没有更新时间列 / no column says how fresh a row is'
    else:
        yield _line("as_of", found.as_of)
    yield ""
    yield from _own(kind, found.table)
    yield f"[kinds.{kind}.fields]"
    known = fields_of(KINDS[kind].record)
    for name in sorted(KINDS[kind].fields):
        guess = found.fields.get(name)
        if guess is None or known[name].nature is Nature.ITEMS:
            yield f'# {name} = ""  # 没有找到 / not found'
        elif (members := known[name].members) is not None:
            codes = _list_name(kind, name, members, guess.column)
            column = f'{{ column = "{guess.column.name}", codes = "{codes}" }}'
            yield f"{name} = {column}  # {_why(guess)}"
        elif known[name].nature is Nature.YUAN and (unit := _unit(guess.column)):
            column = f'{{ column = "{guess.column.name}", unit = "{unit}" }}'
            yield f"{name} = {column}  # {_why(guess)}"
        else:
            yield _line(name, guess)
    yield ""


def _own(kind: RecordKind, table: Seen) -> Iterator[str]:
    """Write how rows are asked for, and how answers go on."""
    for name, told in (("own", table.own), ("own.paging", table.paging)):
        if told:
            yield f"[kinds.{kind}.{name}]"
            yield from (
                f"{key} = {json.dumps(one, ensure_ascii=False)}"
                for key, one in told
                if isinstance(one, int) or _PLAIN.fullmatch(one)
            )
            yield ""
    if table.doubt:
        yield (
            f"# [kinds.{kind}.own.paging]  # {_DOUBTFUL}: 似有翻页，请写明 / there seem to"
            f" be pages: write how they go on ({_note(table.doubt)})"
        )
        yield ""


def _unit(column: Column) -> str:
    """Tell the unit of an amount where people wrote it down; empty for yuan."""
    words = f"{column.name} {column.comment}"
    if "万" in words:
        return "wan"
    return "fen" if re.search(r"[（(]分[）)]|单位[：:]?分", words) else ""


def _unknown_worker() -> Iterator[str]:
    yield "[kinds.WORKER]  # 没有找到职工表，请填写 / no table of workers found: fill in"
    yield f'source = "{FILL_IN}"'
    yield f'key = "{FILL_IN}"'
    yield ""


def _line(name: str, guess: Guess | None) -> str:
    if guess is None:
        return f'{name} = "{FILL_IN}"  # 请填写 / fill in'
    return f'{name} = "{guess.column.name}"  # {_why(guess)}'


def _why(guess: Guess) -> str:
    comment = _note(guess.column.comment)
    beside = f" ({comment})" if comment else ""
    doubt = "" if guess.sure >= LIKELY else f"{_DOUBTFUL} "
    return f"{doubt}猜 guess {guess.sure:.0%}: {guess.word}{beside}"


def _note(text: str) -> str:
    """Make of a stranger's words what cannot leave a comment."""
    return "".join(one if one.isprintable() else " " for one in text[:60]).strip()
