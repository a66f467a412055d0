"""Itinerary: a visit from its first check to its report."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

from connectors.conformance import (
    acting,
    asking,
    declaring,
    enduring,
    following,
    reading,
    refusing,
    wiring,
)
from connectors.conformance.fault_words import words_of
from connectors.conformance.report import (
    PARTS,
    Finding,
    Judged,
    Outcome,
    Report,
    catalogue,
)
from connectors.conformance.visit import Visit
from connectors.faults import ProvinceFault
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from connectors.conformance.report import Check
    from connectors.conformance.sample import Sample
    from connectors.conformance.visit import Means
    from connectors.port import Connector

#: No check takes longer than so many questions that just meet their deadline …
_QUESTIONS = 60
#: … and so many seconds besides.
_LONGEST = 60.0
_FIRST = "declare.reached"
_NOT_REACHED = Bilingual(
    "没有连上，未能检查。", "not checked: the province was not reached"
)

STEPS: Mapping[str, Callable[[Visit], Awaitable[Bilingual]]] = {
    **declaring.CHECKS,
    **reading.CHECKS,
    **asking.CHECKS,
    **refusing.CHECKS,
    **following.CHECKS,
    **acting.CHECKS,
    **enduring.CHECKS,
    **wiring.CHECKS,
}


async def run(
    connector: Connector,
    sample: Sample,
    means: Means,
    *,
    kind: str = "",
    name: Bilingual | None = None,
    parts: Collection[str] = tuple(PARTS),
    tell: Callable[[Check, int, int], None] | None = None,
) -> Report:
    """Hold a province against the contract; it never raises for the province.

    Args:
        connector: The province; it is not closed here.
        sample: Whom the checks may ask for.
        means: What they may use besides the connector.
        kind: How the province is spoken to, for the report.
        name: Its name, for the report.
        parts: Which parts of the checks; nothing else is asked without ``declare``.
        tell: Told of each check that begins, its place and how many there are.
    """
    visit = Visit(connector, sample, means)
    at, began = means.clock.now(), perf_counter()
    findings: list[Finding] = []
    checks = [one for one in catalogue().values() if one.part in parts]
    for place, check in enumerate(checks):
        if tell is not None:
            tell(check, place, len(checks))
        if check.id != _FIRST and _is_idle(visit, check):
            findings.append(Finding(check, Outcome.SKIPPED, _NOT_REACHED, 0.0))
        else:
            findings.append(await _find(visit, check))
    version = visit.declared.contract_version if visit.declared else ""
    return Report(
        connector.province,
        name or Bilingual(connector.province, connector.province),
        kind,
        version,
        at,
        perf_counter() - began,
        tuple(findings),
    )


def _is_idle(visit: Visit, check: Check) -> bool:
    """Tell whether there is nothing to ask.

    Where the connector hears nothing that it can use, the wire may still tell why.
    """
    return visit.declared is None and (visit.shut_out or check.part != "wire")


async def _find(visit: Visit, check: Check) -> Finding:
    start, longest = perf_counter(), _LONGEST + _QUESTIONS * visit.means.deadline
    try:
        async with asyncio.timeout(longest):
            came, outcome = await STEPS[check.id](visit), Outcome.PASSED
    except Judged as judged:
        came, outcome = judged.came, judged.outcome
    except ProvinceFault as fault:
        came, outcome = words_of(fault), Outcome.FAILED
    except TimeoutError:
        came, outcome = _too_long(longest), Outcome.FAILED
    except Exception as error:  # noqa: BLE001  # a visit is not ended by one check
        # Without its message: it may quote a person's data.
        name = type(error).__name__
        came = Bilingual(f"连接器出错：{name}", f"the connector raised {name}")
        outcome = Outcome.FAILED
    return Finding(check, outcome, came, perf_counter() - start)


def _too_long(seconds: float) -> Bilingual:
    return Bilingual(
        f"{seconds:.0f} 秒内没有完成", f"it was not done within {seconds:.0f} s"
    )
