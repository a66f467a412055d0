"""Value: what provinces told, what they could not tell, and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec

from schema.records.keys import LocalKey, ProvinceCode, WorkerId
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from schema.records.worker import WorkerRecord

R = TypeVar("R")


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


class Version(msgspec.Struct, frozen=True):
    """One of several values of a field, and who holds it."""

    value: object
    source: Source


class Conflict(msgspec.Struct, frozen=True):
    """Where provinces disagree.

    Attributes:
        kind: Of which kind of record.
        row: Id of the merged row; empty for the worker's own fields.
        field: Which field (Python name).
        rule: Id of the survivorship rule that chose.
        versions: All values, the chosen one first.
    """

    kind: RecordKind
    row: str
    field: str
    rule: str
    versions: tuple[Version, ...]


class MergedRow(msgspec.Struct, Generic[R], frozen=True):
    """One row of the joined file.

    Attributes:
        id: ``province:id`` of the leading source; unique within the file.
        record: The joined record.
        source: The leading source.
        sources: Every province that told the row, the leading one first.
    """

    id: str
    record: R
    source: Source
    sources: tuple[Source, ...]


class Withheld(msgspec.Struct, frozen=True):
    """A field that the caller may not see, named rather than left null in silence.

    Attributes:
        kind: Of which kind of record.
        field: Which field (Python name); empty for all rows of the kind.
        rule: Id of the policy that withheld it, or ``default-deny``.
    """

    kind: RecordKind
    field: str
    rule: str


class Completeness(msgspec.Struct, frozen=True):
    """How whole a file is.

    Attributes:
        complete: Every province that keeps something asked for has told it.
        asked: The provinces that were asked.
        answered: The provinces that answered in full.
        faults: The provinces that could not, and why.
        not_offered: What a province does not serve: a kind that it keeps (the
            field is empty), or a field of a kind.
        unknown_to: Provinces that answered that they have no such worker,
            although a link says so: the link is stale.
    """

    complete: bool
    asked: tuple[ProvinceCode, ...]
    answered: tuple[ProvinceCode, ...]
    faults: tuple[Fault, ...]
    not_offered: tuple[NotOffered, ...]
    unknown_to: tuple[ProvinceCode, ...] = ()


class Merged(msgspec.Struct, frozen=True):
    """One honest file: a worker joined from every province that answered.

    Attributes:
        worker: The hub's name of the person.
        record: The worker's own fields; all ``UNSET`` where nobody told.
        sources: Every province that told the worker's own fields.
        rows: The joined rows by kind.
        conflicts: Where provinces disagree.
        withheld: What the caller may not see.
        completeness: How whole the file is.
    """

    worker: WorkerId
    record: WorkerRecord | None
    sources: tuple[Source, ...]
    rows: dict[RecordKind, tuple[MergedRow[Any], ...]]
    conflicts: tuple[Conflict, ...]
    withheld: tuple[Withheld, ...]
    completeness: Completeness


class Relation(StrEnum):
    """What the caller is to the worker, as far as it is known before asking."""

    #: The caller's own province has a link to the worker.
    LINKED = "LINKED"
    #: No link, but the caller holds the resident ID number: the worker, or a
    #: paper that the worker gave, is at hand.
    NUMBER_PRESENTED = "NUMBER_PRESENTED"
    #: The caller is the worker.
    SELF = "SELF"
    #: None of these.
    NONE = "NONE"


class Permit(msgspec.Struct, frozen=True):
    """The policy says yes; ``rule`` is the id of the policy that did."""

    rule: str


class Deny(msgspec.Struct, frozen=True):
    """The policy says no; ``rule`` is the policy's id or ``default-deny``."""

    rule: str


class Disclosure(msgspec.Struct, frozen=True):
    """One showing of data, written to the audit trail before it is shown.

    Attributes:
        worker: Whose file; empty where a look-up found nobody.
        subject: Who asked, as the token names them.
        office: For which office.
        province: In which province.
        purpose: Why.
        relation: What they were to the worker.
        selection: What was shown: the fields that were asked for and permitted.
        withheld: How many fields were withheld.
        asked: Which provinces were asked.
        answered: Which answered.
        request: Id of the request.
        outcome: ``shown``, ``not-found`` or ``refused``.
        rule: The rule that refused, if one did.
    """

    worker: str
    subject: str
    office: str
    province: str
    purpose: str
    relation: Relation
    selection: Selection
    withheld: int
    asked: tuple[ProvinceCode, ...]
    answered: tuple[ProvinceCode, ...]
    request: str
    outcome: str
    rule: str = ""
