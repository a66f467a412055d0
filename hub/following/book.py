"""Value: all data by which cases are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.following.agreements import Agreements
from hub.following.clock_rules import ClockRules
from hub.following.places import Places
from hub.following.roles import RoleTable
from hub.following.thresholds import Thresholds
from hub.following.venue import Atlas
from hub.following.venue_rules import VenueRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.organisation.directory import Directory


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """The rules, as they are known to this process.

    Attributes:
        clocks: Clocks and their lengths.
        roles: Who may do and see what.
        agreements: What provinces agreed on.
        thresholds: Numbers that are no clocks.
        venue: Which place is competent.
        places: Which codes mean which places.
    """

    clocks: ClockRules
    roles: RoleTable
    agreements: Agreements
    thresholds: Thresholds
    venue: VenueRules
    places: Places

    @classmethod
    def load(cls, read: Callable[[str], bytes]) -> Book:
        """Read all rule files.

        Args:
            read: Gives the content of a file of ``hub/rules`` by its name.

        Raises:
            ValueError: One is no valid set of rules.
        """
        clocks = ClockRules.load(read("clocks.toml"))
        return cls(
            clocks=clocks,
            roles=RoleTable.load(read("roles.toml")),
            agreements=Agreements.load(read("agreements.toml"), clocks),
            thresholds=Thresholds.load(read("thresholds.toml")),
            venue=VenueRules.load(read("venue.toml")),
            places=Places.load(read("divisions.toml")),
        )

    def atlas(self, directory: Directory) -> Atlas:
        """Give what routing needs, with the unions of the moment."""
        return Atlas(self.venue, self.places, directory, self.agreements)
