"""Value: a mapping that was loaded: which rows become which records, and how.

mapping = Mapping.load(text, "33.mapping.toml")   # or MappingMistakes, all at once
members = mapping.kind(RecordKind.MEMBERSHIP)      # None: the province has none
members.source, members.key                        # where from; by which column
members.columns_for(selection)                     # ask for these and no others
members.to_record(row, selection)                  # a record, or a RowMistake
members.from_value("state", MembershipState.ACTIVE)  # back, for acts
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from connectors.mapping.kind import KindMapping, Row
from connectors.mapping.loading import load
from connectors.mapping.mistakes import MappingMistakes, Mistake, RowMistake
from connectors.mapping.notes import locate

if TYPE_CHECKING:
    from collections import abc

    from connectors.mapping.loading import Loaded
    from schema.records.kinds import RecordKind
    from schema.records.refusal import Bilingual


class Mapping:
    """The mapping of one province.

    Attributes:
        name: The name that it was loaded under.
        kinds: How each kind that the province has is mapped. ``WORKER`` is always
            among them: it says whom the province knows.
        command: How the fields of a ``Command`` are written into the province's own
            columns (``columns``, ``write``); none without ``[acts]``.
        receipt: How a row becomes a ``Receipt`` (``read``); likewise.
        change: How a line of its log of case files becomes a ``ChangeRow``; none
            without ``[changes]``.
        own: The table ``[own]``: the connector's own, as TOML gave it.
    """

    def __init__(self, name: str, loaded: Loaded) -> None:
        """Hold what the loader made; use ``Mapping.load``."""
        self.name = name
        self.kinds: abc.Mapping[RecordKind, KindMapping] = loaded.kinds
        self.command = loaded.command
        self.receipt = loaded.receipt
        self.change = loaded.change
        self.own: abc.Mapping[str, Any] = loaded.own
        self._positions = loaded.positions

    @classmethod
    def load(cls, text: bytes, name: str) -> Self:
        """Read a mapping file and check all of it.

        Args:
            text: The file: TOML in UTF-8, with or without a byte order mark.
            name: What to call it in mistakes.

        Raises:
            MappingMistakes: With every mistake that was found, each with its line.
        """
        return cls(name, load(text, name))

    def kind(self, kind: RecordKind) -> KindMapping | None:
        """Tell how a kind is mapped; none if the province does not have it."""
        return self.kinds.get(kind)

    @property
    def fields(self) -> dict[RecordKind, frozenset[str]]:
        """What is served, as ``Capabilities.fields`` wants it."""
        return {kind: one.fields for kind, one in self.kinds.items()}

    def mistake(
        self, key: tuple[str | int, ...], message: Bilingual, remedy: Bilingual
    ) -> Mistake:
        """Make a mistake of a connector's own about a place in the file.

        Args:
            key: Path in the file, e.g. ``("kinds", "WORKER", "fields", "sex")``; of a
                place that is not there, the nearest one above is named.
            message: What is wrong.
            remedy: How to mend it.
        """
        return locate(self.name, self._positions, key, message, remedy)


__all__ = ["KindMapping", "Mapping", "MappingMistakes", "Mistake", "Row", "RowMistake"]
