"""Itinerary: the federation subgraph; ``_entities`` in batches, and what is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.federation.schema import (
    FederationAny,  # noqa: TC002  # strawberry reads the resolver's annotations
)
from strawberry.federation.schema import Schema as FederationSchema
from strawberry.schema.config import StrawberryConfig

from deploy.demo.province.case_file import MOST_CHANGES
from deploy.demo.province.case_types import CaseChanges, page
from deploy.demo.province.mutation import Mutation
from deploy.demo.province.types import Contract, Info, Worker, Yuan

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from datetime import datetime

    from strawberry.types.base import StrawberryObjectDefinition
    from strawberry.types.field import StrawberryField

    from deploy.demo.province.case_file import CaseFile
    from deploy.demo.province.reading import Reading

#: More than this in one request is refused; the hub asks for a hundred at most.
MOST_WORKERS = 500

#: Where each kind of row stands in a worker.
KINDS: Mapping[str, str] = {
    "MEMBERSHIP": "memberships",
    "RIGHTS_CASE": "rights_cases",
    "SKILL": "skills",
    "TRAINING": "trainings",
    "EMPLOYMENT": "employments",
    "HARDSHIP_FILE": "hardship_files",
}

#: What the register of members takes.
ACTS = ("register_out", "cancel_out", "register_in", "complete_out")

#: What tells of case files.
CHANGES = ("case_changes", "case_file")

#: The contract is additive: each version, oldest first, and what it added.
VERSIONS: Mapping[str, frozenset[tuple[str, str]]] = {
    "0.9": frozenset(),
    "1.0": frozenset(
        {
            ("Worker", "trainings"),
            ("Membership", "seasonal"),
            ("Membership", "dispatch_side"),
            ("RightsCase", "green_channel"),
        }
    ),
    "1.1": frozenset({("Mutation", name) for name in ACTS}),
    "1.2": frozenset(
        {("Mutation", "cancel_in"), *(("Query", name) for name in CHANGES)}
    ),
}


def not_served(version: str, kept: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Tell which fields of the contract a province leaves out of its SDL.

    Args:
        version: The contract version that it serves.
        kept: The kinds of rows that it keeps.

    Returns:
        Pairs of a type and a field: what later versions added, and the lists of
        kinds that are not kept.
    """
    later = list(VERSIONS)[list(VERSIONS).index(version) + 1 :]
    unknown = {field for each in later for field in VERSIONS[each]}
    missing = {("Worker", field) for kind, field in KINDS.items() if kind not in kept}
    return frozenset(unknown | missing)


class Subgraph(FederationSchema):
    """A federation subgraph that serves what the province keeps, and no more."""

    def __init__(
        self, query: type, left_out: frozenset[tuple[str, str]], *, acts: bool
    ) -> None:
        self._left_out = left_out
        super().__init__(
            query=query,
            mutation=Mutation if acts else None,
            types=[Worker],
            federation_version="2.3",
            config=StrawberryConfig(
                scalar_map={
                    Yuan: strawberry.scalar(name="Yuan", serialize=str, parse_value=str)
                }
            ),
            # The hub asks in the same words again and again.
            extensions=[ParserCache, ValidationCache],
        )

    def get_fields(
        self, type_definition: StrawberryObjectDefinition
    ) -> list[StrawberryField]:
        """Leave out the fields that are not served."""
        return [
            field
            for field in type_definition.fields
            if (type_definition.name, field.python_name) not in self._left_out
        ]

    def entities_resolver(
        self, info: strawberry.Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """Answer ``_entities``: in the order asked, null for the unknown.

        A bad representation becomes an error of its own place; the others are
        answered all the same.
        """
        if len(representations) > MOST_WORKERS:
            raise GraphQLError(
                f"一次最多询问 {MOST_WORKERS} 人，请分批。"
                f" At most {MOST_WORKERS} workers at once: ask in parts."
            )
        answers: list[Any] = [_entity(info.context, each) for each in representations]
        return answers


def _entity(
    reading: Reading, representation: object
) -> Awaitable[Worker | None] | GraphQLError:
    local_id = _local_id(representation)
    if local_id is None:
        return GraphQLError(
            'representation 应为 {__typename: "Worker", localId: "…"}。'
            ' A representation must be {__typename: "Worker", localId: "…"}.'
        )
    return _worker(reading, local_id)


def _local_id(representation: object) -> str | None:
    match representation:
        case {"__typename": "Worker", "localId": str() as local_id}:
            return local_id
        case _:
            return None


async def _worker(reading: Reading, local_id: str) -> Worker | None:
    row = await reading.worker(local_id)
    return None if row is None else Worker(**row)


def _opened(cases: CaseFile | None, first: int) -> CaseFile:
    assert cases is not None  # noqa: S101  # without it, nobody can ask
    if not 1 <= first <= MOST_CHANGES:
        raise GraphQLError(
            f"first 应为 1 至 {MOST_CHANGES}。 first is from 1 to {MOST_CHANGES}."
        )
    return cases


def build(
    code: str,
    as_of: datetime,
    version: str,
    kept: frozenset[str],
    *,
    acts: bool = False,
    cases: CaseFile | None = None,
) -> Subgraph:
    """Make the subgraph of a province.

    Args:
        code: Its code.
        as_of: When its data was last brought up to date.
        version: The contract version to serve, one of ``VERSIONS``.
        kept: The kinds of rows that it keeps, of ``KINDS``.
        acts: Whether its register of members takes acts.
        cases: Its case files, if it tells what happens in them.
    """
    left_out = not_served(version, kept)
    if cases is None:
        left_out |= {("Query", name) for name in CHANGES}
    kinds = [kind for kind, field in KINDS.items() if ("Worker", field) not in left_out]
    served = Contract(
        version=version,
        province=code,
        kinds=["WORKER", *kinds],
        as_of=as_of,
    )

    @strawberry.type
    class Query:
        """What the province answers, besides ``_entities`` and ``_service``."""

        @strawberry.field
        def contract(self, info: Info) -> Contract:  # noqa: ARG002
            """Tell what this province serves."""
            return served

        @strawberry.field
        def case_changes(
            self, first: int, after: str | None = None
        ) -> CaseChanges | None:
            """Tell the log of all case files, after a cursor."""
            return page(code, _opened(cases, first).log(after or "", first))

        @strawberry.field
        def case_file(self, case_no: str, after: int, first: int) -> CaseChanges | None:
            """Tell the file of one case, after a number."""
            return page(code, _opened(cases, first).of(case_no, after, first))

    known = not {("Mutation", name) for name in ACTS} & left_out
    return Subgraph(Query, left_out, acts=acts and known)
