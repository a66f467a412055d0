"""Decider (pure): commands in the province's words, and its receipts in ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.faults import ProvinceFault
from connectors.mapping.mistakes import RowMistake
from schema.records.command import Receipt
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.mapping.rows import RowMapping
    from schema.records.command import Command

_RECEIPT = frozenset(Receipt.__struct_fields__)


class Words:
    """What commands and receipts are called in a province."""

    def __init__(self, command: RowMapping, receipt: RowMapping) -> None:
        """Take the mapping's word for it."""
        self._command = command
        self._receipt = receipt

    def entry(self, command: Command) -> dict[str, Any]:
        """Write a command; a column with dots is an object in the object.

        Raises:
            ProvinceFault: The province has no word for a value.
        """
        told: dict[str, Any] = {}
        for field, columns in self._command.columns.items():
            if not columns:
                continue
            value = self._command.write(field, getattr(command, field))
            if isinstance(value, RowMistake):
                detail = f"{field}:{value.code}"
                raise ProvinceFault(FaultCode.NOT_SUPPORTED, detail)
            *above, name = columns[0].split(".")
            inner = told
            for step in above:
                inner = inner.setdefault(step, {})
            inner[name] = value
        return told

    def receipt(self, row: object) -> Receipt:
        """Read a receipt.

        Args:
            row: What stands where a receipt should.

        Raises:
            ProvinceFault: It is none.
        """
        if not isinstance(row, dict):
            raise ProvinceFault(FaultCode.MALFORMED, "no receipt at its place")
        told: Receipt | RowMistake = self._receipt.read(row, _RECEIPT)
        if isinstance(told, RowMistake):
            raise ProvinceFault(FaultCode.MALFORMED, f"{told.field}:{told.code}")
        # What a province leaves empty, ours leaves out.
        code, message = told.code or "", told.message or ""
        return msgspec.structs.replace(told, code=code, message=message)

    @property
    def told(self) -> tuple[str, ...]:
        """The columns of a receipt, for who has to ask for each."""
        return self._receipt.columns_for(_RECEIPT)
