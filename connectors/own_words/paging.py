"""Decider: how far a look-up of several pages has come, and where it goes on.

It keeps state, and touches nothing else. Pages that repeat or never end are the
province's mistake, and an end is made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.own_words.reading import at
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.own_words.settings import PagingSettings

#: A cursor is a short text or a number; longer ones are none.
_LONGEST = 2_000


class Pages:
    """The pages of one look-up."""

    def __init__(self, settings: PagingSettings) -> None:
        """Begin with the first page."""
        self._settings = settings
        self._count = 1
        self._rows = 0
        #: The cursor of this page, or where a link said that it is.
        self.next = ""
        self._seen: set[str] = set()
        self._last: Sequence[object] = ()

    @property
    def first(self) -> bool:
        """Whether no page was turned yet."""
        return self._count == 1

    @property
    def parameters(self) -> Mapping[str, str | int]:
        """What is sent with the request for this page."""
        settings = self._settings
        style: str = settings.style  # a tongue may have others
        told: dict[str, str | int] = {}
        if style == "none":
            return told
        if settings.size_parameter:
            told[settings.size_parameter] = settings.size
        if style == "page":
            told[settings.parameter] = self._count
        elif style == "offset":
            told[settings.parameter] = self._rows
        elif style == "cursor" and self.next:
            told[settings.parameter] = self.next
        return told

    def turn(self, told: object, rows: Sequence[object], link: str = "") -> bool:
        """Go on to the next page.

        Args:
            told: The answer.
            rows: Its rows.
            link: Where its headers say that the next page is, in a tongue that has
                such; empty if nowhere.

        Returns:
            Whether there is one.

        Raises:
            ProvinceFault: They repeat, or never end.
        """
        self._rows += len(rows)
        if not self._goes_on(told, rows, link):
            return False
        if rows and rows == self._last:
            raise ProvinceFault(FaultCode.MALFORMED, "a page twice")
        if self.next in self._seen:
            raise ProvinceFault(FaultCode.MALFORMED, "pages in a ring")
        if self._count >= self._settings.most:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"over {self._count} pages")
        if self.next:
            self._seen.add(self.next)
        self._last = rows
        self._count += 1
        return True

    def _goes_on(self, told: object, rows: Sequence[object], link: str) -> bool:
        settings = self._settings
        if settings.more_at and not _flag(at(told, settings.more_at)):
            return False
        match settings.style:
            case "page" | "offset" if settings.at:
                return bool(rows) and self._rows < _number(at(told, settings.at))
            case "page" | "offset":
                return bool(rows)
            case "cursor":
                self.next = _cursor(at(told, settings.at))
                if settings.more_at and not self.next:
                    raise ProvinceFault(FaultCode.MALFORMED, "more, and no cursor")
                return bool(self.next)
            case _:
                self.next = link
                return bool(link)


def _number(told: object) -> int:
    if isinstance(told, str) and told.isascii() and told.isdigit():
        return int(told[:18])
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    raise ProvinceFault(FaultCode.MALFORMED, "no number of rows")


def _flag(told: object) -> bool:
    if isinstance(told, bool):
        return told
    raise ProvinceFault(FaultCode.MALFORMED, "no word on whether there is more")


def _cursor(told: object) -> str:
    if told is None or told is False:
        return ""
    if isinstance(told, str | int) and len(cursor := str(told)) <= _LONGEST:
        return cursor
    raise ProvinceFault(FaultCode.MALFORMED, "a cursor that is none")
