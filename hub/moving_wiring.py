"""The only file that names every concrete class of the side that moves memberships.

The hub that serves and the runner both have it.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from hub.credential.opening import open_room
from hub.organisation.current import CurrentDirectory
from hub.store.batches import BatchStore
from hub.store.credentials import CredentialStore
from hub.store.duplicates import QuestionStore
from hub.store.organisations import OrganisationStore
from hub.store.transfer_reading import TransferReading
from hub.store.transfers import Transfers
from hub.transfer.bulk import Bulk
from hub.transfer.coordinator import Coordinator
from hub.transfer.duplicate_deciding import Terms
from hub.transfer.duplicates import Duplicates
from hub.transfer.limits import Limits
from hub.transfer.merging import Merging
from hub.transfer.moving import Moving
from hub.transfer.opening import Openings
from hub.transfer.uploading import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from connectors.registry import Registry
    from hub.clock import Clock
    from hub.config.settings import Settings
    from hub.credential.opening import Room
    from hub.reading.ports import Links
    from hub.store.pool import Pool
    from hub.transfer.ports import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingSide:
    """What moves memberships.

    Attributes:
        doors: What the doors of a request need.
        coordinator: Moves memberships.
        bulk: Opens batches.
        batches: Where batches are kept.
        directory: The unions as this process knows them.
        room: What there is of credentials.
    """

    doors: Moving
    coordinator: Coordinator
    bulk: Bulk
    batches: BatchStore
    directory: CurrentDirectory
    room: Room


@asynccontextmanager
async def moving_side(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    clock: Clock,
    pool: Pool,
    links: Links,
    provinces: Registry,
    moved: Callable[[Sequence[Written]], None] | None = None,
) -> AsyncIterator[MovingSide]:
    """Put together what moves memberships, and let what waits be written at the end.

    Args:
        settings: What the files say.
        environ: Where the secrets are.
        clock: Tells the time.
        pool: Of the hub's database.
        links: Tells whose local keys are.
        provinces: The connectors.
        moved: Is told of what was written.

    Raises:
        schema.records.refusal.Refused: A key of the credentials cannot be used.
        ValueError: A secret is missing or unusable, or a rule file is.
    """
    rules = files("hub.rules")
    limits = Limits.load(rules.joinpath("transfer.toml").read_bytes())
    terms = Terms.load(rules.joinpath("duplicates.toml").read_bytes())
    room = open_room(settings.credentials, environ, CredentialStore(pool), clock)
    directory = CurrentDirectory(
        OrganisationStore(pool), settings.transfers.directory_every.total_seconds()
    )
    coordinator = Coordinator(
        Transfers(pool),
        directory,
        links,
        openings=Openings(directory, links, room.credentials, provinces, clock),
        registers=provinces,
        limits=limits,
        clock=clock,
        moved=moved,
        pending_for=settings.runner.pending_wait,
    )
    batches = BatchStore(pool)
    bulk = Bulk(coordinator, batches, room.signers, directory, clock)
    doors = Moving(
        coordinator=coordinator,
        reading=TransferReading(pool),
        batches=batches,
        uploads=Uploads(bulk, batches, room.signers, directory, clock),
        duplicates=Duplicates(
            Merging(coordinator, provinces, directory, clock),
            QuestionStore(pool),
            terms,
            links=links,
            directory=directory,
            clock=clock,
        ),
        credentials=room.credentials,
        directory=directory,
        links=links,
        provinces=provinces,
        clock=clock,
    )
    async with directory.kept():
        try:
            yield MovingSide(
                doors=doors,
                coordinator=coordinator,
                bulk=bulk,
                batches=batches,
                directory=directory,
                room=room,
            )
        finally:
            await coordinator.close()
