"""Decider over what the catalogue says: a mapping is held against the tables that are there.

What does not fit is not served, field by field, and told with its line in the mapping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Integer, Numeric, Uuid, inspect
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.sql.elements import quoted_name

from connectors.mapping.near import near
from connectors.sql.agreed import CHANGE, COMMAND, RECEIPT, split
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from connectors.mapping.mapping import KindMapping, Mistake
    from connectors.mapping.mapping import Mapping as MappingFile
    from connectors.sql.settings import SqlSettings
    from schema.records.kinds import RecordKind

#: What is said of tables of the mapping that this kind does not read.
_NOT_MAPPED = (
    Bilingual(
        'kind = "sql" 的登记与变更走约定的表，不读映射的这一部分。',
        'With kind = "sql" acts and changes go by agreed tables; this part of the'
        " mapping is not read.",
    ),
    Bilingual(
        "请删去，改设 sql.inbox 与 sql.changes。",
        "Take it out, and set sql.inbox and sql.changes instead.",
    ),
)
#: The columns of the tables that are agreed on, by the setting that names the table.
_AGREED = {"sql.inbox": (*COMMAND, *RECEIPT), "sql.changes": CHANGE}


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a kind are, as the database has it.

    Attributes:
        kind: How they become records.
        schema: Schema of the table or view; none for the session's own.
        table: Its name.
        key_type: How the key column is typed there.
        fields: The fields that can be told.
    """

    kind: KindMapping
    schema: str | None
    table: str
    key_type: type
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What of a mapping the database has.

    Attributes:
        sources: Where rows are, by kind; without ``WORKER`` nothing can be served.
        inbox: Whether commands are taken.
        changes: Whether changes of case files are told.
        mistakes: What does not fit.
    """

    sources: Mapping[RecordKind, Source]
    inbox: bool
    changes: bool
    mistakes: tuple[Mistake, ...]


def read(
    connection: Connection, mapping: MappingFile, settings: SqlSettings
) -> Catalogue:
    """Hold a mapping and the agreed tables against the live catalogue."""
    tables = _Tables(connection)
    mistakes: list[Mistake] = []
    sources = {}
    for name, kind in mapping.kinds.items():
        source = _source(tables, mapping, kind, mistakes)
        if source is not None:
            sources[name] = source
    inbox = _lacking(tables, mapping, "sql.inbox", settings.inbox)
    changes = _lacking(tables, mapping, "sql.changes", settings.changes)
    mistakes += [one for one in (inbox, changes) if one]
    mistakes += [
        mapping.mistake((table,), *_NOT_MAPPED)
        for table, told in (("acts", mapping.command), ("changes", mapping.change))
        if told is not None
    ]
    return Catalogue(
        sources,
        inbox=settings.inbox is not None and not inbox,
        changes=settings.changes is not None and not changes,
        mistakes=tuple(mistakes),
    )


class _Tables:
    """The columns of tables and views, each asked for once."""

    def __init__(self, connection: Connection) -> None:
        self._inspector = inspect(connection)

    def columns(self, name: str) -> Mapping[str, Any] | None:
        """Tell the columns of a table with their types; none if there is no such."""
        schema, table = split(name)
        try:
            told = self._inspector.get_columns(
                quoted_name(table, quote=True), schema=schema
            )
        except NoSuchTableError:
            return None
        return {column["name"]: column["type"] for column in told} or None

    def names(self, like: str) -> list[str]:
        """Tell the tables and views beside a name."""
        schema, _ = split(like)
        found = self._inspector.get_table_names(schema)
        found += self._inspector.get_view_names(schema)
        return [name if schema is None else f"{schema}.{name}" for name in found]


def _source(
    tables: _Tables,
    mapping: MappingFile,
    kind: KindMapping,
    mistakes: list[Mistake],
) -> Source | None:
    place: tuple[str, ...] = ("kinds", kind.kind.value)
    there = tables.columns(kind.source)
    if there is None:
        wrong = mapping.mistake(
            (*place, "source"),
            Bilingual(
                f"数据库中没有表或视图“{kind.source}”，或无权读取。",
                f'The database has no table or view "{kind.source}", or we may not'
                " read it.",
            ),
            near(kind.source, tables.names(kind.source)),
        )
        mistakes.append(wrong)
        return None
    fields = set(kind.fields)
    usable = True
    for field, columns in kind.columns.items():
        missing = [column for column in columns if column not in there]
        for column in missing:
            wrong = mapping.mistake(
                (*place, field) if field == "key" else (*place, "fields", field),
                Bilingual(
                    f"“{kind.source}”没有列“{column}”，{field} 因此无法提供。",
                    f'"{kind.source}" has no column "{column}", so {field} cannot be'
                    " told.",
                ),
                near(column, there),
            )
            mistakes.append(wrong)
        if missing:
            usable = usable and field in fields
            fields.discard(field)
    if not usable:
        return None
    schema, table = split(kind.source)
    return Source(kind, schema, table, _held(there[kind.key]), frozenset(fields))


def _lacking(
    tables: _Tables, mapping: MappingFile, setting: str, name: str | None
) -> Mistake | None:
    """Tell what an agreed table lacks, if there is to be one."""
    if name is None:
        return None
    there = tables.columns(name) or {}
    missing = [column for column in _AGREED[setting] if column not in there]
    if not missing:
        return None
    return mapping.mistake(
        (),
        Bilingual(
            f"设置 {setting} 约定的表“{name}”不存在或缺少列：{'、'.join(missing)}。",
            f'The table "{name}" of the setting {setting} is not there or lacks'
            f" columns: {', '.join(missing)}.",
        ),
        Bilingual(
            "请按 connectors/REFERENCE.md 建表，或删去此设置。",
            "Make it as connectors/REFERENCE.md has it, or take the setting out.",
        ),
    )


def _held(told: object) -> type:
    """Tell what a key column holds, as far as a key must be made fit for it."""
    if isinstance(told, Uuid):
        return UUID
    return int if isinstance(told, Integer | Numeric) else str
