"""Port: what resolvers may reach. The hub fulfils it anew for each request.

Each Protocol is a door. A resolver is a plain attribute, a pure function of its
parent, or one awaited line to one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import date, datetime

    from schema.graph.context_cases import Cases
    from schema.graph.context_counting import Arrears, Cooperation, Digests
    from schema.records.arriving import Arrived, Moved, TransferEvent
    from schema.records.case_seen import CaseEvent, TaskEvent
    from schema.records.duplicate import DuplicateQuestion, DuplicateState, Found
    from schema.records.issuing import IssueWish
    from schema.records.keys import WorkerId
    from schema.records.linking import LinkResult, LinkRow
    from schema.records.merged import Merged
    from schema.records.moving import (
        ActAnswer,
        Batch,
        BatchRowResult,
        CredentialClaims,
        IssuedCredential,
        OfferWish,
        OpenAnswer,
        RequestWish,
        TransferFilter,
        Verified,
    )
    from schema.records.paging import Page
    from schema.records.province import ProvinceStatus
    from schema.records.province_event import ProvinceEvent
    from schema.records.purpose import PurposeOfUse
    from schema.records.refusal import Bilingual, Refusal
    from schema.records.selection import Selection
    from schema.records.transfer import Milestone, Transfer
    from schema.records.wanted import WorkerBy


class Loaders(Protocol):
    """The reading door."""

    async def worker(
        self, by: WorkerBy, purpose: PurposeOfUse, selection: Selection
    ) -> Merged | Refusal | None:
        """Look one worker up; ``None`` if nobody is known by that."""
        ...

    async def workers(
        self, by: Sequence[WorkerBy], purpose: PurposeOfUse, selection: Selection
    ) -> Sequence[Merged | Refusal | None] | Refusal:
        """Look several up, in their order; too many are refused as a whole."""
        ...


class Provinces(Protocol):
    """The door to the health of provinces."""

    def status(self) -> Sequence[ProvinceStatus]:
        """Tell how each province does, in the order of their codes."""
        ...


class Linking(Protocol):
    """The door to registering links."""

    async def register(self, rows: Sequence[LinkRow]) -> Sequence[LinkResult] | Refusal:
        """Register links, each for itself; the results are in their order."""
        ...


class Feeds(Protocol):
    """The door to live events."""

    async def provinces(
        self, after: str | None, codes: Sequence[str] | None
    ) -> AsyncGenerator[ProvinceEvent, None]:
        """Follow how provinces do.

        Args:
            after: The cursor of the last event that the caller got.
            codes: Which provinces; all if not given.

        Raises:
            Refused: A code or the cursor cannot be used.
        """
        ...

    async def transfers(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[TransferEvent, None]:
        """Follow the transfers that the caller may see, masked as each is sent.

        Args:
            after: The cursor of the last event that the caller got; from now on if
                not given.
            offices: Unions, each with those below it; all that may be seen if not given.

        Raises:
            Refused: The scope is missing, or an office or the cursor cannot be used.
        """
        ...

    async def cases(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[CaseEvent, None]:
        """Follow the cases that the caller may see, masked as each event is sent.

        Args:
            after: The cursor of the last event that the caller got; from now on if
                not given.
            offices: Unions, each with those below it; all that may be seen if not given.

        Raises:
            Refused: The scope is missing, or an office or the cursor cannot be used.
        """
        ...

    async def tasks(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[TaskEvent, None]:
        """Follow the co-handling tasks that the caller may see; as ``cases``."""
        ...


class Transfers(Protocol):
    """The door to moving memberships; every act bears the caller's idempotency key."""

    async def request(self, wish: RequestWish, key: str) -> OpenAnswer:
        """Open a transfer as the worker's new union, with the credential."""
        ...

    async def offer(self, wish: OfferWish, key: str) -> OpenAnswer:
        """Open a transfer as the old union."""
        ...

    async def accept(self, id: str, local_id: str | None, key: str) -> ActAnswer:
        """Accept as the new union."""
        ...

    async def reject(self, id: str, reason: str, key: str) -> ActAnswer:
        """Say no as the new union."""
        ...

    async def withdraw(self, id: str, reason: str, key: str) -> ActAnswer:
        """Take it back as the union that opened it."""
        ...

    async def one(self, id: str) -> Transfer | Refusal:
        """Read one; refused if there is none that the caller may see."""
        ...

    async def page(
        self, wanted: TransferFilter, first: int, after: str | None
    ) -> Page[Transfer] | Refusal:
        """Read some, in the order of opening."""
        ...

    async def arrived(
        self,
        office: str | None,
        since: datetime | None,
        purpose: PurposeOfUse,
        first: int,
        after: str | None,
    ) -> Page[Arrived] | Refusal:
        """Read who came to a union or to those below it, in the order of coming."""
        ...

    async def timeline(self, transfer: Transfer) -> Sequence[Milestone]:
        """Read what happened in one that was read before."""
        ...

    async def of_worker(
        self, worker: WorkerId, as_of: date | None = None
    ) -> Sequence[Moved]:
        """Read all transfers of a worker whose memberships may be seen."""
        ...

    async def submit(self, batch: str, key: str) -> Batch | Refusal:
        """Submit a signed batch (compact JWS), uploaded or given whole."""
        ...

    async def batch(self, id: str) -> Batch | Refusal:
        """Tell how far a batch is; refused if there is none of the caller's."""
        ...

    async def batch_results(
        self, id: str, first: int, after: str | None
    ) -> Page[BatchRowResult] | Refusal:
        """Read what became of persons of a batch, in their order."""
        ...


