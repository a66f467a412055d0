"""Value: a time that a worker spent in one province."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stint:
    """A time in one province. Days are ordinals.

    Attributes:
        province: Where.
        start: First day.
        end: Last day; none while it lasts.
        seasonal: For the season only (RULEBOOK §7, F1).
        job: Whether there was a job; without one, the worker waited at home.
        sector: Of the work.
        dispatched: Sent out by an agency.
        also: Another province that registered the same job; may be empty.
    """

    province: str
    start: int
    end: int | None
    seasonal: bool
    job: bool
    sector: str
    dispatched: bool
    also: str

    @property
    def told_in(self) -> tuple[str, ...]:
        """The provinces that tell the job."""
        if not self.job:
            return ()
        return (self.province, self.also) if self.also else (self.province,)
