"""Decider: what the audit trail keeps of one look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.merged import Merged
from schema.records.refusal import Refusal
from schema.records.verdict import Disclosure

if TYPE_CHECKING:
    from hub.access.caller import Caller
    from schema.records.keys import ProvinceCode
    from schema.records.purpose import PurposeOfUse
    from schema.records.selection import Selection
    from schema.records.verdict import Relation


def disclosure(
    outcome: Merged | Refusal | None,
    caller: Caller,
    request: str,
    *,
    worker: str,
    purpose: PurposeOfUse,
    relation: Relation,
    shown: Selection,
) -> Disclosure:
    """Make the disclosure of one look-up, whatever its end.

    Args:
        outcome: The file, a refusal, or nobody.
        caller: Who asked.
        request: Id of the request.
        worker: Whose file; empty if nobody was found.
        purpose: Why it was asked.
        relation: What the caller was to the worker.
        shown: What was asked for and permitted.
    """
    asked: tuple[ProvinceCode, ...] = ()
    answered: tuple[ProvinceCode, ...] = ()
    withheld = 0
    end, rule = "not-found", ""
    match outcome:
        case Merged():
            end = "shown"
            asked, answered = outcome.completeness.asked, outcome.completeness.answered
            withheld = len(outcome.withheld)
        case Refusal():
            end, rule = "refused", f"{outcome.rule}/{outcome.code}"
        case None:
            pass
    return Disclosure(
        worker=worker,
        subject=caller.subject,
        office=caller.office,
        province=caller.province,
        purpose=purpose,
        relation=relation,
        selection=shown,
        withheld=withheld,
        asked=asked,
        answered=answered,
        request=request,
        outcome=end,
        rule=rule,
    )
