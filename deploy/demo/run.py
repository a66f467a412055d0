"""Itinerary: the demo from nothing to the first look-up, and down again."""

from __future__ import annotations

import hashlib
import os
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from deploy.demo import federation, ports
from deploy.demo.directory import ISSUER_NOTE
from deploy.demo.failure import DemoFailed
from deploy.demo.issuer import Issuer
from deploy.demo.keyring import Keyring
from deploy.demo.population import build
from deploy.demo.postgres import EmbeddedPostgres
from deploy.demo.presenting import Presenter, Running
from deploy.demo.processes import Children
from deploy.demo.registering import register
from deploy.demo.settings_files import DATABASE_ENV, environment, write_settings
from deploy.demo.steps import Steps
from deploy.demo.truth import Truth
from hub.store.migrate import upgrade
from hub.store.unavailable import StoreUnavailable
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from rich.console import Console

    from deploy.demo.directory import Directory
    from deploy.demo.population import Population

_LINKS_NOTE: Final = "links.note"
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Wishes(NamedTuple):
    """What the person who started the demo wants.

    Attributes:
        size: How many workers.
        seed: Of the population.
        port: Of the hub; 0 takes a free one.
        provinces: Their codes.
        once: Look up, check and stop.
    """

    size: int
    seed: int
    port: int
    provinces: tuple[str, ...]
    once: bool


def run(wishes: Wishes, directory: Directory, console: Console) -> int:
    """Run the demo until it is done (``once``) or told to stop.

    Returns:
        0, or 1 when a look-up's answer was not what the provinces keep.

    Raises:
        DemoFailed: Something is missing, in the way, or stopped; nothing runs.
    """
    before = {told: signal.signal(told, _interrupt) for told in _STOPPING}
    try:
        with ExitStack() as stack:
            port = ports.choose(wishes.port)
            stack.enter_context(directory.held())
            running = start(wishes, directory, port, stack, Steps(console))
            presenter = Presenter(running, console)
            return presenter.check() if wishes.once else presenter.show()
    except KeyboardInterrupt:
        console.print("\n已停止,未留下任何进程。 Stopped; no process is left.")
        return 130 if wishes.once else 0
    finally:
        for told, handler in before.items():
            signal.signal(told, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop once; what follows while all is stopped changes nothing."""
    del number, frame
    for told in _STOPPING:
        signal.signal(told, signal.SIG_IGN)
    raise KeyboardInterrupt


def start(
    wishes: Wishes, directory: Directory, port: int, stack: ExitStack, steps: Steps
) -> Running:
    """Start everything.

    Args:
        wishes: What is wanted.
        directory: Held by us.
        port: Where the hub shall listen; free.
        stack: What is started is stopped with it, the last first.
        steps: Shows what is done.

    Raises:
        DemoFailed: Something did not start. What did is stopped with the stack.
    """
    keyring = Keyring(directory.keys)
    database_url, server = _open_database(directory, stack, steps)
    with steps.step("生成或沿用人口数据", "the population: made, or found") as tell:
        population = build(
            directory.population, wishes.size, wishes.seed, wishes.provinces, tell
        )
    children = stack.enter_context(Children(directory.logs))
    bearers = {code: keyring.secret(f"bearer-{code}") for code in wishes.provinces}
    started = {
        code: federation.start_province(
            children, code, population.databases[code], bearers[code]
        )
        for code in wishes.provinces
    }
    issuer = federation.start_issuer(
        children, directory.keys, directory.remembered(ISSUER_NOTE)
    )
    secrets = environment(database_url, keyring.secret("worker-key-1"), bearers)
    _fill(directory, population, secrets, steps)
    with steps.step(
        "启动各省系统与令牌签发方", "provinces and the issuer start"
    ) as tell:
        provinces = []
        for code, child in started.items():
            provinces.append(
                federation.standing(code, population.databases[code], child)
            )
            tell(f"{len(provinces)}/{len(started)}")
        issuer_url = federation.url_of(issuer)
        directory.remember(ISSUER_NOTE, issuer_url)
    settings = write_settings(
        directory.root, port=port, issuer=issuer_url, provinces=provinces
    )
    with steps.step("启动枢纽", "the hub starts"):
        federation.start_hub(children, settings, secrets, port)
    return Running(
        port=port,
        issuer=Issuer(directory.keys),
        issuer_url=issuer_url,
        provinces={each.code: each for each in provinces},
        truth=Truth(population.links, population.databases),
        children=children,
        server=server,
    )


def _open_database(
    directory: Directory, stack: ExitStack, steps: Steps
) -> tuple[str, EmbeddedPostgres | None]:
    given = os.environ.get(DATABASE_ENV, "").strip()
    if given:
        return given, None
    with steps.step("启动内置 PostgreSQL", "the embedded PostgreSQL starts"):
        server = EmbeddedPostgres(directory.postgres)
        server.start()
        stack.callback(server.stop)
        return server.ensure_database("hub"), server


def _fill(
    directory: Directory,
    population: Population,
    secrets: Mapping[str, str],
    steps: Steps,
) -> None:
    """Migrate the hub's database and register the links, each once."""
    with steps.step("迁移数据库", "the database is migrated"):
        try:
            upgrade(secrets[DATABASE_ENV])
        except StoreUnavailable as error:
            raise _no_database(error) from error
    # Another database than last time is another note: nothing is skipped wrongly.
    where = os.environ.get(DATABASE_ENV, "embedded")
    note = hashlib.sha256(f"{where} {population.manifest}".encode()).hexdigest()
    if directory.remembered(_LINKS_NOTE) == note:
        return
    with steps.step("登记关联", "the links are registered") as tell:
        register(population.links, population.databases, secrets, tell)
        directory.remember(_LINKS_NOTE, note)


def _no_database(error: StoreUnavailable) -> DemoFailed:
    return DemoFailed(
        Bilingual(
            f"无法使用数据库({error})。", f"The database cannot be used ({error})."
        ),
        Bilingual(
            f"请检查环境变量 {DATABASE_ENV};不设置它时,演示使用内置的 PostgreSQL。",
            f"Check the environment variable {DATABASE_ENV}; without it the demo uses "
            "an embedded PostgreSQL.",
        ),
    )
