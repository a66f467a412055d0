"""Itinerary: the agreed log of case files becomes a page of changes, by its watermark."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, func, select

from connectors.faults import ProvinceFault
from connectors.port import MOST_CHANGES
from connectors.sql.agreed import CHANGE, split
from connectors.sql.statements import named
from connectors.told_changes import ToldChanges, UnfitChanges, read_changes
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

    from connectors.port import ChangesWanted
    from connectors.sql.database import Session
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

_CHINA = ZoneInfo("Asia/Shanghai")
#: Larger places than any log has; a database refuses them.
_LONGEST = 18


class CaseLog:
    """The log of case files of one province."""

    def __init__(self, province: ProvinceCode, name: str) -> None:
        """Prepare the statements; ``name`` may have a schema before a dot."""
        self._province = province
        schema, table = split(name)
        lines = named(schema, table, CHANGE)
        self._lines = lines
        at, case_no, seq = lines.c["position"], lines.c["case_no"], lines.c["seq"]
        self._end = select(func.max(at))
        self._log = select(lines).where(at > bindparam("after")).order_by(at)
        self._file = (
            select(lines)
            .where(case_no == bindparam("case_no"), seq > bindparam("after"))
            .order_by(seq)
        )
        self._marks: Select[tuple[Any, ...]] = (
            select(case_no, func.max(seq))
            .where(case_no.in_(bindparam("cases", expanding=True)))
            .group_by(case_no)
        )

    def page(self, session: Session, wanted: ChangesWanted) -> Changes:
        """Read one page.

        Raises:
            ProvinceFault: No page is as long; or what stands there is no change.
        """
        if not 1 <= wanted.first <= MOST_CHANGES:
            raise ProvinceFault(FaultCode.PROVINCE_ERROR, "no such page")
        if wanted.case_no:
            values = {"case_no": wanted.case_no, "after": wanted.seq}
            lines = self._read(session, self._file, values, wanted.first)
            cases = {wanted.case_no}
        else:
            values = {"after": self._begin(session, wanted.after)}
            lines = self._read(session, self._log, values, wanted.first)
            cases = {str(line["case_no"]) for line in lines[: wanted.first]}
        told, more = lines[: wanted.first], len(lines) > wanted.first
        following = str(told[-1]["position"]) if told else wanted.after
        page = {
            "province": self._province,
            "changes": [_change(line) for line in told],
            "watermarks": self._watermarks(session, cases),
            "next": "" if wanted.case_no else following,
            "more": more,
        }
        try:
            read = msgspec.convert(page, ToldChanges, strict=False)
            return read_changes(self._province, read, wanted.first, strict=False)
        except UnfitChanges as unfit:
            raise ProvinceFault(FaultCode.MALFORMED, unfit.rule) from None
        except msgspec.ValidationError as error:
            where = str(error).rpartition(" - at ")[2]
            raise ProvinceFault(FaultCode.MALFORMED, f"a change {where}") from None

    def _begin(self, session: Session, after: str) -> int:
        """Find where to go on: at the beginning, if the place is none of this log."""
        fits = after.isascii() and after.isdigit() and len(after) <= _LONGEST
        if not fits:
            return 0
        end = session.connection.execute(self._end).scalar()
        return int(after) if end is not None and int(after) <= end else 0

    def _read(
        self,
        session: Session,
        statement: Select[tuple[Any, ...]],
        values: Mapping[str, object],
        first: int,
    ) -> Sequence[Mapping[str, Any]]:
        told = session.connection.execute(statement.limit(first + 1), values)
        return [dict(zip(CHANGE, line, strict=True)) for line in told]

    def _watermarks(self, session: Session, cases: set[str]) -> list[dict[str, Any]]:
        if not cases:
            return []
        told = session.connection.execute(self._marks, {"cases": sorted(cases)})
        return [{"caseNo": case_no, "seq": seq} for case_no, seq in sorted(told)]


def _change(line: Mapping[str, Any]) -> dict[str, object]:
    """Put a line into the words of the contract; what is not there is left out."""
    told = {
        "caseNo": line["case_no"],
        "seq": line["seq"],
        "asOf": _moment(line["as_of"]),
        "act": line["act"],
        "on": line["on_day"],
        "unionCode": line["union_code"],
        "corrects": line["corrects"],
        "gone": line["gone"],
    }
    if line["document_reference"] is not None:
        told["document"] = {
            "reference": line["document_reference"],
            "sha256": line["document_sha256"],
        }
    if line["fact_kind"] is not None:
        told["fact"] = {
            "kind": line["fact_kind"],
            "about": line["fact_about"],
            "names": line["fact_names"],
            "days": line["fact_days"],
        }
    return {name: value for name, value in told.items() if value is not None}


def _moment(written: object) -> object:
    """Take a moment without a zone as one in China."""
    moment = written
    if isinstance(written, str):
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            return written
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=_CHINA)
    return moment
