"""Itinerary: checks of what a province declares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.conformance.comparing import listed
from connectors.conformance.fault_words import SHUT_OUT
from connectors.conformance.report import failed, inapplicable, warned
from connectors.faults import ProvinceFault
from schema.records.command import Act
from schema.records.kinds import RecordKind
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from connectors.conformance.visit import Visit

_VERSION = re.compile(r"\d{1,4}\.\d{1,4}", re.ASCII)
#: What contract 1.1 has; ``CANCEL_IN`` came later.
_FIRST_ACTS = frozenset(Act) - {Act.CANCEL_IN}


async def reached(visit: Visit) -> Bilingual:
    """Probe it."""
    try:
        visit.declared = await visit.connector.probe(visit.soon())
    except ProvinceFault as fault:
        visit.shut_out = fault.code in SHUT_OUT
        raise
    kinds, acts = len(visit.declared.kinds), len(visit.declared.acts)
    told = visit.declared.changes
    return Bilingual(
        f"{kinds} 类行，{acts} 项登记，{'有' if told else '无'}案卷变更",
        f"kinds: {kinds}, acts: {acts}, {'' if told else 'no '}changes of case files",
    )


async def version(visit: Visit) -> Bilingual:
    """Look at version and kinds."""
    told = visit.declared or visit.set
    if not _VERSION.fullmatch(told.contract_version):
        raise failed("契约版本不是 major.minor", "the version is not major.minor")
    if not told.kinds:
        raise failed("没有声明任何种类", "no kind is declared")
    if told.acts and RecordKind.MEMBERSHIP not in told.kinds:
        raise failed(
            "接受登记，却不提供 MEMBERSHIP", "acts are taken, but no MEMBERSHIP is told"
        )
    kinds = ", ".join(sorted(told.kinds))
    return Bilingual(
        f"契约 {told.contract_version}：{kinds}",
        f"contract {told.contract_version}: {kinds}",
    )


async def as_set(visit: Visit) -> Bilingual:
    """Compare with what the settings and the mapping file say."""
    if not visit.means.promised:
        raise inapplicable("设置没有写明。", "the settings do not say")
    told = visit.declared or visit.set
    lacking = [
        kind if kind not in told.fields else f"{kind}.{name}"
        for kind, names in sorted(visit.set.fields.items())
        for name in sorted(names - told.fields.get(kind, frozenset()))
    ]
    lacking = list(dict.fromkeys(lacking))
    lacking += sorted(visit.set.acts - told.acts)
    lacking += ["changes"] if visit.set.changes and not told.changes else []
    if lacking:
        text = listed(lacking)
        raise warned(f"没有提供：{text}", f"not served: {text}")
    return Bilingual("相符", "they agree")


async def acts(visit: Visit) -> Bilingual:
    """Look whether a member could come and go."""
    told = (visit.declared or visit.set).acts
    if told and not told >= _FIRST_ACTS:
        lacking = listed(sorted(_FIRST_ACTS - told))
        raise failed(f"缺：{lacking}", f"missing: {lacking}")
    return Bilingual(f"{len(told)} 项", f"acts: {len(told)}")


async def stable(visit: Visit) -> Bilingual:
    """Probe it again, and over another connection."""
    if await visit.connector.probe(visit.soon()) != visit.declared:
        raise failed("再次探测，声明不同", "another declaration at the second probe")
    if visit.means.reopen is None:
        return Bilingual("两次相同", "twice the same")
    other = visit.means.reopen()
    try:
        if await other.probe(visit.soon()) != visit.declared:
            raise failed(
                "新连接上的声明不同", "another declaration over a new connection"
            )
    finally:
        await other.close()
    return Bilingual("三次相同，其中一次为新连接", "three times the same, once anew")


CHECKS = {
    "declare.reached": reached,
    "declare.version": version,
    "declare.as-set": as_set,
    "declare.acts": acts,
    "declare.stable": stable,
}
