"""Adapter: makes the connector of a drop folder from the settings of its province."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.filedrop.child import InChild
from connectors.filedrop.connector import FilesConnector
from connectors.filedrop.desk_opening import open_case_log, open_desk, open_mirror
from connectors.filedrop.places import Places
from connectors.filedrop.rules import Rules
from connectors.mapped import load_mapping
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.port import Clock
    from connectors.settings import ProvinceSettings


def open_files(
    settings: ProvinceSettings,
    environ: Mapping[str, str],
    clock: Clock,
) -> FilesConnector:
    """Make the connector; nothing is read yet but the mapping file.

    Args:
        settings: The province, of the kind ``files``.
        environ: The process environment, where the secrets are.
        clock: For the moments that are shown.

    Raises:
        Refused: The mapping cannot be used, or has no words for acts or changes; the
            secret of the SFTP server is not there.
    """
    own = settings.files
    if own is None:
        raise ValueError("settings of another kind")
    mapping = load_mapping(settings)
    text = Path(settings.mapping_file or "").read_bytes()
    province, places = ProvinceCode(settings.code), Places.of(own)
    return FilesConnector(
        province,
        Rules.of(text, mapping.name, own),
        places,
        InChild(own, mapping.name, text, clock),
        clock,
        version=settings.contract_version,
        desk=open_desk(province, own, places, mapping),
        case_log=open_case_log(province, own, places, mapping),
        mirror=open_mirror(province, own, places, environ),
    )
