"""Adapter: how a call went is told to chart, observer, trace and log."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

from connectors.tracing import CURRENT
from schema.records.told import FaultCode

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime

    from connectors.call import Call
    from connectors.health import Chart
    from connectors.observer import Observer
    from connectors.port import Acted, Answer
    from schema.records.keys import ProvinceCode

# The lines are the guard's: who reads logs looks for its name.
_LOG = logging.getLogger("connectors.guard")


class CallNotes:
    """Takes note of the calls to one province."""

    def __init__(
        self,
        province: ProvinceCode,
        observer: Observer,
        chart: Chart,
        outdated: asyncio.Event,
    ) -> None:
        """Hold who is told.

        Args:
            province: Which.
            observer: Is told of every call.
            chart: Remembers answers and faults.
            outdated: Is set when a question was refused as outside the contract.
        """
        self._province = province
        self._observer = observer
        self._chart = chart
        self._outdated = outdated

    def asked(self, call: Call, answer: Answer) -> None:
        """Take note of a question and its answer."""
        seconds = perf_counter() - call.started
        if answer.workers:
            self._chart.answered(answer.fetched_at, seconds)
        code = answer.faults[0].code if answer.faults else None
        if code is not None:
            in_part = bool(answer.workers)
            self._chart.fault(code, answer.fetched_at, in_part=in_part)
        self.tell("asked", call, code, seconds)

    def commanded(self, call: Call, acted: Acted, now: datetime) -> None:
        """Take note of commands and what became of them."""
        known = any(acted.receipts)
        code = acted.fault.code if acted.fault else None
        if known:
            self._chart.acted(now)
        if code is not None:
            self._chart.fault(code, now, in_part=known)
        self.tell("commanded", call, code, perf_counter() - call.started)

    def tell(
        self, verb: str, call: Call, code: FaultCode | None, seconds: float
    ) -> None:
        """Tell observer, trace and log how a call went."""
        if code is FaultCode.NOT_SUPPORTED:
            self._outdated.set()
        self._observer.answered(self._province, code, seconds, call.attempts)
        if (span := CURRENT.get()) is not None:
            span.tell(attempts=call.attempts, fault=code.value if code else "")
        # A poll that went well comes again in seconds: it is counted, not written.
        usual = verb == "changes" and code is None
        _LOG.log(
            logging.DEBUG if usual else logging.INFO,
            "%s province=%s request=%s outcome=%s attempts=%d ms=%.1f detail=%s",
            verb,
            self._province,
            call.request,
            code or "OK",
            call.attempts,
            seconds * 1000,
            call.detail or "-",
        )
