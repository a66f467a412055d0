"""Adapter: graphql-core's executor, which gives way in the middle of long lists.

The stock one completes a list without a pause: a hundred workers with all their
rows would hold the event loop for half a second. Long lists are handed to it as
asynchronous ones, which it completes item by item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graphql.execution.incremental import IncrementalExecutor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from hub.reading.pace import Pace

#: Shorter lists are not worth the detour.
_MANY = 8


class PacedExecutor(IncrementalExecutor):
    """Completes long lists at a pace; see ``paced``.

    Attributes:
        pace: Says when to give way.
    """

    pace: ClassVar[Pace]

    def complete_list_value(  # noqa: PLR0917  # the library calls it like this
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a list, in turns if it is long."""
        if isinstance(result, list | tuple) and len(result) > _MANY:
            result = _in_turns(result, self.pace)
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )


async def _in_turns(items: Sequence[Any], pace: Pace) -> AsyncGenerator[Any, None]:
    for item in items:
        await pace.breathe()
        yield item


def paced(pace: Pace) -> type[PacedExecutor]:
    """Make an executor class with this pace; graphql-core takes a class."""
    return type("PacedExecutor", (PacedExecutor,), {"pace": pace})
