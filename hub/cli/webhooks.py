"""Adapter: the commands ``webhooks …``."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.failures import FAILED, show
from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.config.settings import Settings
from hub.feeds.events import Topic, read_cursor, write_cursor
from hub.store.feeds import FeedStore
from hub.store.webhooks import WebhookCursors
from schema.records.refusal import Bilingual

app = typer.Typer(
    help="回调端点 / webhook endpoints.", no_args_is_help=True, add_completion=False
)

_NO_ENDPOINT = (
    Bilingual(
        "设置中没有机构 {office} 的端点。",
        "The settings name no endpoint of the office {office}.",
    ),
    Bilingual(
        "请核对 [[webhooks.endpoints]] 的 office。",
        "Check office in [[webhooks.endpoints]].",
    ),
)


@app.command("list")
def list_endpoints(config: ConfigOption = None, *, debug: DebugOption = False) -> None:
    """列出端点及其进度 / list endpoints and how far they were told."""
    with failing_clearly(debug=debug):
        run(_list(read_settings(config)))


@app.command("replay")
def replay(
    office: Annotated[str, typer.Option(help="机构 / whose endpoints.")],
    after: Annotated[
        str,
        typer.Option(help="此游标之后的事件重新推送 / send again what came after it."),
    ],
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """重新推送某游标之后的事件 / send again the events after a cursor."""
    with failing_clearly(debug=debug):
        run(_replay(read_settings(config), office, read_cursor(after)))


async def _list(settings: Settings) -> None:
    async with store_side(settings) as side:
        told = await WebhookCursors(side.pool).all()
    for one in settings.webhooks.endpoints:
        cursor = write_cursor(told[one.name]) if one.name in told else "-"
        paused = " paused" if one.paused else ""
        typer.echo(f"{one.name} office={one.office} cursor={cursor}{paused}")


async def _replay(settings: Settings, office: str, after: int) -> None:
    names = [one.name for one in settings.webhooks.endpoints if one.office == office]
    if not names:
        message, remedy = _NO_ENDPOINT
        show(message.format(office=office), remedy)
        raise typer.Exit(FAILED)
    async with store_side(settings) as side:
        feed = FeedStore(side.pool, "")
        # What cannot be replayed is refused at once, with the reason.
        for topic in Topic.TRANSFER, Topic.DUPLICATE:
            await feed.read(topic, after, 1)
        cursors = WebhookCursors(side.pool)
        for name in names:
            await cursors.forget(name)
            await cursors.move(name, after)
            typer.echo(f"{name} ⟲ {write_cursor(after)}")
