"""Value: how a province's own GraphQL schema is spoken to (``[graphql]`` of ``NN.toml``)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from connectors.foreign.arguments import ArgumentText, FieldPath
from connectors.own_words.settings import (
    AccessSettings,
    At,
    Header,
    LogPlaces,
    PagingSettings,
)
from connectors.settings_checks import Table, wrong
from schema.records.command import Act


class ForeignPagingSettings(PagingSettings):
    """How an answer that does not fit into one page goes on.

    Attributes:
        parameter: The argument that takes the number, the offset or the cursor.
        size_parameter: The argument that takes the size of a page; none without it.
    """

    parameter: ArgumentText = "after: String"
    size_parameter: ArgumentText | None = None


class RootSettings(Table):
    """How the rows of one kind are asked for; a mapping may say it for each kind.

    Attributes:
        keys: The argument that takes the keys of workers; of a type that is no list, one
            worker each. By default the mapping's ``key``, as ``[String!]!``.
        fixed: Further arguments, the same in every question.
        batch: How many workers one field asks for at most.
        rows_at: Where the rows stand below the field; lists on the way are gone through.
        inside: Where rows stand inside these: the ``key`` is then the outer row's.
        paging: How long answers go on.
    """

    keys: ArgumentText | None = None
    fixed: dict[ArgumentText, str | int | bool] = Field(default_factory=dict)
    batch: Annotated[int, Field(ge=1, le=1_000)] = 100
    rows_at: At = ""
    inside: At = ""
    paging: ForeignPagingSettings = ForeignPagingSettings()


class ForeignActSettings(Table):
    """How acts are put into the register of members; the mapping has the words for it.

    Attributes:
        mutations: For each act that the register takes, its field of ``Mutation``.
        argument: The argument that takes the command, an input object.
        keeps_keys: The register knows by the key of a command what comes twice; the
            mapping says where the key stands.
        key_header: Or the header that takes the key does it.
        read_back: Or the field of ``Query`` that tells the entry of a key is asked
            first.
        read_back_key: The argument of that field that takes the key.
        receipt_at: Where below the field the receipt stands.
    """

    mutations: Annotated[dict[Act, FieldPath], Field(min_length=1)]
    argument: ArgumentText
    keeps_keys: bool = False
    key_header: Header | None = None
    read_back: FieldPath | None = None
    read_back_key: ArgumentText = "key: String!"
    receipt_at: At = ""

    @model_validator(mode="after")
    def _known_again(self) -> Self:
        if not (self.keeps_keys or self.key_header or self.read_back):
            raise wrong(
                "acts_without_a_key",
                "登记须能识别重复：请设 keeps_keys、key_header 或 read_back。",
                "A register must know what comes twice: set keeps_keys, key_header or "
                "read_back.",
            )
        return self


class ForeignChangesSettings(LogPlaces):
    """What the log of case files takes and tells; the mapping has the words for it.

    Attributes:
        field: The field of ``Query`` that tells it.
        after: The argument that takes the cursor of the log.
        first: The argument that takes how many are wanted at most.
        case: The argument that takes the number of one case.
        seq: With it: the number after which its file is told.
    """

    field: FieldPath
    after: ArgumentText = "after: String"
    first: ArgumentText = "first: Int!"
    case: ArgumentText = "case: String"
    seq: ArgumentText = "seq: Int"


class ForeignSettings(RootSettings, AccessSettings):
    """How a province's own GraphQL schema is spoken to (``[graphql]`` of ``NN.toml``).

    Attributes:
        fields_at_once: How many fields one request asks for at most; with 1, one slow
            kind costs no other, and there are as many requests as kinds.
        parallel: How many requests of one question may be under way at once.
        introspection: Ask what the schema has, and hold the mapping against it; where
            that is not allowed, the mapping's word is taken.
        acts: The register of members; without it no acts are declared.
        changes: What happens in case files; without it that is not declared.
    """

    fields_at_once: Annotated[int, Field(ge=1, le=500)] = 50
    parallel: Annotated[int, Field(ge=1, le=64)] = 4
    introspection: bool = True
    acts: ForeignActSettings | None = None
    changes: ForeignChangesSettings | None = None
