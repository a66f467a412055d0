"""Value: what can stand in the audit trail."""

from __future__ import annotations

from enum import StrEnum


class Tag(StrEnum):
    """What happened, as ``source:subject:action``. Stable: auditors search by it."""

    #: A caller was shown (part of) a worker's file.
    WORKER_SHOWN = "reading:worker:shown"
    #: A caller looked for somebody whom nobody knows.
    WORKER_NOT_FOUND = "reading:worker:not-found"
    #: A rule refused to show a worker's file.
    WORKER_REFUSED = "reading:worker:refused"
    #: Look-ups by number that found nobody look like guessing: an alarm.
    ENUMERATION_SUSPECTED = "reading:caller:enumeration-suspected"
    #: A transfer of membership was opened …
    TRANSFER_OPENED = "transfer:membership:opened"
    #: … and what became of it, by people, registers and limits.
    TRANSFER_OUT_REGISTERED = "transfer:membership:out-registered"
    TRANSFER_OUT_REFUSED = "transfer:membership:out-refused"
    TRANSFER_ACCEPTED = "transfer:membership:accepted"
    TRANSFER_REJECTED = "transfer:membership:rejected"
    TRANSFER_WITHDRAWN = "transfer:membership:withdrawn"
    TRANSFER_IN_REGISTERED = "transfer:membership:in-registered"
    TRANSFER_IN_CANCELLED = "transfer:membership:in-cancelled"
    TRANSFER_IN_REFUSED = "transfer:membership:in-refused"
    TRANSFER_OUT_CANCELLED = "transfer:membership:out-cancelled"
    TRANSFER_OUT_COMPLETED = "transfer:membership:out-completed"
    TRANSFER_LIMIT_PASSED = "transfer:membership:limit-passed"
    #: A signed batch of transfers was handed in; each transfer has its own entries.
    TRANSFER_BATCH_SUBMITTED = "transfer:batch:submitted"
    #: A possible duplicate membership: asked, answered by the
    #: worker, resolved, dismissed, undone.
    DUPLICATE_ASKED = "transfer:duplicate:asked"
    DUPLICATE_ANSWERED = "transfer:duplicate:answered"
    DUPLICATE_RESOLVED = "transfer:duplicate:resolved"
    DUPLICATE_DISMISSED = "transfer:duplicate:dismissed"
    DUPLICATE_UNDONE = "transfer:duplicate:undone"
    #: A membership credential was issued to its holder, or revoked.
    CREDENTIAL_ISSUED = "credential:membership:issued"
    CREDENTIAL_REVOKED = "credential:membership:revoked"
    #: Too many wrong confirmation codes: it opens nothing any more.
    CREDENTIAL_LOCKED = "credential:membership:locked"
    #: A caller was shown transfers, or what happened in them; one entry for each
    #: worker whom an answer names.
    TRANSFER_SHOWN = "transfer:membership:shown"
    TRANSFER_PAGE_SHOWN = "transfer:page:shown"
    TRANSFER_ARRIVED_SHOWN = "transfer:arrived:shown"
    TRANSFER_TIMELINE_SHOWN = "transfer:timeline:shown"
    TRANSFER_HISTORY_SHOWN = "transfer:history:shown"
    TRANSFER_EVENT_SHOWN = "transfer:event:shown"
    TRANSFER_BATCH_SHOWN = "transfer:batch:shown"
    DUPLICATE_SHOWN = "transfer:duplicate:shown"
    #: A caller was shown what a membership credential says.
    CREDENTIAL_SHOWN = "credential:membership:shown"
    #: A caller was shown rights cases or co-handling tasks, or what happened in them;
    #: one entry for each worker of a case.
    CASE_SHOWN = "following:case:shown"
    CASE_PAGE_SHOWN = "following:page:shown"
    CASE_TIMELINE_SHOWN = "following:timeline:shown"
    CASE_OF_WORKER_SHOWN = "following:worker:shown"
    CASE_EVENT_SHOWN = "following:event:shown"
    TASK_PAGE_SHOWN = "following:tasks:shown"
    TASK_EVENT_SHOWN = "following:task:shown"
    #: A caller was shown what was reported of arrears; an office, what is to be done.
    ARREARS_SHOWN = "following:arrears:shown"
    DIGEST_SHOWN = "following:digest:shown"
    #: A rights case was opened; a union did something about it; something passed in it
    #: by itself, or rules changed. Which event it was stands in the entry.
    CASE_OPENED = "following:case:opened"
    CASE_ACTED = "following:case:acted"
    CASE_PASSED = "following:case:passed"
    #: Other settings hold for a province; an operator paused it, or resumed it.
    PROVINCE_CHANGED = "connecting:province:changed"
    PROVINCE_PAUSED = "connecting:province:paused"
    PROVINCE_RESUMED = "connecting:province:resumed"
