"""Decider (pure): which receipts in files are believed, and what is wrong with the others.

A receipt is believed once, and then holds for ever: to the same key the answer is always
the same. Where two rows contradict one another before that, neither is believed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from stdnum.cn import ric

from connectors.filedrop.act_words import Line
from connectors.receipts import flaw_of
from schema.records.command import UNREFUSABLE, Act, Answered, Command, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.filedrop.act_words import ActWords

_RESIDENT_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
#: What a spreadsheet makes of a long number when it saves it as text: digits are lost.
_ROUNDED = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]{1,3}", re.ASCII)
_LONGEST = 128


class Standing(msgspec.Struct, frozen=True):
    """A command that was written, and its receipt if one was believed."""

    command: Command
    receipt: Receipt | None = None


class Placed(msgspec.Struct, frozen=True):
    """A line, and where it stands."""

    file: str
    row: int
    line: Line


class Flawed(msgspec.Struct, frozen=True):
    """What is wrong with one row of a file.

    Attributes:
        file: Which.
        row: Its number, as an office counts; 0 for the file as a whole.
        column: The column; empty if it is about the row.
        code: What: a key of ``desk_words.ROWS``, or of the mapping's or the file's own.
        other: The other place that it is about, such as ``0007.xlsx:3``.
    """

    file: str
    row: int
    column: str
    code: str
    other: str = ""


class Judged(msgspec.Struct, frozen=True):
    """What becomes of lines.

    Attributes:
        taken: The receipts that are believed from now on, by key.
        flaws: What is wrong.
        waiting: The lines that may yet be believed, or are still to be named.
    """

    taken: dict[str, Receipt]
    flaws: tuple[Flawed, ...]
    waiting: tuple[Placed, ...]


def judge(
    words: ActWords, lines: Iterable[Placed], standing: Mapping[str, Standing]
) -> Judged:
    """Judge all lines that are open.

    Args:
        words: What the columns are called.
        lines: What was read and is not believed yet.
        standing: What was asked, by key, as far as the lines name it.
    """
    flaws: list[Flawed] = []
    waiting: list[Placed] = []
    sound: dict[str, list[Placed]] = {}
    for one in (_plain(each, standing) for each in lines):
        flaw = _flaw(words, one, standing)
        if flaw is None:
            sound.setdefault(one.line.receipt.key, []).append(one)
        else:
            flaws.append(flaw)
            waiting.append(one)
    taken: dict[str, Receipt] = {}
    for key, told in sound.items():
        first = told[0]
        stands = standing[key].receipt
        others = [one for one in told if not _same(one, first.line.receipt)]
        if stands is None and others:
            flaws += [_against(one, told, words) for one in told]
            waiting += told
            continue
        if stands is None:
            taken[key] = first.line.receipt
        flaws += _doubled(told)
    return Judged(taken, tuple(flaws), tuple(waiting))


def _plain(one: Placed, standing: Mapping[str, Standing]) -> Placed:
    """Leave out the name of a file that the command itself has named."""
    known, told = standing.get(one.line.receipt.key), one.line.receipt.local_id
    if known is None or told is None or told != known.command.local_id:
        return one
    receipt = msgspec.structs.replace(one.line.receipt, local_id=None)
    return Placed(one.file, one.row, Line(receipt, one.line.beside))


def _flaw(
    words: ActWords, one: Placed, standing: Mapping[str, Standing]
) -> Flawed | None:
    receipt = one.line.receipt
    known = standing.get(receipt.key)
    if known is None:
        return _at(one, words.column("key"), "UNKNOWN_KEY")
    column = words.differs(known.command, one.line)
    if column:
        return _at(one, column, "OTHER_COMMAND")
    field, code = _receipt_flaw(known.command, receipt)
    if code:
        return _at(one, words.column(field), code)
    if known.receipt is not None and not _same(one, known.receipt):
        return _at(one, words.column("answered"), "CONTRADICTS_TAKEN")
    return None


def _receipt_flaw(command: Command, receipt: Receipt) -> tuple[str, str]:
    """Tell what makes a receipt none: the field, and what is wrong."""
    if receipt.answered is Answered.REFUSED and command.act in UNREFUSABLE:
        return "answered", "NOT_TO_BE_REFUSED"
    for field, text in (("entry", receipt.entry), ("local_id", receipt.local_id)):
        if code := _text_flaw(text or ""):
            return field, code
    field, code = _against_itself(receipt)
    if not code and receipt.answered is Answered.DONE:
        field, code = _entry_flaw(command, receipt)
    if not code and flaw_of(command, receipt):
        return "", "NO_RECEIPT"
    return field, code


def _text_flaw(text: str) -> str:
    """Tell what makes a text no number of an entry or file; empty if nothing does."""
    if len(text) > _LONGEST or not text.isprintable():
        return "TOO_LONG"
    if any(map(ric.is_valid, _RESIDENT_ID.findall(text))):
        return "RESIDENT_ID"
    return "ROUNDED" if _ROUNDED.fullmatch(text.strip()) else ""


def _against_itself(receipt: Receipt) -> tuple[str, str]:
    """Tell what stands beside an answer that goes with the other only."""
    if receipt.answered is Answered.DONE and receipt.code:
        return "code", "DONE_WITH_REASON"
    if receipt.answered is Answered.REFUSED and receipt.entry:
        return "entry", "REFUSED_WITH_ENTRY"
    return "", ""


def _entry_flaw(command: Command, receipt: Receipt) -> tuple[str, str]:
    entering = command.act in {Act.REGISTER_OUT, Act.REGISTER_IN}
    if entering and not receipt.entry:
        return "entry", "NO_ENTRY"
    if command.local_id is None:
        missing = command.act is Act.REGISTER_IN and not receipt.local_id
        return ("local_id", "NO_FILE_NAMED") if missing else ("", "")
    if receipt.local_id not in {None, command.local_id}:
        return "local_id", "OTHER_WORKER"
    return "", ""


def _same(one: Placed, other: Receipt) -> bool:
    """Tell whether a line says the same; words of a reason may differ."""
    receipt = one.line.receipt
    return msgspec.structs.replace(receipt, message=other.message) == other


def _against(one: Placed, told: Sequence[Placed], words: ActWords) -> Flawed:
    other = next(each for each in told if not _same(each, one.line.receipt))
    where = f"{other.file}:{other.row}"
    return Flawed(one.file, one.row, words.column("answered"), "CONTRADICTING", where)


def _doubled(told: Sequence[Placed]) -> list[Flawed]:
    """Name rows that repeat another of the same file."""
    first: dict[str, int] = {}
    found = []
    for one in told:
        row = first.setdefault(one.file, one.row)
        if row != one.row:
            other = f"{one.file}:{row}"
            found.append(Flawed(one.file, one.row, "", "DOUBLED", other))
    return found


def _at(one: Placed, column: str, code: str) -> Flawed:
    return Flawed(one.file, one.row, column, code)
