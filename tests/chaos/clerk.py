"""Itinerary: one rights case, from its intake on, by the officers of all its unions."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.chaos import case_documents as ask
from tests.chaos.asking import office_of
from tests.chaos.case_files import now_in_china
from tests.chaos.casework import Asked, Reported
from tests.chaos.file_clerk import FileClerk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.chaos.case_files import CaseFiles
    from tests.chaos.casework import CasePlan, Union

    Seen = dict[str, Any]

#: Whoever is asked says no, or sends it on, so often at the most.
_TURNS: Final = 3
_KINDS: Final = ("VISIT_FAMILY", "COLLECT_EVIDENCE", "SERVE_PAPERS", "OTHER")
#: What officers state; files state other facts.
_FACTS: Final = ("mediation-requested", "arbitration-applied", "aid-requested")


class Ended(Exception):
    """Nothing more can be done about the case."""


class Clerk:
    """Works on one case. The next act follows when the one before was answered."""

    def __init__(
        self,
        plan: CasePlan,
        unions: Mapping[str, list[Union]],
        files: CaseFiles,
        run: str,
    ) -> None:
        self._plan = plan
        self._unions = unions
        self._files = files
        self._asking = files.asking
        self._book = files.book
        self._name = f"{run}-c{plan.number}"
        self._rng = random.Random(f"case/{run.partition('-')[0]}/{plan.number}")  # noqa: S311
        self._today = now_in_china().date()
        self._no = ""
        self._lead: Seen = {}
        self._times: Counter[str] = Counter()

    async def work(self) -> None:
        """Work on it, to the end of what is planned."""
        try:
            await (self._report() if self._plan.employer else self._open())
            await self._settle_lead()
            if self._chance(0.35):
                to = self._any_union(self._lead["province"]).code
                await self._act(self._lead, "offerHandOver", toUnion=to, reason="r")
                await self._settle_lead()
            elif self._chance(0.25):
                await self._act(self._lead, "reportCaseUp", reason="refused there")
                await self._settle_lead()
            await self._handle()
        except Ended:
            return

    async def _open(self) -> None:
        plan = self._plan
        on = self._today - timedelta(days=plan.age)
        given: Seen = {
            "by": plan.by.code, "matter": plan.matter, "workplace": plan.division,
            "receivedOn": on.isoformat(),
        }  # fmt: skip
        if self._chance(0.5):
            given["no"] = f"chaos-{self._name}"
        if plan.local_id:
            given |= {"localIds": [plan.local_id], "home": plan.home}
        told = await self._sent("openCase", ask.OPEN, plan.by.province, input=given)
        if told is None:
            raise Ended
        self._no = told["no"]
        self._acknowledged("openCase")
        self._book.received[self._no] = on

    async def _report(self) -> None:
        plan, today = self._plan, self._today.isoformat()
        given = {
            "by": plan.by.code, "on": today, "reporter": "INFORMANT",
            "employer": plan.employer, "division": plan.division,
            "workers": plan.workers, "since": "2026-01-01", "until": "2026-02-28",
            "amount": "1000.50",
        }  # fmt: skip
        province = plan.by.province
        told = await self._sent("reportArrears", ask.REPORT, province, input=given)
        if told is None:
            raise Ended
        self._no = told["caseNo"]
        self._acknowledged("reportArrears")
        self._book.received[self._no] = self._today
        self._book.reports[told["id"]] = Reported(
            self._no, plan.employer, province, plan.workers
        )

    async def _settle_lead(self) -> None:
        """Let whoever is asked answer, until somebody leads."""
        for turn in range(_TURNS + 1):
            seen = await self._look()
            self._lead, asked = seen["lead"], seen["asked"]
            if asked is None:
                return
            await self._answer(seen, asked, last=turn == _TURNS)
        self._lead = (await self._look())["lead"]

    async def _answer(self, seen: Seen, asked: Seen, *, last: bool) -> None:
        if seen["state"] == "ESCALATED":
            if seen["accepted"] and self._chance(0.4):
                await self._act(asked, "leaveCaseBelow", reason="looked into")
            else:
                await self._act(asked, "takeOverCase")
        elif not last and self._chance(0.25):
            await self._act(asked, "declineCase", reason="not ours")
        elif not last and seen["state"] == "ROUTED" and self._chance(0.3):
            to = self._any_union().code
            await self._act(asked, "forwardCase", toUnion=to, reason="theirs")
        elif seen["state"] == "HANDING_OVER" and self._chance(0.2):
            await self._act(self._lead, "recallHandOver")
        else:
            await self._act(asked, "acceptCase")

    async def _handle(self) -> None:
        """Act, ask others for help and write the files, all at once; then end it."""
        lead = self._lead
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lead_acts(lead))
            helps = [
                group.create_task(self._task(lead, kind))
                for kind in self._rng.sample(_KINDS, self._rng.randrange(3))
            ]
            files = FileClerk(self._files, self._no, self._name, self._rng)
            group.create_task(files.write(lead, facts=True))
            by = self._plan.by
            if by.province != lead["province"]:
                other = {"union": by.code, "province": by.province}
                group.create_task(files.write(other, facts=False))
        done = all(one.result() for one in helps)
        if not self._plan.employer and done and self._chance(0.4):
            today = self._today.isoformat()
            await self._act(lead, "closeCase", outcome="SETTLED", on=today)
        elif self._chance(0.12) and await self._act(lead, "withdrawCase", reason="r"):
            self._book.withdrawn.add(self._no)
            for case_no, task in self._book.tasks:
                if case_no == self._no:
                    self._book.tasks[case_no, task] = "CLOSED"

    async def _lead_acts(self, lead: Seen) -> None:
        today = self._today.isoformat()
        for place, kind in enumerate(self._rng.sample(_FACTS, self._rng.randrange(4))):
            act = self._rng.choice(("MEDIATION", "ARBITRATION", "OTHER"))
            await self._act(lead, "recordAct", f"r{place}", kind=act, on=today)
            fact = {"kind": kind, "on": today}
            seen = await self._act(lead, "stateFacts", f"f{place}", facts=[fact])
            known = [
                one for one in (seen or {}).get("facts") or () if one["kind"] == kind
            ]
            if known and self._chance(0.5):
                before = (self._today - timedelta(days=1)).isoformat()
                right = {**fact, "on": before, "corrects": known[0]["id"]}
                why = {"facts": [right], "reason": "CORRECTED"}
                await self._act(lead, "stateFacts", f"g{place}", **why)
        if self._chance(0.25):
            above = {"union": office_of(lead["province"]), "province": lead["province"]}
            await self._act(above, "followUpCase", on=today)
        if self._chance(0.3):
            paper = {"reference": f"doc/{self._plan.number}", "sha256": "ab" * 32}
            await self._act(lead, "addDocument", document=paper)
        if self._chance(0.25):
            await self._sub_case(lead)

    async def _sub_case(self, lead: Seen) -> None:
        to = self._any_union().code
        seen = await self._act(lead, "openSubCase", kind="LIVING_AID", toUnion=to)
        if seen and seen["subCases"]:
            number = seen["subCases"][-1]["no"]
            await self._act(lead, "endSubCase", subCase=number, outcome="GIVEN")

    async def _task(self, lead: Seen, kind: str) -> bool:
        """Ask a union elsewhere for help; tell whether the task was closed."""
        to = self._any_union(lead["province"])
        seen = await self._act(lead, "assignTask", kind, kind=kind, toUnion=to.code)
        if seen is None:
            return True
        found = [one for one in seen["tasks"] if one["kind"] == kind]
        no = found[0]["no"]
        self._stands(no, "ASSIGNED")
        helper = {"union": to.code, "province": to.province}
        for turn in range(2):
            await self._help(helper, no, turn)
            if turn or not self._chance(0.35):
                break
            if await self._act(lead, "askTaskAgain", no, task=no):
                self._stands(no, "ASSIGNED")
        if self._chance(0.75) and await self._act(lead, "closeTask", no, task=no):
            self._stands(no, "CLOSED")
            if self._chance(0.5):
                await self._act(lead, "rateTask", no, task=no, timeliness=5, effort=4)
            return True
        return False

    async def _help(self, helper: Seen, no: str, turn: int) -> None:
        key, chance = f"{no}.{turn}", self._chance
        for name, likely, state, more in (
            ("acknowledgeTask", 0.7, "ACKNOWLEDGED", {}),
            ("extendTask", 0.3, "ACKNOWLEDGED", {"reason": "far away"}),
        ):
            if chance(likely) and await self._act(helper, name, key, task=no, **more):
                self._stands(no, state)
        if chance(0.2):
            name, state, more = "refuseTask", "REFUSED", {"reason": "nobody there"}
        else:
            paper = {"reference": f"a/{key}", "sha256": "cd" * 32}
            name, state, more = "answerTask", "ANSWERED", {"documents": [paper]}
        if await self._act(helper, name, key, task=no, **more):
            self._stands(no, state)

    async def _look(self) -> Seen:
        body = {"query": ask.LOOK, "variables": {"no": self._no}}
        province = self._plan.by.province
        return await self._asking.until_answered(province, "case", body)

    async def _act(
        self, seat: Seen, name: str, label: str = "", /, **given: Any
    ) -> Seen | None:
        """Act as a union; none if it was refused."""
        number = label or self._count(name)
        text = ask.act(name, given)
        more = {"no": self._no, "by": seat["union"], **given}
        told = await self._sent(name, text, seat["province"], number, **more)
        if told is not None:
            self._acknowledged(name, seat["province"], number)
        return told

    async def _sent(
        self, name: str, text: str, province: str, label: str = "", **given: Any
    ) -> Seen | None:
        key = self._key(name, label)
        kept = f"{office_of(province)}|{key}"
        self._book.asked[kept] = Asked(name, self._no)
        body = {"query": text, "variables": {**given, "key": key}}
        twice = self._plan.twice
        told = await self._asking.act(province, name, body, twice=twice)
        if told["__typename"] == "Refusal":
            self._book.refused[kept] = f"{name} {told['code']}"
            return None
        return told

    def _acknowledged(self, name: str, province: str = "", label: str = "") -> None:
        office = office_of(province or self._plan.by.province)
        self._book.acknowledged[f"{office}|{self._key(name, label)}"] = self._no

    def _key(self, name: str, label: str) -> str:
        return f"{self._name}-{name}-{label}"

    def _count(self, name: str) -> str:
        """Number the acts of one name."""
        self._times[name] += 1
        return str(self._times[name])

    def _stands(self, task: str, state: str) -> None:
        self._book.tasks[self._no, task] = state

    def _chance(self, likely: float) -> bool:
        return self._rng.random() < likely

    def _any_union(self, beside: str = "") -> Union:
        codes = [one for one in sorted(self._unions) if one != beside]
        return self._rng.choice(self._unions[self._rng.choice(codes)])
