"""Adapter: the commands ``province …``: connecting a province."""

from __future__ import annotations

import typer

from hub.cli import (
    province_check,
    province_files,
    province_init,
    province_probe,
    province_serve,
)
from hub.cli.province_settings import history, pause, resume

app = typer.Typer(help="接入一个省 / connecting a province.")
app.command("init")(province_init.init)
app.command("check")(province_check.check)
app.command("pack")(province_files.pack_folder)
app.command("take")(province_files.take)
app.command("probe")(province_probe.probe)
app.command("serve")(province_serve.serve)
app.command()(pause)
app.command()(resume)
app.command()(history)


# With one command only, typer would take its name away.
@app.callback(no_args_is_help=True)
def province() -> None:
    """接入一个省 / connecting a province."""
