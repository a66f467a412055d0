"""Adapter: all commands under one name."""

from __future__ import annotations

import typer

from hub.cli import (
    audit,
    cases,
    check,
    credential,
    demo,
    documents,
    keys,
    links,
    migrate,
    organisations,
    province,
    runner,
    sdl,
    serve,
    transfers,
    webhooks,
)

app = typer.Typer(
    name="hub",
    help="跨省工会数据联邦枢纽 / the hub between provincial trade-union systems.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serve.serve)
app.command("runner")(runner.runner)
app.command("check")(check.check)
app.command("sdl")(sdl.sdl)
app.command("migrate")(migrate.migrate)
app.command(
    "demo",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)(demo.demo)
app.add_typer(links.app, name="links")
app.add_typer(organisations.app, name="organisations")
app.add_typer(province.app, name="province")
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(credential.app, name="credential")
app.add_typer(documents.app, name="documents")
app.add_typer(transfers.app, name="transfers")
app.add_typer(cases.app, name="cases")


def main() -> None:
    """Run the command that the arguments name."""
    app(prog_name="hub")
