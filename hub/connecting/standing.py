"""Value: what keeps settings from being taken; said once in the log, and in ``/readyz``."""

from __future__ import annotations

import logging
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hub.config.mistakes import Mistake
    from hub.connecting.asides import Aside
    from hub.connecting.changes import Content
    from hub.connecting.ports import Notes
    from schema.records.keys import ProvinceCode
    from schema.records.refusal import Refusal

_log = logging.getLogger("hub.connecting")

#: What could not be used is tried again after so many seconds.
_AGAIN: Final = 10.0


class Standing:
    """How the settings stand that this process would have."""

    def __init__(self, notes: Notes) -> None:
        """Begin with nothing wrong."""
        self._notes = notes
        self._mistakes: tuple[Mistake, ...] = ()
        self._refused: dict[ProvinceCode, tuple[Content, Refusal, float]] = {}
        self._failing: dict[ProvinceCode, tuple[str, ...]] = {}
        self._still = False
        #: The look at the files, if they are watched: how old it is, is told.
        self.look: Aside[Any] | None = None

    @property
    def sound(self) -> bool:
        """Whether the files could be read and understood."""
        return not self._mistakes

    def files(self, mistakes: Sequence[Mistake]) -> None:
        """Take note of what is wrong with the files, if anything is."""
        if tuple(mistakes) != self._mistakes:
            for one in mistakes:
                _log.error(
                    "settings kept: %s %s: %s %s",
                    *(one.file, one.key or "-", one.message.en, one.remedy.en),
                )
            if not mistakes:
                _log.warning("settings can be used again")
        self._mistakes = tuple(mistakes)
        self._count()

    def stands_still(self, *, late: bool) -> None:
        """Take note of whether the look at the files goes on; said once."""
        if late and not self._still:
            _log.error("files cannot be looked at: a disk or a mount does not answer")
        elif self._still and not late:
            _log.warning("files can be looked at again")
        self._still = late

    def may_try(self, province: ProvinceCode, content: Content) -> bool:
        """Tell whether something is worth a try: it is new, or time has passed."""
        refused = self._refused.get(province)
        return (
            refused is None
            or refused[0] != content
            or monotonic() - refused[2] > _AGAIN
        )

    def refused(
        self, province: ProvinceCode, content: Content, refusal: Refusal
    ) -> None:
        """Take note that a province cannot be asked in the new way; the old one holds."""
        before = self._refused.get(province)
        if before is None or before[1] != refusal:
            said = refusal.message.en
            _log.error("settings kept: %s %s", said, refusal.remedy.en)
        self._refused[province] = content, refusal, monotonic()
        self._count()

    def taken(self, province: ProvinceCode) -> None:
        """Take note that all is well with a province."""
        if self._refused.pop(province, None) is not None:
            self._count()

    def wanted(self, changed: Collection[ProvinceCode]) -> None:
        """Forget what was refused of provinces that are to stay as they are."""
        for code in {*self._refused} - {*changed}:
            self.taken(code)

    def gone(self, province: ProvinceCode) -> None:
        """Forget a province."""
        self.taken(province)
        self.secrets(province, {})

    def secrets(self, province: ProvinceCode, failed: Mapping[str, str]) -> None:
        """Take note of the secrets of a province that cannot be read now."""
        names = tuple(sorted(failed))
        if names != self._failing.get(province, ()):
            self._notes.secrets_failing(province, len(names))
        if names:
            self._failing[province] = names
        else:
            self._failing.pop(province, None)

    def told(self) -> dict[str, Any]:
        """Tell it for ``/readyz``: where to look, and nothing of what stands there."""
        kept = "kept" if self._mistakes or self._refused else "taken"
        age = 0 if self.look is None else int(monotonic() - self.look.done_at)
        return {
            "state": "standing still" if self._still else kept,
            "looked": age,
            "mistakes": [
                *(
                    {
                        "file": Path(one.file).name,
                        "key": one.key,
                        "code": "SETTINGS_MISTAKEN",
                    }
                    for one in self._mistakes
                ),
                *(
                    {"file": f"{code}.toml", "key": "", "code": refusal.code}
                    for code, (_, refusal, _) in sorted(self._refused.items())
                ),
            ],
            "secrets": {code: [*names] for code, names in self._failing.items()},
        }

    def _count(self) -> None:
        self._notes.settings_read(len(self._mistakes) + len(self._refused))
