"""Adapter: graphql-core's executor, which writes whole rows down at once.

Rows come from the connector as plain values in the names of the contract, and nothing
below a worker has arguments or a resolver of its own: what a selection makes of a row is
worked out once for each field of a request, and is a tenth of the generic work. A row that
lacks something goes the generic way, which puts an error in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLObjectType, get_named_type

from hub.web.executor import PacedExecutor

if TYPE_CHECKING:
    from hub.reading.pace import Pace

#: Name in the answer; name in the row, or none for a constant; what is below, or it.
_Step: TypeAlias = "tuple[str, str | None, tuple[_Step, ...] | str | None]"
_Plan: TypeAlias = "tuple[_Step, ...]"


class WritingExecutor(PacedExecutor):
    """Completes plain rows by a plan; see ``writing``."""

    def complete_object_value(  # noqa: PLR0917  # the library calls it like this
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete an object: a plain row at once, all else as the library does."""
        if isinstance(result, dict):
            try:
                return _write(self._plan(return_type, field_details_list), result)
            except KeyError:
                pass
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _plan(self, kind: GraphQLObjectType, details: Any) -> _Plan:
        """Find the plan of a field: the library has one list for all its rows."""
        plans: dict[int, tuple[Any, _Plan]] = self.__dict__.setdefault("plans", {})
        found = plans.get(id(details))
        if found is None:
            # The list is kept with its plan, so that no other has its place.
            found = plans[id(details)] = (details, self._work_out(kind, details))
        return found[1]

    def _work_out(self, kind: GraphQLObjectType, details: Any) -> _Plan:
        steps: list[_Step] = []
        for response, below in self.collect_subfields(kind, details)[0].items():
            name = below[0].node.name.value
            if name == "__typename":
                steps.append((response, None, kind.name))
                continue
            inner = get_named_type(kind.fields[name].type)
            composite = isinstance(inner, GraphQLObjectType)
            plan = self._work_out(inner, below) if composite else None
            steps.append((response, name, plan))
        return tuple(steps)


def _write(plan: _Plan, row: dict[str, Any]) -> dict[str, Any]:
    """Write a row down.

    Raises:
        KeyError: It lacks something.
    """
    written: dict[str, Any] = {}
    for response, name, below in plan:
        if name is None:
            written[response] = below
            continue
        value = row[name]
        if isinstance(below, tuple) and value is not None:
            value = (
                _write(below, value)
                if isinstance(value, dict)
                else [_write(below, one) for one in value]
            )
        written[response] = value
    return written


def writing(pace: Pace) -> type[WritingExecutor]:
    """Make an executor class with this pace; graphql-core takes a class."""
    return type("WritingExecutor", (WritingExecutor,), {"pace": pace})
