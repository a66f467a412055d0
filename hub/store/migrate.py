"""Adapter: brings the hub's tables to the present step, or back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hub.store.locks import MIGRATE
from hub.store.unavailable import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How long to wait for another process that is migrating.
_TURN_MS = 60_000
#: A migration that cannot have its lock must not hold up the look-ups behind it.
_LOCK_MS = 4_000
_STATEMENT_MS = 5_000


def upgrade(url: str) -> None:
    """Bring the tables to the newest step; nothing happens if they are there.

    Two processes that start at once take turns.

    Args:
        url: ``postgresql://…``

    Raises:
        StoreUnavailable: The database cannot be reached, or a lock is not to be
            had in time. Steps that were completed stay.
    """
    with _turn(url) as config:
        command.upgrade(config, "head")


def downgrade(url: str) -> None:
    """Remove all tables, with all they hold.

    Args:
        url: ``postgresql://…``

    Raises:
        StoreUnavailable: As for ``upgrade``.
    """
    with _turn(url) as config:
        command.downgrade(config, "base")


def is_current(url: str) -> bool:
    """Tell whether the tables are at the newest step.

    Args:
        url: ``postgresql://…``

    Raises:
        StoreUnavailable: The database cannot be reached.
    """
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


@contextmanager
def _turn(url: str) -> Iterator[Config]:
    with _connection(url) as connection:
        _set(connection, lock_timeout=_TURN_MS, statement_timeout=_TURN_MS)
        connection.execute(sa.select(sa.func.pg_advisory_lock(MIGRATE)))
        _set(connection, lock_timeout=_LOCK_MS, statement_timeout=_STATEMENT_MS)
        connection.commit()
        config = _config()
        config.attributes["connection"] = connection
        yield config
        # Closing the connection gives the lock back, also after an error.


@contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(
        address,
        poolclass=sa.NullPool,
        connect_args={"connect_timeout": 5, "application_name": "hub-migrate"},
    )
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        raise StoreUnavailable(type(error.orig).__name__) from error
    finally:
        engine.dispose()


def _set(connection: sa.Connection, **milliseconds: int) -> None:
    for name, value in milliseconds.items():
        connection.execute(sa.select(sa.func.set_config(name, f"{value}ms", False)))  # noqa: FBT003  # SQL's own argument


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "hub.store:migrations")
    config.set_main_option("path_separator", "os")
    return config
