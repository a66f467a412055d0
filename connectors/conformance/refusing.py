"""Itinerary: what is not declared is refused, and not told as if there were none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.conformance.commanding import nobodys
from connectors.conformance.report import failed, inapplicable, skipped
from connectors.faults import ProvinceFault
from connectors.port import WHOLE_CONTRACT, ChangesWanted
from schema.records.command import Act
from schema.records.kinds import KINDS
from schema.records.refusal import Bilingual
from schema.records.selection import Selection
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from connectors.conformance.visit import Visit

_ALL = Bilingual(
    "声明了全部，没有可拒绝的。", "all of it is declared: nothing to refuse"
)


async def kind(visit: Visit) -> Bilingual:
    """Ask for a kind that is not declared."""
    there = (visit.declared or visit.set).kinds
    others = [one for one in KINDS if one not in there]
    if not others:
        raise inapplicable(_ALL.zh, _ALL.en)
    keys = visit.sample.known[:1] or visit.strangers(1)
    for one in others:
        await _refused(visit.ask((keys, Selection.of({one: ()}))), one)
    return Bilingual(
        f"拒绝 {len(others)} 类", f"kinds that were refused: {len(others)}"
    )


async def field(visit: Visit) -> Bilingual:
    """Ask for fields that are not declared."""
    there = (visit.declared or visit.set).fields
    others = [
        (one, name)
        for one, names in there.items()
        for name in sorted(WHOLE_CONTRACT.fields[one] - names)
    ]
    if not others:
        raise inapplicable(_ALL.zh, _ALL.en)
    keys = visit.sample.known[:1] or visit.strangers(1)
    for one, name in others:
        chosen = Selection.of({one: [name]})
        await _refused(visit.ask((keys, chosen)), f"{one}.{name}")
    return Bilingual(
        f"拒绝 {len(others)} 个字段", f"fields that were refused: {len(others)}"
    )


async def changes(visit: Visit) -> Bilingual:
    """Ask for changes that are not declared."""
    if (visit.declared or visit.set).changes:
        raise inapplicable(_ALL.zh, _ALL.en)
    wanted = ChangesWanted(visit.question().request, 1)
    await _refused(visit.connector.changes(wanted, visit.soon()), "changes")
    return Bilingual("已拒绝", "refused")


async def acts(visit: Visit) -> Bilingual:
    """Ask for acts that are not declared, of nobody."""
    others = sorted(frozenset(Act) - (visit.declared or visit.set).acts)
    if not others:
        raise inapplicable(_ALL.zh, _ALL.en)
    if not visit.means.acts:
        raise skipped("只在 --acts 时检查。", "checked with --acts only")
    for one in others:
        command = nobodys(visit, one)
        deadline = visit.soon(visit.means.act_deadline)
        asked = visit.connector.act([command], visit.question().request, deadline)
        await _refused(asked, one)
    return Bilingual(f"拒绝 {len(others)} 项", f"acts that were refused: {len(others)}")


async def _refused(asked: Awaitable[object], what: str) -> None:
    try:
        await asked
    except ProvinceFault as fault:
        if fault.code is FaultCode.NOT_SUPPORTED:
            return
        raise failed(
            f"{what}：{fault.code}，而不是 NOT_SUPPORTED",
            f"{what}: {fault.code} instead of NOT_SUPPORTED",
        ) from None
    raise failed(f"{what} 有答复", f"{what} was answered")


CHECKS = {
    "refuse.kind": kind,
    "refuse.field": field,
    "refuse.changes": changes,
    "refuse.acts": acts,
}
