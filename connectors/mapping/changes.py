"""Value: one line of a province's log of case files, as a row has it: flat.

``told`` puts it into the shape of the contract (``CaseChange``), which
``connectors.told_changes`` holds to the rules.
"""

from __future__ import annotations

from datetime import date

import msgspec

from schema.records.change import Seq
from schema.records.keys import Moment
from schema.records.record import Code, Text


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log.

    Attributes:
        case_no: Which case.
        seq: Its number among the province's changes of the case.
        as_of: When the province wrote it down.
        act: What happened, a code of the contract; none for a line that is gone.
        on: The day of it.
        union_code: Who did it.
        corrects: Number of the line that was wrong and that this one replaces.
        gone: Number of the line that is gone.
        document_reference: The paper of it, by its reference …
        document_sha256: … and its hash.
        fact_kind: What clocks run from by it, if anything does.
        fact_about: What that is about.
        fact_names: The day that it names.
        fact_days: How many days were granted.
    """

    case_no: Code
    seq: Seq
    as_of: Moment
    act: Code | None = None
    on: date | None = None
    union_code: Code | None = None
    corrects: Seq | None = None
    gone: Seq | None = None
    document_reference: Text | None = None
    document_sha256: Code | None = None
    fact_kind: Code | None = None
    fact_about: Code | None = None
    fact_names: date | None = None
    fact_days: Seq | None = None

    @property
    def told(self) -> dict[str, object]:
        """The same as the contract writes it."""
        one: dict[str, object] = {
            "caseNo": self.case_no,
            "seq": self.seq,
            "asOf": self.as_of,
            "act": self.act,
            "on": self.on,
            "unionCode": self.union_code,
            "corrects": self.corrects,
            "gone": self.gone,
        }
        if self.document_reference is not None:
            one["document"] = {
                "reference": self.document_reference,
                "sha256": self.document_sha256,
            }
        if self.fact_kind is not None:
            one["fact"] = {
                "kind": self.fact_kind,
                "about": self.fact_about,
                "names": self.fact_names,
                "days": self.fact_days,
            }
        return one
