"""Decider (pure): do mapping and settings of an interface go together?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.own_words.fitting import own_settings, refuse, refuse_without_words
from connectors.rest.settings import EndpointSettings, path_is_sound
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping as Read

    from connectors.mapping.kind import KindMapping
    from connectors.mapping.mapping import Mapping
    from connectors.rest.settings import RestSettings
    from connectors.settings import ProvinceSettings
    from schema.records.kinds import RecordKind


def fit(
    settings: ProvinceSettings, rest: RestSettings, mapping: Mapping
) -> Read[RecordKind, EndpointSettings]:
    """Tell how each kind is asked for.

    Args:
        settings: The province, to name it.
        rest: Its interface.
        mapping: What its rows mean, and where they are.

    Raises:
        Refused: They do not go together; the first mistake is told, with its line.
    """
    endpoints: dict[RecordKind, EndpointSettings] = {}
    for kind, one in mapping.kinds.items():
        path = ("kinds", kind.value)
        endpoints[kind] = own_settings(
            settings, rest, mapping, one, EndpointSettings, what="an interface"
        )
        if endpoints[kind].paging.style == "link" and endpoints[kind].keys_in == "body":
            said = Bilingual(
                'style = "link" 不能与 keys_in = "body" 一起使用。',
                'style = "link" does not go with keys_in = "body".',
            )
            mend = Bilingual("请改用 query 或 path。", "Use query or path.")
            refuse(settings, mapping.mistake((*path, "own"), said, mend))
        if not _fits(one, endpoints[kind]):
            said = Bilingual(
                f"路径 {one.source} 与 keys_in 不合。",
                f"The path {one.source} does not go with keys_in.",
            )
            mend = Bilingual(
                '路径以斜杠开头；keys_in = "path" 时含一个 {key}，否则没有。',
                'It begins with a slash; with keys_in = "path" it has {key} once, '
                "otherwise not.",
            )
            refuse(settings, mapping.mistake((*path, "source"), said, mend))
    refuse_without_words(
        settings,
        mapping,
        "rest",
        acts=rest.acts is not None,
        changes=rest.changes is not None,
    )
    return endpoints


def _fits(one: KindMapping, endpoint: EndpointSettings) -> bool:
    placed = endpoint.keys_in == "path"
    return path_is_sound(one.source) and placed == ("{key}" in one.source)
