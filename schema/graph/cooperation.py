"""View: how unions of two provinces work together, measured (RULEBOOK §10)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.graph import partners
from schema.graph.outcomes import Refusal
from schema.graph.provenance import Info
from schema.records import cooperation
from schema.records.keys import ProvinceCode


@strawberry.type(
    description="一项比例及其目标；目标是规则数据。 A share, and the goal that the rules set for it."
)
class IndicatorShare:
    @strawberry.field(description="做到的。 Those that did.")
    def good(self: Any) -> int:
        return int(self.share.good)

    @strawberry.field(
        description="可以评定的；尚未到期的不计。 All that can be judged; what may still be done in time is not."
    )
    def whole(self: Any) -> int:
        return int(self.share.whole)

    @strawberry.field(
        description="百分比；没有可评定的则为空。 In percent; null of nothing."
    )
    def percent(self: Any) -> float | None:
        return self.share.percent  # type: ignore[no-any-return]

    @strawberry.field(description="目标百分比。 The goal, in percent.")
    def goal(self: Any) -> int:
        return int(self.percent)

    reached: bool | None = strawberry.field(
        description="是否达到；没有可评定的则为空。 Whether it is reached; null of nothing."
    )
    rule: str = strawberry.field(
        description="定出目标的规则（thresholds.toml）。 Id of what sets the goal."
    )
    source: str = strawberry.field(description="规则的出处。 Where that comes from.")


@strawberry.type(description="一项平均数。 A mean.")
class IndicatorMean:
    value: float | None = strawberry.field(
        description="平均数；没有则为空。 The mean; null of nothing."
    )
    number: int = strawberry.field(description="由几项得出。 Of how many.")


@strawberry.type(
    description="早发现、早介入、早报告，由该工会主办的欠薪案件。 How early arrears were found in the cases that the union leads."
)
class EarlyMeans:
    days_to_act: IndicatorMean = strawberry.field(
        description="从最早征兆到最早介入的天数。 Days from the first signal to the first act."
    )
    days_to_report: IndicatorMean = strawberry.field(
        description="从最早征兆到报告的天数。 Days from the first signal to the report."
    )
    unacted: int = strawberry.field(
        description="尚无人介入的案件。 Cases in which nobody has acted yet."
    )


@strawberry.type(
    description="五项协作指标：会籍接转和协办任务。只计工会之间的办理，不涉个人，故小数目不作隐藏。 "
    "The five indicators of cooperation, of offers and tasks. They count acts of unions and name no persons: no small number is suppressed."
)
class Cooperation:
    office: str | None = strawberry.field(
        description="哪个工会（含下级）被商请的。 What this union, with those below it, was asked."
    )

    @strawberry.field(
        description="从哪省商请哪省：两个代码。 From which province to which: two codes."
    )
    def corridor(self: Any) -> list[str] | None:
        return None if self.corridor is None else list(self.corridor)

    since: datetime = strawberry.field(
        description="自何时起商请的。 Asked from when on."
    )
    until: datetime = strawberry.field(
        description="评定到何时。 Up to when it is judged."
    )
    within_days: int = strawberry.field(
        description="应在几日内接收。 In how many days what is asked is to be accepted."
    )
    accepted: IndicatorShare = strawberry.field(
        description="一、如期接收。 First: accepted in that time."
    )
    answer_hours: IndicatorMean = strawberry.field(
        description="二、平均答复时间（小时）。 Second: mean time to an answer, in hours."
    )
    answered: IndicatorShare = strawberry.field(
        description="三、按约定日期答复。 Third: answered by the day that was agreed."
    )
    timeliness: IndicatorMean = strawberry.field(
        description="四、对方对及时性的评分，1 至 5。 Fourth: rating of timeliness by the other side."
    )
    effort: IndicatorMean = strawberry.field(
        description="五、对方对尽力程度的评分，1 至 5。 Fifth: rating of effort by the other side."
    )
    early: EarlyMeans | None = strawberry.field(
        name="earlyWarning",
        description="早发现、早介入、早报告；只有工会才有。 How early arrears were found; of a union only.",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Tell it from the other members of a union."""
        return isinstance(value, cooperation.Measured)


CooperationAnswer = Annotated[
    Cooperation | Refusal,
    strawberry.union(
        "CooperationAnswer", description="查询协作指标的结果。 How asking for it ends."
    ),
]


@strawberry.input(description="两省之间，有方向。 From one province to another.")
class CorridorInput:
    from_province: str = strawberry.field(
        name="from", description="商请的省。 The province that asks."
    )
    to_province: str = strawberry.field(
        name="to", description="被商请的省。 The province that is asked."
    )


@strawberry.type
class CooperationQuery:
    @strawberry.field(
        graphql_type=CooperationAnswer,
        directives=[*partners.COUNTING, partners.LOOK_UP],
        description="协作指标：某工会（及其下级），或两省之间；省略期间为最近一年。 "
        "Indicators of cooperation: of a union with those below it, or between two provinces; of the last year, if no time is given.",
    )
    async def cooperation(
        self,
        info: Info,
        office: Annotated[
            str | None, strawberry.argument(description="哪个工会。 Which union.")
        ] = None,
        corridor: Annotated[
            CorridorInput | None,
            strawberry.argument(description="哪两省。 Which two provinces."),
        ] = None,
        since: Annotated[
            datetime | None,
            strawberry.argument(
                description="自何时起商请的，须带时区。 Asked from when on, with a zone."
            ),
        ] = None,
        until: Annotated[
            datetime | None,
            strawberry.argument(
                description="评定到何时；省略为现在。 Up to when it is judged; left out: now."
            ),
        ] = None,
    ) -> Any:
        pair = None
        if corridor is not None:
            pair = (
                ProvinceCode(corridor.from_province),
                ProvinceCode(corridor.to_province),
            )
        return await info.context.cooperation.measured(
            cooperation.CooperationQuestion(
                office=office, corridor=pair, since=since, until=until
            )
        )
