"""Value: where things are in a drop folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from connectors.filedrop.settings import FilesSettings

#: The name of every manifest.
MANIFEST = "manifest.json"
#: What a batch and its files may be called: nothing that leads elsewhere, and nothing
#: that a spreadsheet takes for a formula.
SOUND_NAME = re.compile(r"\w(?:[\w .()（）-]{0,98}[\w)）])?")


class Places(msgspec.Struct, frozen=True):
    """The folders of one province.

    Attributes:
        directory: The drop folder.
        state: The hub's own folder.
    """

    directory: Path
    state: Path

    @classmethod
    def of(cls, settings: FilesSettings) -> Places:
        """Tell them from the settings."""
        directory = Path(settings.directory)
        own = settings.state_directory
        return cls(directory, Path(own) if own else directory / ".hub")

    @property
    def batches(self) -> Path:
        """Where the province puts its batches, one folder each."""
        return self.directory / "in"

    @property
    def reports(self) -> Path:
        """Where the hub says what it could not read."""
        return self.directory / "reports"

    @property
    def acts(self) -> Path:
        """Where the hub puts its commands."""
        return self.directory / "acts"

    @property
    def receipts(self) -> Path:
        """Where the province answers them."""
        return self.directory / "receipts"

    @property
    def changes(self) -> Path:
        """Where the province tells of its case files."""
        return self.directory / "changes"

    @property
    def indexes(self) -> Path:
        """Where batches stand that were taken."""
        return self.state / "indexes"

    @property
    def pointer(self) -> Path:
        """What names the index that is asked."""
        return self.state / "current.json"

    @property
    def refusals(self) -> Path:
        """What remembers the batches that were turned down."""
        return self.state / "refused.json"

    @property
    def lock(self) -> Path:
        """Held by whoever takes a batch."""
        return self.state / "taking.lock"


def is_sound(name: str) -> bool:
    """Tell whether a name of a batch or file can be used as it is."""
    return SOUND_NAME.fullmatch(name) is not None
