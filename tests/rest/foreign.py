"""The words of the REST province of the tests: its own columns, codes and ways to write."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime, timedelta, timezone
from enum import Enum

from msgspec import UNSET

from connectors.mapping.changes import ChangeRow
from connectors.mapping.natures import Nature, fields_of
from connectors.port import WHOLE_CONTRACT
from schema.records.command import Act, Answered, Command, Receipt, RefusalCode
from schema.records.hardship import AidRecord
from schema.records.kinds import KINDS, RecordKind

CHINA = timezone(timedelta(hours=8))
#: Where the rows of each kind are asked for, and how.
SOURCES = {
    RecordKind.WORKER: ("/v1/gr/query", ""),
    RecordKind.MEMBERSHIP: ("/v1/hy/query", ""),
    RecordKind.RIGHTS_CASE: ("/v1/wq/query", ""),
    RecordKind.SKILL: ("/v1/jn", 'keys_in = "query"'),
    RecordKind.TRAINING: ("/v1/gr/{key}/px", 'keys_in = "path"'),
    RecordKind.EMPLOYMENT: ("/v1/jy/query", "batch = 1"),
    RecordKind.HARDSHIP_FILE: ("/v1/kn/query", ""),
}
#: The columns of one kind stand in an object of their own.
INSIDE = {RecordKind.HARDSHIP_FILE: "nr."}
ACTS = {
    Act.REGISTER_OUT: "/v1/dj/zc",
    Act.CANCEL_OUT: "/v1/dj/zc/cx",
    Act.REGISTER_IN: "/v1/dj/zr",
    Act.CANCEL_IN: "/v1/dj/zr/cx",
    Act.COMPLETE_OUT: "/v1/dj/zc/wc",
}


def column(kind, field):
    return f"{INSIDE.get(kind, '')}{kind[:2]}_{field.upper()[::-1]}"


def codes(members):
    """A list of codes: ours by theirs."""
    return {f"{number:02d}": one.value for number, one in enumerate(members, 1)}


_LISTS = {
    field.members.__name__: codes(field.members)
    for line in (*[line.record for line in KINDS.values()], Receipt, AidRecord)
    for field in fields_of(line).values()
    if field.members
} | {"Act": codes(Act), "RefusalCode": codes(RefusalCode)}
_BACK = {
    name: {ours: theirs for theirs, ours in listed.items()}
    for name, listed in _LISTS.items()
}


def value(told):
    """Write a value as the province does."""
    match told:
        case bool():
            return "是" if told else "否"
        case Enum():
            return _BACK[type(told).__name__][told.value]
        case datetime():
            return told.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S.%f+08:00")
        case date():
            return told.strftime("%Y%m%d")
        case tuple():
            return [
                {
                    name.upper(): value(getattr(one, name))
                    for name in one.__struct_fields__
                }
                for one in told
            ]
        case _:
            return None if told is UNSET else told


def _put(row, name, told):
    *above, last = name.split(".")
    for step in above:
        row = row.setdefault(step, {})
    row[last] = told


def rows(kind, worker):
    """The rows that the province keeps of a worker, in its own words."""
    line = KINDS[kind]
    for one in [worker] if not line.rows else getattr(worker, line.rows) or ():
        row = {"GRBH": worker.local_id, "GXSJ": value(one.as_of)}
        if line.rows:
            row["BH"] = one.id
        for field in line.fields:
            _put(row, column(kind, field), value(getattr(one, field)))
        yield row


def _entry(field, name):
    told = {"column": name}
    match field.nature:
        case Nature.LISTED:
            told["codes"] = field.members.__name__
        case Nature.DAY:
            told["dates"] = ["yyyyMMdd"]
        case Nature.TEXT | Nature.CODE | Nature.DIVISION | Nature.PROVINCE:
            told["exact"] = True
        case Nature.ITEMS:
            inner = fields_of(field.items)
            told["fields"] = {n: _entry(f, n.upper()) for n, f in inner.items()}
    return told


def _toml(told):
    if isinstance(told, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in told.items()) + " }"
    return json.dumps(told, ensure_ascii=False)


def _flat(made, heading, more=None):
    yield f"[{heading}]"
    for name, field in fields_of(made).items():
        entry = _entry(field, f"D_{name.upper()}") | (more or {}).get(name, {})
        yield f"{name} = {_toml(entry)}"


def mapping_text(capabilities=WHOLE_CONTRACT, *, acts=True, changes=True):
    """The mapping file of the province, for what it is to declare."""
    lines = ["version = 1"]
    for name, listed in _LISTS.items():
        lines += [f"[codes.{name}]", *(f'"{k}" = "{v}"' for k, v in listed.items())]
    for kind, fields in capabilities.fields.items():
        source, own = SOURCES[kind]
        lines += [f"[kinds.{kind}]", f'source = "{source}"', 'key = "GRBH"']
        lines += ['as_of = "GXSJ"']
        if KINDS[kind].rows:
            lines += ['id = { column = "BH", exact = true }']
        known = fields_of(KINDS[kind].record)
        lines += [f"[kinds.{kind}.fields]"]
        lines += [
            f"{name} = {_toml(_entry(known[name], column(kind, name)))}"
            for name in sorted(fields)
        ]
        if own:
            lines += [f"[kinds.{kind}.own]", own]
    if acts:
        lines += _flat(Command, "acts.command")
        lines += _flat(Receipt, "acts.receipt", {"code": {"codes": "RefusalCode"}})
    if changes:
        lines += _flat(ChangeRow, "changes")
    return "\n".join(lines) + "\n"


def command_from(told):
    """Read a command as the province gets it."""
    read = {}
    for name, field in fields_of(Command).items():
        one = told[f"D_{name.upper()}"]
        if field.nature is Nature.LISTED and one is not None:
            one = _LISTS["Act"][one]
        elif field.nature is Nature.DAY and one is not None:
            one = datetime.strptime(one, "%Y%m%d").date()  # noqa: DTZ007
        elif field.nature is Nature.FLAG:
            one = one in {True, "是", "1", "true"}
        read[name] = one
    return Command(**{**read, "act": Act(read["act"])})


def receipt_row(receipt):
    """Write a receipt as the province does."""
    told = {name: getattr(receipt, name) for name in Receipt.__struct_fields__}
    told["answered"] = Answered(told["answered"])
    told["code"] = RefusalCode(told["code"]) if told["code"] else None
    return {f"D_{name.upper()}": value(one) for name, one in told.items()}


def change_row(one):
    """Write a line of the log of case files as the province does."""
    told = dict.fromkeys(ChangeRow.__struct_fields__)
    told |= {"case_no": one.case_no, "seq": one.seq, "as_of": one.as_of}
    if hasattr(one, "gone"):
        told["gone"] = one.gone
    else:
        told |= {"act": one.act.value, "on": one.on, "union_code": one.union}
        told["corrects"] = one.corrects
        if one.document:
            told["document_reference"] = one.document.reference
            told["document_sha256"] = one.document.sha256
        if one.fact:
            for name in ("kind", "about", "names", "days"):
                told[f"fact_{name}"] = getattr(one.fact, name)
    return {f"D_{name.upper()}": value(each) for name, each in told.items()}


def pages(told, size, after):
    """Cut a list into pages: one of them, and the cursor of the next."""
    start = int(after or 0)
    page = list(itertools.islice(told, start, start + size))
    return page, (str(start + size) if start + size < len(told) else None)
