"""Value: transfers, credentials or questions that were shown to somebody."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Shown(StrEnum):
    """By what it was shown."""

    #: A transfer, looked up by its id or standing in the way of another.
    TRANSFER = "TRANSFER"
    #: A page of transfers.
    PAGE = "PAGE"
    #: A page of members who came to a union.
    ARRIVED = "ARRIVED"
    #: What happened in transfers.
    TIMELINE = "TIMELINE"
    #: The transfers of a worker whose file was opened.
    HISTORY = "HISTORY"
    #: A live event of a transfer.
    EVENT = "EVENT"
    #: What became of persons of a batch.
    BATCH = "BATCH"
    #: Questions of duplicate memberships.
    DUPLICATE = "DUPLICATE"
    #: What a membership credential says.
    CREDENTIAL = "CREDENTIAL"
    #: A rights case, looked up by its number.
    CASE = "CASE"
    #: A page of rights cases.
    CASE_PAGE = "CASE_PAGE"
    #: The history of a case, joined with the files of provinces.
    CASE_TIMELINE = "CASE_TIMELINE"
    #: The cases of a worker whose file was opened.
    CASE_OF_WORKER = "CASE_OF_WORKER"
    #: A live event of a case.
    CASE_EVENT = "CASE_EVENT"
    #: A page of co-handling tasks.
    TASK_PAGE = "TASK_PAGE"
    #: A live event of a task.
    TASK_EVENT = "TASK_EVENT"
    #: What was reported of arrears.
    ARREARS = "ARREARS"
    #: What is to be done about cases and tasks today.
    DIGEST = "DIGEST"


class Showing(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer shows of one worker; written down before it is shown.

    Attributes:
        shown: By what.
        worker: Whose; empty where it was shown without the worker: to inspection.
        about: Ids of the transfers, of the questions or of the credential; numbers of
            the cases.
        batch: The batch that they were shown of, if any.
        subject: Who asked, as the token names them.
        office: For which office.
        province: In which province.
        request: Id of the request.
    """

    shown: Shown
    worker: str
    about: tuple[str, ...]
    subject: str
    office: str
    province: str
    request: str
    batch: str = ""
