"""Value: what an operator says of one province (``provinces/NN.toml``)."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schema.records.duration import Duration
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult


def _wrong(code: str, zh: str, en: str, **values: object) -> PydanticCustomError:
    """Make an error that says in both languages what was wrong and how to mend it.

    The context keeps each sentence apart (``zh``, ``en``), so that an edge that
    knows the reader's language shows one of them.
    """
    zh, en = zh.format(**values), en.format(**values)
    return PydanticCustomError(code, "{zh} {en}", {"zh": zh, "en": en})


def _between(low: timedelta, high: timedelta) -> Callable[[timedelta], timedelta]:
    def check(value: timedelta) -> timedelta:
        if low <= value <= high:
            return value
        raise _wrong(
            "duration_out_of_range",
            "时长必须在 {low} 到 {high} 秒之间，实际为 {value} 秒。",
            "A duration from {low} to {high} seconds is needed, not {value} seconds.",
            low=low.total_seconds(),
            high=high.total_seconds(),
            value=value.total_seconds(),
        )

    return check


def _milliseconds(count: int) -> timedelta:
    return timedelta(milliseconds=count)


#: A wait inside one question.
Wait = Annotated[
    Duration, AfterValidator(_between(_milliseconds(0), timedelta(minutes=1)))
]
#: A time that has to pass; never nothing.
Span = Annotated[
    Duration, AfterValidator(_between(_milliseconds(1), timedelta(days=1)))
]

_CODE = re.compile(r"[1-8][0-9]", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}", re.ASCII)


def _code(value: object) -> object:
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise _wrong(
        "province_code",
        '省级代码是带引号的两位数字（GB/T 2260 前两位），例如 code = "44"。',
        "A province code is two digits in quotation marks (the first two of "
        'GB/T 2260), e.g. code = "44".',
    )


def _variable(value: str) -> str:
    if _VARIABLE.fullmatch(value):
        return value
    # The value is not repeated: whoever writes the token itself here by mistake
    # must not find it in a log afterwards.
    raise _wrong(
        "environment_variable",
        "这里写环境变量的名称（如 HUB_BEARER_44），不要写令牌本身。",
        "Name the environment variable here (e.g. HUB_BEARER_44), not the token.",
    )


def _version(value: str) -> str:
    if _VERSION.fullmatch(value):
        return value
    raise _wrong(
        "contract_version",
        "契约版本写成“主版本.次版本”，例如 1.0。",
        'A contract version is "major.minor", e.g. 1.0.',
    )


def _on_this_machine(host: str) -> bool:
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


def _url(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _wrong(
            "url",
            "网址要写全，例如 https://hub.gd.example/graphql。",
            "A full address is needed, e.g. https://hub.gd.example/graphql.",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _wrong(
            "url_secret",
            "网址里不能有用户名、口令、查询串或片段；凭证请用 bearer_env 或客户端证书。",
            "An address has no user, password, query or fragment here; use "
            "bearer_env or a client certificate for credentials.",
        )
    return value


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RetrySettings(_Model):
    """How a read that failed is tried again, always inside its deadline.

    Attributes:
        attempts: How often one question is put at most, the first time included.
        first_wait: Upper bound of the first wait; the wait is drawn evenly
            between nothing and the bound (full jitter), and the bound doubles.
        longest_wait: The bound grows no further than this.
    """

    attempts: Annotated[int, Field(ge=1, le=5)] = 2
    first_wait: Wait = _milliseconds(50)
    longest_wait: Wait = _milliseconds(500)


class BreakerSettings(_Model):
    """When a province is left alone for a while.

    Attributes:
        failures: At least so many calls failed within the window …
        rate: … and at least this part of all calls within it.
        window: How far back calls count.
        open_for: How long nothing is asked after that.
        probes: How many questions then go through as a trial, and how many of
            them must succeed before all go through again.
    """

    failures: Annotated[int, Field(ge=1, le=10_000)] = 5
    rate: Annotated[float, Field(gt=0, le=1)] = 0.5
    window: Span = timedelta(seconds=30)
    open_for: Span = timedelta(seconds=10)
    probes: Annotated[int, Field(ge=1, le=100)] = 1


class ProvinceSettings(_Model):
    """One province, and how it is spoken to.

    Attributes:
        code: First two digits of its GB/T 2260 code.
        name_zh: Its name in Chinese.
        name_en: Its name in English.
        kind: Which tongue its system speaks.
        url: Where. Plain ``http`` only on this machine, or with ``plain_http``.
        plain_http: Allow ``http`` to other machines, for a line that is
            protected otherwise: personal data and tokens travel readable on it.
        paused: Do not ask it for now; it is reported as suspended.
        deadline: How long one question may take, retries and waits included.
        act_deadline: How long one call may take that writes into its register of
            members; what is not answered by then is asked again with the same keys.
        connect_time_out: How long setting up a connection may take, name
            look-up and TLS included.
        concurrency: How many questions may be under way at once.
        queue_wait: How long a question may wait for its turn.
        retry: How a failed read is tried again.
        breaker: When the province is left alone for a while.
        response_cap: The largest answer that is taken, in bytes, unpacked.
        bearer_env: Name of the environment variable with the bearer token.
        callback_secret_env: Name of the environment variable with the secret by which
            the province signs what it pushes (``whsec_`` and base64); it cannot push
            without one.
        callback_next_secret_env: The same of the next secret: while both are named,
            either does.
        ca_file: Certificates (PEM) of the authorities that are trusted for this
            province; the machine's own list when there is none.
        client_cert_file: The hub's certificate for mutual TLS (PEM).
        client_key_file: Its private key (PEM, without a pass-phrase).
        kinds: Which kinds it is taken to serve until it has been asked.
        contract_version: Which contract it is taken to serve until then.
        probe_every: How often it is asked what it serves.
    """

    code: Annotated[str, BeforeValidator(_code)]
    name_zh: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Annotated[str, Field(min_length=1, max_length=100)]
    kind: Literal["graphql"] = "graphql"
    url: Annotated[str, AfterValidator(_url)]
    plain_http: bool = False
    paused: bool = False
    deadline: Annotated[
        Duration, AfterValidator(_between(_milliseconds(10), timedelta(minutes=1)))
    ] = timedelta(seconds=2)
    act_deadline: Annotated[
        Duration, AfterValidator(_between(_milliseconds(10), timedelta(minutes=5)))
    ] = timedelta(seconds=10)
    connect_time_out: Span = timedelta(seconds=1)
    concurrency: Annotated[int, Field(ge=1, le=1_000)] = 32
    queue_wait: Wait = _milliseconds(250)
    retry: RetrySettings = RetrySettings()
    breaker: BreakerSettings = BreakerSettings()
    response_cap: Annotated[int, Field(ge=1024, le=256 * 1024 * 1024)] = 8 * 1024 * 1024
    bearer_env: Annotated[str, AfterValidator(_variable)] | None = None
    callback_secret_env: Annotated[str, AfterValidator(_variable)] | None = None
    callback_next_secret_env: Annotated[str, AfterValidator(_variable)] | None = None
    ca_file: str | None = None
    client_cert_file: str | None = None
    client_key_file: str | None = None
    kinds: tuple[RecordKind, ...] = tuple(RecordKind)
    contract_version: Annotated[str, AfterValidator(_version)] = "1.2"
    probe_every: Annotated[
        Duration, AfterValidator(_between(timedelta(seconds=1), timedelta(days=1)))
    ] = timedelta(seconds=60)

    @model_validator(mode="before")
    @classmethod
    def _paths_are_text(cls, values: Any) -> Any:
        """Take paths as they come from a program too, not from TOML only."""
        if not isinstance(values, dict):
            return values
        return {
            name: str(value) if name.endswith("_file") and value is not None else value
            for name, value in values.items()
        }

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if (self.client_cert_file is None) != (self.client_key_file is None):
            raise _wrong(
                "client_certificate",
                "client_cert_file 与 client_key_file 必须同时给出或同时省略。",
                "Give both client_cert_file and client_key_file, or neither.",
            )
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        if not secure and (self.client_cert_file or self.ca_file):
            raise _wrong(
                "tls_without_https",
                "证书只能与 https 网址一起使用；请改用 https，或去掉证书设置。",
                "Certificates only work with an https address; use https or drop them.",
            )
        if not (secure or self.plain_http or _on_this_machine(parts.hostname or "")):
            raise _wrong(
                "plain_http",
                "网址须为 https；若线路另有保护，请设 plain_http = true。",
                "The address must be https; if the line is protected otherwise, "
                "set plain_http = true.",
            )
        return self
