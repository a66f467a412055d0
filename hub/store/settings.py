"""Value: where the hub's own PostgreSQL is, and how long to wait for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from schema.records.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIXES = ("postgresql://", "postgres://")

_SHORT = timedelta(milliseconds=100)


class DatabaseSettings(BaseModel):
    """The hub's own PostgreSQL.

    Attributes:
        url: Its address, ``postgresql://user@host:port/database``; several hosts
            may be named for a primary and its standbys. For an address with a
            password use ``url_env``.
        url_env: Name of the environment variable that holds the address.
        min_connections: How many connections stay open.
        max_connections: How many there may be.
        wait: How long to wait for a connection before saying that the store is
            unavailable.
        statement_timeout: How long one look-up statement may run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr | None = None
    url_env: Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")] = ""
    min_connections: Annotated[int, Field(ge=1, le=1000)] = 2
    max_connections: Annotated[int, Field(ge=1, le=1000)] = 16
    wait: Annotated[Duration, Field(ge=_SHORT)] = timedelta(seconds=2)
    statement_timeout: Annotated[Duration, Field(ge=_SHORT)] = timedelta(seconds=5)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.url is None) == (not self.url_env):
            raise ValueError(
                "url 与 url_env 须且只能填一个 / give either url or url_env, not both"
            )
        if self.url is not None:
            _check_url(self.url.get_secret_value(), "url")
        if self.max_connections < self.min_connections:
            raise ValueError(
                "max_connections 不能小于 min_connections / max_connections must not be"
                " below min_connections"
            )
        return self

    def address(self, environment: Mapping[str, str]) -> str:
        """Find the address.

        Args:
            environment: The process's environment variables.

        Raises:
            ValueError: The variable named by ``url_env`` is not set, or is no
                PostgreSQL address. The message does not repeat it.
        """
        if self.url is not None:
            return self.url.get_secret_value()
        written = environment.get(self.url_env, "").strip()
        if not written:
            raise ValueError(
                f"环境变量 {self.url_env} 未设置，它应存放数据库地址"
                f" / the environment variable {self.url_env} is not set; it holds the"
                " database address"
            )
        _check_url(written, self.url_env)
        return written


def _check_url(written: str, where: str) -> None:
    if not written.startswith(_PREFIXES):
        raise ValueError(
            f"{where} 不是 PostgreSQL 地址，应形如 postgresql://用户@主机:端口/库名"
            f" / {where} is no PostgreSQL address; write it like"
            " postgresql://user@host:port/database"
        )
