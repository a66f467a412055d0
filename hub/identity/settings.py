"""Value: which keys make the pseudonyms of resident ID numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Algorithm(StrEnum):
    """The hash inside the HMAC; both give 32 bytes."""

    #: GB/T 32905, where national cryptography is required.
    SM3 = "sm3"
    SHA256 = "sha256"


class KeyVersion(BaseModel):
    """One version of the worker key.

    Attributes:
        version: Its number; a higher one is newer.
        secret_env: Name of the environment variable that holds the secret: at
            least 32 bytes, written as hex.
        algorithm: Where this version differs from the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(ge=1, le=32_767)]
    secret_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    algorithm: Algorithm | None = None


class WorkerKeySettings(BaseModel):
    """The worker keys (RULEBOOK §9).

    The versions are a chain: the pseudonym of version *n* is the HMAC, under
    secret *n*, of the pseudonym of the version before it. So the stored ones can
    be re-keyed from themselves, without any resident ID number; and every
    secret of the chain stays needed, to come from a number to a pseudonym.

    A rotation without downtime takes three restarts, each of them rolling:
    add the version to ``versions``; when every process has it, make it
    ``current`` and run ``python -m hub keys rotate``; when ``keys status`` counts
    none under the old one, ``live`` may leave it out.

    Attributes:
        algorithm: Which hash, for versions that do not say.
        versions: All versions, oldest first.
        current: The version that new pseudonyms are stored under. It may be left
            out while there is one version only: were the newest the default, a
            process that already has it would write what its neighbour, not yet
            restarted, cannot find.
        live: The versions that a look-up tries; all, unless said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: Algorithm = Algorithm.SM3
    versions: Annotated[tuple[KeyVersion, ...], Field(min_length=1)]
    current: int = 0
    live: tuple[int, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, written: object) -> object:
        """Let the only version be the current one."""
        if not isinstance(written, dict) or written.get("current"):
            return written
        versions = written.get("versions")
        if not isinstance(versions, (list, tuple)) or len(versions) != 1:
            return written
        only = versions[0]
        version = only.get("version") if isinstance(only, dict) else only.version
        return {**written, "current": version}

    @model_validator(mode="after")
    def _agree(self) -> Self:
        numbers = [version.version for version in self.versions]
        if numbers != sorted(set(numbers)):
            raise ValueError(
                "密钥版本号须从小到大且不重复 / versions must be in ascending order,"
                " each number once"
            )
        if self.current not in numbers:
            raise ValueError(
                "current 须写明 versions 中的一个版本号 / current must name one of the"
                " versions"
            )
        if self.live and not {self.current, *self.live} <= set(numbers):
            raise ValueError(
                "live 只能列出 versions 中的版本号 / live may only name versions that"
                " are listed"
            )
        if self.live and self.current not in self.live:
            raise ValueError(
                "live 必须包含 current / live must include the current version"
            )
        return self

    @property
    def live_versions(self) -> tuple[int, ...]:
        """The versions that a look-up tries, the current one first, then newest."""
        tried = self.live or tuple(version.version for version in self.versions)
        others = sorted((v for v in tried if v != self.current), reverse=True)
        return (self.current, *others)
