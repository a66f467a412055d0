"""Itinerary: provinces are asked again and again what happened in their case files.

Each is asked in a task of its own, so that one that is slow or dead holds up nobody. How
far each was read stands in the store, and moves on in the transaction that keeps what was
read: a runner may die at any moment, and each change is there once.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from connectors.port import ChangesWanted
from hub.clock import day_in_china, new_request_id
from hub.following.arrivals import sorted_out
from hub.following.file_ports import Intake, Overtaken
from hub.runner.backoff import wait_after
from schema.records.change import Unfit, Watermark
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hub.clock import Clock
    from hub.config.moving import RunnerSettings
    from hub.following.file_ports import CaseFiles, FactsTaker
    from hub.runner.ports import Notes, Teller, Tellers
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

_log = logging.getLogger("hub.runner")

#: Longer than any province may be given; its own limit in the settings holds.
_PATIENCE_S: Final = 120.0
#: So many pages are read in one turn; then others have the store.
_PAGES: Final = 20
#: So many files of single cases are asked for in one turn.
_FILES: Final = 20
#: So many files have their facts looked at in one turn.
_FACTS: Final = 200
#: Ids of messages are kept for longer than their signatures are of use (5 minutes
#: before or after the present).
NONCES_KEPT: Final = timedelta(minutes=15)
_FORGET_EVERY: Final = timedelta(minutes=1)


class Polling:
    """Asks provinces for changes, and takes them in."""

    def __init__(
        self,
        files: CaseFiles,
        provinces: Tellers,
        facts: FactsTaker,
        *,
        settings: RunnerSettings,
        clock: Clock,
        notes: Notes,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Hold what is needed.

        Args:
            files: Where what they tell is kept.
            provinces: Who is asked.
            facts: Takes facts into the cases.
            settings: How often, and how much at once.
            clock: Tells the time.
            notes: Is told of every page.
            chance: Gives a random number from 0 up to 1, for the jitter.
        """
        self._files = files
        self._provinces = provinces
        self._facts = facts
        self._settings = settings
        self._clock = clock
        self._notes = notes
        self._chance = chance
        self._asking: dict[ProvinceCode, asyncio.Task[None]] = {}
        self._failures: dict[ProvinceCode, int] = {}
        self._rests_until: dict[ProvinceCode, datetime] = {}
        self._forgot_at: datetime | None = None

    async def look(self) -> None:
        """Begin to ask those whose turn it is, and take due facts into their cases.

        Raises:
            Refused: The store cannot be used now.
        """
        now = self._clock.now()
        for one in self._provinces.all():
            rests = self._rests_until.get(one.province)
            resting = rests is not None and now < rests
            if one.capabilities.changes and not resting:
                self._begin(one)
        if self._forgot_at is None or now >= self._forgot_at + _FORGET_EVERY:
            await self._files.forget(now - NONCES_KEPT)
            self._forgot_at = now
        await self.take_facts()

    async def finish(self) -> None:
        """Wait until questions that began here have ended."""
        if self._asking:
            await asyncio.wait(self._asking.values())

    async def take_facts(self) -> None:
        """Take facts that came into their cases; one that fails keeps no other back."""
        for due in await self._files.facts_due(_FACTS):
            try:
                refused = await self._facts.facts_from_province(due)
                await self._files.facts_done(due, refused)
            except Refused as why:
                _log.warning("case-facts reason=%s", why.refusal.code)
            except Exception as error:  # noqa: BLE001  # the trace could quote data
                _log.error("case-facts error=%s", type(error).__name__)
            else:
                if refused:
                    _log.warning(
                        "case-facts-refused province=%s facts=%d",
                        due.province,
                        len(refused),
                    )

    async def ask(self, one: Teller) -> None:
        """Ask a province for its log, and for files in which something is missing.

        Raises:
            Refused: The store cannot be used now.
        """
        now = self._clock.now()
        since = now - self._settings.poll_every
        cursor = await self._files.turn(one.province, now, since)
        if cursor is None:
            return
        try:
            if await self._log_from(one, cursor) and await self._missing(one):
                self._failures.pop(one.province, None)
        except Overtaken:
            pass  # another runner is at it

    async def _log_from(self, one: Teller, cursor: str) -> bool:
        for _ in range(_PAGES):
            request = new_request_id()
            wanted = ChangesWanted(request, self._settings.changes, after=cursor)
            page = await self._page(one, wanted)
            if page is None:
                return False
            if page.arrivals or page.next != cursor:
                await self._take(one, page, log=(cursor, page.next))
            cursor = page.next
            if not page.more:
                break
        return True

    async def _missing(self, one: Teller) -> bool:
        wanted = await self._files.to_ask(one.province, self._clock.now(), _FILES)
        for case_no, seq in wanted.items():
            if not await self._file(one, case_no, seq):
                return False
        return True

    async def _file(self, one: Teller, case_no: str, seq: int) -> bool:
        for _ in range(_PAGES):
            request, first = new_request_id(), self._settings.changes
            wanted = ChangesWanted(request, first, case_no=case_no, seq=seq)
            page = await self._page(one, wanted)
            if page is None:
                return False
            more = page.more
            await self._take(one, page, file="" if more else case_no)
            if not more:
                return True
            seq = max(
                one.seq
                for one in (*page.arrivals, *page.unfit)
                if not isinstance(one, Watermark)
            )
        return True

    async def _page(self, one: Teller, wanted: ChangesWanted) -> Changes | None:
        deadline = asyncio.get_running_loop().time() + _PATIENCE_S
        changed = await one.changes(wanted, deadline)
        if changed.changes is None or changed.fault is not None:
            self._failed(one.province)
            code = changed.fault.code if changed.fault else "unknown"
            self._notes.polled(one.province, str(code).lower(), 0)
            return None
        return changed.changes

    async def _take(
        self,
        one: Teller,
        page: Changes,
        *,
        log: tuple[str, str] | None = None,
        file: str = "",
    ) -> None:
        now, province = self._clock.now(), one.province
        kept, found = sorted_out(page.arrivals, day_in_china(now))
        flaws = [Unfit(case_no=i.case_no, seq=i.seq, rule=flaw) for i, flaw in found]
        flaws += page.unfit
        # Its number is one that the province has given: what is missing is declared.
        aside = (
            Watermark(province=province, case_no=one.case_no, seq=one.seq)
            for one in flaws
            if one.case_no
        )
        arrivals = (*kept, *aside)
        taken = await self._files.take(
            Intake(province=province, arrivals=arrivals, now=now, log=log, file=file)
        )
        self._notes.polled(province, "ok", taken.new)
        for rule, number in Counter(one.rule for one in flaws).items():
            _log.error(
                "case-changes-unfit province=%s rule=%s changes=%d",
                province,
                rule,
                number,
            )
        if taken.contradicted:
            _log.warning(
                "case-changes-contradict province=%s changes=%d",
                province,
                taken.contradicted,
            )

    def _begin(self, one: Teller) -> None:
        if one.province not in self._asking:
            self._asking[one.province] = asyncio.create_task(
                self._ask(one), name=f"poll-{one.province}"
            )

    async def _ask(self, one: Teller) -> None:
        try:
            await self.ask(one)
        except Refused as refused:
            _log.warning(
                "poll province=%s reason=%s", one.province, refused.refusal.code
            )
        except Exception as error:  # noqa: BLE001  # the trace could quote data
            self._failed(one.province)
            _log.error("poll province=%s error=%s", one.province, type(error).__name__)
        finally:
            self._asking.pop(one.province, None)

    def try_again(self, province: ProvinceCode) -> None:
        """Let a province rest no longer: it is asked otherwise now."""
        self._rests_until.pop(province, None)
        self._failures.pop(province, None)

    def _failed(self, province: ProvinceCode) -> None:
        failures = self._failures[province] = self._failures.get(province, 0) + 1
        wait = wait_after(
            failures,
            self._settings.poll_every.total_seconds(),
            max(self._settings.longest_wait, self._settings.poll_every).total_seconds(),
            self._chance(),
        )
        self._rests_until[province] = self._clock.now() + timedelta(seconds=wait)
