"""Adapter: what happens in case files, as a province's own schema tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.foreign.arguments import argument
from connectors.foreign.document import Part, alias, body
from connectors.foreign.gathering import answered
from connectors.graphql.errors import refusal
from connectors.mapping.changes import ChangeRow
from connectors.own_words.log import page
from connectors.own_words.reading import at
from connectors.transport import Exchange

if TYPE_CHECKING:
    from connectors.foreign.settings import ForeignChangesSettings
    from connectors.mapping.rows import RowMapping
    from connectors.own_words.caller import Asked, Caller
    from connectors.port import ChangesWanted
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

_EVERY = frozenset(ChangeRow.__struct_fields__)
_MARK = frozenset({"case_no", "seq"})


class ForeignLog:
    """A province's log of case files, as its schema has it."""

    def __init__(
        self,
        settings: ForeignChangesSettings,
        words: RowMapping,
        caller: Caller,
        address: str,
    ) -> None:
        """Take what settings and mapping say.

        Args:
            settings: Where it is, and what it takes and tells.
            words: What a line of it is called.
            caller: Sends requests.
            address: Where to.
        """
        self._settings = settings
        self._words = words
        self._caller = caller
        self._address = address
        self._leaves = tuple(
            tuple(one.split("."))
            for one in (
                *(f"{settings.rows_at}.{name}" for name in words.leaves_for(_EVERY)),
                *(f"{settings.marks_at}.{name}" for name in words.leaves_for(_MARK)),
                settings.next_at,
                settings.more_at,
            )
        )

    async def ask(
        self, province: ProvinceCode, wanted: ChangesWanted, asked: Asked
    ) -> Changes:
        """Ask for one page.

        Raises:
            ProvinceFault: Nothing was told, or what cannot be used.
        """
        settings = self._settings
        given: list[tuple[str, object]] = [(settings.first, wanted.first)]
        if wanted.case_no:
            given += [(settings.case, wanted.case_no), (settings.seq, wanted.seq)]
        elif wanted.after:
            given.append((settings.after, wanted.after))
        values = tuple((argument(name), value) for name, value in given)
        part = Part(tuple(settings.field.split(".")), values, self._leaves)
        sent = Exchange("POST", self._address, {}, body("query", (part,)))
        data, (errors,) = answered(await self._caller.send(sent, asked), 1)
        if errors:
            raise refusal(errors)
        told: object = data.get(alias(0))
        for step in part.path[1:]:
            told = at(told, step)
        return page(province, self._words, settings, told, wanted.first)
