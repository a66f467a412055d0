"""Adapter: a visit at a province: what its checks ask, and what they may use."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.conformance.comparing import differences, listed
from connectors.conformance.report import failed, skipped, warned
from connectors.port import Ask, Question
from schema.records.purpose import PurposeOfUse
from schema.records.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from connectors.conformance.report import Judged
    from connectors.conformance.sample import Sample
    from connectors.conformance.wire import Wire
    from connectors.port import Answer, Capabilities, Clock, Connector
    from schema.records.worker import WorkerRecord

#: A province under way may change while it is looked at: so often it is compared anew.
_TRIES = 3
#: What a made-up local key begins with, so that a province knows whose it is.
_MARK = "hub-probe-"


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a visit may use besides the connector.

    Attributes:
        clock: Tells the time.
        deadline: Seconds that one question may take.
        act_deadline: Seconds that one call with commands may take.
        reopen: Makes another connector to the same province.
        strangers: Connectors with one secret wrong, by the name of the setting.
        wire: Speaks to a GraphQL province without a connector.
        promised: Whether the settings say what there is; else they only guess.
        batches: Whether rows come by batches: what was done shows in a later one.
        acts: Whether entries may be written and taken back.
        rounds: How often each size of question is timed.
        at_once: How many questions are put at once.
    """

    clock: Clock
    deadline: float = 2.0
    act_deadline: float = 10.0
    reopen: Callable[[], Connector] | None = None
    strangers: Mapping[str, Callable[[], Connector]] = field(default_factory=dict)
    wire: Wire | None = None
    promised: bool = True
    batches: bool = False
    acts: bool = False
    rounds: int = 40
    at_once: int = 8


class Visit:
    """One visit; it remembers what the province declared and told at first."""

    def __init__(self, connector: Connector, sample: Sample, means: Means) -> None:
        """Begin; what is declared so far is what the settings say.

        Args:
            connector: The province; it is not closed here.
            sample: Whom the checks may ask for.
            means: What they may use besides.
        """
        self.connector = connector
        self.sample = sample
        self.means = means
        self.set: Capabilities = connector.capabilities
        self.declared: Capabilities | None = None
        #: Nobody is let in: there is nothing else to see.
        self.shut_out = False
        #: Its own name, for everything that is made up.
        self.name = secrets.token_hex(4)
        self._alone: dict[str, WorkerRecord | None] = {}

    @property
    def everything(self) -> Selection:
        """All that is declared."""
        return (self.declared or self.set).narrow(Selection.everything())

    def soon(self, seconds: float | None = None) -> float:
        """Tell the deadline of a question that begins now."""
        given = self.means.deadline if seconds is None else seconds
        return asyncio.get_running_loop().time() + given

    def known(self, least: int = 1) -> tuple[str, ...]:
        """Give the known keys.

        Raises:
            Judged: The sample has not so many.
        """
        if len(self.sample.known) >= least:
            return self.sample.known
        raise skipped(
            f"样本键文件的 known 不足 {least} 个，未能检查。",
            f"not checked: fewer than {least} keys under known in the sample",
        )

    def strangers(self, count: int) -> tuple[str, ...]:
        """Give keys that are nobody's; made up where the sample has too few."""
        made = (f"{_MARK}{self.name}-{n}" for n in range(count))
        return (*self.sample.unknown, *made)[:count]

    def question(self, *asks: tuple[Sequence[str], Selection]) -> Question:
        """Write a question; the province sees in its log that it is a probe."""
        return Question(
            tuple(Ask(tuple(keys), selection) for keys, selection in asks),
            f"{_MARK}{self.name}",
            PurposeOfUse.MEMBERSHIP_SERVICE.value,
        )

    async def ask(
        self,
        *asks: tuple[Sequence[str], Selection],
        of: Connector | None = None,
    ) -> Answer:
        """Ask one question.

        Raises:
            ProvinceFault: Nothing was told.
        """
        connector = of or self.connector
        return await connector.ask(self.question(*asks), self.soon())

    async def workers(
        self, keys: Sequence[str], selection: Selection, *, of: Connector | None = None
    ) -> tuple[WorkerRecord | None, ...]:
        """Ask for workers who have to be told in whole.

        Raises:
            Judged: There were faults, or not as many workers as were asked for.
        """
        answer = await self.ask((keys, selection), of=of)
        if answer.faults:
            one = answer.faults[0]
            kinds = listed(sorted(one.kinds)) or "-"
            raise failed(
                f"故障 {one.code}，缺：{kinds}", f"fault {one.code}, missing: {kinds}"
            )
        if [len(told) for told in answer.workers] != [len(keys)]:
            raise failed(
                "答复的人数与所问不同", "not as many workers as were asked for"
            )
        return answer.workers[0]

    async def each(self, keys: Iterable[str]) -> dict[str, WorkerRecord | None]:
        """Ask for everything of each worker, each alone."""
        told = {}
        for key in keys:
            (told[key],) = await self.workers((key,), self.everything)
        return told

    async def agree(
        self,
        keys: Sequence[str],
        selection: Selection,
        obtain: Callable[[], Awaitable[Mapping[str, WorkerRecord | None]]],
        moving: Callable[[str, str], Judged] = warned,
    ) -> None:
        """Hold what is obtained in some way against each worker asked alone.

        Args:
            keys: Of the workers.
            selection: What of them is compared.
            obtain: Asks for them in that way.
            moving: How it ends where the rows are others at every question.

        Raises:
            Judged: It is not the same, although the rows themselves did not change.
        """
        changed: list[str] = []
        for _ in range(_TRIES):
            new = [key for key in keys if key not in self._alone]
            self._alone |= await self.each(new)
            found = self._differing(await obtain(), selection)
            if not found:
                return
            after = await self.each(keys)
            changed = self._differing(after, self.everything)
            if not changed:
                text = listed(found)
                raise failed(f"不同于单独询问：{text}", f"other than alone: {text}")
            self._alone |= after
        text = listed(changed)
        raise moving(
            f"样本职工的数据一直在变，无法比较：{text}",
            f"the rows of the sample kept changing, nothing to compare with: {text}",
        )

    def _differing(
        self,
        told: Mapping[str, WorkerRecord | None],
        selection: Selection,
    ) -> list[str]:
        return [
            f"{self.sample.label(key)}: {name}"
            for key, one in told.items()
            for name in differences(one, self._alone[key], selection)
        ]
