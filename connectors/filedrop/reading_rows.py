"""Decider (pure): the rows of one kind in a batch become records, as the index holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.filedrop.findings import Finding
from connectors.filedrop.pointer import KindTaken
from connectors.filedrop.rows import Flaw
from connectors.mapping.mistakes import RowMistake
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from connectors.filedrop.findings import Findings
    from connectors.filedrop.rows import Numbered
    from connectors.mapping.mapping import KindMapping
    from schema.records.kinds import RecordKind

#: A row of the index: whose, its own name, which row of the file, and the record; no name
#: and no record if it could not be read.
Stored = tuple[str, str | None, int, bytes | None]


class KindReading:
    """One kind of a batch under way.

    Attributes:
        kind: Which.
        absent: The columns that the head lacks.
        usable: Whether rows can be read at all: key, name and date have columns.
    """

    def __init__(
        self,
        kind: KindMapping,
        head: Sequence[str] | None,
        as_of: datetime,
        latest: datetime,
    ) -> None:
        """Hold the mapping of a kind against the head of its file.

        Args:
            kind: How its rows are read.
            head: The columns; none where each row names its own.
            as_of: How fresh a row is that does not tell it.
            latest: A row that says it is fresher than this is of a day to come.
        """
        self._latest = latest
        self.kind: RecordKind = kind.kind
        self._mapping = kind
        self._as_of = as_of
        self._flawed = 0
        self._unreadable = 0
        self._lost = 0
        self._rows = 0
        lacking = [] if head is None else _lacking(kind, head, as_of)
        self.absent = tuple(self._finding(one) for one in lacking)
        fields = {one.field for one in lacking}
        self.usable = fields <= kind.fields
        self._fields = kind.fields - fields
        self._selection = Selection.of({kind.kind: self._fields})

    @property
    def taken(self) -> KindTaken:
        """What was read up to now."""
        return KindTaken(
            self._fields,
            self._rows,
            self._flawed,
            self._unreadable,
            self._lost,
            tuple(dict.fromkeys(one.column for one in self.absent)),
        )

    def stored(self, rows: Sequence[Numbered], findings: Findings) -> Iterator[Stored]:
        """Read rows; what cannot be read is noted.

        A row that does not tell whose it is stays out, and is counted: it may be
        anybody's, so nobody can be told that they have no more.
        """
        mapping, selection, as_of = self._mapping, self._selection, self._as_of
        for number, row in rows:
            self._rows += 1
            if isinstance(row, Flaw):
                self._unreadable += 1
                self._lost += 1
                continue
            key = mapping.local_key(row)
            if isinstance(key, RowMistake):
                self._unreadable += 1
                self._lost += 1
                findings.add(self._found(key, row), number)
                continue
            record, wrong = mapping.sound(row, selection, as_of)
            if record is not None and record.as_of > self._latest:
                record, wrong = None, (*wrong, self._ahead())
            for one in wrong:
                findings.add(self._found(one, row), number)
            if record is None:
                self._unreadable += 1
                yield key, None, number, None
            else:
                self._flawed += bool(wrong)
                yield _stored(key, number, record)

    def _ahead(self) -> RowMistake:
        """Say of a row that it would be the freshest of all until its day has come."""
        columns = " + ".join(self._mapping.columns.get("as_of", ()))
        return RowMistake(str(self.kind), "as_of", columns, "AHEAD")

    def _found(self, mistake: RowMistake, row: dict[str, object]) -> Finding:
        """Tell what is wrong; what the file says of a cell itself goes first."""
        for column in mistake.column.split(" + "):
            value = row.get(column)
            if isinstance(value, Flaw):
                return self._finding(msgspec.structs.replace(mistake, code=value.code))
        return self._finding(mistake)

    def _finding(self, mistake: RowMistake) -> Finding:
        return Finding(
            self._mapping.source,
            str(self.kind),
            mistake.field,
            mistake.column,
            mistake.code,
        )


def _stored(key: str, number: int, record: Any) -> Stored:
    own = getattr(record, "id", "")  # a worker has no name but the key
    return key, own, number, msgspec.msgpack.encode(record)


def _lacking(
    kind: KindMapping, head: Sequence[str], as_of: datetime
) -> list[RowMistake]:
    """Tell which columns a head lacks: those of a row that has nothing else."""
    row = dict.fromkeys(head)
    everything = Selection.of({kind.kind: kind.fields})
    key = kind.local_key(row)
    told = [key] if isinstance(key, RowMistake) else []
    told += kind.mistakes(row, everything, as_of)
    return [one for one in told if one.code == "NO_COLUMN"]
