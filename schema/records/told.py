"""Value: what provinces told, what they could not tell, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.kinds import RecordKind
from schema.records.worker import WorkerRecord

R = TypeVar("R")


#: So far may a province's clock be ahead of the hub's.
AHEAD = timedelta(hours=1)


class Source(msgspec.Struct, frozen=True):
    """Where a value came from and how fresh it is.

    Attributes:
        province: Who told it.
        as_of: When the province last knew it to be true.
        fetched_at: When the hub received it.
    """

    province: ProvinceCode
    as_of: datetime
    fetched_at: datetime

    @property
    def freshness(self) -> float:
        """Tell by what it is compared with others, in seconds; the freshest is highest.

        Nobody knows to be true what lies ahead: a row that is dated later than an
        hour after it came is the last to be believed, not the first for years.
        """
        ahead = self.as_of > self.fetched_at + AHEAD
        return 0.0 if ahead else self.as_of.timestamp()


class Told(msgspec.Struct, Generic[R], frozen=True):
    """One record as one province told it."""

    record: R
    source: Source


class FaultCode(StrEnum):
    """Why a province did not answer. Stable: partners and alarms rely on them."""

    #: Nothing listens there, or the name does not resolve.
    UNREACHABLE = "UNREACHABLE"
    #: No answer before the deadline.
    TIMED_OUT = "TIMED_OUT"
    #: The connection ended in the middle of the answer.
    BROKEN_OFF = "BROKEN_OFF"
    #: TLS failed: an expired, foreign or self-signed certificate.
    UNTRUSTED = "UNTRUSTED"
    #: The province refused the hub's credentials (401, 403).
    UNAUTHORISED = "UNAUTHORISED"
    #: The province asked for fewer questions (429).
    THROTTLED = "THROTTLED"
    #: The province reported an error of its own (5xx, GraphQL errors).
    PROVINCE_ERROR = "PROVINCE_ERROR"
    #: The answer is not what the contract says (HTML, wrong types, bad UTF-8).
    MALFORMED = "MALFORMED"
    #: The answer is larger than the hub takes.
    TOO_LARGE = "TOO_LARGE"
    #: The province sends elsewhere; the hub never follows.
    REDIRECTED = "REDIRECTED"
    #: Part of what was asked is missing from the answer.
    PARTIAL = "PARTIAL"
    #: The province does not serve what was asked.
    NOT_SUPPORTED = "NOT_SUPPORTED"
    #: Not asked, because it has failed too often just now (circuit breaker).
    SUSPENDED = "SUSPENDED"
    #: Not asked, because too many questions to it are under way.
    BUSY = "BUSY"
    #: Linked, but the hub has no settings for it.
    NOT_CONNECTED = "NOT_CONNECTED"


class Fault(msgspec.Struct, frozen=True):
    """One province's failure to answer, as data.

    Attributes:
        province: Who.
        code: Why.
        retryable: Whether asking again later may help.
        kinds: What is missing; empty means all that was asked.
    """

    province: ProvinceCode
    code: FaultCode
    retryable: bool
    kinds: tuple[RecordKind, ...] = ()


class NotOffered(msgspec.Struct, frozen=True, order=True):
    """What a province's system does not serve, by its own declaration.

    Attributes:
        province: Who.
        kind: A kind that it keeps of the worker, by its link.
        field: The field (Python name) that its version of the contract lacks;
            empty where it does not serve the kind at all.
    """

    province: ProvinceCode
    kind: RecordKind
    field: str = ""


class Link(msgspec.Struct, frozen=True):
    """The statement that a local key is the same person as a worker.

    Attributes:
        key: Province and local key.
        kinds: Which kinds the province keeps of the worker.
        valid_from: First day of the statement's validity, ISO date.
        valid_to: Last day; none while it holds.
        source: Who stated it.
    """

    key: LocalKey
    kinds: frozenset[RecordKind]
    valid_from: str
    valid_to: str | None
    source: str


class Located(msgspec.Struct, frozen=True):
    """A worker that the locator knows, and where.

    Attributes:
        worker: The hub's name of the person.
        links: At most one current link per province.
    """

    worker: WorkerId
    links: tuple[Link, ...]


class Gathered(msgspec.Struct, frozen=True):
    """What all asked provinces told of one worker, and which faults there were.

    Attributes:
        told: One entry for each province that answered and knows the worker.
        faults: One entry for each province that did not answer, or only in part.
        asked: All that were asked.
        unknown_to: Asked, answered, and they have no such worker (a stale link).
        not_offered: What a linked province does not serve: a kind that it
            keeps (the field is empty), or a field of a kind.
    """

    told: tuple[Told[WorkerRecord], ...]
    faults: tuple[Fault, ...]
    asked: tuple[ProvinceCode, ...]
    unknown_to: tuple[ProvinceCode, ...] = ()
    not_offered: tuple[NotOffered, ...] = ()
