"""Mappings of one field, and the files that stand beside this one."""

from __future__ import annotations

from pathlib import Path

from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import MappingMistakes
from schema.records.kinds import RecordKind
from schema.records.selection import Selection

HERE = Path(__file__).parent
EVERYTHING = Selection.everything()

HEAD = """\
version = 1

[kinds.WORKER]
source = "worker"
key = "ID"
as_of = "T"
"""
ROW = {"ID": "w1", "T": "2026-01-31T10:00:00+08:00", "W": "w1"}


def read(name):
    return Mapping.load((HERE / name).read_bytes(), name)


def loaded(text):
    """A mapping, and no mistakes; or none, and all of them."""
    try:
        return Mapping.load(text, "x.toml"), ()
    except MappingMistakes as found:
        return None, found.mistakes


def mistakes(text):
    """Every mistake of a file, which must have some."""
    made, found = loaded(text.encode() if isinstance(text, str) else text)
    assert made is None
    assert found
    return found


def with_field(field, told, kind="WORKER", defaults=""):
    """A mapping of one field, ``told`` as TOML has it."""
    text = HEAD
    if kind != "WORKER":
        text += f'[kinds.{kind}]\nsource = "x"\nkey = "W"\nid = "ID"\nas_of = "T"\n'
    text += f"[kinds.{kind}.fields]\n{field} = {told}\n[defaults]\n{defaults}\n"
    return Mapping.load(text.encode(), "x.toml").kind(RecordKind(kind))


def value(field, told, given, kind="WORKER", defaults=""):
    """What a column ``X`` with this value reads as; the code of what is wrong."""
    made = with_field(field, told, kind, defaults)
    record = made.to_record({**ROW, "X": given}, EVERYTHING)
    return getattr(record, "code", None) or getattr(record, field)


def shown(given):
    """Name a value in a test's id, with its type; some are too long to be shown."""
    try:
        return f"{type(given).__name__} {ascii(given)[:30]}"
    except ValueError:
        return f"{type(given).__name__} too long"
