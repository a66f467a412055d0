"""Adapter: spans that are kept, and where traces begin."""

from __future__ import annotations

from secrets import token_hex
from time import perf_counter_ns
from typing import TYPE_CHECKING, Protocol

from connectors.tracing import Unspanned
from hub.tracing.trace_context import chosen, headers_of, parent_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Unpack

    from connectors.tracing import Span, Told
    from hub.clock import Clock


class Tracer(Protocol):
    """Begins traces."""

    def begin(
        self, name: str, traceparent: Sequence[str], tracestate: Sequence[str]
    ) -> Span | None:
        """Begin the span of a request.

        Args:
            name: One of few.
            traceparent: The caller's headers of this name, as many as there are.
            tracestate: Likewise.

        Returns:
            ``None`` where there is nothing to keep and nothing to pass on.
        """
        ...


class Untraced:
    """Keeps no trace, and passes the caller's on."""

    def begin(
        self, name: str, traceparent: Sequence[str], tracestate: Sequence[str]
    ) -> Span | None:
        """Pass on what the caller sent, if it is valid."""
        del name
        if not traceparent:
            return None
        parent = parent_of(traceparent, tracestate)
        if parent is None:
            return None
        headers = headers_of(parent.trace, parent.span, parent.state, kept=parent.kept)
        return Unspanned(parent.trace, headers)


class Kept:
    """A span that is kept.

    Attributes:
        trace: Id of the trace.
        id: Its own id.
        parent: Id of the span that it is a part of, empty if none.
        state: The trace's ``tracestate``.
        name: One of few.
        kind: Of OTLP: 1 internal, 2 server, 3 client.
        start: In nanoseconds since 1970.
        finish: Likewise; 0 while it is under way.
        failed: Why it failed, a code or the name of a class; empty if it did not.
        told: What it tells.
    """

    __slots__ = (
        "_done", "_epoch", "failed", "finish", "id", "kind", "name", "parent", "start",
        "state", "told", "trace",
    )  # fmt: skip

    recorded = True

    def __init__(
        self,
        name: str,
        kind: int,
        *,
        trace: str,
        parent: str,
        state: str,
        epoch: int,
        done: Callable[[Kept], None],
    ) -> None:
        """Begin now.

        Args:
            name: One of few.
            kind: Of OTLP.
            trace: Id of the trace.
            parent: Id of the span above.
            state: The trace's ``tracestate``.
            epoch: When this process' performance counter was 0.
            done: Takes the span when it has ended.
        """
        self.trace = trace
        self.id = token_hex(8)
        self.parent = parent
        self.state = state
        self.name = name
        self.kind = kind
        self.start = epoch + perf_counter_ns()
        self.finish = 0
        self.failed = ""
        self.told: Told = {}
        self._epoch = epoch
        self._done = done

    @property
    def headers(self) -> Mapping[str, str]:
        """What a peer is sent."""
        return headers_of(self.trace, self.id, self.state, kept=True)

    def part(self, name: str, *, client: bool) -> Kept:
        """Begin a span within this one."""
        kind = CLIENT if client else INTERNAL
        return Kept(
            name,
            kind,
            trace=self.trace,
            parent=self.id,
            state=self.state,
            epoch=self._epoch,
            done=self._done,
        )

    def tell(self, **told: Unpack[Told]) -> None:
        """Take note of something."""
        self.told.update(told)
        self.failed = told.get("fault", self.failed)

    def end(self, failed: str = "") -> None:
        """End now, once."""
        if not self.finish:
            self.finish = self._epoch + perf_counter_ns()
            self.failed = failed or self.failed
            self._done(self)


INTERNAL, SERVER, CLIENT = 1, 2, 3


class Sampling:
    """Begins traces and keeps a part of them.

    Args:
        sample: Which part, from 0 to 1.
        clock: Tells the time.
        done: Takes every kept span when it has ended; returns at once.
    """

    def __init__(
        self, sample: float, clock: Clock, done: Callable[[Kept], None]
    ) -> None:
        self._sample = sample
        self._clock = clock
        self._done = done

    def begin(
        self, name: str, traceparent: Sequence[str], tracestate: Sequence[str]
    ) -> Span | None:
        """Begin the span of a request; the caller's choice goes before ours."""
        parent = parent_of(traceparent, tracestate) if traceparent else None
        if parent is None:
            trace = token_hex(16)
            kept, above, state = chosen(trace, self._sample), "", ""
        else:
            trace, above, state = parent.trace, parent.span, parent.state
            kept = parent.kept
        if kept:
            now = int(self._clock.now().timestamp() * 1_000_000) * 1000
            epoch = now - perf_counter_ns()
            return Kept(
                name,
                SERVER,
                trace=trace,
                parent=above,
                state=state,
                epoch=epoch,
                done=self._done,
            )
        headers = headers_of(trace, above or token_hex(8), state, kept=False)
        return Unspanned(trace, headers)
