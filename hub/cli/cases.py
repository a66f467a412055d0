"""Adapter: the commands ``cases clocks`` and ``cases picture``."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.progress import counting
from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.clock import SystemClock, today_in_china
from hub.following.model import explore
from hub.following.picture import picture
from hub.following.recompute import recompute
from hub.following.roles import RoleTable
from hub.following_wiring import following_side
from hub.organisation.current import CurrentDirectory
from hub.store.links import LinkStore
from hub.store.organisations import OrganisationStore

if TYPE_CHECKING:
    from hub.config.settings import Settings
    from hub.following.recompute import Recomputed

app = typer.Typer(help="维权案件 / rights cases.", no_args_is_help=True)


class Language(StrEnum):
    """Of the words in the picture."""

    ZH = "zh"
    EN = "en"


@app.callback()
def cases() -> None:
    """维权案件 / rights cases."""


@app.command("clocks")
def clocks(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """规则修改后重算全部未结案件的期限 / re-evaluate the clocks of all open cases.

    可随时中止，再次运行即继续 / it may be ended at any time; run again, it goes on.
    """
    with failing_clearly(debug=debug):
        done = run(_recompute(read_settings(config)))
        sys.stdout.write(
            f"未结案件 / open cases: {done.seen}；"
            f"期限有变 / with other due dates: {done.changed}\n"
        )


@app.command("picture")
def draw(
    language: Annotated[
        Language, typer.Option(help="图中文字 / of the words in it.")
    ] = Language.ZH,
) -> None:
    """由代码画出案件的状态图（Mermaid）/ draw the states of a case from the code."""
    table = RoleTable.load(files("hub.rules").joinpath("roles.toml").read_bytes())
    powers = table.on(today_in_china(SystemClock()))
    sys.stdout.write(picture(explore(powers), language.value) + "\n")


async def _recompute(settings: Settings) -> Recomputed:
    clock = SystemClock()
    async with store_side(settings) as store:
        directory = CurrentDirectory(
            OrganisationStore(store.pool),
            settings.transfers.directory_every.total_seconds(),
        )
        await directory.refresh()
        links = LinkStore(store.pool, clock)
        async with following_side(
            clock=clock, pool=store.pool, links=links, directory=directory
        ) as side:
            with counting("期限 / clocks") as tell:
                return await recompute(
                    side.reading,
                    side.following,
                    side.book,
                    lambda so_far: tell(
                        so_far.seen, None, f"变 / changed: {so_far.changed}"
                    ),
                )
