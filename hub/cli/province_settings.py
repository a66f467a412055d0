"""Adapter: the commands ``province pause``, ``resume`` and ``history``."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hub.cli.running import (
    ConfigOption,
    DebugOption,
    failing_clearly,
    read_settings,
    run,
    store_side,
)
from hub.clock import SystemClock
from hub.config.load import find_file, load, province_files
from hub.config.mistakes import BadSettings
from hub.store.province_settings import ProvinceBook
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.config.settings import Settings
    from hub.store.province_settings import Version

_LONGEST = 500

_NO_PROVINCE = Refusal(
    "NO_SUCH_PROVINCE",
    "province-settings",
    Bilingual("没有代码为 {code} 的省。", "There is no province {code}."),
    Bilingual("设置中有：{known}。", "The settings have: {known}."),
)
_NO_VERSION = Refusal(
    "NO_SUCH_VERSION",
    "province-settings",
    Bilingual("省 {code} 没有这一版设置。", "Province {code} has no such version."),
    Bilingual(
        "请用 province history {code} 列出各版；首个进程启动后才有第一版。",
        "province history {code} lists them; the first is there once a hub has started.",
    ),
)
_NO_TEXT = Refusal(
    "TEXT_NEEDED",
    "province-settings",
    Bilingual(
        "{option} 不得为空，至多 500 字，不含身份证件号码。",
        "{option} must not be empty, 500 characters at most, without a resident ID.",
    ),
    Bilingual("请写明。它记入审计。", "Say it: it stands in the audit trail."),
)
_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")
_CODE = re.compile(r"[0-9]{2}")

Code = Annotated[str, typer.Argument(metavar="CODE", help="省级代码 / province code.")]
By = Annotated[str, typer.Option(help="操作员 / who does it.")]


def pause(
    code: Code,
    why: Annotated[str, typer.Option(help="理由 / why.")],
    by: By,
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """暂不查询某省，各进程数秒内生效 / ask a province no more for now; all processes hear."""
    with failing_clearly(debug=debug):
        settings = _without_provinces(config)
        province, told = (
            _known(settings, code),
            (_said("--by", by), _said("--why", why)),
        )
        new = run(_pause(settings, province, *told))
        zh, en = ("已暂停", "paused") if new else ("先前已暂停", "was paused already")
        typer.echo(f"省 {province} {zh} / province {province} {en}")


def resume(
    code: Code,
    by: By,
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """恢复查询某省 / ask a province again that an operator has paused."""
    with failing_clearly(debug=debug):
        settings = _without_provinces(config)
        ended = run(_resume(settings, code, _said("--by", by)))
        zh, en = ("已恢复", "resumed") if ended else ("并未暂停", "was not paused")
        typer.echo(f"省 {code} {zh} / province {code} {en}")
        if _rests_by_file(config, code):
            typer.echo(
                f"注意：{code}.toml 中 paused = true，仍不查询 / its file says paused ="
                " true: it stays paused until that is changed"
            )


def history(
    code: Code,
    version: Annotated[
        int | None,
        typer.Option(
            help="显示此版全文 / show this version whole.", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    *,
    debug: DebugOption = False,
) -> None:
    """某省设置的各版 / which settings held for a province, since when, by whom."""
    with failing_clearly(debug=debug):
        settings = _without_provinces(config)
        found = run(_history(settings, code, version))
        if not found:
            known = _NO_VERSION
            message = known.message.format(code=code)
            remedy = known.remedy.format(code=code)
            raise Refused(Refusal(known.code, known.rule, message, remedy))
        if version is None:
            Console().print(_table(found))
            return
        one = found[0].stated
        sys.stdout.write(one.body)
        if one.mapping:
            sys.stdout.write(f"\n# mapping_file\n{one.mapping}")


def _without_provinces(config: str | None) -> Settings:
    """Read what is needed for the store: a broken file of a province must not matter."""
    file = find_file(config, os.environ)
    return load(file, os.environ, webhooks=False, provinces=False)


def _rests_by_file(config: str | None, code: str) -> bool:
    with suppress(BadSettings):
        provinces = read_settings(config).provinces
        return any(one.code == code and one.paused for one in provinces)
    return False


def _codes(settings: Settings) -> list[str]:
    named = [file.stem for file in province_files(settings.provinces_dir)]
    return [code for code in named if _CODE.fullmatch(code)]


def _known(settings: Settings, code: str) -> ProvinceCode:
    known = _codes(settings)
    if code not in known:
        message = _NO_PROVINCE.message.format(code=code)
        remedy = _NO_PROVINCE.remedy.format(known=" ".join(known))
        raise Refused(Refusal(_NO_PROVINCE.code, _NO_PROVINCE.rule, message, remedy))
    return ProvinceCode(code)


def _said(option: str, text: str) -> str:
    text = text.strip()
    if not text or len(text) > _LONGEST or _NUMBER.search(text):
        message = _NO_TEXT.message.format(option=option)
        raise Refused(Refusal(_NO_TEXT.code, _NO_TEXT.rule, message, _NO_TEXT.remedy))
    return text


async def _pause(settings: Settings, province: ProvinceCode, by: str, why: str) -> bool:
    async with store_side(settings) as side:
        return await ProvinceBook(side.pool, SystemClock()).pause(province, by, why)


async def _resume(settings: Settings, code: str, by: str) -> bool:
    async with store_side(settings) as side:
        book = ProvinceBook(side.pool, SystemClock())
        known = {*await book.pauses(), *_codes(settings)}
        if code not in known:
            _known(settings, code)
        return await book.resume(ProvinceCode(code), by)


async def _history(
    settings: Settings, code: str, version: int | None
) -> Sequence[Version]:
    async with store_side(settings) as side:
        book = ProvinceBook(side.pool, SystemClock())
        return await book.history(ProvinceCode(code), version)


def _table(found: Sequence[Version]) -> Table:
    table = Table("版本 version")
    # A moment that is cut short tells nothing.
    table.add_column("自 since", no_wrap=True)
    for heading in ("进程 by", "变动 change", "摘要 digest"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(
            str(one.version),
            one.at.astimezone().isoformat(timespec="seconds"),
            one.by,
            ", ".join(one.stated.change),
            one.stated.digest[:12],
        )
    return table