class Duplicates(Protocol):
    """The door to questions of duplicate memberships."""

    async def report(
        self, worker: WorkerId, first: Found, second: Found, reason: str, key: str
    ) -> DuplicateQuestion | Refusal:
        """Ask whether two memberships are one worker's."""
        ...

    async def resolve(
        self, id: str, kept: str | None, reason: str, key: str
    ) -> DuplicateQuestion | Refusal:
        """Say which membership goes on; without ``kept``, that it is no duplicate."""
        ...

    async def undo(self, id: str, reason: str, key: str) -> DuplicateQuestion | Refusal:
        """Undo what was resolved."""
        ...

    async def answer(
        self, id: str, wished: str | None, reason: str, key: str, *, same_worker: bool
    ) -> DuplicateQuestion | Refusal:
        """Say, as the worker, whether both are theirs and where they wish to stay."""
        ...

    async def page(
        self, states: Sequence[DuplicateState], first: int, after: str | None
    ) -> Page[DuplicateQuestion] | Refusal:
        """Read the questions of the caller's unions, the oldest first."""
        ...


class Credentials(Protocol):
    """The door to membership credentials."""

    async def issue(self, wish: IssueWish, key: str) -> IssuedCredential | Refusal:
        """Issue one as the home union; the province must confirm the membership."""
        ...

    async def revoke(self, id: str, reason: str) -> CredentialClaims | Refusal:
        """Revoke one as the home union."""
        ...

    async def present(self, credential: str, code: str, to_union: str) -> str | Refusal:
        """Make a short-lived presentation for one union, as the holder."""
        ...

    async def image(self, compact: str) -> str:
        """Draw one as a QR image (SVG)."""
        ...

    async def verify(self, credential: str) -> Verified | Refusal:
        """Tell what one is worth now."""
        ...


class Context(Protocol):
    """What one request has."""

    #: ``zh`` or ``en``, by ``Accept-Language``.
    language: str
    #: From the header ``Purpose-Of-Use``: a gateway's ``_entities`` has no
    #: argument to say it in.
    purpose: PurposeOfUse | None
    loaders: Loaders
    provinces: Provinces
    linking: Linking
    feeds: Feeds
    transfers: Transfers
    arrears: Arrears
    cooperation: Cooperation
    digests: Digests
    cases: Cases
    duplicates: Duplicates
    credentials: Credentials

    def say(self, words: Bilingual) -> str:
        """Choose the sentence in the caller's language."""
        ...
