"""Value: why a rights case goes where it goes, or cannot be routed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.places import MERGED
from hub.following.venue_rules import Place
from schema.records.refusal import Bilingual, Refusal
from schema.records.venue import VenueReason

if TYPE_CHECKING:
    from hub.following.agreements import Agreement
    from hub.following.venue_rules import VenueRule
    from hub.organisation.organisation import Organisation

__all__ = [
    "BAD_DIVISION", "MERGED", "NO_RULE", "UNKNOWN_INTAKE", "agreed",
    "helps", "leads", "next_level_up", "no_place", "no_union", "place",
    "provisional", "rule", "station",
]  # fmt: skip

#: 002 §10: 输入地工会属地化管理、输出地工会协办.
LEAD: Final = "venue-lead"
#: 003: where there is no union, the next level up takes its part.
LEVEL: Final = "venue-level"
#: 000 四.5: a station takes in and represents.
STATION: Final = "venue-station"
#: RULEBOOK §4: every intake is routed.
ALWAYS: Final = "venue-always"

_PLACES: Final = {
    Place.WORKPLACE: Bilingual("劳动合同履行地（用工地）", "the place of work"),
    Place.EMPLOYER_SEAT: Bilingual("用人单位所在地", "the employer's seat"),
    Place.INSURANCE_PLACE: Bilingual("工伤保险统筹地区", "the pooling area"),
    Place.BODY_PLACE: Bilingual("争议处理机构所在地", "the seat of the body"),
    Place.HOME: Bilingual("会籍所在工会的所在地", "the seat of the home union"),
    Place.INTAKE: Bilingual("受理工会的所在地", "the seat of who received it"),
}

UNKNOWN_INTAKE = Refusal(
    "UNKNOWN_INTAKE",
    ALWAYS,
    Bilingual(
        "受理的工会或者工作机构未登记，或在当日不存在。",
        "The union or station that received it is not known, or did not stand then.",
    ),
    Bilingual(
        "请核对代码，或先导入本省的组织。",
        "Check its code, or import the province's organisations first.",
    ),
)
NO_RULE = Refusal(
    "NO_VENUE_RULE",
    ALWAYS,
    Bilingual("当日尚无管辖规则。", "No rule of venue held on that day."),
    Bilingual("请核对日期。", "Check the date."),
)
BAD_DIVISION = Refusal(
    "BAD_DIVISION",
    ALWAYS,
    Bilingual(
        "行政区划代码不是 6、9 或 12 位数字。",
        "A division has not 6, 9 or 12 digits.",
    ),
    Bilingual(
        "请填写 GB/T 2260 代码，例如 440106；不知道的请留空。",
        "Write its code of GB/T 2260, like 440106; leave out what is not known.",
    ),
)


def rule(held: VenueRule) -> VenueReason:
    """Say the rule itself."""
    return VenueReason(
        held.id,
        Bilingual(
            f"{held.text_zh}（{held.source}）", f"{held.text_en} ({held.source})"
        ),
    )


def place(kind: Place, venue: str, *, first: bool) -> VenueReason:
    """Say which place was taken, or may be chosen."""
    said = _PLACES[kind]
    if first:
        return VenueReason(
            LEAD, Bilingual(f"{said.zh}为 {venue}。", f"Of {said.en}: {venue}.")
        )
    return VenueReason(
        LEAD,
        Bilingual(
            f"劳动者也可以选择{said.zh} {venue}。",
            f"The worker may choose {said.en} too: {venue}.",
        ),
    )


def provisional(held: VenueRule) -> VenueReason:
    """Say that the place that counts is not known yet."""
    zh = "、".join(_PLACES[each].zh for each in held.places)
    en = ", ".join(_PLACES[each].en for each in held.places)
    return VenueReason(
        ALWAYS,
        Bilingual(
            f"{zh}不明，暂按已知地点确定；查明后{_THEN_ZH}。",
            f"Not known yet: {en}. This is for the time being; once it is known,"
            f" {_THEN_EN}.",
        ),
    )


#: What is done when a missing fact is known: no act routes a case anew by itself.
_THEN_ZH: Final = (
    "用 routeCase 再看由谁主办，并转送（forwardCase）或者移交（offerHandOver）"
)
_THEN_EN: Final = (
    "ask routeCase who leads, and forward the case (forwardCase) or hand it over"
    " (offerHandOver)"
)


def no_place() -> VenueReason:
    """Say that no place is known at all."""
    return VenueReason(
        ALWAYS,
        Bilingual(
            f"用工地和用人单位所在地均不明，暂由受理工会办理；查明后{_THEN_ZH}。",
            "No place is known yet: who received it goes on. Once one is known,"
            f" {_THEN_EN}.",
        ),
    )


def leads(union: Organisation) -> VenueReason:
    """Say who leads."""
    return VenueReason(
        LEAD,
        Bilingual(
            f"主办：{union.name}（{union.code}）。",
            f"It is led by {union.code} ({union.name}).",
        ),
    )


def no_union(venue: str) -> VenueReason:
    """Say that nobody is known at the place or above it."""
    return VenueReason(
        LEVEL,
        Bilingual(
            f"{venue} 及其各级上级均未登记工会，暂由受理工会办理；请导入该省的组织。",
            f"Neither at {venue} nor above it is a union known: who received it goes on"
            " for now. Import that province's organisations.",
        ),
    )


def next_level_up(venue: str, union: Organisation) -> VenueReason:
    """Say that there is no union at the place."""
    return VenueReason(
        LEVEL,
        Bilingual(
            f"{venue} 没有工会，由上一级 {union.division} 的工会主办。",
            f"There is no union at {venue}: the next level up, at {union.division},"
            " leads.",
        ),
    )


def station(office: Organisation) -> VenueReason:
    """Say what a station does."""
    return VenueReason(
        STATION,
        Bilingual(
            f"驻外工作机构 {office.name}（{office.code}）受理并代理，不主办。",
            f"The out-of-province station {office.code} ({office.name}) takes in and"
            " represents; it does not lead.",
        ),
    )


def helps(union: Organisation) -> VenueReason:
    """Say who helps from another province."""
    return VenueReason(
        LEAD,
        Bilingual(
            f"输出地工会 {union.name}（{union.code}）协办。",
            f"The union of the other province, {union.code} ({union.name}), helps.",
        ),
    )


def agreed(agreement: Agreement) -> VenueReason:
    """Say that an agreement holds."""
    return VenueReason(
        agreement.id,
        Bilingual(
            f"{agreement.text_zh}（{agreement.source}）",
            f"{agreement.text_en} ({agreement.source})",
        ),
    )
