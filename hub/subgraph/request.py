"""Itinerary: one request's way to the source: all it wants is one question.

Every ``_entities`` of a request registers its ask; when all have, they are put as one
question. Every field of a mutation is read before the first is carried out, and all are
one call.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from graphql import get_argument_values
from graphql.execution.collect_fields import FragmentDetails, collect_fields

from connectors.port import Ask, Question
from hub.subgraph import sentences
from hub.subgraph.entries import answers, read_run, too_many
from hub.subgraph.pages import page, wanted
from hub.subgraph.problems import BAD_USER_INPUT, of, of_fault, told
from hub.subgraph.representations import read
from hub.subgraph.telling import entities
from schema.graph.selecting import select

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from graphql import GraphQLResolveInfo

    from connectors.port import Answer, ChangesWanted
    from hub.subgraph.entries import Run
    from hub.subgraph.problems import Told
    from hub.subgraph.representations import Places
    from hub.subgraph.served import Served
    from hub.subgraph.source import Source


class Request:
    """What is known of one request while it is executed.

    Attributes:
        served: The contract as it was served when the request came.
        besides: Errors that belong to the answer beside those of its fields.
        workers: How many workers were asked for, for the log.
        commands: How many commands were sent, for the log.
    """

    def __init__(
        self, source: Source, served: Served, request: str, purpose: str, most: int
    ) -> None:
        """Begin.

        Args:
            source: Who is asked.
            served: What is served.
            request: Its id.
            purpose: Why it is asked, as the caller says.
            most: Workers that it may ask for.
        """
        self.served = served
        self.besides: list[Told] = []
        self.workers = self.commands = 0
        self._source = source
        self._request = request
        self._purpose = purpose
        self._most = most
        self._asks: list[Ask] = []
        self._question: asyncio.Task[Answer] | None = None
        self._acted: dict[str, list[Any]] | None = None

    def contract(self) -> dict[str, Any]:
        """Tell what is served."""
        capabilities = self.served.capabilities
        return {
            "version": capabilities.contract_version,
            "province": self._source.province,
            "kinds": sorted(capabilities.kinds),
            "asOf": self._source.as_of.isoformat(),
        }

    def entities(
        self, info: GraphQLResolveInfo[Any], representations: Sequence[object]
    ) -> Awaitable[list[Any]]:
        """Register an ask; what comes of it is awaited.

        Raises:
            Told: More workers than a request may ask for.
        """
        places = read(representations)
        self.workers += len(places.distinct)
        if self.workers > self._most:
            raise told(BAD_USER_INPUT, sentences.TOO_MANY_WORKERS, most=self._most)
        ask = Ask(places.distinct, select(info))
        at = len(self._asks)
        self._asks.append(ask)
        if self._question is None:
            # It begins in the loop's next turn, when every field has registered.
            self._question = asyncio.create_task(self._put())
        return self._entities(str(info.path.key), at, places, self._question)

    async def _put(self) -> Answer:
        question = Question(tuple(self._asks), self._request, self._purpose)
        return await self._source.ask(question)

    async def _entities(
        self, alias: str, at: int, places: Places, question: asyncio.Task[Answer]
    ) -> list[Any]:
        answer = await question
        if len(answer.workers) != len(self._asks):
            raise of_fault(of(next(iter(answer.faults), None)))
        made = entities(
            alias, places, self._asks[at], answer.workers[at], answer.faults
        )
        self.besides += made.besides
        return made.values

    async def changes(
        self,
        first: int,
        *,
        after: str | None = None,
        case_no: str | None = None,
        seq: int = 0,
    ) -> dict[str, Any]:
        """Tell a page of changes.

        Raises:
            Told: The arguments are out of range, or the source does not tell.
        """
        asked: ChangesWanted = wanted(
            self._request, first, after=after, case_no=case_no, seq=seq
        )
        changed = await self._source.changes(asked)
        if changed.changes is None:
            raise of_fault(of(changed.fault))
        return page(self._source.province, changed.changes, self._source.as_of)

    async def act(self, info: GraphQLResolveInfo[Any]) -> list[Any]:
        """Carry out the mutation when its first field comes; tell this field's part."""
        if self._acted is None:
            runs = self._runs(info)
            if (refused := too_many(runs)) is not None:
                raise refused
            self._acted = await self._carry_out(runs)
        return self._acted[str(info.path.key)]

    async def _carry_out(self, runs: Mapping[str, Run]) -> dict[str, list[Any]]:
        commands = [one for each in runs.values() for one in each.commands]
        self.commands = len(commands)
        return answers(runs, await self._source.act(commands, self._request))

    def _runs(self, info: GraphQLResolveInfo[Any]) -> dict[str, Run]:
        """Read all fields of the mutation, in their order."""
        mutations = info.parent_type.fields
        collected = collect_fields(
            info.schema,
            {name: FragmentDetails(one) for name, one in info.fragments.items()},
            info.variable_values,
            info.parent_type,
            info.operation,
        )
        runs = {}
        for alias, details in collected.grouped_field_set.items():
            node = details[0].node
            name = node.name.value
            if name in mutations:
                given = get_argument_values(mutations[name], node, info.variable_values)
                runs[alias] = read_run(self._source.province, name, given["entries"])
        return runs

    async def close(self) -> None:
        """End a question that nobody waits for any more."""
        if self._question is not None and not self._question.done():
            self._question.cancel()
            await asyncio.wait([self._question])
