"""Adapter: the command ``province probe``: does a province keep the contract?"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from hub.cli.failures import IN_PART
from hub.cli.progress import counting
from hub.cli.running import DebugOption, failing_clearly, run
from hub.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.conformance.report import Check, Report
    from connectors.conformance.sample import Sample
    from connectors.settings import ProvinceSettings

#: More lines of a log help nobody.
_MOST_NOTES = 50


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
        notes = _Notes()
        with notes.taken():
            told = run(_visit(settings, sample, acts=acts))
        report = msgspec.structs.replace(told, notes=tuple(notes.lines))
        # Shown first: what cannot be written is not lost.
        show(report)
        for place, write in ((html, as_html), (junit, as_junit)):
            if place is not None:
                place.write_text(write(report), "utf-8")
        if not report.conforms:
            raise typer.Exit(IN_PART)


class _Notes(logging.Handler):
    """Takes down what connectors log, each line once, so that no bar is torn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: dict[str, None] = {}

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take notes while the block runs."""
        logger = logging.getLogger("connectors")
        logger.addHandler(self)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(self)
            logger.propagate = True

    def emit(self, record: logging.LogRecord) -> None:
        """Take one down, as long as there are not too many."""
        if len(self.lines) < _MOST_NOTES:
            self.lines[record.getMessage()] = None


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
            report = await visit(
                connector,
                sample,
                means,
                kind=settings.kind,
                name=Bilingual(settings.name_zh, settings.name_en),
                tell=begins,
            )
            tell(len(report.findings), len(report.findings), "")
            return report
