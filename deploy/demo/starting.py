"""Itinerary: a federation is started, part by part, from nothing or from before."""

from __future__ import annotations

import hashlib
import json
import os
from functools import partial
from typing import TYPE_CHECKING, Final

from deploy.demo import federation
from deploy.demo.choosing import Unions
from deploy.demo.directory import CREDENTIALS_NOTE, ISSUER_NOTE
from deploy.demo.failure import DemoFailed
from deploy.demo.following import case_files
from deploy.demo.issuer import Issuer
from deploy.demo.keyring import Keyring
from deploy.demo.kinds import SUBGRAPH, kind_of, own_secrets
from deploy.demo.population.building import build
from deploy.demo.postgres import EmbeddedPostgres
from deploy.demo.presenting import Running
from deploy.demo.processes import Children
from deploy.demo.settings_files import (
    DATABASE_ENV,
    CredentialSecrets,
    environment,
    write_settings,
)
from deploy.demo.truth import Truth
from hub.credential.keys import new_key
from hub.store.migrate import upgrade
from hub.store.settings import DatabaseSettings
from hub.store.unavailable import StoreUnavailable
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import ExitStack
    from pathlib import Path

    from deploy.demo.directory import Directory
    from deploy.demo.following import CaseFiles
    from deploy.demo.population.building import Manifest
    from deploy.demo.processes import Child
    from deploy.demo.steps import Steps
    from deploy.demo.wishes import Wishes

_DATABASE: Final = "hub"
_LINKS_NOTE: Final = "links.note"


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
    population = _populate(wishes, directory, steps)
    keyring = Keyring(directory.keys)
    worker_key = keyring.secret("worker-key-1")
    holding = _Holding(directory, population, worker_key)
    database_url, server = _open_database(directory, holding, stack, steps)
    databases = {
        code: directory.population / f"{code}.sqlite" for code in wishes.provinces
    }
    children = stack.enter_context(Children(directory.logs))
    bearers = {code: keyring.secret(f"bearer-{code}") for code in wishes.provinces}
    # Who came and went belongs to one population: it goes when another takes its place.
    acts = {code: file.with_suffix(".acts.sqlite") for code, file in databases.items()}
    cases = case_files(keyring, databases)
    started = {
        code: _start_province(
            *(children, code, databases[code], bearers[code]),
            acts=acts[code],
            cases=cases,
        )
        for code in wishes.provinces
    }
    issuer = federation.start_issuer(
        children, directory.keys, directory.remembered(ISSUER_NOTE)
    )
    signing = CredentialSecrets(
        keyring.keep("credential-demo-1.json", _credential_key),
        keyring.secret("code-secret-1"),
    )
    callbacks = {code: one.secret for code, one in cases.items()}
    secrets = environment(
        database_url,
        worker_key,
        {code: one for code, one in bearers.items() if kind_of(code) == SUBGRAPH},
        signing,
        callbacks,
        own=own_secrets(bearers, databases),
    )
    directory.keep_environment(secrets)
    links = directory.population / "links.csv"
    unions = directory.population / "organisations.csv"
    with steps.step("迁移数据库", "the database is migrated"):
        migrate(database_url)
    if not holding.is_filled:
        # only the first start needs it, and the second one shall be fast
        from deploy.demo.registering import (  # noqa: PLC0415
            register,
            register_organisations,
        )

        with steps.step("登记工会组织", "the unions are registered") as tell:
            tell(f"{register_organisations(unions, secrets):,}")
        with steps.step("登记关联", "the links are registered") as tell:
            register(links, wishes.provinces, secrets, tell)
        holding.fill()
    with steps.step(
        "启动各省系统与令牌签发方", "provinces and the issuer start"
    ) as tell:
        provinces = []
        for code, child in started.items():
            provinces.append(
                federation.standing(code, databases[code], child, kind_of(code))
            )
            tell(f"{len(provinces)}/{len(started)}")
        issuer_url = federation.url_of(issuer)
        directory.remember(ISSUER_NOTE, issuer_url)
    issued_by = directory.remembered(CREDENTIALS_NOTE) or f"http://127.0.0.1:{port}"
    directory.remember(CREDENTIALS_NOTE, issued_by)
    settings = write_settings(
        directory.root,
        port=port,
        issuer=issuer_url,
        provinces=provinces,
        credentials=issued_by,
        callbacks=callbacks,
    )
    with steps.step("启动枢纽与办理进程", "the hub and the runner start"):
        hub = federation.start_hub(children, settings, secrets)
        begin = partial(federation.start_runner, children, settings, secrets)
        runner = begin()  # it is waited for when a member shall move
        federation.wait_for_hub(hub, port)
        federation.wait_for_batches(hub, provinces)
    acts = {code: file for code, file in acts.items() if federation.takes_acts(code)}
    return Running(
        port=port,
        issuer=Issuer(directory.keys),
        issuer_url=issuer_url,
        provinces={each.code: each for each in provinces},
        truth=Truth(
            links, databases, [each.resident_id for each in population.showcase], acts
        ),
        unions=Unions(unions),
        acts=acts,
        cases=cases,
        children=children,
        runner=runner,
        begin_runner=begin,
        server=server,
    )


