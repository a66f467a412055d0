"""Value: what an operator says of acts as files, and of a drop folder behind SFTP."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from connectors.settings_checks import Table, Wait, between, variable, wrong
from schema.records.duration import Duration

_HOST_KEY = re.compile(r"(ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?")
_FOLDER = re.compile(r"/?[\w.()-][\w .()-]*(/[\w.()-][\w .()-]*)*")
_SECONDS = timedelta(seconds=1)

#: What waits to be still: long enough for a spreadsheet that is being saved.
Settle = Wait


def _host_key(value: str) -> str:
    if _HOST_KEY.fullmatch(value):
        return value
    raise wrong(
        "host_key",
        '主机公钥写一行，如 host_key = "ssh-ed25519 AAAA…"；'
        "请用 ssh-keyscan 取得，再向对方核对指纹。",
        'A host key is one line, e.g. host_key = "ssh-ed25519 AAAA…"; take it with '
        "ssh-keyscan, and compare its fingerprint with the other side.",
    )


def _folder(value: str) -> str:
    if _FOLDER.fullmatch(value) and ".." not in value.split("/"):
        return value
    raise wrong(
        "remote_folder",
        '远端目录不含 ".." 和特殊字符，例如 folder = "/upload/union"。',
        'A remote folder has no ".." or odd characters, e.g. folder = "/upload/union".',
    )


class ActFilesSettings(Table):
    """How acts in the register of members become files; the mapping has the words.

    Attributes:
        format: What the hub writes: a workbook for people to fill in, or CSV or JSON
            lines for a programme.
        receipt_wait: How long one call waits for the receipts of its commands. What
            is not answered by then is pending, and asked again.
    """

    format: Literal["xlsx", "csv", "jsonl"] = "xlsx"
    receipt_wait: Wait = timedelta(seconds=2)


class SftpSettings(Table):
    """A drop folder that lies on the province's SFTP server: it is mirrored.

    Attributes:
        host: The server.
        port: Its port.
        user: The hub's name there.
        folder: The drop folder there.
        host_key: The server's public key; another server is never spoken to.
        password_env: Name of the environment variable with the password …
        key_env: … or with the private key (OpenSSH or PEM, without a pass-phrase).
        every: How often it is looked into.
        time_out: How long the server may be silent.
        most_bytes: A file that is larger is not fetched.
    """

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    user: Annotated[str, Field(pattern=r"^[!-~]{1,100}$")]
    folder: Annotated[str, AfterValidator(_folder)] = "."
    host_key: Annotated[str, AfterValidator(_host_key)]
    password_env: Annotated[str, AfterValidator(variable)] | None = None
    key_env: Annotated[str, AfterValidator(variable)] | None = None
    every: Annotated[
        Duration, AfterValidator(between(_SECONDS / 10, timedelta(days=1)))
    ] = timedelta(minutes=1)
    time_out: Annotated[
        Duration, AfterValidator(between(_SECONDS / 10, timedelta(minutes=10)))
    ] = timedelta(seconds=30)
    most_bytes: Annotated[int, Field(ge=1024, le=1 << 40)] = 4 * 1024**3

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if (self.password_env is None) == (self.key_env is None):
            raise wrong(
                "sftp_secret",
                "password_env 与 key_env 须恰好给出一个。",
                "Give one of password_env and key_env.",
            )
        return self
