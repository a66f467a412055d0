"""Adapter: the command ``province probe``: does a province keep the contract?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.failures import IN_PART
from hub.cli.progress import counting
from hub.cli.running import DebugOption, failing_clearly, run
from hub.clock import SystemClock

if TYPE_CHECKING:
    from connectors.conformance.report import Check, Report
    from connectors.conformance.sample import Sample
    from connectors.settings import ProvinceSettings


def probe(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="省的设置文件 NN.toml / the settings of the province."
        ),
    ],
    keys: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="样本键文件（TOML）；没有则只检查不需要样本的 / sample keys; without"
            " them only what needs none is checked.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="报告写成网页 / write the report as a page.",
            show_default=False,
        ),
    ] = None,
    junit: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="报告写成 JUnit XML / write the report as JUnit XML.",
            show_default=False,
        ),
    ] = None,
    *,
    acts: Annotated[
        bool,
        typer.Option(
            "--acts",
            help="也检查进出登记：写入并撤回样本中测试会员的登记 / try acts too: entries of"
            " the sample's test members are written and taken back.",
        ),
    ] = False,
    debug: DebugOption = False,
) -> None:
    """验收一个省的系统 / hold a province's system against the contract."""
    with failing_clearly(debug=debug):
        # Loaded here: the other commands need not pay for connectors.
        from connectors.conformance.html import as_html  # noqa: PLC0415
        from connectors.conformance.junit import as_junit  # noqa: PLC0415
        from connectors.conformance.sample import Sample, read_sample  # noqa: PLC0415
        from hub.cli.probe_table import show  # noqa: PLC0415
        from hub.config.load import load_province  # noqa: PLC0415

        settings = load_province(file, os.environ)
        sample = read_sample(keys) if keys else Sample()
        report = run(_visit(settings, sample, acts=acts))
        for place, write in ((html, as_html), (junit, as_junit)):
            if place is not None:
                place.write_text(write(report), "utf-8")
        show(report)
        if not report.conforms:
            raise typer.Exit(IN_PART)


async def _visit(settings: ProvinceSettings, sample: Sample, *, acts: bool) -> Report:
    from connectors.conformance.opening import visiting  # noqa: PLC0415
    from connectors.conformance.running import run as visit  # noqa: PLC0415
    from schema.records.refusal import Bilingual  # noqa: PLC0415

    with counting("验收 checks") as tell:

        def begins(check: Check, place: int, total: int) -> None:
            tell(place, total, check.id)

        async with visiting(settings, os.environ, SystemClock(), acts=acts) as (
            connector,
            means,
        ):
            return await visit(
                connector,
                sample,
                means,
                kind=settings.kind,
                name=Bilingual(settings.name_zh, settings.name_en),
                tell=begins,
            )
