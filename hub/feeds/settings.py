"""Value: how long events are kept, and how many may wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schema.records.duration import Duration

_LEAST = timedelta(milliseconds=10)
_PAUSE = Field(ge=_LEAST)


class FeedSettings(BaseModel):
    """Live events.

    Attributes:
        keep: How long an event can be replayed.
        most: How many events are kept at the most.
        prune_every: How often what is past both is removed.
        waiting: So many events may wait in memory for one subscriber; where more
            come it is given them from the table.
        catch_up: How long a subscriber may then take to catch up; after that it is
            cut off.
        look_every: How often this process looks whether a province's state has
            changed.
        contradict_after: A state that another process reported, and that this one
            sees otherwise, is contradicted no sooner than this.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: Annotated[Duration, _PAUSE] = timedelta(days=7)
    most: Annotated[int, Field(ge=1)] = 100_000
    prune_every: Annotated[Duration, _PAUSE] = timedelta(minutes=10)
    waiting: Annotated[int, Field(ge=1, le=100_000)] = 256
    catch_up: Annotated[Duration, _PAUSE] = timedelta(seconds=10)
    look_every: Annotated[Duration, _PAUSE] = timedelta(milliseconds=500)
    contradict_after: Annotated[Duration, _PAUSE] = timedelta(seconds=30)
