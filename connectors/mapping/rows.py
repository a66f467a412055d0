"""Decider (pure): a row becomes a value of one of our Structs, and its fields go back.

What is asked for is compiled once into steps: pick a value, then convert it. A step
costs well below a microsecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from connectors.mapping.mistakes import RowMistake, Unfit

if TYPE_CHECKING:
    from collections import abc
    from collections.abc import Callable
    from datetime import datetime

    import msgspec

    Columns = abc.Mapping[str, object]

#: So many selections are kept compiled; more than a hub's clients ever ask.
_KEPT = 512
#: What a stranger's value can make Python raise, whatever was looked at first.
_SURPRISES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class Cell(NamedTuple):
    """How one canonical field is read from a row, and written.

    Attributes:
        field: The canonical field.
        columns: The columns that it needs; none for a constant.
        pick: Takes the value out of a row; ``KeyError`` if the column is missing.
        read: Makes the canonical value of it, or raises ``Unfit``.
        write: Makes the province's value of a canonical one, or raises ``Unfit``.
        needed: It must not be empty.
        inner: Of a list of objects, the columns inside each, by path.
    """

    field: str
    columns: tuple[str, ...]
    pick: Callable[[Columns], object]
    read: Callable[[object], object]
    write: Callable[[object], object]
    needed: bool = False
    inner: tuple[str, ...] = ()

    @property
    def leaves(self) -> tuple[str, ...]:
        """The columns, and the columns inside them."""
        if not self.inner:
            return self.columns
        return tuple(f"{one}.{inner}" for one in self.columns for inner in self.inner)


class RowMapping:
    """How rows become values of one Struct.

    Attributes:
        name: What to call it in mistakes: a kind, ``acts`` or ``changes``.
        cells: How each field is read, by canonical name.
    """

    def __init__(
        self,
        name: str,
        made: type[msgspec.Struct],
        cells: abc.Mapping[str, Cell],
        always: frozenset[str] = frozenset(),
        fixed: abc.Mapping[str, object] | None = None,
    ) -> None:
        """Hold what the loader compiled.

        Args:
            name: What to call it in mistakes.
            made: The Struct.
            cells: How each field is read, by canonical name.
            always: The fields that are told with every row, asked for or not.
            fixed: Further values of the Struct, the same for every row.
        """
        self.name = name
        self.cells = cells
        self._made = made
        self._always = always
        self._fixed = fixed or {}
        self._lacks_as_of = "as_of" in always and "as_of" not in cells
        self._steps: dict[frozenset[str], tuple[Cell, ...]] = {}

    @property
    def fields(self) -> frozenset[str]:
        """The canonical fields that are mapped."""
        return frozenset(self.cells)

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each field."""
        return {field: cell.columns for field, cell in self.cells.items()}

    def columns_for(self, fields: frozenset[str], *more: str) -> tuple[str, ...]:
        """Tell the columns that these fields need, each once, ``more`` first."""
        needed = (column for step in self._compiled(fields) for column in step.columns)
        return tuple(dict.fromkeys((*more, *needed)))

    def leaves_for(self, fields: frozenset[str], *more: str) -> tuple[str, ...]:
        """Tell the same to the last step, for who has to name what is inside too."""
        needed = (leaf for step in self._compiled(fields) for leaf in step.leaves)
        return tuple(dict.fromkeys((*more, *needed)))

    def leaves_of(self, field: str) -> tuple[str, ...]:
        """Tell the columns of one field, to the last step."""
        return self.cells[field].leaves

    def read(
        self,
        row: Columns,
        fields: frozenset[str],
        as_of: datetime | None = None,
    ) -> Any | RowMistake:
        """Make the Struct of a row; never raises, whatever stands in it.

        Args:
            row: By column.
            fields: Which fields, besides those that are always told.
            as_of: How fresh the row is, where no column tells.
        """
        values = dict(self._fixed)
        if self._lacks_as_of:
            values["as_of"] = as_of
        try:
            for field, _, pick, read, _, needed, _ in self._compiled(fields):
                values[field] = value = read(pick(row))
                if needed and value is None:
                    break
            else:
                if not self._lacks_as_of or as_of is not None:
                    return self._made(**values)
        except (Unfit, *_SURPRISES):
            pass
        wrong = self.mistakes(row, fields, as_of)
        return wrong[0] if wrong else RowMistake(self.name, "", "", "UNREADABLE")

    def mistakes(
        self,
        row: Columns,
        fields: frozenset[str],
        as_of: datetime | None = None,
    ) -> tuple[RowMistake, ...]:
        """Tell all that is wrong with a row; nothing if it can be read."""
        found = []
        for step in self._compiled(fields):
            _, wrong = value_of(step, row)
            if wrong is not None:
                field = f"{step.field}.{wrong.inner}" if wrong.inner else step.field
                columns = " + ".join(step.columns)
                found.append(RowMistake(self.name, field, columns, wrong.code))
        if self._lacks_as_of and as_of is None:
            found.append(RowMistake(self.name, "as_of", "", "EMPTY"))
        return tuple(found)

    def write(self, field: str, value: object) -> object | RowMistake:
        """Make the province's value of a canonical one; ``None`` stays ``None``."""
        cell = self.cells.get(field)
        if cell is None:
            return RowMistake(self.name, field, "", "NOT_MAPPED")
        try:
            return None if value is None else cell.write(value)
        except Unfit as unfit:
            code = unfit.code
        except _SURPRISES:
            code = "WRONG_TYPE"
        return RowMistake(self.name, field, " + ".join(cell.columns), code)

    def _compiled(self, fields: frozenset[str]) -> tuple[Cell, ...]:
        steps = self._steps.get(fields)
        if steps is None:
            wanted = (fields | self._always) & self.cells.keys()
            steps = tuple(self.cells[field] for field in self.cells if field in wanted)
            if len(self._steps) < _KEPT:
                self._steps[fields] = steps
        return steps


def value_of(step: Cell, row: Columns) -> tuple[object, Unfit | None]:
    """Read one value: it, and what is wrong, if anything is."""
    try:
        picked = step.pick(row)
    except KeyError:
        return None, Unfit("NO_COLUMN")
    except Unfit as unfit:
        return None, unfit
    except _SURPRISES:
        return None, Unfit("UNREADABLE")
    try:
        value = step.read(picked)
    except Unfit as unfit:
        return None, unfit
    except _SURPRISES:
        return None, Unfit("WRONG_TYPE")
    return value, Unfit("EMPTY") if step.needed and value is None else None
