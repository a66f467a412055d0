"""Adapter: the population's links and unions, registered once in the hub's database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from deploy.demo.failure import DemoFailed
from deploy.demo.settings_files import DATABASE_ENV, WORKER_KEY_ENV
from hub.clock import SystemClock
from hub.identity.settings import KeyVersion, WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from hub.linking.importer import import_links
from hub.linking.registrar import Registrar
from hub.linking.rows import Outcome
from hub.organisation.importer import import_organisations
from hub.store.links import LinkStore
from hub.store.organisations import OrganisationStore
from hub.store.pool import open_pool
from hub.store.settings import DatabaseSettings
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from hub.linking.importer import ImportProgress
    from hub.organisation.importer import ImportReport

_SOURCE: Final = "demo"
#: More statements in conflict than this part are no twins of the population: the
#: database holds another demo's links.
_TOO_MANY: Final = 0.01
_OTHER_DATABASE: Final = Bilingual(
    "请让 HUB_DATABASE_URL 指向一个空的数据库；如果使用内置数据库，"
    "请运行 python -m deploy.demo forget 后重试。",
    "Let HUB_DATABASE_URL name an empty database; with the embedded one, run "
    "python -m deploy.demo forget and start again.",
)


def register(
    links: Path,
    provinces: Collection[str],
    secrets: Mapping[str, str],
    tell: Callable[[str], None],
) -> None:
    """Register the links of a file; one that was registered before is left alone.

    Args:
        links: The file.
        provinces: Codes that links may name.
        secrets: The environment of the hub: its database and its worker key.
        tell: Told how far it is.

    Raises:
        DemoFailed: The file or the database cannot be used.
    """
    try:
        outcomes = asyncio.run(_import(links, provinces, secrets, tell))
    except Refused as refused:
        refusal = refused.refusal
        raise DemoFailed(refusal.message, refusal.remedy) from refused
    conflicts = outcomes.get(Outcome.CONFLICT, 0) + outcomes.get(Outcome.REFUSED, 0)
    if conflicts > _TOO_MANY * sum(outcomes.values()):
        raise _another_demo(conflicts)


def register_organisations(file: Path, secrets: Mapping[str, str]) -> int:
    """Register the unions of a file, and tell how many there are.

    Args:
        file: The file.
        secrets: The environment of the hub.

    Raises:
        DemoFailed: The file or the database cannot be used.
    """
    try:
        done = asyncio.run(_import_organisations(file, secrets))
    except Refused as refused:
        refusal = refused.refusal
        raise DemoFailed(refusal.message, refusal.remedy) from refused
    if done.mistakes:
        refusal = done.mistakes[0].refusal
        raise DemoFailed(refusal.message, _OTHER_DATABASE)
    return done.rows


async def _import_organisations(file: Path, secrets: Mapping[str, str]) -> ImportReport:
    pool = await open_pool(DatabaseSettings(url_env=DATABASE_ENV), secrets)
    try:
        return await import_organisations(file, OrganisationStore(pool))
    finally:
        await pool.close()


async def _import(
    links: Path,
    provinces: Collection[str],
    secrets: Mapping[str, str],
    tell: Callable[[str], None],
) -> dict[Outcome, int]:
    keys = WorkerKeySettings(
        versions=(KeyVersion(version=1, secret_env=WORKER_KEY_ENV),)
    )
    pool = await open_pool(DatabaseSettings(url_env=DATABASE_ENV), secrets)
    try:
        clock = SystemClock()
        registrar = Registrar(
            Pseudonyms(keys, secrets),
            LinkStore(pool, clock),
            frozenset(map(ProvinceCode, provinces)),
            clock,
        )

        def show(progress: ImportProgress) -> None:
            done = progress.bytes_done / (progress.bytes_total or 1)
            tell(f"{progress.rows:,} ({done:.0%})")

        ended = await import_links(str(links), registrar, _SOURCE, progress=show)
    finally:
        await pool.close()
    return ended.outcomes


def _another_demo(conflicts: int) -> DemoFailed:
    return DemoFailed(
        Bilingual(
            f"数据库中已有另一个演示的关联（{conflicts} 条冲突）。",
            f"The database holds the links of another demo ({conflicts} conflicts).",
        ),
        _OTHER_DATABASE,
    )
