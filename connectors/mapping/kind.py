"""Value: how rows of one kind become records."""

from __future__ import annotations

from collections import abc
from typing import TYPE_CHECKING, Any

from connectors.mapping.mistakes import RowMistake
from connectors.mapping.rows import value_of
from schema.records.kinds import KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.mapping.rows import Cell, RowMapping
    from schema.records.kinds import RecordKind
    from schema.records.selection import Selection

#: One row as a province's system gives it, by column name; values of a REST answer
#: may be nested: a column ``person.name`` is then looked up step by step.
Row = abc.Mapping[str, object]


class KindMapping:
    """How rows of one kind become records.

    Attributes:
        kind: Which kind.
        source: Where its rows come from: a table or view, an endpoint's path, a file
            name, a GraphQL field path; a name by pattern, without quotation marks.
            It may hold ``{key}`` once, where a REST path names the worker. The caller
            quotes it in its own tongue.
        key: The column that holds the local key of the worker a row belongs to
            (for ``WORKER``: the row's own name).
        own: The table ``[kinds.<KIND>.own]``: the connector's own, as TOML gave it;
            the connector validates it, and reports with ``Mapping.mistake``.
    """

    def __init__(
        self,
        kind: RecordKind,
        *,
        source: str,
        key: str,
        whose: Cell,
        rows: RowMapping,
        own: abc.Mapping[str, Any],
    ) -> None:
        """Hold what the loader made; use ``Mapping.load``."""
        self.kind = kind
        self.source = source
        self.key = key
        self.own = own
        self._rows = rows
        self._whose = whose
        self._wanted = KINDS[kind].fields
        #: Most rows come in runs of one selection.
        self._last: tuple[Selection | None, frozenset[str]] = (None, frozenset())

    @property
    def fields(self) -> frozenset[str]:
        """The fields (Python names) that are served, for ``Capabilities``."""
        return self._rows.fields & self._wanted

    @property
    def tells_as_of(self) -> bool:
        """Whether rows tell themselves how fresh they are (a column for ``as_of``)."""
        return "as_of" in self._rows.fields

    @property
    def columns(self) -> abc.Mapping[str, tuple[str, ...]]:
        """The columns of each mapped field, of ``key``, and of the row's own name.

        They are to be checked against a live catalogue, or the head of a file.
        """
        return {"key": (self.key,), **self._rows.columns}

    def columns_for(self, selection: Selection) -> tuple[str, ...]:
        """Tell the columns that a question needs, each once; ask for nothing else.

        The key, the row's own name and its as-of are always among them.

        Args:
            selection: What is asked; of other kinds nothing is taken.
        """
        return self._rows.columns_for(self._names(selection), self.key)

    def leaves_for(self, selection: Selection) -> tuple[str, ...]:
        """Tell the same to the last step: of rows inside a row, the columns of these."""
        return self._rows.leaves_for(self._names(selection), self.key)

    @property
    def leaves(self) -> abc.Mapping[str, tuple[str, ...]]:
        """``columns`` to the last step."""
        return {
            "key": (self.key,),
            **{name: self._rows.leaves_of(name) for name in self._rows.fields},
        }

    def local_key(self, row: Row) -> str | RowMistake:
        """Read from a row whose it is, by ``key``; it never raises."""
        value, wrong = value_of(self._whose, row)
        if wrong is not None:
            return RowMistake(self.kind, "local_id", self.key, wrong.code)
        return str(value)

    def to_record(
        self,
        row: Row,
        selection: Selection,
        as_of: datetime | None = None,
    ) -> Any | RowMistake:
        """Make the record of a row; it never raises, whatever stands in the row.

        Args:
            row: By column; further columns do no harm.
            selection: Which fields; the others are ``UNSET``.
            as_of: How fresh the row is where no column tells (a delivered file's day).

        Returns:
            The record of the kind, or the first thing that is wrong.
        """
        return self._rows.read(row, self._names(selection), as_of)

    def sound(
        self,
        row: Row,
        selection: Selection,
        as_of: datetime | None = None,
    ) -> tuple[Any | None, tuple[RowMistake, ...]]:
        """Make the record of what can be read of a row; it never raises.

        A value that cannot be read costs its own field: it is left out, as one that was
        not told. A row without its own name or date is none at all.

        Args:
            row: By column.
            selection: Which fields; the others are ``UNSET``.
            as_of: How fresh the row is where no column tells.

        Returns:
            The record, or none; and all that is wrong, nothing if it is whole.
        """
        names = self._names(selection)
        told = self._rows.read(row, names, as_of)
        if not isinstance(told, RowMistake):
            return told, ()
        wrong = self._rows.mistakes(row, names, as_of) or (told,)
        sound = names - {one.field.partition(".")[0] for one in wrong}
        if len(sound) == len(names):
            return None, wrong
        told = self._rows.read(row, sound, as_of)
        return (None if isinstance(told, RowMistake) else told), wrong

    def mistakes(
        self, row: Row, selection: Selection, as_of: datetime | None = None
    ) -> tuple[RowMistake, ...]:
        """Tell all that is wrong with a row, for an office's report."""
        return self._rows.mistakes(row, self._names(selection), as_of)

    def from_value(self, field: str, value: object) -> object | RowMistake:
        """Turn a canonical value into the province's, for acts.

        Args:
            field: The canonical field.
            value: As a record has it; ``None`` stays ``None``.

        Returns:
            A text, number, truth value or ``None``; or a mistake where the field is
            not mapped, can only be read (joined, split, constant), or has no code.
        """
        return self._rows.write(field, value)

    def _names(self, selection: Selection) -> frozenset[str]:
        last, names = self._last
        if last is not selection:
            names = selection.fields(self.kind) & self._rows.fields
            self._last = (selection, names)
        return names
