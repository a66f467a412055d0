"""A province that has tables of its own: their names, their types, and its mapping file."""

from __future__ import annotations

import json
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    TypeDecorator,
    delete,
    insert,
)
from sqlalchemy.dialects import mysql

from connectors.mapping.mapping import Mapping
from connectors.mapping.natures import Nature, fields_of
from schema.records.kinds import KINDS, RecordKind

_CHINA = ZoneInfo("Asia/Shanghai")


class Moment(TypeDecorator):
    """A moment as each database can keep it: with a zone, as text, or as China's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        kept = {"sqlite": String(), "postgresql": DateTime(timezone=True)}
        return dialect.type_descriptor(kept.get(dialect.name, mysql.DATETIME(fsp=6)))

    def process_bind_param(self, value, dialect):
        if value is None or dialect.name == "postgresql":
            return value
        if dialect.name == "sqlite":
            return value.isoformat()
        return value.astimezone(_CHINA).replace(tzinfo=None)


#: MySQL wants a length, and tells capitals apart only where it is told to.
_TEXT = String().with_variant(
    mysql.VARCHAR(255, collation="utf8mb4_bin"), "mysql", "mariadb"
)
_TYPES = {
    Nature.DAY: Date,
    Nature.MOMENT: Moment,
    Nature.FLAG: Boolean,
    Nature.COUNT: BigInteger,
    Nature.YUAN: lambda: Numeric(18, 2).with_variant(String, "sqlite"),
    Nature.ITEMS: JSON,
}
METADATA = MetaData()


def column(field):
    """The province's own name of a field: in capitals, as nobody here writes them."""
    return field.upper()


def _columns(line):
    known = fields_of(line.record)
    if line.rows:
        yield Column("NO", Integer, primary_key=True)
        yield Column("ID", _TEXT)
        yield Column("WORKER", _TEXT, index=True)
    else:
        yield Column("LOCAL_ID", _TEXT, primary_key=True)
    yield Column("AS_OF", Moment())
    for field in sorted(line.fields):
        yield Column(column(field), _made(known[field].nature))


def _made(nature):
    return _TYPES[nature]() if nature in _TYPES else _TEXT


TABLES = {
    line.kind: Table(f"省_{line.kind}", METADATA, *_columns(line))
    for line in KINDS.values()
}


def rows(workers):
    """The rows of each kind."""
    told = {kind: [] for kind in TABLES}
    for worker in workers:
        told[RecordKind.WORKER].append(
            {"LOCAL_ID": worker.local_id, **_row(RecordKind.WORKER, worker)}
        )
        for line in KINDS.values():
            for row in (getattr(worker, line.rows) or ()) if line.rows else ():
                told[line.kind].append(
                    {"WORKER": worker.local_id, "ID": row.id, **_row(line.kind, row)}
                )
    return told


def _row(kind, record):
    return {
        "AS_OF": record.as_of,
        **{column(f): _plain(getattr(record, f)) for f in KINDS[kind].fields},
    }


def _plain(value):
    if value is msgspec.UNSET:
        return None
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return json.loads(
            msgspec.json.encode([msgspec.structs.asdict(v) for v in value])
        )
    return value


def fill(connection, workers):
    """Put these workers in the place of all others."""
    for kind, told in rows(workers).items():
        connection.execute(delete(TABLES[kind]))
        if told:
            connection.execute(insert(TABLES[kind]), told)


def mapping_text(fields, source=lambda kind: TABLES[kind].name):
    """Write the mapping file: these fields of these kinds, and no others."""
    lines = ["version = 1"]
    for kind, names in fields.items():
        line = KINDS[kind]
        key = "WORKER" if line.rows else "LOCAL_ID"
        lines += [f"[kinds.{kind}]", f'source = "{source(kind)}"', f'key = "{key}"']
        lines += ['id = { column = "ID", exact = true }'] if line.rows else []
        lines += ['as_of = "AS_OF"', f"[kinds.{kind}.fields]"]
        known = fields_of(line.record)
        lines += [f"{name} = {_entry(known[name])}" for name in sorted(names)]
    return "\n".join(lines)


def _entry(field):
    if field.nature is Nature.ITEMS:
        inner = ", ".join(
            f'{one.name} = {{ column = "{one.name}"{_exact(one)} }}'
            for one in fields_of(field.items).values()
        )
        return f'{{ column = "{column(field.name)}", fields = {{ {inner} }} }}'
    return f'{{ column = "{column(field.name)}"{_exact(field)} }}'


def _exact(field):
    return ", exact = true" if field.nature in {Nature.TEXT, Nature.CODE} else ""


def mapping(fields, **more):
    return Mapping.load(mapping_text(fields, **more).encode(), "44.mapping.toml")


def tidy(workers):
    """Make of random workers some that a mapping can tell: what it refuses is left out.

    Divisions exist, amounts have their cents, texts have no control characters, and rows
    have names by which they stand in order.
    """
    return {key: _tidy(worker) for key, worker in workers.items()}


def _tidy(record):
    values = {}
    for name, field in fields_of(type(record)).items():
        value = getattr(record, name)
        if value in (None, msgspec.UNSET) or name == "local_id":
            continue
        if isinstance(value, tuple):
            rows_ = [_tidy(one) for one in value]
            if field.items is not None and "id" in field.items.__struct_fields__:
                rows_ = [
                    msgspec.structs.replace(one, id=f"r{n}")
                    for n, one in enumerate(rows_)
                ]
            values[name] = tuple(rows_)
        elif isinstance(value, str) and not isinstance(value, Enum):
            values[name] = _tidy_text(value, field.nature)
    return msgspec.structs.replace(record, **values)


def _tidy_text(text, nature):
    if nature is Nature.DIVISION:
        return "440305"
    if nature is Nature.PROVINCE:
        return "45"
    if nature is Nature.YUAN:
        whole, _, cents = text.partition(".")
        return f"{int(whole)}.{cents:<02}" if int(whole) else "812.50"
    return "".join(filter(str.isprintable, text))
