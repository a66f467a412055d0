"""Value: what an operator says of one province (``provinces/NN.toml``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from connectors.filedrop.settings import FilesSettings
from connectors.foreign.settings import ForeignSettings
from connectors.rest.settings import RestSettings
from connectors.secret_settings import SecretName, SecretSettings
from connectors.settings_checks import (
    Span,
    Table,
    Wait,
    address,
    between,
    milliseconds,
    on_this_machine,
    province_code,
    variable,
    version,
    wrong,
)
from connectors.sql.settings import SqlSettings
from schema.records.duration import Duration
from schema.records.kinds import RecordKind

#: Who is spoken to over HTTP has an address.
_WITH_ADDRESS = frozenset({"graphql", "rest"})
#: Whose rows are told by a mapping file.
_MAPPED = frozenset({"files", "rest", "sql"})


class RetrySettings(Table):
    """How a read that failed is tried again, always inside its deadline.

    Attributes:
        attempts: How often one question is put at most, the first time included.
        first_wait: Upper bound of the first wait; the wait is drawn evenly
            between nothing and the bound (full jitter), and the bound doubles.
        longest_wait: The bound grows no further than this.
    """

    attempts: Annotated[int, Field(ge=1, le=5)] = 2
    first_wait: Wait = milliseconds(50)
    longest_wait: Wait = milliseconds(500)


class BreakerSettings(Table):
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


class ProvinceSettings(Table):
    """One province, and how it is spoken to.

    Attributes:
        code: First two digits of its GB/T 2260 code.
        name_zh: Its name in Chinese.
        name_en: Its name in English.
        kind: Which tongue its system speaks.
        url: Where, for a kind that is spoken to over HTTP. Plain ``http`` only on this
            machine, or with ``plain_http``.
        mapping_file: How its own rows become records (``connectors/mapping``), for a
            kind that needs to be told.
        graphql: Its own schema, for the kind ``graphql`` with a mapping file; without
            both it serves the contract.
        rest: Its interface, for the kind ``rest``.
        sql: Its database, for the kind ``sql``.
        files: Its drop folder, for the kind ``files``.
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
        secrets: Where secrets are kept that are not in the environment, by the names
            that the settings ending in ``_env`` give.
        kinds: Which kinds it is taken to serve until it has been asked.
        contract_version: Which contract it is taken to serve until then.
        probe_every: How often it is asked what it serves.
    """

    code: Annotated[str, BeforeValidator(province_code)]
    name_zh: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Annotated[str, Field(min_length=1, max_length=100)]
    kind: Literal["graphql", "rest", "sql", "files"] = "graphql"
    url: Annotated[str, AfterValidator(address)] = ""
    mapping_file: str | None = None
    graphql: ForeignSettings | None = None
    rest: RestSettings | None = None
    sql: SqlSettings | None = None
    files: FilesSettings | None = None
    plain_http: bool = False
    paused: bool = False
    deadline: Annotated[
        Duration, AfterValidator(between(milliseconds(10), timedelta(minutes=1)))
    ] = timedelta(seconds=2)
    act_deadline: Annotated[
        Duration, AfterValidator(between(milliseconds(10), timedelta(minutes=5)))
    ] = timedelta(seconds=10)
    connect_time_out: Span = timedelta(seconds=1)
    concurrency: Annotated[int, Field(ge=1, le=1_000)] = 32
    queue_wait: Wait = milliseconds(250)
    retry: RetrySettings = RetrySettings()
    breaker: BreakerSettings = BreakerSettings()
    response_cap: Annotated[int, Field(ge=1024, le=256 * 1024 * 1024)] = 8 * 1024 * 1024
    bearer_env: Annotated[str, AfterValidator(variable)] | None = None
    callback_secret_env: Annotated[str, AfterValidator(variable)] | None = None
    callback_next_secret_env: Annotated[str, AfterValidator(variable)] | None = None
    ca_file: str | None = None
    client_cert_file: str | None = None
    client_key_file: str | None = None
    secrets: dict[SecretName, SecretSettings] = Field(default_factory=dict)
    kinds: tuple[RecordKind, ...] = tuple(RecordKind)
    contract_version: Annotated[str, AfterValidator(version)] = "1.2"
    probe_every: Annotated[
        Duration, AfterValidator(between(timedelta(seconds=1), timedelta(days=1)))
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
    def _fits_its_kind(self) -> Self:
        """Refuse a kind without what it needs, and what it has no use for."""
        # Who speaks GraphQL serves the contract, or has words of its own for it.
        own = self.kind == "graphql" and bool(self.graphql or self.mapping_file)
        needed = {
            "url": self.kind in _WITH_ADDRESS,
            "mapping_file": self.kind in _MAPPED or own,
            "graphql": own,
            "rest": self.kind == "rest",
            "sql": self.kind == "sql",
            "files": self.kind == "files",
        }
        for name, wanted in needed.items():
            if wanted and not getattr(self, name):
                raise wrong(
                    "kind_needs",
                    'kind = "{kind}" 需要设置 {name}。',
                    'kind = "{kind}" needs {name}.',
                    kind=self.kind,
                    name=name,
                )
            if getattr(self, name) and not wanted:
                raise wrong(
                    "kind_without",
                    'kind = "{kind}" 不用 {name}，请删去。',
                    'kind = "{kind}" has no use for {name}; take it out.',
                    kind=self.kind,
                    name=name,
                )
        return self

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if (self.client_cert_file is None) != (self.client_key_file is None):
            raise wrong(
                "client_certificate",
                "client_cert_file 与 client_key_file 必须同时给出或同时省略。",
                "Give both client_cert_file and client_key_file, or neither.",
            )
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        if not secure and (self.client_cert_file or self.ca_file):
            raise wrong(
                "tls_without_https",
                "证书只能与 https 网址一起使用；请改用 https，或去掉证书设置。",
                "Certificates only work with an https address; use https or drop them.",
            )
        here = not self.url or on_this_machine(parts.hostname or "")
        if not (secure or self.plain_http or here):
            raise wrong(
                "plain_http",
                "网址须为 https；若线路另有保护，请设 plain_http = true。",
                "The address must be https; if the line is protected otherwise, "
                "set plain_http = true.",
            )
        return self
