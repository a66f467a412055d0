"""Decider and door: resolves what another gateway's query plan hands over.

Each representation is answered in its own place: a worker, null where nobody
is known, or one error. A bad one never costs the others theirs.
"""

from __future__ import annotations

from typing import Any

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
        '请给出 {"__typename": "Worker", "id": "…"}。',
        'Give {"__typename": "Worker", "id": "…"}.',
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


def _key(representation: Any) -> ById | None:
    """Read the key of a representation; anything else in it is left alone."""
    if not isinstance(representation, dict):
        return None
    key = representation.get("id")
    if representation.get("__typename") != "Worker" or not isinstance(key, str):
        return None
    return ById(WorkerId(key))


class HubSchema(strawberry.federation.Schema):
    """A federation schema whose entities are looked up together."""

    async def entities_resolver(  # type: ignore[override]  # the stock one is sync
        self, info: Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """Resolve ``_entities``, in the order of the representations."""
        context = info.context
        keys = [_key(one) for one in representations]
        known = [key for key in keys if key is not None]
        if context.purpose is None:
            return [_placed(_PURPOSE if key else _BAD) for key in keys]
        selection = select(info._raw_info)  # noqa: SLF001  # strawberry has no public door to it
        found = await context.loaders.workers(known, context.purpose, selection)
        if isinstance(found, Refusal):
            return [_placed(found if key else _BAD) for key in keys]
        answers = iter(found)
        return [_placed(next(answers) if key else _BAD) for key in keys]


def _placed(outcome: Any) -> Any:
    """Make an error of a refusal, a new one for each place.

    One that is raised again and again keeps alive all that it ever passed by.
    """
    return Refused(outcome) if isinstance(outcome, Refusal) else outcome
