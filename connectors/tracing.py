"""Port: spans, the stretches of time that a trace is made of.

Whoever does a piece of work marks it with ``part``. Outside of a trace that costs one
look into a context variable. What a span may tell is a closed list: a trace leaves
the house, so there is no place in it for anything of a person.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol, Self, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextvars import Token
    from types import TracebackType
    from typing import Unpack


class Told(TypedDict, total=False):
    """All that a span may tell.

    Attributes:
        attempts: How often a province was asked.
        commands: How many acts a register is asked for.
        entries: Disclosures that were written down.
        fault: Code of a province's fault.
        faults: How many provinces could not answer.
        kinds: How many kinds of rows are asked for.
        method: Of HTTP.
        operation: Name of the GraphQL operation.
        outcome: ``ok`` or a code.
        province: Its code.
        provinces: How many were asked.
        request: Id of the request.
        route: One of the hub's own paths.
        status: Of HTTP.
        workers: How many are asked about; never who.
    """

    attempts: int
    commands: int
    entries: int
    fault: str
    faults: int
    kinds: int
    method: str
    operation: str
    outcome: str
    province: str
    provinces: int
    request: str
    route: str
    status: int
    workers: int


class Span(Protocol):
    """One stretch of time."""

    @property
    def trace(self) -> str:
        """Id of the trace, 32 hexadecimal digits."""
        ...

    @property
    def recorded(self) -> bool:
        """Whether it is kept; if not, only its id is passed on."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What a peer is sent, so that its spans join the same trace."""
        ...

    def part(self, name: str, *, client: bool) -> Span:
        """Begin a span within this one.

        Args:
            name: One of few: never made of what a caller sent.
            client: Whether the work is a peer's.
        """
        ...

    def tell(self, **told: Unpack[Told]) -> None:
        """Take note of something."""
        ...

    def end(self, failed: str = "") -> None:
        """End now; ``failed`` is a code or the name of an exception's class."""
        ...


#: The span under way, in whose parts all is marked that is done now.
CURRENT: ContextVar[Span | None] = ContextVar("span", default=None)


class part:  # noqa: N801  # it is read as a verb: with part("gather")
    """Marks a piece of work: ``with part("gather") as span``.

    What is entered is the span, or ``None`` where nothing is traced.
    """

    __slots__ = ("_client", "_name", "_span", "_token")

    def __init__(self, name: str, *, client: bool = False) -> None:
        self._name = name
        self._client = client
        self._span: Span | None = None
        self._token: Token[Span | None] | None = None

    def __enter__(self) -> Span | None:
        above = CURRENT.get()
        if above is None:
            return None
        self._span = above.part(self._name, client=self._client)
        self._token = CURRENT.set(self._span)
        return self._span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._span is None or self._token is None:
            return
        CURRENT.reset(self._token)
        # The class only: the message of an exception may quote anything.
        self._span.end(kind.__name__ if kind else "")


class Unspanned:
    """A trace that is passed on and not kept: it is its own parts."""

    __slots__ = ("_headers", "trace")

    recorded = False

    def __init__(self, trace: str, headers: Mapping[str, str]) -> None:
        """Pass on ``headers``."""
        self.trace = trace
        self._headers = headers

    @property
    def headers(self) -> Mapping[str, str]:
        """What a peer is sent."""
        return self._headers

    def part(self, name: str, *, client: bool) -> Self:
        """Begin nothing."""
        del name, client
        return self

    def tell(self, **told: Unpack[Told]) -> None:
        """Keep nothing."""

    def end(self, failed: str = "") -> None:
        """End nothing."""
