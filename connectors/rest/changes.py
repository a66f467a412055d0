"""Adapter: what happens in case files, as a province's interface tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.faults import ProvinceFault
from connectors.mapping.changes import ChangeRow
from connectors.mapping.mistakes import RowMistake, Unfit
from connectors.rest.addresses import with_query
from connectors.rest.reading import at, document, rows_at
from connectors.told_changes import ToldChanges, UnfitChanges, read_changes
from connectors.transport import Exchange
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.mapping.rows import RowMapping
    from connectors.port import ChangesWanted
    from connectors.rest.caller import Asked, Caller
    from connectors.rest.reading import Row
    from connectors.rest.settings import ChangesSettings
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

_EVERY = frozenset(ChangeRow.__struct_fields__)


class Log:
    """A province's log of case files, as its interface has it."""

    def __init__(
        self,
        settings: ChangesSettings,
        words: RowMapping,
        caller: Caller,
        address: str,
    ) -> None:
        """Take what settings and mapping say.

        Args:
            settings: Where it is, and what it takes and tells.
            words: What a line of it is called.
            caller: Sends requests.
            address: Of the interface.
        """
        self._settings = settings
        self._words = words
        self._caller = caller
        self._address = address + settings.path

    async def ask(
        self, province: ProvinceCode, wanted: ChangesWanted, asked: Asked
    ) -> Changes:
        """Ask for one page.

        Raises:
            ProvinceFault: Nothing was told, or what cannot be used.
        """
        settings = self._settings
        query: list[tuple[str, str | int]] = [(settings.first_parameter, wanted.first)]
        if wanted.case_no:
            query.append((settings.case_parameter, wanted.case_no))
            query.append((settings.seq_parameter, wanted.seq))
        elif wanted.after:
            query.append((settings.after_parameter, wanted.after))
        sent = Exchange("GET", with_query(self._address, query), {})
        told = document(await self._caller.send(sent, asked))
        page = {
            "province": province,
            "changes": [self._line(row) for row in rows_at(told, settings.rows_at)],
            "watermarks": [self._mark(row) for row in rows_at(told, settings.marks_at)],
            "next": at(told, settings.next_at) or "",
            "more": at(told, settings.more_at),
        }
        try:
            whole = msgspec.convert(page, ToldChanges)
            return read_changes(province, whole, wanted.first)
        except msgspec.ValidationError as error:
            # Where it is wrong, and never what stands there.
            where = str(error).rpartition(" - at ")[2]
            raise ProvinceFault(FaultCode.MALFORMED, f"changes {where}") from None
        except UnfitChanges as unfit:
            raise ProvinceFault(FaultCode.MALFORMED, unfit.rule) from None

    def _line(self, row: Row) -> dict[str, object]:
        made: ChangeRow | RowMistake = self._words.read(row, _EVERY)
        if isinstance(made, RowMistake):
            return {}  # no change: it is set aside, and the log goes on
        return made.told

    def _mark(self, row: Row) -> dict[str, Any]:
        told = {}
        for name, field in (("caseNo", "case_no"), ("seq", "seq")):
            cell = self._words.cells[field]
            try:
                told[name] = cell.read(cell.pick(row))
            except (Unfit, LookupError, TypeError, ValueError):
                raise ProvinceFault(FaultCode.MALFORMED, f"mark {field}") from None
        return told
