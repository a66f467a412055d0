"""Adapter: graphql-core's executor, which gives way in the middle of long lists.

The stock one completes a list without a pause: a hundred workers with all their
rows would hold the event loop for half a second. Long lists are handed to it as
asynchronous ones, which it completes item by item; so is all else once this turn of
the loop has had its share of work, however short each list is.
"""

from __future__ import annotations

from collections.abc import ValuesView
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar

from graphql.execution.incremental import IncrementalExecutor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

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
        """Complete a list, in turns if it is long, or later if it must."""
        if (
            # What is no list at all is the library's to refuse. The graph's own types
            # come as the values of a dictionary.
            isinstance(result, list | tuple | ValuesView)
            and result
            and (len(result) > _MANY or self.pace.spent())
        ):
            result = _in_turns(result, self.pace)
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def complete_object_value(  # noqa: PLR0917  # as above
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete an object, later if it must."""
        complete = super().complete_object_value
        if self.pace.spent():
            return _later(
                self.pace, complete, return_type, field_details_list, info, path,
                result, position_context,
            )  # fmt: skip
        return complete(
            return_type, field_details_list, info, path, result, position_context
        )


async def _in_turns(items: Iterable[Any], pace: Pace) -> AsyncGenerator[Any, None]:
    for item in items:
        await pace.breathe()
        yield item


async def _later(pace: Pace, complete: Callable[..., Any], *given: Any) -> Any:
    await pace.breathe()
    completed = complete(*given)
    return await completed if isawaitable(completed) else completed


def paced(pace: Pace) -> type[PacedExecutor]:
    """Make an executor class with this pace; graphql-core takes a class."""
    return type("PacedExecutor", (PacedExecutor,), {"pace": pace})
