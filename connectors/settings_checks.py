"""Value: what the settings of every province are checked for, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from schema.records.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult


def wrong(code: str, zh: str, en: str, **values: object) -> PydanticCustomError:
    """Make an error that says in both languages what was wrong and how to mend it.

    The context keeps each sentence apart (``zh``, ``en``), so that an edge that
    knows the reader's language shows one of them.
    """
    zh, en = zh.format(**values), en.format(**values)
    return PydanticCustomError(code, "{zh} {en}", {"zh": zh, "en": en})


def between(low: timedelta, high: timedelta) -> Callable[[timedelta], timedelta]:
    """Make a check that a duration lies between these, both included."""

    def check(value: timedelta) -> timedelta:
        if low <= value <= high:
            return value
        raise wrong(
            "duration_out_of_range",
            "时长必须在 {low} 到 {high} 秒之间，实际为 {value} 秒。",
            "A duration from {low} to {high} seconds is needed, not {value} seconds.",
            low=low.total_seconds(),
            high=high.total_seconds(),
            value=value.total_seconds(),
        )

    return check


def milliseconds(count: int) -> timedelta:
    """Make a duration."""
    return timedelta(milliseconds=count)


#: A wait inside one question.
Wait = Annotated[
    Duration, AfterValidator(between(milliseconds(0), timedelta(minutes=1)))
]
#: A time that has to pass; never nothing.
Span = Annotated[Duration, AfterValidator(between(milliseconds(1), timedelta(days=1)))]

_CODE = re.compile(r"[1-8][0-9]", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}", re.ASCII)


def province_code(value: object) -> object:
    """Check the code of a province."""
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise wrong(
        "province_code",
        '省级代码是带引号的两位数字（GB/T 2260 前两位），例如 code = "44"。',
        "A province code is two digits in quotation marks (the first two of "
        'GB/T 2260), e.g. code = "44".',
    )


def variable(value: str) -> str:
    """Check the name of an environment variable."""
    if _VARIABLE.fullmatch(value):
        return value
    # The value is not repeated: whoever writes the token itself here by mistake
    # must not find it in a log afterwards.
    raise wrong(
        "environment_variable",
        "这里写环境变量的名称（如 HUB_BEARER_44），不要写令牌本身。",
        "Name the environment variable here (e.g. HUB_BEARER_44), not the token.",
    )


def version(value: str) -> str:
    """Check the version of a contract."""
    if _VERSION.fullmatch(value):
        return value
    raise wrong(
        "contract_version",
        "契约版本写成“主版本.次版本”，例如 1.0。",
        'A contract version is "major.minor", e.g. 1.0.',
    )


def on_this_machine(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is not a number up to 65535
    except ValueError:
        return None
    return parts


def address(value: str) -> str:
    """Check an address: whole, and without any secret in it."""
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong(
            "url",
            "网址要写全，例如 https://hub.gd.example/graphql。",
            "A full address is needed, e.g. https://hub.gd.example/graphql.",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise wrong(
            "url_secret",
            "网址里不能有用户名、口令、查询串或片段；凭证请用 bearer_env 或客户端证书。",
            "An address has no user, password, query or fragment here; use "
            "bearer_env or a client certificate for credentials.",
        )
    return value


class Table(BaseModel):
    """One table of a settings file: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
