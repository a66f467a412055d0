"""Value: the settings of the runner and of webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schema.records.duration import Duration

Count = Annotated[int, Field(ge=1)]
Wait = Annotated[Duration, Field(ge=timedelta(milliseconds=10))]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Env = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class RunnerSettings(BaseModel):
    """The process that delivers commands to provinces, and ends waits.

    Attributes:
        host: Address on which it tells its health and its figures.
        port: TCP port for that; 0 lets the system choose one.
        jobs: How many jobs at once; each province, batch and endpoint takes one.
        commands: How many commands go to a province in one call.
        gather: After a call that was not full, commands are gathered until the next
            beat of this length; a province that was left in peace is called at once.
        first_wait: After a call without an answer a province is asked again after
            this; twice as long after each further one,
        longest_wait: but no longer than this. Both vary by half, at random.
        pending_wait: When a province that has a command and is not done is asked again.
        sweep_every: How often is looked for what waits without a job, and for waits
            that have ended.
        poll_every: How often each province is asked what happened in its case files.
        changes: How many changes of case files are asked for in one call.
        batch_rows: How many persons of a batch are opened at once.
        stalled_after: When a job counts as lost whose runner gives no sign of life.
        shutdown: How long what is under way may take when the runner stops.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8001
    jobs: Annotated[int, Field(ge=1, le=1000)] = 64
    commands: Annotated[int, Field(ge=1, le=500)] = 100
    gather: Wait = timedelta(milliseconds=100)
    first_wait: Wait = timedelta(milliseconds=200)
    longest_wait: Wait = timedelta(seconds=30)
    pending_wait: Wait = timedelta(seconds=1)
    sweep_every: Wait = timedelta(seconds=1)
    poll_every: Wait = timedelta(seconds=3)
    changes: Annotated[int, Field(ge=1, le=500)] = 200
    batch_rows: Annotated[int, Field(ge=1, le=2000)] = 500
    stalled_after: Annotated[Duration, Field(ge=timedelta(seconds=2))] = timedelta(
        seconds=10
    )
    shutdown: Wait = timedelta(seconds=15)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.longest_wait < self.first_wait:
            raise ValueError(
                "longest_wait 不能小于 first_wait"
                " / longest_wait must not be below first_wait"
            )
        return self


class TransferSettings(BaseModel):
    """Moving memberships.

    Attributes:
        directory_every: How often a process reads the unions anew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    directory_every: Wait = timedelta(seconds=30)


def _is_address(url: str) -> str:
    parts = urlsplit(url)
    if (
        parts.scheme in {"http", "https"}
        and parts.hostname
        and not (parts.username or parts.password or parts.fragment)
    ):
        return url
    raise ValueError(
        "应为 http:// 或 https:// 地址，不带用户名和 # 片段"
        " / an http:// or https:// address is needed, without a user or a fragment"
    )


class EndpointSettings(BaseModel):
    """An office's own system that is told of its transfers.

    Attributes:
        name: Its name, by which the hub remembers how far it has been told.
        office: The union whose transfers, and those below it, it is told of.
        url: Where to post to.
        secret_env: Name of the environment variable that holds the secret of the
            signatures: ``whsec_`` and 24 to 64 bytes in base64.
        next_secret_env: The same of the next secret: while both are named, each
            message is signed with both.
        paused: It is told nothing; what it missed is told later.
        digest: Whether it gets the daily digest too (``webhooks.digest_hour``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    office: Annotated[str, Field(min_length=1, max_length=32)]
    url: Annotated[str, AfterValidator(_is_address)]
    secret_env: Env
    next_secret_env: Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")] = ""
    paused: bool = False
    digest: bool = False


class WebhookSettings(BaseModel):
    """Telling offices' systems of transfers (https://www.standardwebhooks.com).

    Attributes:
        endpoints: Who is told.
        loopback: Whether addresses of this machine, and plain http to them, may be
            called. Everything else must be https, at a public address;
        private: or at a private one, where this is set (a government network).
        deadline: How long one call may take.
        first_wait: After a call that failed it is tried again after this; twice as
            long after each further one,
        longest_wait: but no longer than this.
        events: How many events are read at once.
        digest_hour: From which hour on, in China, the daily digest is sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoints: tuple[EndpointSettings, ...] = ()
    loopback: bool = False
    private: bool = False
    deadline: Wait = timedelta(seconds=10)
    first_wait: Wait = timedelta(seconds=1)
    longest_wait: Wait = timedelta(minutes=10)
    events: Annotated[int, Field(ge=1, le=1000)] = 100
    digest_hour: Annotated[int, Field(ge=0, le=23)] = 8

    @model_validator(mode="after")
    def _agree(self) -> Self:
        names = [one.name for one in self.endpoints]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"端点名称重复：{twice[0]} / two endpoints are named {twice[0]}"
            )
        return self
