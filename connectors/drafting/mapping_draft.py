"""Decider (pure): writes guesses as a first mapping file, each marked with its reason.

It is a draft for people: what was not found is left as a comment, and the file loads as
it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.drafting import guess_words
from connectors.drafting.guessing import kinds_in, sound
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


def draft(tables: Sequence[Seen]) -> str:
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
    return "\n".join(parts)


def _codes(kinds: dict[RecordKind, GuessedKind]) -> Iterator[str]:
    """Write the code lists of the guessed fields: the left side is the province's."""
    lists: dict[str, dict[str, str]] = {}
    for kind, found in kinds.items():
        for name in found.fields:
            members = fields_of(KINDS[kind].record)[name].members
            if members is not None:
                ours = {str(one.value): str(one.value) for one in members}
                lists[_list_name(members)] = {
                    **guess_words.STANDARD.get(members.__name__, ours)
                }
    if lists:
        yield "# 请把左边换成本省的代码 / Put your own codes on the left."
    for name in sorted(lists):
        yield f"[codes.{name}]"
        yield from (f'"{code}" = "{value}"' for code, value in lists[name].items())
        yield ""


def _list_name(members: type[Enum]) -> str:
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
    yield f"[kinds.{kind}.fields]"
    known = fields_of(KINDS[kind].record)
    for name in sorted(KINDS[kind].fields):
        guess = found.fields.get(name)
        if guess is None or known[name].nature is Nature.ITEMS:
            yield f'# {name} = ""  # 没有找到 / not found'
        elif (members := known[name].members) is not None:
            codes = _list_name(members)
            column = f'{{ column = "{guess.column.name}", codes = "{codes}" }}'
            yield f"{name} = {column}  # {_why(guess)}"
        elif known[name].nature is Nature.YUAN and (unit := _unit(guess.column)):
            column = f'{{ column = "{guess.column.name}", unit = "{unit}" }}'
            yield f"{name} = {column}  # {_why(guess)}"
        else:
            yield _line(name, guess)
    yield ""


def _unit(column: Column) -> str:
    """Tell the unit of an amount where people wrote it down; empty for yuan."""
    words = f"{column.name} {column.comment}"
    if "万" in words:
        return "wan"
    return "fen" if re.search(r"[（(]分[）)]|单位[：:]?分", words) else ""


def _unknown_worker() -> Iterator[str]:
    yield "[kinds.WORKER]  # 没有找到职工表，请填写 / no table of workers found: fill in"
    yield 'source = "FILL_IN"'
    yield 'key = "FILL_IN"'
    yield ""


def _line(name: str, guess: Guess | None) -> str:
    if guess is None:
        return f'{name} = "FILL_IN"  # 请填写 / fill in'
    return f'{name} = "{guess.column.name}"  # {_why(guess)}'


def _why(guess: Guess) -> str:
    comment = _note(guess.column.comment)
    beside = f" ({comment})" if comment else ""
    return f"猜 guess {guess.sure:.0%}: {guess.word}{beside}"


def _note(text: str) -> str:
    """Make of a stranger's words what cannot leave a comment."""
    return "".join(one if one.isprintable() else " " for one in text[:60]).strip()
