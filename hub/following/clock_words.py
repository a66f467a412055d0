"""Decider: why a due date is what it is, in words: rule, facts and arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.following.clock_fold import length
from hub.rules import periods
from schema.records.clock import Phase, Turn
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from hub.following.clock_rules import ClockKind, ClockRule, ClockRules
    from hub.rules.workdays import Calendar
    from schema.records.clock import CaseClock, ClockSetting, ClockStep

_ENDED: Final = Bilingual("", "")
_SAID: Final = {
    Turn.STARTED: Bilingual("起算", "it started"),
    Turn.INTERRUPTED: Bilingual("中断，重新计算", "interrupted, it begins anew"),
    Turn.SUSPENDED: Bilingual("中止", "it is suspended"),
    Turn.RESUMED: Bilingual("继续计算", "it runs on"),
    Turn.EXTENDED: Bilingual("延长一次", "it is extended, once"),
    Turn.MET: Bilingual("已办理", "it was met"),
    Turn.REOPENED: Bilingual("重新计算", "it begins anew"),
}


def why(rules: ClockRules, setting: ClockSetting, clock: CaseClock) -> Bilingual:
    """Explain a clock: its rule, what each fact did, and how its days were counted."""
    kind = rules.kinds[clock.clock]
    if clock.phase is Phase.UNLIMITED:
        return Bilingual(kind.until_zh, kind.until_en)
    rule = rules.rules[clock.rule]
    steps = [_step(rules, kind, rule, step) for step in clock.steps]
    head = _head(kind, rule, setting)
    return Bilingual(
        head.zh + "；".join(step.zh for step in steps) + "。",
        head.en + "; ".join(step.en for step in steps) + ".",
    )


def _head(kind: ClockKind, rule: ClockRule, setting: ClockSetting) -> Bilingual:
    long = length(kind, rule, setting)
    zh = f"{kind.zh}：规则 {rule.id}（{rule.source}）"
    en = f"{kind.en[0].upper()}{kind.en[1:]}: rule {rule.id} ({rule.source})"
    if long.agreement:
        zh += f"，按协议 {long.agreement}"
        en += f", by agreement {long.agreement}"
    if setting.green_channel and long.days != rule.days:
        zh += "，绿色通道减半"
        en += ", halved on the green channel"
    return Bilingual(f"{zh}：", f"{en}: ")


def _step(
    rules: ClockRules, kind: ClockKind, rule: ClockRule, step: ClockStep
) -> Bilingual:
    fact, said = rules.facts[step.kind], _SAID[step.turn]
    counted = _counted(kind, rule.calendar, step)
    return Bilingual(
        f"{step.on} {fact.zh}（{step.fact}），{said.zh}{counted.zh}",
        f"on {step.on} {fact.en} ({step.fact}), {said.en}{counted.en}",
    )


def _counted(kind: ClockKind, calendar: Calendar, step: ClockStep) -> Bilingual:
    if step.turn is Turn.MET:
        return _ENDED
    unit = periods.unit_of(calendar)
    if step.due_on is None:
        left = [(step.years, "年", "year(s)"), (step.days, unit.zh, unit.en)]
        some = [each for each in left if each[0]] or left[1:]
        zh = "又 ".join(f"{number} {name}" for number, name, _ in some)
        en = " and ".join(f"{number} {name}" for number, _, name in some)
        return Bilingual(f"，剩余 {zh}", f" with {en} left")
    if kind.before:
        return Bilingual(
            f"：{step.since} 之前 {step.days} {unit.zh}，即 {step.due_on}",
            f": {step.days} {unit.en} before {step.since} is {step.due_on}",
        )
    told = periods.told(step.since, step.years, step.days, calendar)
    return Bilingual(f"：{told.zh}", f": {told.en}")
