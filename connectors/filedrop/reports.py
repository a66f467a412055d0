"""Adapter: what the hub could not read of a batch, in a workbook for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.filedrop.findings import Findings
    from connectors.filedrop.manifest import Batch
    from connectors.filedrop.places import Places
    from connectors.filedrop.pointer import KindTaken
    from connectors.filedrop.torn import Torn
    from schema.records.kinds import RecordKind


def write(
    places: Places,
    batch: Batch,
    findings: Findings,
    torn: Torn | None,
    taken: Mapping[RecordKind, KindTaken] | None = None,
) -> None:
    """Write the report of a batch."""
