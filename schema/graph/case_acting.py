"""View: what every act on a case has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schema.graph import partners

if TYPE_CHECKING:
    from schema.graph.provenance import Info

#: What gateways are told of an act.
ACT: Final = [*partners.WORKING, partners.ACT]


async def act(info: Info, no: str, wish: Any, by: str | None, key: str) -> Any:
    """Do something about a case.

    Args:
        info: Of the request.
        no: Number of the case.
        wish: What is to be done, of ``schema.records.case_wish``.
        by: For which union; none where the caller has only one that can do it.
        key: The idempotency key.
    """
    return await info.context.cases.act(no, wish, by, key)
