"""Value: the tables beside the transfers: unions, credentials, batches, questions."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from hub.store.metadata import METADATA

_MOMENT = DateTime(timezone=True)

#: A union, as it was in a period: its name and superior may change.
ORGANISATION = Table(
    "organisation",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("province", Text, nullable=False),
    Column("body", JSON, nullable=False),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    CheckConstraint("province ~ '^[0-9]{2}$'", name="province"),
)

#: Places in the status lists: given once, never again.
CREDENTIAL_PLACE = Sequence(
    "credential_place", metadata=METADATA, start=0, minvalue=0, cycle=False
)

#: A membership credential; the confirmation code only as a keyed hash.
CREDENTIAL = Table(
    "credential",
    METADATA,
    Column("credential_id", Text, primary_key=True),
    Column("place", BigInteger, nullable=False, unique=True),
    Column("worker_id", Uuid, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("state", Text, nullable=False, server_default="ACTIVE"),
    Column("office", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("code_digest", LargeBinary, nullable=False),
    Column("code_version", SmallInteger, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("transfer_id", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("changed_at", _MOMENT),
    CheckConstraint("state IN ('ACTIVE', 'REVOKED', 'REDEEMED')", name="state"),
)
Index(
    "uq_credential_active_worker",
    CREDENTIAL.c.worker_id,
    unique=True,
    postgresql_where=text("state = 'ACTIVE'"),
)
Index("uq_credential_key", CREDENTIAL.c.office, CREDENTIAL.c.key, unique=True)
Index(
    "ix_credential_spent",
    CREDENTIAL.c.place,
    postgresql_where=text("state <> 'ACTIVE'"),
)

#: A presentation that was used, until it would have ended by itself.
PRESENTATION = Table(
    "presentation",
    METADATA,
    Column("presentation_id", Text, primary_key=True),
    Column("used_by", Text, nullable=False),
    Column("until", _MOMENT, nullable=False, index=True),
)

#: A batch that an office handed in; its persons are rows of their own.
TRANSFER_BATCH = Table(
    "transfer_batch",
    METADATA,
    Column("batch_id", Text, primary_key=True),
    Column("acting", Text, nullable=False, unique=True),
    Column("act", LargeBinary, nullable=False),
    Column("basis", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("union_code", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("submitted_at", _MOMENT, nullable=False),
    Column("state", Text, nullable=False, server_default="WAITING"),
    Column("rows", Integer, nullable=False),
    Column("opened", Integer, nullable=False, server_default="0"),
    Column("already_open", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    CheckConstraint("state IN ('WAITING', 'RUNNING', 'DONE')", name="state"),
    CheckConstraint("opened + already_open + refused <= rows", name="counted"),
)
Index(
    "ix_transfer_batch_unfinished",
    TRANSFER_BATCH.c.submitted_at,
    postgresql_where=text("state <> 'DONE'"),
)
TRANSFER_BATCH_ROW = Table(
    "transfer_batch_row",
    METADATA,
    Column("batch_id", Text, primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("wish", JSON, nullable=False),
    Column("result", JSON),
)
Index(
    "ix_transfer_batch_row_next",
    TRANSFER_BATCH_ROW.c.batch_id,
    TRANSFER_BATCH_ROW.c.row,
    postgresql_where=text("result IS NULL"),
)

#: Under which key of an office a batch was handed in: under another, it is the same one.
TRANSFER_BATCH_KEY = Table(
    "transfer_batch_key",
    METADATA,
    Column("acting", Text, primary_key=True),
    Column("act", LargeBinary, nullable=False),
)

#: What was sent ahead of a submission: a signed batch that is too large for a query.
TRANSFER_UPLOAD = Table(
    "transfer_upload",
    METADATA,
    Column("upload_id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("sent_at", _MOMENT, nullable=False, server_default=func.now(), index=True),
    Column("body", LargeBinary, nullable=False),
)

#: Whether a worker has two memberships: asked and answered by people.
DUPLICATE_QUESTION = Table(
    "duplicate_question",
    METADATA,
    Column("question_id", Text, primary_key=True),
    Column("worker_id", Uuid, nullable=False, index=True),
    Column("first_union", Text, nullable=False),
    Column("second_union", Text, nullable=False),
    #: Both memberships, in an order that does not depend on who asked.
    Column("pair", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("body", JSON, nullable=False),
    Column("acting", Text, nullable=False, unique=True),
    Column("act", LargeBinary, nullable=False),
)
_Q = DUPLICATE_QUESTION.c
Index(
    "uq_duplicate_question_open_pair",
    _Q.worker_id,
    _Q.pair,
    unique=True,
    postgresql_where=text("state = 'OPEN'"),
)
Index("ix_duplicate_question_first", _Q.first_union, _Q.question_id)
Index("ix_duplicate_question_second", _Q.second_union, _Q.question_id)

__all__ = [
    "CREDENTIAL",
    "CREDENTIAL_PLACE",
    "DUPLICATE_QUESTION",
    "ORGANISATION",
    "PRESENTATION",
    "TRANSFER_BATCH",
    "TRANSFER_BATCH_KEY",
    "TRANSFER_BATCH_ROW",
    "TRANSFER_UPLOAD",
]
