"""Itinerary: what is let in, the same for every protocol.

caller → pace (turnstile) → trusted documents → parse, weigh, validate (documents)
→ what it costs. One instance serves all endpoints of a process, so that a caller
has one pace and a document is prepared once, however it came.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec

from hub.web.documents import Documents, Prepared
from hub.web.places import Places
from hub.web.trusted import Trusted
from hub.web.turnstile import Turnstile

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from graphql import DocumentNode

    from hub.access.caller import Caller
    from hub.web.payload import Asked
    from hub.web.ports import WebParts


class Admitted(msgspec.Struct, frozen=True):
    """A document that may run.

    Attributes:
        document: As parsed.
        cost: Fields that the answer may have; 0 for a registered document.
    """

    document: Any
    cost: int


class Admission:
    """Lets requests and their documents in."""

    def __init__(self, parts: WebParts) -> None:
        """Keep to the limits of ``parts``."""
        self._server = parts.server
        self._documents = Documents(parts.schema, parts.limits)
        self._trusted = Trusted(parts.trusted, parts.registered)
        self._turnstile = Turnstile(parts.limits.callers, monotonic)
        #: For streams, which are no longer under way once they have begun.
        self.places = Places(parts.streams)

    def enter(self, caller: Caller) -> AbstractContextManager[None]:
        """Let one request of a caller in; it is under way until the block ends.

        Raises:
            hub.web.errors.BadRequest: ``RATE_LIMITED``, on entering the block.
        """
        return self._turnstile.let_in(caller)

    def closed_to(self, caller: Caller) -> bool:
        """Tell whether the graph itself is hidden from a caller."""
        server = self._server
        return not server.introspection and caller.scopes.isdisjoint(
            server.introspection_scopes
        )

    def is_quick(self, asked: Asked) -> bool:
        """Tell whether the document need not be examined: it was, or is registered."""
        return not asked.query or self._documents.knows(asked.query)

    def admit(self, asked: Asked, caller: Caller) -> Admitted:
        """Let a document in.

        Raises:
            hub.web.errors.BadRequest: It is wrong, unknown, asks for too much, or
                is not for this caller.
        """
        found = self._trusted.find(asked.query, asked.document_hash, caller)
        if isinstance(found, Prepared):
            return Admitted(found.document, 0)
        closed = self.closed_to(caller)
        made = self._documents.prepare(found, asked.variables, closed=closed)
        self._trusted.remember(found, asked.document_hash)
        cost = self._documents.cost(made, asked.variables)
        self._turnstile.charge(caller, cost)
        document: DocumentNode = made.document
        return Admitted(document, cost)
