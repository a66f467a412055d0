"""Value: the settings of what one caller may do, beside what one request may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schema.records.duration import Duration

Count = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0, le=1_000_000)]


class PaceSettings(BaseModel):
    """How fast somebody may ask.

    Attributes:
        rate: Requests a second, in the long run. Every further 1,000 fields that a
            request asks for count as one more request.
        burst: Requests that may come at once after a time of silence.
        at_once: Requests that may be under way at the same moment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: Rate
    burst: Count
    at_once: Count


_SUBJECT = PaceSettings(rate=100, burst=200, at_once=64)
_OFFICE = PaceSettings(rate=500, burst=1000, at_once=256)


class CallerClassSettings(BaseModel):
    """Other limits for the callers whose token has a scope.

    Attributes:
        scope: The scope.
        subject: For one person or system.
        office: For all of an office.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: Annotated[str, Field(min_length=1)]
    subject: PaceSettings = _SUBJECT
    office: PaceSettings = _OFFICE


class CallerSettings(BaseModel):
    """How fast callers may ask; each process of the hub counts for itself.

    Attributes:
        subject: For one person or system.
        office: For all of an office.
        classes: Exceptions by scope; the first whose scope the caller has applies.
        remembered: So many callers are kept in mind; who has been silent for the
            longest time is forgotten first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: PaceSettings = _SUBJECT
    office: PaceSettings = _OFFICE
    classes: tuple[CallerClassSettings, ...] = ()
    remembered: Count = 10_000


class EnumerationSettings(BaseModel):
    """When look-ups by resident ID number look like guessing.

    A look-up that finds nobody, and a number that cannot be one, is a miss. The
    threshold is for misses only: who looks up people that are known never meets it.

    Attributes:
        window: The time over which misses are counted.
        subject: Misses of one person or system after which their look-ups by
            number are refused until the window has passed.
        office: The same for all of an office.
        remembered: So many callers are kept in mind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: Duration = timedelta(minutes=10)
    subject: Count = 200
    office: Count = 2_000
    remembered: Count = 10_000


class TrustedSettings(BaseModel):
    """Documents that are known beforehand.

    Attributes:
        directory: Directory of the registered documents; none if not given.
        auto: Whether a document that a caller sends together with its hash is
            remembered under it (Apollo's automatic persisted queries).
        auto_documents: How many of those are remembered.
        only_for: Callers with one of these scopes may run registered documents only.
        only_for_issuers: And so may callers of these issuers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    directory: Path | None = None
    auto: bool = False
    auto_documents: Count = 500
    only_for: tuple[str, ...] = ()
    only_for_issuers: tuple[str, ...] = ()
