"""Itinerary: checks of what a province tells of workers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from stdnum.cn import ric

from connectors.conformance.comparing import (
    ids_twice,
    listed,
    moments,
    not_as_asked,
)
from connectors.conformance.report import failed, inapplicable, skipped, warned
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.refusal import Bilingual
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.conformance.visit import Visit
    from schema.records.worker import WorkerRecord

#: Clocks may differ by so much.
LEEWAY = timedelta(minutes=2)
#: More workers of the sample show nothing more, where each is asked often.
_FEW = 5


async def known(visit: Visit) -> Bilingual:
    """Ask for each known key alone."""
    keys = visit.known()
    own = visit.everything.within(frozenset({RecordKind.WORKER}))
    lost, other = [], []
    for key in keys:
        ((told,),) = (await visit.ask(((key,), own))).workers or ((None,),)
        if told is None:
            lost.append(visit.sample.label(key))
        elif told.local_id != key:
            other.append(visit.sample.label(key))
    if other:
        raise failed(
            f"答的是另一个 localId：{listed(other)}",
            f"another localId was told: {listed(other)}",
        )
    if lost:
        raise failed(f"查无此人：{listed(lost)}", f"nobody was told: {listed(lost)}")
    return Bilingual(f"{len(keys)} 人", f"workers: {len(keys)}")


async def opaque(visit: Visit) -> Bilingual:
    """Look at the keys themselves."""
    numbers = [visit.sample.label(key) for key in visit.known() if ric.is_valid(key)]
    if numbers:
        raise failed(
            f"是公民身份号码：{listed(numbers)}",
            f"resident ID numbers: {listed(numbers)}",
        )
    return Bilingual("都不是", "none of them is")


async def whole(visit: Visit) -> Bilingual:
    """Ask for all that is declared."""
    await visit.workers(visit.known(), visit.everything)
    count = sum(len(names) for _, names in visit.everything.parts)
    return Bilingual(f"{count} 个字段，没有故障", f"fields: {count}, no fault")


async def null_or_empty(visit: Visit) -> Bilingual:
    """Look for null where a list has to stand, and for rows where there are none."""
    keys = visit.known()
    told = dict(zip(keys, await _unfaulted(visit, keys), strict=True))
    null = [
        f"{visit.sample.label(key)}: {line.kind}"
        for key, one in told.items()
        for line in ROW_KINDS
        if one is not None and getattr(one, line.rows) is None
    ]
    if null:
        raise failed(f"null 而没有错误：{listed(null)}", f"null alone: {listed(null)}")
    wrong = [
        f"{visit.sample.label(key)}: {kind}"
        for kind, names in visit.sample.none.items()
        for key in names
        if _rows(told, key, kind)
    ]
    if wrong:
        raise failed(f"却有行：{listed(wrong)}", f"there are rows: {listed(wrong)}")
    count = sum(map(len, visit.sample.none.values()))
    if not count:
        raise skipped(
            "没有 null；样本没有 none，空列表未能检查。",
            "no null; empty lists were not checked: the sample has no keys under none",
        )
    return Bilingual(f"没有 null；{count} 处为空", f"no null; empty lists: {count}")


async def rows(visit: Visit) -> Bilingual:
    """Look for rows where the sample says that there are some."""
    wanted = visit.sample.rows
    if not wanted:
        raise skipped(
            "样本没有 rows，未能检查。",
            "not checked: the sample has no keys under rows",
        )
    keys = visit.known()
    told = dict(zip(keys, await _unfaulted(visit, keys), strict=True))
    empty = [
        f"{visit.sample.label(key)}: {kind}"
        for kind, names in wanted.items()
        for key in names
        if not _rows(told, key, kind)
    ]
    if empty:
        raise failed(f"没有行：{listed(empty)}", f"no rows: {listed(empty)}")
    count = sum(map(len, wanted.values()))
    return Bilingual(f"{count} 处都有行", f"rows wherever they are due: {count}")


async def _unfaulted(visit: Visit, keys: tuple[str, ...]) -> tuple[object, ...]:
    return await visit.workers(keys, visit.everything)


def _rows(told: Mapping[str, object], key: str, kind: RecordKind) -> object:
    one = told.get(key)
    return one and getattr(one, KINDS[kind].rows)


async def selection(visit: Visit) -> Bilingual:
    """Ask for each field alone, and for each kind."""
    keys = visit.known()[:_FEW]
    asked = 0
    for kind, names in visit.everything.parts:
        ordered = sorted(names)
        for chosen in ([name] for name in ordered):
            await _chosen(visit, keys[:1], Selection.of({kind: chosen}))
        await _chosen(visit, keys, Selection.of({kind: ordered}))
        asked += len(ordered) + 1
    return Bilingual(f"{asked} 种选择", f"selections: {asked}")


async def bare(visit: Visit) -> Bilingual:
    """Ask for kinds without a field."""
    keys = visit.known()[:_FEW]
    kinds = [kind for kind, _ in visit.everything.parts if KINDS[kind].rows]
    if not kinds:
        raise inapplicable("没有声明任何行。", "no kind of rows is declared")
    for kind in kinds:
        await _chosen(visit, keys, Selection.of({kind: ()}))
    return Bilingual(f"{len(kinds)} 类", f"kinds: {len(kinds)}")


async def _chosen(visit: Visit, keys: tuple[str, ...], chosen: Selection) -> None:
    async def obtain() -> Mapping[str, WorkerRecord | None]:
        told = await visit.workers(keys, chosen)
        unfit = [n for one in told if one for n in not_as_asked(one, chosen)]
        if unfit:
            text = listed(list(dict.fromkeys(unfit)))
            raise failed(
                f"多答（+）或少答（-）：{text}", f"unasked (+) or missing (-): {text}"
            )
        return dict(zip(keys, told, strict=True))

    await visit.agree(keys, chosen, obtain)


async def repeatable(visit: Visit) -> Bilingual:
    """Ask the same twice."""
    keys = visit.known()[:_FEW]

    async def obtain() -> Mapping[str, WorkerRecord | None]:
        return await visit.each(keys)

    await visit.agree(keys, visit.everything, obtain, failed)
    return Bilingual("相同", "the same")


async def ids(visit: Visit) -> Bilingual:
    """Look for ids that stand twice."""
    told = await visit.workers(visit.known(), visit.everything)
    there = [one for one in told if one is not None]
    twice = [line.kind for line in ROW_KINDS if ids_twice(there, line.kind)]
    if twice:
        raise failed(f"id 重复：{listed(twice)}", f"ids stand twice: {listed(twice)}")
    return Bilingual("各不相同", "all are different")


async def clock(visit: Visit) -> Bilingual:
    """Look at every ``as_of``."""
    told = await visit.workers(visit.known(), visit.everything)
    latest = visit.means.clock.now() + LEEWAY
    found = list(moments(one for one in told if one is not None))
    ahead = sorted({kind for kind, moment in found if moment > latest})
    if ahead:
        most = max(moment for _, moment in found) - latest + LEEWAY
        minutes = round(most / timedelta(minutes=1))
        raise failed(
            f"比时钟超前 {minutes} 分钟：{listed(ahead)}",
            f"{minutes} minutes ahead: {listed(ahead)}",
        )
    if not found:
        raise warned("没有一行可看", "there was no row to look at")
    return Bilingual(f"{len(found)} 个时刻", f"moments: {len(found)}")


CHECKS = {
    "read.known": known,
    "read.opaque": opaque,
    "read.whole": whole,
    "read.null-or-empty": null_or_empty,
    "read.rows": rows,
    "read.selection": selection,
    "read.bare": bare,
    "read.repeatable": repeatable,
    "read.ids": ids,
    "read.clock": clock,
}
