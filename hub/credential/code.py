"""Adapter: the holder's confirmation code: made, hashed under a key, compared.

Eight digits are 10^8 codes: a plain hash would hide them from nobody who sees the
store. The secret is outside of it, and so few tries are answered that guessing one
succeeds once in twenty million times.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Final

from hub.identity.secrets import read_secrets
from hub.identity.settings import KeyVersion, WorkerKeySettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.credential.settings import CodeSecret

DIGITS: Final = 8

_DOMAIN: Final = b"hub-credential-code-1\0"
_FORM: Final = re.compile(r"[0-9]{8}", re.ASCII)
_LONGEST: Final = 64


class Codes:
    """Makes and compares confirmation codes."""

    def __init__(
        self, versions: Sequence[CodeSecret], environment: Mapping[str, str]
    ) -> None:
        """Read the secrets.

        Args:
            versions: Where each is, oldest first.
            environment: The process's environment variables.

        Raises:
            hub.identity.secrets.BadSecrets: One cannot be used.
        """
        newest = versions[-1].version
        # The same demands on a secret as the worker keys have, in the same words.
        chain = WorkerKeySettings(
            versions=tuple(
                KeyVersion(version=one.version, secret_env=one.secret_env)
                for one in versions
            ),
            current=newest,
        )
        self._secrets = read_secrets(chain, environment)
        self.newest: Final = newest

    def digest(self, version: int, credential: str, code: str) -> bytes:
        """Hash the code of a credential under a secret, 32 bytes.

        Raises:
            KeyError: There is no such version any more.
        """
        said = _DOMAIN + credential.encode() + b"\0" + code.encode()
        return hmac.digest(self._secrets[version], said, hashlib.sha256)

    def fits(self, version: int, credential: str, code: str, kept: bytes) -> bool:
        """Compare a code with the hash that is kept, in the same time for all.

        A hash whose secret is no longer there fits no code: issue anew.
        """
        if version not in self._secrets:
            return False
        return hmac.compare_digest(self.digest(version, credential, code), kept)


def make_code() -> str:
    """Make a code by chance, from all 10^8."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def make_id() -> str:
    """Make the name of a credential or a presentation: 128 bits by chance."""
    return secrets.token_urlsafe(16)


def read_code(written: str) -> str | None:
    """Read a code as people write it: with spaces or hyphens, or full-width digits.

    Returns:
        Eight digits; none if it is no code at all, which costs no try.
    """
    if len(written) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", written)
    digits = "".join(sign for sign in plain if not (sign.isspace() or sign == "-"))
    return digits if _FORM.fullmatch(digits) else None
