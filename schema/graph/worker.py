"""View: a worker, joined from every province that answered, and their rows."""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, Union

import msgspec
import strawberry
import strawberry.federation

from schema.graph import partners
from schema.graph.case import Case
from schema.graph.history import MembershipStay, history
from schema.graph.outcomes import Nobody, Refusal, UnknownWorker
from schema.graph.provenance import Completeness, Conflict, Info, Source, Withheld
from schema.graph.view import fields_of, make
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.merged import Merged, MergedRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema.records.kinds import Kind

_ROW_ID = strawberry.field(
    description="省级代码：该省行号。 Code of the leading province and its id of the row."
)
_SOURCE = strawberry.field(
    description="所示行的主要来源。 The leading source of the row."
)
_SOURCES = strawberry.field(
    description="告知此行的所有省，主要来源居首。 Every province that told it, the leading one first."
)


def _name(line: Kind) -> str:
    return line.record.__name__.removesuffix("Record")


def _row_view(line: Kind) -> type:
    """Show one kind of row: the record's fields, and where they come from."""
    fields = {
        "id": (strawberry.ID, _fresh(_ROW_ID)),
        **fields_of(line.record, _name(line), partners.tags(line)),
        "source": (Source, _fresh(_SOURCE)),
        "sources": (list[Source], _fresh(_SOURCES)),
    }
    return make(_name(line), fields, of=MergedRow, directives=partners.PERSONAL)


def _fresh(field: Any) -> Any:
    """A field object belongs to one type only."""
    return strawberry.field(description=field.description)


def _rows_of(kind: RecordKind) -> Callable[[Any], Any]:
    def rows(root: Any) -> Any:
        return root.rows.get(kind)

    return rows


#: The view of each kind that has rows of its own.
ROW_VIEWS: dict[RecordKind, Any] = {line.kind: _row_view(line) for line in ROW_KINDS}


def _rows_field(line: Kind) -> tuple[Any, Any]:
    listed: Any = GenericAlias(list, (ROW_VIEWS[line.kind],))
    field = strawberry.field(
        resolver=_rows_of(line.kind),
        description=f"{_ROW_WORDS[line.kind]} 空表示未予显示。 Null: withheld.",
        graphql_type=listed | None,
        directives=[partners.ROWS],
    )
    return listed | None, field


def _history_field() -> tuple[Any, Any]:
    field = strawberry.field(
        resolver=history,
        description="会籍归属的历史：每一日恰有一个归属，矛盾之处一并列出。空表示未予显示。 "
        "Where the membership was at home: one home for each day, with what contradicts it. Null: withheld.",
        graphql_type=list[MembershipStay] | None,
        directives=[partners.ROWS],
    )
    return list[MembershipStay] | None, field


async def _followed_cases(root: Any, info: Info) -> Any:
    return await info.context.cases.of_worker(root.worker)


def _followed_cases_field() -> tuple[Any, Any]:
    field = strawberry.field(
        resolver=_followed_cases,
        description="枢纽跟踪的维权案件，您可见者，按立案先后；各省案卷见 rightsCases。 "
        "The cases that the hub follows, those that you may see, the oldest first; the files of provinces are `rightsCases`.",
        graphql_type=list[Case],
        directives=[partners.ROWS],
    )
    return list[Case], field


def _worker_id(root: Any) -> Any:
    return root.worker


def _worker_view() -> type:
    line = KINDS[RecordKind.WORKER]
    shown = fields_of(line.record, "Worker", partners.tags(line))
    own = {name: field for name, field in shown.items() if name in line.fields}
    rows = {line.rows: _rows_field(line) for line in ROW_KINDS}
    hub = {
        "sources": (list[Source], "告知本人信息的省。 Every province that told the worker's own fields."),
        "conflicts": (list[Conflict], "所查字段中各省说法不一之处。 Where provinces disagree, among the fields that were asked for."),
        "withheld": (list[Withheld], "所查字段中因权限未予显示者。 What was asked for and may not be seen."),
        "completeness": (Completeness, "档案是否完整。 How whole the file is."),
    }  # fmt: skip
    fields = {
        "id": (
            strawberry.ID,
            strawberry.field(
                resolver=_worker_id,
                graphql_type=strawberry.ID,
                description="枢纽对该职工的固定名称；随机生成，不含个人信息。 "
                "The hub's own lasting name of the person: random, it tells nothing.",
            ),
        ),
        **own,
        **rows,
        "membership_history": _history_field(),
        "followed_cases": _followed_cases_field(),
        **{
            name: (hint, strawberry.field(description=description))
            for name, (hint, description) in hub.items()
        },
    }
    return make(
        "Worker",
        fields,
        of=Merged,
        decorate=strawberry.federation.type,
        keys=["id"],
        directives=[*partners.READING, *partners.PERSONAL],
    )


_ROW_WORDS = {
    RecordKind.MEMBERSHIP: "各省登记的会籍。 Memberships.",
    RecordKind.RIGHTS_CASE: "维权案件。 Rights cases.",
    RecordKind.SKILL: "技能证书。 Certified skills.",
    RecordKind.TRAINING: "培训。 Training.",
    RecordKind.EMPLOYMENT: "就业经历。 Employment history.",
    RecordKind.HARDSHIP_FILE: "困难档案。 Hardship files.",
}

Worker: Any = _worker_view()

WorkerAnswer = Annotated[
    Union[Worker, UnknownWorker, Refusal],  # noqa: UP007  # Worker is made at run time
    strawberry.union(
        "WorkerAnswer",
        description="一次查询的结果。 How a look-up ends.",
    ),
]


class Files(msgspec.Struct, frozen=True):
    """Value: the answers to a question about several workers."""

    items: tuple[Any, ...]


@strawberry.type(
    description="多人查询的结果，次序与所问一致。 The answers, in the order of the question."
)
class Workers:
    items: list[WorkerAnswer] = strawberry.field(
        directives=[partners.WORKERS],
        description="逐人的结果。 How each look-up ended.",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, Files)


def shown(outcome: Any) -> Any:
    """Turn the end of a look-up into a member of ``WorkerAnswer``."""
    return Nobody() if outcome is None else outcome
