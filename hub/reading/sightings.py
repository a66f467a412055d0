"""Decider with a memory: which numbers somebody asked for lately.

Who asks for one number a hundred times learns no more than by asking once, so only
distinct numbers count as guesses. No number is kept: only its digest, under a
key that is drawn at the start and never leaves the process.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b
from typing import TYPE_CHECKING

from hub.clock import today_in_china
from hub.identity.resident_id import parse
from schema.records.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.clock import Clock

#: Two numbers share a digest of so many bytes as good as never.
_BYTES = 8

#: Who asked, for which number, and whether somebody was found.
_Sighting = tuple[tuple[str, ...], bytes, bool]


class Sightings:
    """Tells whether a number is new, within the window.

    Its memory has a bound. A sighting that was forgotten early is new once more: it
    counts twice, never not at all.
    """

    def __init__(self, clock: Clock, most: int) -> None:
        """Start with nothing seen.

        Args:
            clock: Tells the day, which says what can be a number.
            most: So many sightings are kept, of all who ask together.
        """
        self._clock = clock
        self._most = most
        self._key = secrets.token_bytes(32)
        self._seen: dict[_Sighting, float] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def digest(self, text: str) -> bytes:
        """Give the digest of a number: the same, however it was written.

        What can be nobody's number has one too.
        """
        try:
            number = parse(text, today_in_china(self._clock)).reveal_for_hashing()
        except Refused:
            number = text.encode(errors="surrogatepass")
        return blake2b(number, digest_size=_BYTES, key=self._key).digest()

    def new(
        self,
        who: tuple[str, ...],
        digests: Iterable[bytes],
        *,
        found: bool,
        now: float,
        window: float,
    ) -> int:
        """Count those that ``who`` has not asked for within the window.

        Args:
            who: A subject, or an office.
            digests: Of numbers that were asked for now.
            found: Whether somebody has them.
            now: Seconds of a clock that never goes back.
            window: Seconds after which a number is new again.
        """
        count = 0
        for digest in digests:
            sighting = (who, digest, found)
            seen = self._seen.get(sighting)
            if seen is not None and seen > now - window:
                continue
            count += 1
            self._seen.pop(sighting, None)  # goes to the end, as the youngest
            self._seen[sighting] = now
            if len(self._seen) > self._most:
                del self._seen[next(iter(self._seen))]
        return count
