"""Adapter: reads the mapping file that the settings of a province name."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import MappingMistakes
from connectors.small_files import read_small
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from connectors.settings import ProvinceSettings

_LOG = logging.getLogger(__name__)
_RULE = "province-mapping"


def load_mapping(settings: ProvinceSettings) -> Mapping:
    """Read the mapping of a province; every mistake in it is logged, with its line.

    Args:
        settings: The province; it names a mapping file.

    Raises:
        Refused: The file cannot be read, or has mistakes; the first is told.
    """
    file = Path(settings.mapping_file or "")
    try:
        return Mapping.load(read_small(file), file.name)
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = Bilingual(
            f"映射文件 {file.name} 不能读取（{why}）。",
            f"The mapping file {file.name} cannot be read ({why}).",
        )
        mend = Bilingual("请检查路径和读取权限。", "Check its path and its rights.")
    except MappingMistakes as found:
        for one in found.mistakes:
            _LOG.error("mapping province=%s %s", settings.code, one)
        first, count = found.mistakes[0], len(found.mistakes)
        said = Bilingual(
            f"映射文件有 {count} 处错误，第一处在 {first.file} 第 {first.line} 行"
            f"（{first.key}）：{first.message.zh}",
            f"The mapping file has {count} mistakes, the first in {first.file} line"
            f" {first.line} ({first.key}): {first.message.en}",
        )
        mend = first.remedy
    raise Refused(
        Refusal(
            "MAPPING_UNUSABLE",
            _RULE,
            Bilingual(
                f"省 {settings.code}：{said.zh}", f"Province {settings.code}: {said.en}"
            ),
            mend,
        )
    )