def _start_province(
    children: Children,
    code: str,
    database: Path,
    secret: str,
    *,
    acts: Path,
    cases: Mapping[str, CaseFiles],
) -> Child:
    file = cases[code].file if code in cases else None
    if file is not None and kind_of(code) != SUBGRAPH:
        return federation.start_own_words(
            children, code, database, secret, acts=acts, cases=file
        )
    return federation.start_province(
        children, code, database, secret, acts=acts, cases=file
    )


def _credential_key() -> str:
    return json.dumps(new_key("EdDSA").as_dict(private=True))


def _populate(wishes: Wishes, directory: Directory, steps: Steps) -> Manifest:
    with steps.step("生成或沿用人口数据", "the population: made, or found") as tell:
        population = build(
            directory.population,
            wishes.size,
            wishes.seed,
            wishes.provinces,
            progress=lambda done, size: tell(f"{done:,}/{size:,}"),
        )
        tell(f"{population.size:,} 人 workers, {population.links:,} 条关联 links")
        return population


class _Holding:
    """Whether a database holds the links of a population already.

    What is noted: which database, which population, under which worker key. With
    any of them changed, nothing is skipped.
    """

    def __init__(self, directory: Directory, manifest: Manifest, key: str) -> None:
        where = os.environ.get(DATABASE_ENV, "embedded")
        held = (manifest.version, manifest.size, manifest.seed, manifest.reference)
        text = f"{where} {held} {manifest.provinces} {key}"
        self._directory = directory
        self._note = hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_filled(self) -> bool:
        """Whether it holds exactly these links."""
        return self._directory.remembered(_LINKS_NOTE) == self._note

    @property
    def has_others(self) -> bool:
        """Whether it holds the links of another population, all or in part."""
        return self._directory.remembered(_LINKS_NOTE) not in {"", self._note}

    def empty(self) -> None:
        """Note that it holds none."""
        self._directory.remember(_LINKS_NOTE, "")

    def fill(self) -> None:
        """Note that it holds all of these."""
        self._directory.remember(_LINKS_NOTE, self._note)


_CHECK_ADDRESS = Bilingual(
    f"请检查环境变量 {DATABASE_ENV}；不设置它时，演示使用内置的 PostgreSQL。",
    f"Check the environment variable {DATABASE_ENV}; without it the demo uses an "
    "embedded PostgreSQL.",
)


def _open_database(
    directory: Directory, holding: _Holding, stack: ExitStack, steps: Steps
) -> tuple[str, EmbeddedPostgres | None]:
    given = os.environ.get(DATABASE_ENV, "").strip()
    if given:
        return _checked(given), None
    with steps.step("启动内置 PostgreSQL", "the embedded PostgreSQL starts"):
        server = EmbeddedPostgres(directory.postgres)
        server.start()
        stack.callback(server.stop)
        if holding.has_others:
            holding.empty()
            server.drop_database(_DATABASE)
        return server.ensure_database(_DATABASE), server


def _checked(given: str) -> str:
    """Refuse what is no PostgreSQL address, without repeating it.

    Raises:
        DemoFailed: It is none.
    """
    try:
        return DatabaseSettings(url_env=DATABASE_ENV).address({DATABASE_ENV: given})
    except ValueError as error:
        zh, _, en = str(error).partition(" / ")
        raise DemoFailed(Bilingual(f"{zh}。", f"{en}."), _CHECK_ADDRESS) from error


def migrate(database_url: str) -> None:
    """Bring the hub's database to the newest step.

    Raises:
        DemoFailed: It cannot be used.
    """
    try:
        upgrade(database_url)
    except StoreUnavailable as error:
        raise _no_database(error) from error


def _no_database(error: StoreUnavailable) -> DemoFailed:
    return DemoFailed(
        Bilingual(
            f"无法使用数据库（{error}）。", f"The database cannot be used ({error})."
        ),
        _CHECK_ADDRESS,
    )
