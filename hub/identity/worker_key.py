"""Decider: the keyed pseudonym of a resident ID number (RULEBOOK §9).

A plain hash of a resident ID number protects nothing: there are about 2.2 x 10^11
plausible ones, and one core tries them all in a day. Only who has the secret can
come from a number to its pseudonym, and the secrets are not in the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from hub.identity.secrets import read_secrets
from hub.identity.settings import Algorithm
from schema.records.keys import WorkerKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.identity.resident_id import ResidentId
    from hub.identity.settings import WorkerKeySettings

_HASHES: Final = {Algorithm.SM3: hashes.SM3, Algorithm.SHA256: hashes.SHA256}

#: Hashed in place of a number, to know a chain of secrets again. It is not 18
#: characters long, so it can never be a worker's pseudonym.
_FINGERPRINT: Final = b"fingerprint of a chain of worker keys"


class Pseudonyms:
    """Makes worker keys, under every version of the secret."""

    def __init__(
        self, settings: WorkerKeySettings, environment: Mapping[str, str]
    ) -> None:
        """Prepare the chain.

        Args:
            settings: The versions.
            environment: Where the secrets are, by the names in the settings.

        Raises:
            hub.identity.secrets.BadSecrets: A secret cannot be used.
        """
        secrets = read_secrets(settings, environment)
        # Keyed once: copying a keyed HMAC costs a third of keying a new one.
        self._chain = tuple(
            (
                each.version,
                HMAC(
                    secrets[each.version],
                    _HASHES[each.algorithm or settings.algorithm](),
                ),
            )
            for each in settings.versions
        )
        self._current = settings.current
        self._live = settings.live_versions
        self._newest_needed = max(self._live)

    @property
    def current_version(self) -> int:
        """The version that new pseudonyms are stored under."""
        return self._current

    @property
    def live_versions(self) -> tuple[int, ...]:
        """The versions that a look-up tries, the current one first."""
        return self._live

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version that there is a secret for, oldest first."""
        return tuple(version for version, _ in self._chain)

    def current(self, resident: ResidentId) -> tuple[int, WorkerKey]:
        """Make the pseudonym that is stored, with its version."""
        return self.live(resident)[0]

    def live(self, resident: ResidentId) -> tuple[tuple[int, WorkerKey], ...]:
        """Make every pseudonym that a look-up must try, the current one first."""
        made = self._walk(resident.reveal_for_hashing(), 0)
        return tuple((version, WorkerKey(made[version])) for version in self._live)

    def advance(self, version: int, key: WorkerKey) -> WorkerKey:
        """Re-key a stored pseudonym to the current version, without the number.

        Args:
            version: The version that it is stored under; older than the current.
            key: The pseudonym.
        """
        return WorkerKey(self._walk(key, version)[self._current])

    def fingerprints(self) -> dict[int, bytes]:
        """Tell what the chain up to each version is known by.

        It depends on every secret and algorithm up to there, and tells nothing
        about them; so the store can see that a secret was changed by mistake,
        before any worker is looked for in vain.
        """
        return self._walk(_FINGERPRINT, 0, self._chain[-1][0])

    def _walk(self, start: bytes, after: int, last: int = 0) -> dict[int, bytes]:
        made: dict[int, bytes] = {}
        value = start
        for version, keyed in self._chain:
            if after < version <= (last or self._newest_needed):
                link = keyed.copy()
                link.update(value)
                made[version] = value = link.finalize()
        return made
