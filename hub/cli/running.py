"""Adapter: what commands have in common: settings, the event loop, the store."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
import uvloop

from hub.cli.failures import end
from hub.clock import SystemClock
from hub.config.load import find_file, load
from hub.identity.worker_key import Pseudonyms
from hub.linking.registrar import Registrar
from hub.store.key_check import confirm_keys
from hub.store.links import LinkStore
from hub.store.pool import open_pool
from schema.records.keys import ProvinceCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

    from hub.config.settings import Settings
    from hub.store.pool import Pool

T = TypeVar("T")

ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help="设置文件，默认 $HUB_CONFIG 或 ./hub.toml / settings file.",
        show_default=False,
    ),
]
DebugOption = Annotated[
    bool,
    typer.Option("--debug", help="出错时显示回溯 / show a traceback on failure."),
]


@contextmanager
def failing_clearly(*, debug: bool) -> Iterator[None]:
    """Turn whatever goes wrong inside into sentences and an exit code."""
    try:
        yield
    except (typer.Exit, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001  # the edge of the program
        end(error, debug=debug)


def read_settings(
    config: str | None, *, webhooks: bool = False, mappings: bool = False
) -> Settings:
    """Read the settings of a command.

    Args:
        config: The file that was named, if one was.
        webhooks: Whether it needs the secrets of webhooks.
        mappings: Whether it needs usable mappings of all provinces.

    Raises:
        hub.config.mistakes.BadSettings: With every mistake.
    """
    file = find_file(config, os.environ)
    return load(file, os.environ, webhooks=webhooks, mappings=mappings)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous work on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSide:
    """What commands need of the hub that only work on its store.

    Attributes:
        pool: Connections to it.
        pseudonyms: Makes worker keys.
        registrar: Registers links.
    """

    pool: Pool
    pseudonyms: Pseudonyms
    registrar: Registrar


@asynccontextmanager
async def store_side(settings: Settings) -> AsyncIterator[StoreSide]:
    """Open the store, and close it at the end.

    Raises:
        hub.store.unavailable.StoreUnavailable: The database cannot be reached.
        schema.records.refusal.Refused: The worker keys are not those that the
            stored pseudonyms were made with.
    """
    # What fails is told in two sentences at the end; the pool's own lines say the
    # same before that, in the words of its library.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    clock = SystemClock()
    pseudonyms = Pseudonyms(settings.worker_keys, os.environ)
    pool = await open_pool(settings.database, os.environ)
    try:
        await confirm_keys(pool, pseudonyms)
        codes = [ProvinceCode(one.code) for one in settings.provinces]
        registrar = Registrar(pseudonyms, LinkStore(pool, clock), codes, clock)
        yield StoreSide(pool=pool, pseudonyms=pseudonyms, registrar=registrar)
    finally:
        await pool.close()
