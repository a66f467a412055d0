"""Decider (pure): a page of a province's own log of case files becomes changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.faults import ProvinceFault
from connectors.mapping.changes import ChangeRow
from connectors.mapping.mistakes import RowMistake, Unfit
from connectors.own_words.reading import at, rows_at
from connectors.told_changes import ToldChanges, UnfitChanges, read_changes
from schema.records.change import Unfit as Aside
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.mapping.rows import RowMapping
    from connectors.own_words.settings import LogPlaces
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

_EVERY = frozenset(ChangeRow.__struct_fields__)
#: What says which line a line is, ours and the contract's names.
_PLACE = {"caseNo": "case_no", "seq": "seq"}


def page(
    province: ProvinceCode,
    words: RowMapping,
    places: LogPlaces,
    told: object,
    most: int,
) -> Changes:
    """Read one page.

    A line that cannot be read is set aside under its case and number, with the reason:
    the log goes on behind it, and people can look it up.

    Args:
        province: Who told.
        words: What a line is called there.
        places: Where the parts of the page stand.
        told: The answer.
        most: How many changes were asked for.

    Raises:
        ProvinceFault: It cannot be used as a whole.
    """
    lines = [_line(words, row) for row in rows_at(told, places.rows_at)]
    marks = [_place(words, row) for row in rows_at(told, places.marks_at)]
    aside = tuple(one for one in lines if isinstance(one, Aside))
    whole = {
        "province": province,
        "changes": [one for one in lines if not isinstance(one, Aside)],
        "watermarks": marks,
        "next": at(told, places.next_at) or "",
        "more": at(told, places.more_at),
    }
    if len(lines) > most:
        raise ProvinceFault(FaultCode.MALFORMED, "too-many-changes")
    try:
        read = read_changes(province, msgspec.convert(whole, ToldChanges), most)
    except msgspec.ValidationError as error:
        # Where it is wrong, and never what stands there.
        where = str(error).rpartition(" - at ")[2]
        raise ProvinceFault(FaultCode.MALFORMED, f"changes {where}") from None
    except UnfitChanges as unfit:
        raise ProvinceFault(FaultCode.MALFORMED, unfit.rule) from None
    return msgspec.structs.replace(read, unfit=(*read.unfit, *aside))


def _line(words: RowMapping, row: Mapping[str, object]) -> dict[str, object] | Aside:
    made: ChangeRow | RowMistake = words.read(row, _EVERY)
    if not isinstance(made, RowMistake):
        return made.told
    rule = f"{made.field}:{made.code}"
    try:
        place = _place(words, row)
    except ProvinceFault:
        return Aside(rule=rule)
    return Aside(case_no=place["caseNo"], seq=place["seq"], rule=rule)


def _place(words: RowMapping, row: Mapping[str, object]) -> dict[str, Any]:
    """Read which line a row is, or how far a case has come.

    Raises:
        ProvinceFault: It does not say.
    """
    told: dict[str, Any] = {}
    for name, field in _PLACE.items():
        cell = words.cells[field]
        try:
            told[name] = cell.read(cell.pick(row))
        except (Unfit, ArithmeticError, LookupError, TypeError, ValueError):
            told[name] = None
        if told[name] is None:
            raise ProvinceFault(FaultCode.MALFORMED, f"mark {field}")
    return told
