"""Value: what a query asks for, computed once at its root.

It does three jobs: the connectors ask for nothing else, the policy judges
exactly that, and the audit trail records exactly that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from schema.records.kinds import KINDS, FieldClass, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Selection(msgspec.Struct, frozen=True):
    """Fields by kind.

    A kind with no fields is still asked for: its rows are counted, and their
    source is shown. Equal selections compare and hash equal.

    Attributes:
        parts: Pairs of a kind and its fields (Python names), sorted by kind.
    """

    parts: tuple[tuple[RecordKind, frozenset[str]], ...] = ()

    @classmethod
    def of(cls, fields: Mapping[RecordKind, Iterable[str]]) -> Selection:
        """Build one from field names by kind."""
        parts = ((kind, frozenset(names)) for kind, names in fields.items())
        return cls(tuple(sorted(parts, key=lambda part: part[0])))

    @classmethod
    def everything(cls) -> Selection:
        """Select every field of every kind."""
        return cls.of({line.kind: line.fields for line in KINDS.values()})

    @property
    def kinds(self) -> frozenset[RecordKind]:
        """Which kinds are asked for."""
        return frozenset(kind for kind, _ in self.parts)

    def fields(self, kind: RecordKind) -> frozenset[str]:
        """Which fields of a kind are asked for."""
        return next((names for part, names in self.parts if part is kind), frozenset())

    @property
    def classes(self) -> frozenset[FieldClass]:
        """Which field classes the policy must judge."""
        found = {FieldClass.EXISTENCE}
        for kind, names in self.parts:
            line = KINDS[kind]
            found.update(line.class_of(name) for name in names)
            if line.rows:
                found.add(line.field_class)
        return frozenset(found)

    def only(self, allowed: frozenset[FieldClass]) -> Selection:
        """Drop what is of no allowed class, and kinds that are wholly withheld."""
        kept: dict[RecordKind, frozenset[str]] = {}
        for kind, names in self.parts:
            line = KINDS[kind]
            if line.rows and line.field_class not in allowed:
                continue
            kept[kind] = frozenset(n for n in names if line.class_of(n) in allowed)
        return Selection.of(kept)

    def within(self, kinds: frozenset[RecordKind]) -> Selection:
        """Drop the kinds that are not among ``kinds``."""
        return Selection(tuple(part for part in self.parts if part[0] in kinds))
