"""Value: how a province's REST interface is spoken to (``[rest]`` of ``NN.toml``)."""

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
from schema.records.command import Act

_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", re.ASCII)
_NAME = re.compile(r"\w[\w-]{0,63}(?:\.\w[\w-]{0,63}){0,7}")
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*|\{key\}))+", re.ASCII)
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


def _path(value: str) -> str:
    if path_is_sound(value):
        return value
    raise wrong(
        "path",
        "路径以斜杠开头，只含字母、数字和 . _ ~ -，至多一个 {{key}}，例如 /v1/members。",
        "A path begins with a slash and has letters, digits and . _ ~ -, and "
        "{{key}} once at most, e.g. /v1/members.",
    )


def path_is_sound(value: str) -> bool:
    """Tell whether a text is a path below the address, with at most one key in it."""
    return _PATH.fullmatch(value) is not None and value.count("{key}") <= 1


Header = Annotated[str, AfterValidator(_header)]
Name = Annotated[str, AfterValidator(_name)]
#: Where something stands in an answer; empty for the answer itself.
At = Annotated[str, AfterValidator(lambda value: value and _name(value))]
Path = Annotated[str, AfterValidator(_path)]
Variable = Annotated[str, AfterValidator(variable)]


class PagingSettings(Table):
    """How an answer that does not fit into one page goes on.

    Attributes:
        style: ``none``: there is one page; ``page``: pages are numbered from 1;
            ``cursor``: a page names the next; ``link``: its header ``Link`` does
            (RFC 8288).
        parameter: The parameter that takes the number or the cursor.
        size_parameter: The parameter that takes the size of a page; none is sent
            without it.
        size: The size of a page, in rows.
        at: Where a page tells: with ``cursor`` the next cursor, with ``page`` the
            number of all rows; without it, the first empty page is the end.
        most: More pages than this are taken for pages that never end.
    """

    style: Literal["none", "page", "cursor", "link"] = "none"
    parameter: Name = "page"
    size_parameter: Name | None = None
    size: Annotated[int, Field(ge=1, le=10_000)] = 100
    at: At = ""
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
    """Requests are signed by HMAC-SHA256 (``connectors/rest/signing.py``).

    Attributes:
        key_id: Which key, as the province calls it.
        secret_env: Name of the environment variable with the secret.
    """

    key_id: Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]
    secret_env: Variable


class RestActSettings(Table):
    """How acts are put into the register of members; the mapping has the words for it.

    Attributes:
        paths: For each act that the register takes, where it is posted.
        key_header: The header that takes the idempotency key, if the province keeps
            to it.
        read_back: Where the entry of a key is read, with ``{key}``; a register that
            knows no idempotency key is asked there first.
        receipt_at: Where in an answer the receipt stands; empty for the answer itself.
    """

    paths: Annotated[dict[Act, Path], Field(min_length=1)]
    key_header: Header | None = None
    read_back: Path | None = None
    receipt_at: At = ""

    @model_validator(mode="after")
    def _known_again(self) -> Self:
        if not (self.key_header or (self.read_back and "{key}" in self.read_back)):
            raise wrong(
                "acts_without_a_key",
                "登记须能识别重复：请设 key_header，或含 {{key}} 的 read_back。",
                "A register must know what comes twice: set key_header, or read_back "
                "with {{key}} in it.",
            )
        return self


class ChangesSettings(Table):
    """What the log of case files takes and tells; the mapping has the words for it.

    Attributes:
        path: Where it is asked, by ``GET``.
        rows_at: Where in the answer the changes stand.
        marks_at: Where it says how far each case has come, in the same words.
        after_parameter: The parameter that takes the cursor of the log.
        first_parameter: The parameter that takes how many are wanted at most.
        case_parameter: The parameter that takes the number of one case.
        seq_parameter: With it: the number after which its file is told.
        next_at: Where in the answer the next cursor stands.
        more_at: Where it says whether there is more now.
    """

    path: Path
    rows_at: Name = "changes"
    marks_at: Name = "watermarks"
    after_parameter: Name = "after"
    first_parameter: Name = "first"
    case_parameter: Name = "case"
    seq_parameter: Name = "seq"
    next_at: Name = "next"
    more_at: Name = "more"


class EndpointSettings(Table):
    """How the rows of one kind are asked for; a mapping may say it for each kind.

    Attributes:
        keys_in: Where the keys of workers stand: in the body of a ``POST``, in the
            query of a ``GET``, or in its path, one worker each.
        keys_parameter: Their name in body or query; by default that of the key in
            the mapping.
        fields_parameter: The parameter that takes the names of the fields that are
            wanted; without it the province tells what it likes.
        batch: How many workers one request asks for at most.
        rows_at: Where in an answer the rows stand; empty for the answer itself.
    """

    keys_in: Literal["body", "query", "path"] = "body"
    keys_parameter: Name | None = None
    fields_parameter: Name | None = None
    batch: Annotated[int, Field(ge=1, le=1_000)] = 100
    rows_at: At = ""


class RestSettings(EndpointSettings):
    """How a province's REST interface is spoken to (``[rest]`` of ``NN.toml``).

    Attributes:
        parallel: How many requests of one question may be under way at once.
        api_key_header: The header that takes the API key.
        api_key_env: Name of the environment variable with the API key.
        oauth: Tokens by client credentials.
        signing: Signatures of requests.
        paging: How long answers go on.
        acts: The register of members; without it no acts are declared.
        changes: What happens in case files; without it that is not declared.
    """

    parallel: Annotated[int, Field(ge=1, le=64)] = 8
    api_key_header: Header | None = None
    api_key_env: Variable | None = None
    oauth: OAuthSettings | None = None
    signing: SigningSettings | None = None
    paging: PagingSettings = PagingSettings()
    acts: RestActSettings | None = None
    changes: ChangesSettings | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if (self.api_key_header is None) != (self.api_key_env is None):
            raise wrong(
                "api_key",
                "api_key_header 与 api_key_env 必须同时给出或同时省略。",
                "Give both api_key_header and api_key_env, or neither.",
            )
        if self.paging.style == "link" and self.keys_in == "body":
            raise wrong(
                "link_of_a_post",
                'style = "link" 须与 keys_in = "query" 或 "path" 一起使用。',
                'style = "link" goes with keys_in = "query" or "path".',
            )
        return self
