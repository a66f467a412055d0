"""Decider: for which unions a caller acts, and whose transfers the office sees.

An issuer vouches for callers of its own provinces, and names their office freely. So an
office has rights only where it stands, by the directory, in the province that the token
names: no issuer can lend out the unions of another province.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from hub.acting.actor import Actor
    from hub.organisation.directory import Directory


def vouched(directory: Directory, actor: Actor, on: date) -> bool:
    """Tell whether a caller's office stands on a day, in the token's province."""
    office = directory.get(actor.office, on)
    return office is not None and office.province == actor.province


def reaches(directory: Directory, actor: Actor, union: str, on: date) -> bool:
    """Tell whether a caller acts for a union: as it, or as an office above it."""
    return vouched(directory, actor, on) and directory.acts_for(actor.office, union, on)


def reach(directory: Directory, actor: Actor, on: date) -> frozenset[str]:
    """List the unions that a caller acts for; ``reaches`` says the same of each."""
    if not vouched(directory, actor, on):
        return frozenset()
    return directory.subordinates(actor.office, on)
