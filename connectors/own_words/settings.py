"""Value: what settings of all provinces with words of their own have in common."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from connectors.settings_checks import (
    Table,
    address,
    on_this_machine,
    variable,
    wrong,
)

_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", re.ASCII)
_NAME = re.compile(r"\w[\w-]{0,63}(?:\.\w[\w-]{0,63}){0,7}")
#: Headers that the hub sets itself, or that say how a message is cut.
_KEPT_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "content-type"}
)


def _header(value: str) -> str:
    if _HEADER.fullmatch(value) and value.lower() not in _KEPT_HEADERS:
        return value
    raise wrong(
        "header_name",
        "请求头名称只含字母、数字和连字符，例如 X-API-Key。",
        "The name of a header has letters, digits and hyphens, e.g. X-API-Key.",
    )


def _name(value: str) -> str:
    if _NAME.fullmatch(value):
        return value
    raise wrong(
        "column_name",
        "名称由字母、数字、下划线或连字符组成，层级之间用点，例如 data.items。",
        "A name has letters, digits, underscores and hyphens, with dots between "
        "levels, e.g. data.items.",
    )


Header = Annotated[str, AfterValidator(_header)]
Name = Annotated[str, AfterValidator(_name)]
#: Where something stands in an answer; empty for the answer itself.
At = Annotated[str, AfterValidator(lambda value: value and _name(value))]
Variable = Annotated[str, AfterValidator(variable)]


class PagingSettings(Table):
    """How an answer that does not fit into one page goes on.

    Attributes:
        style: ``none``: there is one page; ``page``: pages are numbered from 1;
            ``offset``: a page is told how many rows came before it; ``cursor``: a page
            names the next.
        parameter: What takes the number, the offset or the cursor.
        size_parameter: What takes the size of a page; none is sent without it.
        size: The size of a page, in rows.
        at: Where a page tells: with ``cursor`` the next cursor, with ``page`` and
            ``offset`` the number of all rows; without it, the first empty page is the
            end.
        more_at: Where a page says whether there is another; asked before ``at``.
        most: More pages than this are taken for pages that never end.
    """

    style: Literal["none", "page", "offset", "cursor"] = "none"
    parameter: Name = "page"
    size_parameter: Name | None = None
    size: Annotated[int, Field(ge=1, le=10_000)] = 100
    at: At = ""
    more_at: At = ""
    most: Annotated[int, Field(ge=1, le=1_000)] = 50

    @model_validator(mode="after")
    def _cursor_has_a_place(self) -> Self:
        if self.style == "cursor" and not self.at:
            raise wrong(
                "cursor_place",
                'style = "cursor" 须以 at 指明下一页游标所在，例如 at = "page.next"。',
                'With style = "cursor", at tells where the next cursor stands, e.g. '
                'at = "page.next".',
            )
        return self


def _token_url(value: str) -> str:
    parts = urlsplit(address(value))
    if parts.scheme == "https" or on_this_machine(parts.hostname or ""):
        return value
    raise wrong(
        "plain_token_url",
        "token_url 须为 https：密钥在这条线路上传送。",
        "token_url must be https: the secret travels on that line.",
    )


class OAuthSettings(Table):
    """Tokens by OAuth 2.0 client credentials (RFC 6749 §4.4).

    Attributes:
        token_url: Where tokens are given.
        client_id: The hub's name there.
        client_secret_env: Name of the environment variable with its secret.
        scope: What is asked for; nothing is said without it.
    """

    token_url: Annotated[str, AfterValidator(_token_url)]
    client_id: Annotated[str, Field(min_length=1, max_length=200)]
    client_secret_env: Variable
    scope: Annotated[str, Field(max_length=500)] = ""


class SigningSettings(Table):
    """Requests are signed by HMAC-SHA256 (``connectors/own_words/signing.py``).

    Attributes:
        key_id: Which key, as the province calls it.
        secret_env: Name of the environment variable with the secret.
    """

    key_id: Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]
    secret_env: Variable


class AccessSettings(Table):
    """How the hub is known to a province, besides a bearer token and a certificate.

    Attributes:
        api_key_header: The header that takes the API key.
        api_key_env: Name of the environment variable with the API key.
        oauth: Tokens by client credentials.
        signing: Signatures of requests.
    """

    api_key_header: Header | None = None
    api_key_env: Variable | None = None
    oauth: OAuthSettings | None = None
    signing: SigningSettings | None = None

    @model_validator(mode="after")
    def _key_and_header(self) -> Self:
        if (self.api_key_header is None) != (self.api_key_env is None):
            raise wrong(
                "api_key",
                "api_key_header 与 api_key_env 必须同时给出或同时省略。",
                "Give both api_key_header and api_key_env, or neither.",
            )
        return self


class LogPlaces(Table):
    """Where the parts of a page of the log of case files stand in an answer.

    Attributes:
        rows_at: The changes.
        marks_at: How far each case has come, in the same words.
        next_at: The next cursor.
        more_at: Whether there is more now.
    """

    rows_at: Name = "changes"
    marks_at: Name = "watermarks"
    next_at: Name = "next"
    more_at: Name = "more"
