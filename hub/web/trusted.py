"""Decider with a memory: documents that are known beforehand, by their hash.

*Registered* documents come from a directory that the operator keeps. They were
parsed and validated at the start; no limit on what they ask for holds for them.
*Remembered* ones were sent by callers together with their hash (Apollo's automatic
persisted queries); they are documents like any other, only shorter to send.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from hub.web import sentences
from hub.web.errors import Code
from hub.web.respond import bad
from hub.web.scrub import holds_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.access.caller import Caller
    from hub.config.callers import TrustedSettings
    from hub.web.documents import Prepared


def hash_of(text: str) -> str:
    """Compute the hash by which a document is named: SHA-256 of its UTF-8."""
    # A lone surrogate cannot be part of a document that parses; it may be hashed.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Trusted:
    """Finds documents by their hash, and says who must use them."""

    def __init__(
        self, settings: TrustedSettings, registered: Mapping[str, Prepared]
    ) -> None:
        """Start with what is registered.

        Args:
            settings: Who may run nothing else, and whether others are remembered.
            registered: By hash.
        """
        self._settings = settings
        self._registered = registered
        self._sent: OrderedDict[str, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sent)

    def confined(self, caller: Caller) -> bool:
        """Tell whether a caller may run registered documents only."""
        settings = self._settings
        return caller.issuer in settings.only_for_issuers or not (
            caller.scopes.isdisjoint(settings.only_for)
        )

    def find(self, text: str, named: str, caller: Caller) -> Prepared | str:
        """Find the document that a request means.

        Args:
            text: The document as it was sent; empty if it was not.
            named: Its hash as it was sent; empty if it was not. One of the two
                is there.
            caller: Who asks.

        Returns:
            The registered document, or the text of one that is none.

        Raises:
            BadRequest: The hash is not that of the text or is not known, or the
                caller may run registered documents only and this is none.
        """
        confined = self.confined(caller)
        computed = hash_of(text) if text and (named or confined) else ""
        if named and computed and computed != named:
            raise bad(Code.PERSISTED_QUERY_MISMATCH, sentences.WRONG_HASH)
        known = self._registered.get(named or computed)
        if known is not None:
            return known
        if not text:
            text = self._sent.get(named, "")
        if not text:
            raise bad(Code.PERSISTED_QUERY_NOT_FOUND, sentences.NO_SUCH_DOCUMENT)
        if confined:
            raise bad(Code.DOCUMENT_NOT_TRUSTED, sentences.NOT_TRUSTED)
        return text

    def remember(self, text: str, named: str) -> None:
        """Keep a good document under its hash, if the settings want that."""
        if not (self._settings.auto and named) or holds_number(text):
            return
        self._sent[named] = text
        self._sent.move_to_end(named)
        if len(self._sent) > self._settings.auto_documents:
            self._sent.popitem(last=False)
