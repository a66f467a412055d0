"""Adapter: looks whether the mapping that a province's settings name can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.foreign import fitting as foreign_fitting
from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import MappingMistakes
from connectors.rest import fitting
from connectors.small_files import read_small
from hub.config.mistakes import Mistake
from schema.records.refusal import Bilingual, Refused

if TYPE_CHECKING:
    from connectors.mapping.mistakes import Mistake as MappingMistake
    from connectors.settings import ProvinceSettings


def mistaken(settings: ProvinceSettings) -> list[Mistake]:
    """Find what is wrong with the mapping of a province; nothing where it has none.

    Args:
        settings: The province. That its mapping file is there is looked at elsewhere.

    Returns:
        Each mistake with file and line, and with the province's name.
    """
    file = Path(settings.mapping_file or "")
    if settings.mapping_file is None or not file.is_file():
        return []
    try:
        mapping = Mapping.load(read_small(file), file.name)
    except MappingMistakes as found:
        return [_at(settings, file, one) for one in found.mistakes]
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = Bilingual(f"映射文件不能读取（{why}）。", f"It cannot be read ({why}).")
        remedy = Bilingual("请检查读取权限。", "Look at its rights.")
        return [Mistake(str(file), "", _named(settings, said), remedy)]
    try:
        if settings.rest is not None:
            fitting.fit(settings, settings.rest, mapping)
        if settings.graphql is not None:
            foreign_fitting.fit(settings, settings.graphql, mapping)
    except Refused as refused:
        # It names the province and the line itself.
        told = refused.refusal
        return [Mistake(str(file), "", told.message, told.remedy)]
    return []


def _at(settings: ProvinceSettings, file: Path, one: MappingMistake) -> Mistake:
    where = f"{file}:{one.line}:{one.place}" if one.line else str(file)
    return Mistake(where, one.key, _named(settings, one.message), one.remedy)


def _named(settings: ProvinceSettings, said: Bilingual) -> Bilingual:
    return Bilingual(
        f"省 {settings.code}（{settings.name_zh}）：{said.zh}",
        f"Province {settings.code} ({settings.name_en}): {said.en}",
    )
