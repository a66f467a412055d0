"""Decider (pure): a mapping that does not go with the settings is refused, with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from connectors.mapping.kind import KindMapping
    from connectors.mapping.mapping import Mapping
    from connectors.mapping.mistakes import Mistake
    from connectors.settings import ProvinceSettings

Own = TypeVar("Own", bound=BaseModel)

_RULE = "province-interface"


def refuse(settings: ProvinceSettings, mistake: Mistake) -> NoReturn:
    """Refuse a mapping.

    Args:
        settings: The province, to name it.
        mistake: What is wrong, and where.

    Raises:
        Refused: Always.
    """
    raise Refused(
        Refusal(
            "MAPPING_UNUSABLE",
            _RULE,
            Bilingual(
                f"省 {settings.code}：{mistake.file} 第 {mistake.line} 行"
                f"（{mistake.key}）：{mistake.message.zh}",
                f"Province {settings.code}: {mistake.file} line {mistake.line} "
                f"({mistake.key}): {mistake.message.en}",
            ),
            mistake.remedy,
        )
    )


def own_settings(
    settings: ProvinceSettings,
    access: BaseModel,
    mapping: Mapping,
    kind: KindMapping,
    table: type[Own],
    *,
    what: str,
) -> Own:
    """Tell how the rows of one kind are asked for.

    What the mapping says of it (``[kinds.<KIND>.own]``) goes before what the settings
    say of all.

    Args:
        settings: The province, to name it.
        access: What they say of all kinds, and of more.
        mapping: The mapping file, to name the place.
        kind: The kind.
        table: What can be said of a kind.
        what: What is asked, in an English sentence.

    Raises:
        Refused: The mapping says what cannot be said, or of a wrong value.
    """
    names = set(table.model_fields)
    usual = access.model_dump(include=names, exclude_unset=True)
    try:
        return table.model_validate({**usual, **kind.own})
    except ValidationError as error:
        name = ".".join(map(str, error.errors()[0]["loc"]))
        said = Bilingual(
            f"own.{name} 不是这种接口的设置，或取值不对。",
            f"own.{name} is no setting of such {what}, or has a wrong value.",
        )
        known = ", ".join(sorted(names))
        mend = Bilingual(f"可用的有 {known}。", f"There are {known}.")
        refuse(settings, mapping.mistake(("kinds", kind.kind.value, "own"), said, mend))


def refuse_without_words(
    settings: ProvinceSettings,
    mapping: Mapping,
    table: str,
    *,
    acts: bool,
    changes: bool,
) -> None:
    """Refuse settings for acts or changes that the mapping has no words for.

    Args:
        settings: The province, to name it.
        mapping: What its rows mean.
        table: The table of the settings.
        acts: Whether they have acts.
        changes: Whether they have changes.

    Raises:
        Refused: A table of the mapping is missing.
    """
    lacking = [
        (name, wanted)
        for name, wanted, asked, there in (
            ("acts", "[acts.command] [acts.receipt]", acts,
             mapping.command and mapping.receipt),
            ("changes", "[changes]", changes, mapping.change),
        )
        if asked and not there
    ]  # fmt: skip
    for name, wanted in lacking:
        said = Bilingual(
            f"设置有 [{table}.{name}]，映射却没有 {wanted}。",
            f"The settings have [{table}.{name}], but the mapping has no {wanted}.",
        )
        mend = Bilingual("请补上其一，或去掉其一。", "Add the one or drop the other.")
        refuse(settings, mapping.mistake((name,), said, mend))
