"""View: where values come from, where they disagree, and what is missing."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema.graph.fault_words import FAULT_WORDS
from schema.graph.partners import SHARED
from schema.graph.view import describe
from schema.records import told
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from schema.graph.context import Context

    Info = strawberry.Info[Context, None]
else:
    Info = strawberry.Info

FaultCode: Any = describe(
    told.FaultCode,
    "省级系统未能答复的原因；代码稳定。 Why a province did not answer; stable codes.",
    {code.name: f"{said.zh} {said.en}" for code, said in FAULT_WORDS.items()},
)
RecordKindEnum: Any = describe(
    RecordKind,
    "行的种类。 Kinds of rows.",
    {
        "WORKER": "职工本人信息。 The worker's own fields.",
        "MEMBERSHIP": "会籍。 Memberships.",
        "RIGHTS_CASE": "维权案件。 Rights cases.",
        "SKILL": "技能证书。 Certified skills.",
        "TRAINING": "培训。 Training.",
        "EMPLOYMENT": "就业经历。 Employment history.",
        "HARDSHIP_FILE": "困难档案。 Hardship files.",
    },
)


@strawberry.type(
    directives=SHARED,
    description="数据出自何处、新鲜程度。 Where a value came from and how fresh it is.",
)
class Source:
    province: str = strawberry.field(
        description="省级代码（GB/T 2260 前两位）。 Code of the province (GB/T 2260)."
    )
    as_of: datetime = strawberry.field(
        description="该省最后确认属实的时刻。 When the province last knew it to be true."
    )
    fetched_at: datetime = strawberry.field(
        description="枢纽收到的时刻。 When the hub received it."
    )


@strawberry.type(
    directives=SHARED,
    description="一个省未能答复，及其原因。 One province's failure to answer, as data.",
)
class Fault:
    province: str = strawberry.field(description="哪个省。 Which province.")
    code: FaultCode = strawberry.field(description="原因代码。 Why.")
    retryable: bool = strawberry.field(
        description="稍后再查是否可能成功。 Whether asking again later may help."
    )
    kinds: list[RecordKindEnum] = strawberry.field(
        description="缺少哪几类行；空表示全部。 Which kinds are missing; none named means all."
    )

    @strawberry.field(description="给人看的说明。 The same in words, for people.")
    def message(self: Any, info: Info) -> str:
        return info.context.say(FAULT_WORDS[self.code])


@strawberry.type(
    directives=SHARED,
    description="省级系统自己声明不提供的内容。 What a province's system declares not to serve.",
)
class NotOffered:
    province: str = strawberry.field(description="哪个省。 Which province.")
    kind: RecordKindEnum = strawberry.field(description="哪一类行。 Which kind of row.")

    @strawberry.field(
        name="field",
        description="其契约版本所缺的字段；空表示整类不提供。 "
        "The field that its version lacks; null: the whole kind.",
    )
    def lacking(self: Any) -> str | None:
        return to_camel_case(self.field) or None


@strawberry.type(
    directives=SHARED,
    description="档案是否完整：问了谁，谁答了，谁没答。 How whole a file is: who was asked, who answered, who could not.",
)
class Completeness:
    complete: bool = strawberry.field(
        description="凡保存所查内容的省均已答复。 Every province that keeps something of what was asked has told it."
    )
    asked: list[str] = strawberry.field(description="问了哪些省。 Who was asked.")
    answered: list[str] = strawberry.field(
        description="哪些省完整答复。 Who answered in full."
    )
    faults: list[Fault] = strawberry.field(
        description="哪些省未能答复及原因。 Who could not, and why."
    )
    not_offered: list[NotOffered] = strawberry.field(
        description="哪些省不提供哪些内容。 What provinces do not serve."
    )
    unknown_to: list[str] = strawberry.field(
        description="登记了关联、但答称查无此人的省：关联已失效。 "
        "Provinces that have no such worker although a link says so."
    )


@strawberry.type(
    directives=SHARED,
    description="某省所持的一个值。 One value of a field, and who holds it.",
)
class Version:
    @strawberry.field(
        description="该值，文字形式；空表示该省登记为无。 The value as text; null: none."
    )
    def value(self: Any) -> str | None:
        return text_of(self.value)

    @strawberry.field(description="哪个省。 Which province.")
    def province(self: Any) -> str:
        return str(self.source.province)

    @strawberry.field(
        description="最后确认属实的时刻。 When it was last known to be true."
    )
    def as_of(self: Any) -> datetime:
        as_of: datetime = self.source.as_of
        return as_of


@strawberry.type(
    directives=SHARED,
    description="各省说法不一之处；从不隐藏。 Where provinces disagree; never hidden.",
)
class Conflict:
    kind: RecordKindEnum = strawberry.field(description="哪一类行。 Which kind of row.")
    rule: str = strawberry.field(
        description="选定所示值的规则编号。 Id of the survivorship rule that chose the value shown."
    )
    versions: list[Version] = strawberry.field(
        description="所有说法，所示者居首。 All versions, the one that is shown first."
    )

    @strawberry.field(
        description="合并后行的 id；空表示职工本人信息。 Id of the joined row; null: the worker's own fields."
    )
    def row(self: Any) -> strawberry.ID | None:
        return self.row or None

    @strawberry.field(name="field", description="哪个字段。 Which field.")
    def disputed(self: Any) -> str:
        return to_camel_case(self.field)


@strawberry.type(
    directives=SHARED,
    description="因权限未予显示的字段，逐一列明。 A field that the caller may not see, named.",
)
class Withheld:
    kind: RecordKindEnum = strawberry.field(description="哪一类行。 Which kind of row.")
    rule: str = strawberry.field(
        description="作出决定的策略编号；default-deny 表示没有策略允许。 "
        "Id of the policy; default-deny: no policy allows it."
    )

    @strawberry.field(
        name="field",
        description="哪个字段；空表示整类。 Which field; null: all rows of the kind.",
    )
    def hidden(self: Any) -> str | None:
        return to_camel_case(self.field) or None


def text_of(value: object) -> str | None:
    """Write a value of any record field as text.

    Args:
        value: A value as a record holds it.
    """
    match value:
        case None:
            return None
        case StrEnum():
            return value.value
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)
