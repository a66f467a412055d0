"""Adapter: marks a stage of the itinerary in the metrics and in the trace."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from connectors.tracing import part

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Protocol

    from connectors.tracing import Span

    class Timed(Protocol):
        """Takes note of how long one stage took."""

        def stage(self, name: str, seconds: float) -> None:
            """Take note of it."""
            ...


class Stage:
    """One stage: ``with Stage("locate", notes) as span``.

    A stage that raises is no measure of its time: only the trace has it.
    """

    __slots__ = ("_began", "_name", "_notes", "_part")

    def __init__(self, name: str, notes: Timed) -> None:
        self._name = name
        self._notes = notes
        self._part = part(name)
        self._began = 0.0

    def __enter__(self) -> Span | None:
        self._began = perf_counter()
        return self._part.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._notes.stage(self._name, perf_counter() - self._began)
        self._part.__exit__(kind, error, trace)
