"""Adapter: the settings' files, looked at again and again; taken when they hold still.

Nothing is believed that is just being written: what is taken has read the same twice,
and once more after it was understood.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.settings import ProvinceSettings
from hub.config.load import load
from hub.config.mistakes import BadSettings, Mistake
from hub.connecting.named_files import digests, named_files, secret_files
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: Files with mistakes are read again after so many seconds though they are the same:
#: what they name and is missing may have come.
_AGAIN: Final = 10.0

NONE_LEFT: Final = (
    Bilingual(
        "一个省也没有了；保留先前的各省。",
        "No province is left; those from before are kept.",
    ),
    Bilingual(
        "目录或挂载可能丢失。若确要撤下全部省，请停止枢纽。",
        "The folder or its mount may be lost. To take all provinces out, stop the hub.",
    ),
)


class Looked(msgspec.Struct, frozen=True):
    """What a look at the files found.

    Attributes:
        provinces: What they say; none if something is wrong with them.
        mistakes: What is wrong.
    """

    provinces: tuple[ProvinceSettings, ...] | None
    mistakes: tuple[Mistake, ...] = ()


class WatchedFiles:
    """The main file, the provinces' files, and whatever these name."""

    def __init__(
        self,
        main: Path,
        environ: Mapping[str, str],
        directory: Path,
        provinces: Iterable[ProvinceSettings],
    ) -> None:
        """Begin with what was read at the start.

        Args:
            main: The main file.
            environ: The process environment.
            directory: Where the provinces' files are.
            provinces: What they said.
        """
        self._main = main
        self._environ = environ
        self._directory = directory
        self._named = _named(provinces)
        #: What is in each file, as it was taken last.
        self.digests: Mapping[Path, str] = {}
        self._seen: Mapping[Path, str] = {}
        self._again_at = 0.0
        #: Something is just being written: look again soon.
        self.restless = False

    def look(self) -> Looked | None:
        """Look once; it reads files, so it is done in a thread.

        Returns:
            What the files say, if that is new and holds still.
        """
        seen = self._read()
        steady, self._seen = seen == self._seen, seen
        again = bool(self._again_at) and monotonic() >= self._again_at
        news = seen != self.digests or again
        self.restless = news and not steady
        if not (steady and news):
            return None
        looked = self._understand()
        if self._read() != seen:
            self.restless = True
            return None
        if looked.provinces is not None:
            self._named = _named(looked.provinces)
            self._seen = self._read()
        self.digests = self._seen
        self._again_at = 0.0 if looked.provinces is not None else monotonic() + _AGAIN
        return looked

    def _read(self) -> dict[Path, str]:
        own = self._directory.glob("*.toml")
        return digests({self._main, *own, *self._named})

    def _understand(self) -> Looked:
        try:
            settings = load(self._main, self._environ, webhooks=False)
        except BadSettings as error:
            return Looked(None, error.mistakes)
        self._directory = settings.provinces_dir
        if not settings.provinces:
            mistake = Mistake(str(self._directory), "provinces_dir", *NONE_LEFT)
            return Looked(None, (mistake,))
        return Looked(settings.provinces)


def _named(provinces: Iterable[ProvinceSettings]) -> set[Path]:
    return {
        file
        for one in provinces
        for file in (*named_files(one).values(), *secret_files(one).values())
    }
