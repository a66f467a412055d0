"""Decider (pure): do mapping and settings of a foreign schema go together?

What comes of it are roots: how the rows of each kind are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.foreign.arguments import Argument, argument, clash, is_path
from connectors.foreign.document import Part
from connectors.foreign.reading import Place
from connectors.foreign.settings import ForeignPagingSettings, RootSettings
from connectors.mapping.kind import KindMapping
from connectors.own_words.fitting import own_settings, refuse, refuse_without_words
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connectors.foreign.settings import ForeignSettings
    from connectors.mapping.mapping import Mapping as MappingFile
    from connectors.settings import ProvinceSettings
    from schema.records.kinds import RecordKind
    from schema.records.selection import Selection


class Root(msgspec.Struct, frozen=True):
    """How the rows of one kind are asked for.

    Attributes:
        mapping: What they mean.
        path: The field of ``Query``, and the names that lead to it.
        keys: The argument that takes the keys of workers.
        fixed: Further arguments, the same in every question.
        batch: How many workers one field asks for at most.
        place: Where the rows stand below the field.
        paging: How its answers go on.
    """

    mapping: KindMapping
    path: tuple[str, ...]
    keys: Argument
    fixed: tuple[tuple[Argument, object], ...]
    batch: int
    place: Place
    paging: ForeignPagingSettings

    def batches(self, keys: Sequence[str]) -> Iterator[Sequence[str]]:
        """Divide keys into as many as one field takes."""
        return (keys[at : at + self.batch] for at in range(0, len(keys), self.batch))

    def leaves(self, selection: Selection) -> tuple[tuple[str, ...], ...]:
        """Tell what is wanted below the field, each by its path."""
        wanted = [self.way(one) for one in self.mapping.leaves_for(selection)]
        paging = self.paging
        if paging.style != "none":
            wanted += [
                tuple(one.split(".")) for one in (paging.at, paging.more_at) if one
            ]
        return tuple(wanted)

    def way(self, column: str) -> tuple[str, ...]:
        """Tell the path of a column below the field."""
        steps = tuple(column.split("."))
        if column == self.mapping.key:
            return (*self.place.steps, *steps)
        return (*self.place.steps, *self.place.inside, *steps)

    def part(
        self,
        keys: Sequence[str],
        page: Mapping[str, str | int],
        leaves: tuple[tuple[str, ...], ...],
    ) -> Part:
        """Write the field for these workers, and this page."""
        given = keys[0] if self.place.single else list(keys)
        pages = tuple((argument(name), value) for name, value in page.items())
        return Part(self.path, ((self.keys, given), *self.fixed, *pages), leaves)


def fit(
    settings: ProvinceSettings, foreign: ForeignSettings, mapping: MappingFile
) -> dict[RecordKind, Root]:
    """Tell how each kind is asked for.

    Args:
        settings: The province, to name it.
        foreign: Its schema.
        mapping: What its rows mean, and where they are.

    Raises:
        Refused: They do not go together; the first mistake is told, with its line.
    """
    roots = {}
    for kind, one in mapping.kinds.items():
        where = ("kinds", kind.value)
        own = own_settings(
            settings, foreign, mapping, one, RootSettings, what="a schema"
        )
        _named(settings, mapping, one, where)
        roots[kind] = _root(one, own)
        _apart(settings, mapping, roots[kind])
    refuse_without_words(
        settings,
        mapping,
        "graphql",
        acts=foreign.acts is not None,
        changes=foreign.changes is not None,
    )
    _keeps_keys(settings, foreign, mapping)
    return roots


def _root(one: KindMapping, own: RootSettings) -> Root:
    keys = argument(own.keys or f"{one.key}: [String!]!")
    inside = tuple(filter(None, own.inside.split(".")))
    steps = tuple(filter(None, own.rows_at.split(".")))
    return Root(
        mapping=one,
        path=tuple(one.source.split(".")),
        keys=keys,
        fixed=tuple((argument(name), told) for name, told in own.fixed.items()),
        batch=own.batch if keys.listed else 1,
        place=Place(steps, inside, one.key, single=not keys.listed),
        paging=own.paging,
    )


def _named(
    settings: ProvinceSettings,
    mapping: MappingFile,
    one: KindMapping,
    where: tuple[str, ...],
) -> None:
    """Refuse names that GraphQL does not know, whatever else a mapping may hold."""
    mend = Bilingual(
        "名称只含字母、数字、下划线，不以数字开头，层级之间用点。",
        "Names have letters, digits and underscores, begin with no digit, and have dots "
        "between levels.",
    )
    if not is_path(one.source):
        said = Bilingual(
            f"“{one.source}”不是 GraphQL 的字段。",
            f'"{one.source}" is no GraphQL field.',
        )
        refuse(settings, mapping.mistake((*where, "source"), said, mend))
    for field, columns in one.leaves.items():
        for column in columns:
            steps = [step for step in column.split(".") if not step.isdecimal()]
            if not (steps and is_path(".".join(steps))):
                place = (field,) if field == "key" else ("fields", field)
                said = Bilingual(
                    f"“{column}”不是 GraphQL 的字段。",
                    f'"{column}" is no GraphQL field.',
                )
                refuse(settings, mapping.mistake((*where, *place), said, mend))


def _apart(
    settings: ProvinceSettings,
    mapping: MappingFile,
    root: Root,
) -> None:
    paging = root.paging
    given = [root.keys, *(one for one, _ in root.fixed)]
    if paging.style != "none":
        given.append(argument(paging.parameter))
        if paging.size_parameter:
            given.append(argument(paging.size_parameter))
    if clash(given):
        said = Bilingual("两个参数在同一处。", "Two arguments stand in one place.")
        mend = Bilingual(
            "请核对 keys、fixed 与 paging。", "Look at keys, fixed and paging."
        )
        where = ("kinds", root.mapping.kind.value)
        refuse(settings, mapping.mistake(where, said, mend))


def _keeps_keys(
    settings: ProvinceSettings, foreign: ForeignSettings, mapping: MappingFile
) -> None:
    acts, command = foreign.acts, mapping.command
    if acts and acts.keeps_keys and command and not command.columns.get("key"):
        said = Bilingual(
            "设置有 keeps_keys，[acts.command] 却没有 key。",
            "The settings have keeps_keys, but [acts.command] has no key.",
        )
        mend = Bilingual(
            "请写明放幂等键的列。", "Say which column takes the idempotency key."
        )
        refuse(settings, mapping.mistake(("acts", "command"), said, mend))
