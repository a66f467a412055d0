"""Value: how a province's REST interface is spoken to (``[rest]`` of ``NN.toml``)."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from connectors.own_words.settings import (
    AccessSettings,
    At,
    Header,
    LogPlaces,
    Name,
    PagingSettings,
)
from connectors.settings_checks import Table, wrong
from schema.records.command import Act

_PATH = re.compile(r"(?:/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*|\{key\}))+", re.ASCII)


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


Path = Annotated[str, AfterValidator(_path)]


class RestPagingSettings(PagingSettings):
    """How an answer that does not fit into one page goes on.

    Attributes:
        style: Besides what others have, ``link``: the header ``Link`` of a page names
            the next (RFC 8288).
    """

    style: Literal["none", "page", "offset", "cursor", "link"] = "none"  # type: ignore[assignment]


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


class ChangesSettings(LogPlaces):
    """What the log of case files takes and tells; the mapping has the words for it.

    Attributes:
        path: Where it is asked, by ``GET``.
        after_parameter: The parameter that takes the cursor of the log.
        first_parameter: The parameter that takes how many are wanted at most.
        case_parameter: The parameter that takes the number of one case.
        seq_parameter: With it: the number after which its file is told.
    """

    path: Path
    after_parameter: Name = "after"
    first_parameter: Name = "first"
    case_parameter: Name = "case"
    seq_parameter: Name = "seq"


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
        paging: How long answers go on.
    """

    keys_in: Literal["body", "query", "path"] = "body"
    keys_parameter: Name | None = None
    fields_parameter: Name | None = None
    batch: Annotated[int, Field(ge=1, le=1_000)] = 100
    rows_at: At = ""
    paging: RestPagingSettings = RestPagingSettings()


class RestSettings(EndpointSettings, AccessSettings):
    """How a province's REST interface is spoken to (``[rest]`` of ``NN.toml``).

    Attributes:
        parallel: How many requests of one question may be under way at once.
        acts: The register of members; without it no acts are declared.
        changes: What happens in case files; without it that is not declared.
    """

    parallel: Annotated[int, Field(ge=1, le=64)] = 8
    acts: RestActSettings | None = None
    changes: ChangesSettings | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.paging.style == "link" and self.keys_in == "body":
            raise wrong(
                "link_of_a_post",
                'style = "link" 须与 keys_in = "query" 或 "path" 一起使用。',
                'style = "link" goes with keys_in = "query" or "path".',
            )
        return self
