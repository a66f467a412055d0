"""Decider: how far a look-up of several pages has come, and where it goes on.

It keeps state, and touches nothing else. Pages that repeat or never end are the
province's mistake, and an end is made of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.faults import ProvinceFault
from connectors.rest.addresses import followed
from connectors.rest.reading import at
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.rest.settings import PagingSettings

#: One link of a header ``Link`` (RFC 8288), and its parameters.
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))', re.IGNORECASE)
#: A cursor is a short text or a number; longer ones are none.
_LONGEST = 2_000


class Pages:
    """The pages of one look-up."""

    def __init__(self, settings: PagingSettings) -> None:
        """Begin with the first page."""
        self._settings = settings
        self._count = 1
        self._rows = 0
        self._next = ""
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
        told: dict[str, str | int] = {}
        if settings.style == "none":
            return told
        if settings.size_parameter:
            told[settings.size_parameter] = settings.size
        if settings.style == "page":
            told[settings.parameter] = self._count
        elif settings.style == "cursor" and self._next:
            told[settings.parameter] = self._next
        return told

    @property
    def address(self) -> str:
        """Where this page is, if a link told it."""
        return self._next if self._settings.style == "link" else ""

    def turn(
        self, told: object, rows: Sequence[object], links: str, asked: str
    ) -> bool:
        """Go on to the next page.

        Args:
            told: The answer.
            rows: Its rows.
            links: Its headers ``Link``.
            asked: The address that was asked.

        Returns:
            Whether there is one.

        Raises:
            ProvinceFault: They repeat, never end, or go on elsewhere.
        """
        self._rows += len(rows)
        if not self._goes_on(told, rows, links, asked):
            return False
        if rows and rows == self._last:
            raise ProvinceFault(FaultCode.MALFORMED, "a page twice")
        if self._next in self._seen:
            raise ProvinceFault(FaultCode.MALFORMED, "pages in a ring")
        if self._count >= self._settings.most:
            raise ProvinceFault(FaultCode.TOO_LARGE, f"over {self._count} pages")
        if self._next:
            self._seen.add(self._next)
        self._last = rows
        self._count += 1
        return True

    def _goes_on(
        self, told: object, rows: Sequence[object], links: str, asked: str
    ) -> bool:
        match self._settings.style:
            case "page" if self._settings.at:
                return bool(rows) and self._rows < _number(at(told, self._settings.at))
            case "page":
                return bool(rows)
            case "cursor":
                self._next = _cursor(at(told, self._settings.at))
                return bool(self._next)
            case "link":
                link = next_link(links)
                self._next = followed(link, asked) if link else ""
                return bool(link)
            case _:
                return False


def next_link(header: str) -> str:
    """Find the link to the next page in headers ``Link``; empty if there is none."""
    for found in _LINK.finditer(header):
        relation = _RELATION.search(found[2])
        names = (relation[1] or relation[2] or "") if relation else ""
        if "next" in names.lower().split():
            return found[1]
    return ""


def _number(told: object) -> int:
    if isinstance(told, str) and told.isascii() and told.isdigit():
        return int(told[:18])
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    raise ProvinceFault(FaultCode.MALFORMED, "no number of rows")


def _cursor(told: object) -> str:
    if told is None or told is False:
        return ""
    if isinstance(told, str | int) and len(cursor := str(told)) <= _LONGEST:
        return cursor
    raise ProvinceFault(FaultCode.MALFORMED, "a cursor that is none")
