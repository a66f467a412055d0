"""Value: where a province's secret is kept, if not in the environment (``[secrets]``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from connectors.settings_checks import Table, between, milliseconds, variable, wrong
from schema.records.duration import Duration

#: The name by which a setting such as ``bearer_env`` asks for a secret.
SecretName = Annotated[str, AfterValidator(variable)]


class SecretSettings(Table):
    """Where one secret is kept; read again while the hub runs.

    Attributes:
        file: A file that holds nothing else; a line break at its end does not count.
        command: A program and its arguments, without a shell; what it writes to its
            standard output is the secret.
        every: How often the command is run again.
        time_out: How long it may take.
    """

    file: Annotated[str, Field(min_length=1)] | None = None
    command: (
        Annotated[
            tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...],
            Field(min_length=1, max_length=50),
        ]
        | None
    ) = None
    every: Annotated[
        Duration, AfterValidator(between(timedelta(seconds=1), timedelta(days=1)))
    ] = timedelta(minutes=5)
    time_out: Annotated[
        Duration, AfterValidator(between(milliseconds(100), timedelta(minutes=1)))
    ] = timedelta(seconds=5)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.file is None) == (self.command is None):
            raise wrong(
                "secret_place",
                "每个密钥须给出 file 或 command 之一，且只给一个。",
                "A secret has either a file or a command, and not both.",
            )
        return self
