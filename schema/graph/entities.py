"""Decider and door: resolves what another gateway's query plan hands over.

Each representation is answered in its own place: a worker, a transfer or a case, null
where nobody is known, or one error. A bad one never costs the others theirs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import strawberry.federation
from strawberry.federation.schema import FederationAny

from schema.graph.provenance import Info
from schema.graph.selecting import select
from schema.records.keys import WorkerId
from schema.records.refusal import Bilingual, Refusal, Refused
from schema.records.wanted import ById

_BAD = Refusal(
    code="BAD_REPRESENTATION",
    rule="federation.entities",
    message=Bilingual(
        "无法识别的实体表示。",
        "This entity representation cannot be used.",
    ),
    remedy=Bilingual(
        '请给出 {"__typename": "Worker", "id": "…"}，或 Transfer 及其编号，或 Case 及其案号。',
        'Give {"__typename": "Worker", "id": "…"}, a Transfer with its id, or a Case with its no.',
    ),
)
_PURPOSE = Refusal(
    code="PURPOSE_MISSING",
    rule="PIPL 6",
    message=Bilingual(
        "未说明查询目的。",
        "The purpose of the question is not stated.",
    ),
    remedy=Bilingual(
        "请在请求头 Purpose-Of-Use 中写明目的，例如 MEMBERSHIP_SERVICE。",
        "State it in the request header Purpose-Of-Use, e.g. MEMBERSHIP_SERVICE.",
    ),
)


class _Transfer(NamedTuple):
    """The key of a transfer."""

    id: str


class _Case(NamedTuple):
    """The key of a rights case."""

    no: str


def _key(representation: Any) -> ById | _Transfer | _Case | None:
    """Read the key of a representation; anything else in it is left alone."""
    if not isinstance(representation, dict):
        return None
    kind = representation.get("__typename")
    key = representation.get("no" if kind == "Case" else "id")
    if not isinstance(key, str):
        return None
    match kind:
        case "Worker":
            return ById(WorkerId(key))
        case "Transfer":
            return _Transfer(key)
        case "Case":
            return _Case(key)
        case _:
            return None


class HubSchema(strawberry.federation.Schema):
    """A federation schema whose entities are looked up together."""

    async def entities_resolver(  # type: ignore[override]  # the stock one is sync
        self, info: Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """Resolve ``_entities``, in the order of the representations."""
        keys = [_key(one) for one in representations]
        workers = iter(await _workers(info, [k for k in keys if isinstance(k, ById)]))
        placed: list[Any] = [
            next(workers)
            if isinstance(key, ById)
            else _placed(_BAD)
            if key is None
            else _one(info, key)
            for key in keys
        ]
        return placed


async def _workers(info: Info, keys: list[ById]) -> list[Any]:
    """Look workers up together; the purpose comes in a header."""
    context = info.context
    if not keys:
        return []
    if context.purpose is None:
        return [_placed(_PURPOSE) for _ in keys]
    selection = select(info._raw_info)  # noqa: SLF001  # strawberry has no public door to it
    found = await context.loaders.workers(keys, context.purpose, selection)
    if isinstance(found, Refusal):
        return [_placed(found) for _ in keys]
    return [_placed(one) for one in found]


async def _one(info: Info, key: _Transfer | _Case) -> Any:
    """Look a transfer or a case up; the doors put those of one turn together."""
    if isinstance(key, _Case):
        return _placed(await info.context.cases.one(key.no))
    return _placed(await info.context.transfers.one(key.id))


def _placed(outcome: Any) -> Any:
    """Make an error of a refusal, a new one for each place.

    One that is raised again and again keeps alive all that it ever passed by.
    """
    return Refused(outcome) if isinstance(outcome, Refusal) else outcome
