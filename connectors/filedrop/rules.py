"""Value: what decides how a batch is read: the mapping, and the limits."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Self

from connectors.mapping.mapping import Mapping

if TYPE_CHECKING:
    from connectors.filedrop.settings import FilesSettings


class Rules:
    """How batches of one province are read.

    Attributes:
        mapping: How rows become records.
        settings: How much is taken.
        digest: Checksum of both: a batch that was read by others is read anew.
    """

    def __init__(self, mapping: Mapping, settings: FilesSettings, digest: str) -> None:
        """Hold them; use ``Rules.of``."""
        self.mapping = mapping
        self.settings = settings
        self.digest = digest

    @classmethod
    def of(cls, text: bytes, name: str, settings: FilesSettings) -> Self:
        """Read a mapping file.

        Args:
            text: The file.
            name: What to call it in mistakes.
            settings: How much is taken.

        Raises:
            MappingMistakes: It cannot be used.
        """
        limits = settings.model_dump_json(
            include={"most_rows", "most_bytes", "most_unreadable", "least_part"}
        )
        digest = hashlib.sha256(text + limits.encode()).hexdigest()
        return cls(Mapping.load(text, name), settings, digest)
