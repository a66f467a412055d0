"""Value: the settings of the traces."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schema.records.duration import Duration


class TracingSettings(BaseModel):
    """Whether requests are traced, and who is told.

    Attributes:
        endpoint: Where an OpenTelemetry collector takes OTLP over HTTP, e.g.
            ``http://127.0.0.1:4318``. Without it nothing is traced; what callers
            send is still passed on to provinces.
        sample: Which part of the requests is kept, from 0 to 1. A caller whose own
            trace says that it is kept, or not, is followed.
        bearer_env: Environment variable with the collector's token, if it wants one.
        service: Name of this hub in the traces.
        every: How often spans are sent.
        waiting: So many spans may wait; more are dropped and counted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str | None = None
    sample: Annotated[float, Field(ge=0, le=1)] = 0.05
    bearer_env: str | None = None
    service: str = "union-federation-hub"
    every: Duration = timedelta(seconds=2)
    waiting: Annotated[int, Field(ge=1)] = 8192

    @field_validator("endpoint")
    @classmethod
    def _is_address(cls, endpoint: str | None) -> str | None:
        if endpoint is None or endpoint.startswith(("http://", "https://")):
            return endpoint.rstrip("/") if endpoint else endpoint
        raise ValueError(
            "应为 http:// 或 https:// 开头的地址，例如 http://127.0.0.1:4318"
            " / must be an address such as http://127.0.0.1:4318"
        )
