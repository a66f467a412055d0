"""The mapping file and the settings for the foreign schema of ``tests/provinces/node``."""

from __future__ import annotations

import json

from connectors.mapping.changes import ChangeRow
from connectors.mapping.natures import Nature, fields_of
from connectors.port import WHOLE_CONTRACT
from schema.records.case import ActKind
from schema.records.command import Act, Command, Receipt, RefusalCode
from schema.records.kinds import KINDS, RecordKind

#: Where the rows of each kind are, and how they are asked for and told.
SOURCES = {
    RecordKind.WORKER: ("zhiGong", {"keys": "hao: [String!]!", "rows_at": "jieGuo.hang"}),
    RecordKind.MEMBERSHIP: (
        "huiJi",
        {
            "keys": "tiaoJian.zhiGongHao._in: [String!]!",
            "fixed": {"tiaoJian.sheng: String": "44"},
            "rows_at": "edges.node",
            "paging": {
                "style": "cursor", "parameter": "after: String",
                "size_parameter": "first: Int", "size": 2,
                "at": "pageInfo.endCursor", "more_at": "pageInfo.hasNextPage",
            },
        },
    ),
    RecordKind.RIGHTS_CASE: (
        "weiQuan",
        {
            "rows_at": "shuJu",
            "paging": {
                "style": "page", "parameter": "ye: Int!", "size_parameter": "tiao: Int!",
                "size": 3, "more_at": "haiYou",
            },
        },
    ),
    RecordKind.SKILL: ("jiNeng", {"keys": "hao: ID!"}),
    RecordKind.TRAINING: ("ren", {"keys": "haoMa: [ID!]!", "inside": "peiXun"}),
    RecordKind.EMPLOYMENT: ("dangAn.jiuYe", {"batch": 1}),
    RecordKind.HARDSHIP_FILE: (
        "kunNan",
        {
            "rows_at": "hang",
            "paging": {
                "style": "offset", "parameter": "pian: Int!",
                "size_parameter": "tiao: Int!", "size": 2, "at": "zongShu",
            },
        },
    ),
}  # fmt: skip
#: The columns of one kind stand in an object of their own.
INSIDE = {RecordKind.HARDSHIP_FILE: "nr."}
MUTATIONS = {
    Act.REGISTER_OUT: "zhuanChu",
    Act.CANCEL_OUT: "zhuanChuCheXiao",
    Act.REGISTER_IN: "zhuanRu",
    Act.CANCEL_IN: "zhuanRuCheXiao",
    Act.COMPLETE_OUT: "zhuanChuWanCheng",
}
ACTS = {
    "mutations": MUTATIONS, "argument": "shenQing: ShenQing!", "keeps_keys": True,
    "receipt_at": "jieGuo",
}  # fmt: skip
CHANGES = {
    "field": "liuShui", "rows_at": "hang", "marks_at": "jinDu", "next_at": "xiaYe",
    "more_at": "haiYou", "after": "hou: String", "first": "tiao: Int!",
    "case": "anHao: String", "seq": "xuHao: Int",
}  # fmt: skip


def interface(capabilities=WHOLE_CONTRACT, **more):
    """The table ``[graphql]``."""
    told = {"keys": "hao: [String!]!", **more}
    if capabilities.acts:
        told.setdefault("acts", ACTS)
    if capabilities.changes:
        told.setdefault("changes", CHANGES)
    return told


def name(field):
    """The province's name of a field: the contract's, read backwards."""
    first, *rest = field.split("_")
    return "x" + "".join([first, *map(str.capitalize, rest)])[::-1]


def _codes(members):
    return {one.value[::-1]: one.value for one in members}


def _entry(field, column):
    told = {"column": column}
    match field.nature:
        case Nature.LISTED:
            told["codes"] = _codes(field.members)
        case Nature.DAY:
            told["dates"] = ["yyyyMMdd"]
        case Nature.TEXT | Nature.CODE | Nature.DIVISION | Nature.PROVINCE:
            told["exact"] = True
        case Nature.ITEMS:
            inner = fields_of(field.items)
            told["fields"] = {n: _entry(f, name(n)) for n, f in inner.items()}
    return told


def _toml(told):
    if isinstance(told, dict):
        inner = ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in told.items())
        return f"{{ {inner} }}"
    return json.dumps(told, ensure_ascii=False)


def _flat(made, heading, more):
    yield f"[{heading}]"
    for field, one in fields_of(made).items():
        entry = _entry(one, name(field)) | more.get(field, {})
        yield f"{field} = {_toml(entry)}"


def mapping_text(capabilities=WHOLE_CONTRACT):
    """The mapping file of the province, for what it is to declare."""
    lines = ["version = 1"]
    for kind, fields in capabilities.fields.items():
        source, own = SOURCES[kind]
        before = INSIDE.get(kind, "")
        lines += [f"[kinds.{kind}]", f'source = "{source}"', 'key = "zhiGongHao"']
        lines += [f'as_of = "{before}{name("as_of")}"']
        if KINDS[kind].rows:
            lines += [f'id = {{ column = "{before}{name("id")}", exact = true }}']
        known = fields_of(KINDS[kind].record)
        lines += [f"[kinds.{kind}.fields]"]
        lines += [
            f"{field} = {_toml(_entry(known[field], before + name(field)))}"
            for field in sorted(fields)
        ]
        lines += [f"[kinds.{kind}.own]", *(f"{k} = {_toml(v)}" for k, v in own.items())]
    if capabilities.acts:
        lines += _flat(Command, "acts.command", {})
        refused = {"code": {"codes": _codes(RefusalCode)}}
        lines += _flat(Receipt, "acts.receipt", refused)
    if capabilities.changes:
        lines += _flat(ChangeRow, "changes", {"act": {"codes": _codes(ActKind)}})
    return "\n".join(lines) + "\n"
