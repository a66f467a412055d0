"""Decider: when members may come and go, as contract 1.2 has it.

One act at a time, over the ledger, inside the transaction of a request. An act that
was answered is answered the same way for ever; whatever comes late, twice or in
another order ends in the same register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploy.demo.province.ledger import Ledger

    Row = dict[str, Any]

#: States in which the worker is a member at the union of the row, and stays.
STANDING = frozenset({"ACTIVE", "IN_REGISTERED", "RETAINED", "LANDED_FALLBACK"})

#: States in which the worker is a member there, and on the way.
LEAVING = frozenset({"OUT_REGISTERED", "IN_TRANSIT"})

MEMBER = STANDING | LEAVING

#: Length of a unified social credit code (GB 32100).
_CREDIT_CODE = 18

#: The reasons for a refusal, in words.
REASONS = {
    "UNKNOWN_WORKER": "查无此人。 There is no such worker.",
    "NOT_A_MEMBER": "此人在本省没有该证号的会籍。 No membership of this number here.",
    "OTHER_UNION": "会籍在本省另一工会。 The membership is at another union.",
    "NOT_ACTIVE": "会籍已不在籍。 The membership does not stand.",
    "ALREADY_OUT": "已办出登记，正在接转。 It is on the way already.",
    "ALREADY_MEMBER": "此人在本省已是会员。 The worker is a member here already.",
    "UNKNOWN_UNION": "本省没有该工会。 There is no such union in this province.",
    "BARRED": "该接转已撤销或已办结。 The transfer was cancelled or completed before.",
    "KEY_REUSED": "该幂等键已用于另一事项。 The key has served another act.",
}


class Rules:
    """The acts of one province's register."""

    def __init__(self, code: str, ledger: Ledger) -> None:
        """Keep the register of the province of this code."""
        self._code = code
        self._ledger = ledger

    def act(self, act: str, entry: Row, at: str) -> Row:
        """Carry an act out, or answer it as it was answered the first time.

        Args:
            act: One of ``REGISTER_OUT``, ``CANCEL_OUT``, ``REGISTER_IN``,
                ``CANCEL_IN`` and ``COMPLETE_OUT``.
            entry: The fields of ``RegisterEntryInput``; days in ISO 8601.
            at: The moment, in ISO 8601.
        """
        first = self._ledger.receipt(entry["key"])
        if first is not None:
            if (first["act"], first["transfer"]) == (act, entry["transfer"]):
                return first
            return _receipt(act, entry, code="KEY_REUSED")
        if act == "REGISTER_OUT":
            receipt = self._out(entry, at)
        elif act == "REGISTER_IN":
            receipt = self._in(entry, at)
        elif act == "CANCEL_IN":
            receipt = self._cancel_in(entry, at)
        else:
            receipt = self._end(act, entry, at)
        self._ledger.keep(receipt)
        return receipt

    def _out(self, entry: Row, at: str) -> Row:
        row, refusal = self._leaving(entry)
        if row is None:
            return _receipt("REGISTER_OUT", entry, code=refusal)
        made = {**entry, "direction": "OUT", "state": "OPEN", "row_id": row["id"]}
        number = self._ledger.enter({**made, "before": row})
        changed = {
            "as_of": at,
            "state": "IN_TRANSIT",
            "registered_out_on": entry["on"],
            "counterpart_province": entry["counterpart_province"],
        }
        self._ledger.put({**row, **changed})
        self._ledger.note(at, "REGISTER_OUT", entry, number)
        return _receipt(
            "REGISTER_OUT",
            entry,
            entry=self._name("OUT", number),
            joined_on=row["joined_on"],
        )

    def _leaving(self, entry: Row) -> tuple[Row | None, str]:
        """Find the membership that is to leave, or say why there is none."""
        local_id = entry["local_id"]
        if self._ledger.is_barred(entry["transfer"]):
            return None, "BARRED"
        if not local_id or not self._ledger.knows(local_id):
            return None, "UNKNOWN_WORKER"
        rows = self._ledger.rows(local_id)
        for refusal, holds in (
            ("NOT_A_MEMBER", lambda r: r["membership_no"] == entry["membership_no"]),
            ("NOT_ACTIVE", lambda r: r["state"] in MEMBER),
            ("OTHER_UNION", lambda r: r["union_code"] == entry["union"]),
            ("ALREADY_OUT", lambda r: r["state"] in STANDING),
        ):
            rows = [row for row in rows if holds(row)]
            if not rows:
                return None, refusal
        return rows[0], ""

    def _in(self, entry: Row, at: str) -> Row:
        local_id, refusal = self._file(entry)
        if refusal:
            return _receipt("REGISTER_IN", entry, code=refusal)
        made = {**entry, "direction": "IN", "state": "STANDS", "row_id": ""}
        number = self._ledger.enter({**made, "local_id": local_id or ""})
        if local_id is None:
            local_id = f"{self._code}-n{number:08d}"
            self._ledger.add_file(local_id, at)
        row = {
            "worker": local_id,
            "id": f"in-{number:08d}",
            "as_of": at,
            "membership_no": entry["membership_no"],
            "union_code": entry["union"],
            "union_name": self._ledger.name_of(entry["union"]),
            "union_division": entry["union"][2:8],
            "state": "LANDED_FALLBACK" if entry["landing"] else "ACTIVE",
            "joined_on": entry["joined_on"],
            "since": entry["on"],
            "registered_in_on": entry["on"],
            "counterpart_province": entry["counterpart_province"],
        }
        self._ledger.name_row(number, row["id"], local_id)
        # Within one province the OUT entry is paired at once: at no moment are
        # there two homes, and none.
        self._pair(entry, at, "PAIRED_HERE")
        self._ledger.put(row)
        self._ledger.note(at, "REGISTER_IN", entry, number)
        return _receipt(
            "REGISTER_IN",
            entry,
            entry=self._name("IN", number),
            local_id=None if entry["local_id"] else local_id,
        )

    def _file(self, entry: Row) -> tuple[str | None, str]:
        """Find the file that a member comes into: none is a new one."""
        if self._ledger.is_barred_in(entry["transfer"]):
            return None, "BARRED"
        if not self._has_union(entry["union"]):
            return None, "UNKNOWN_UNION"
        local_id, holders = (
            entry["local_id"],
            self._ledger.holders(entry["membership_no"]),
        )
        if local_id and not self._ledger.knows(local_id):
            return None, "UNKNOWN_WORKER"
        if not local_id and holders:
            local_id = holders[0]
        out = self._ledger.out_of(entry["transfer"])
        left = (
            (out["local_id"], out["row_id"]) if out and out["state"] == "OPEN" else ()
        )
        for name in {*holders, local_id} - {None}:
            for row in self._ledger.rows(name):
                own = name == local_id or row["membership_no"] == entry["membership_no"]
                if own and row["state"] in MEMBER and (name, row["id"]) != left:
                    return None, "ALREADY_MEMBER"
        return local_id, ""

    def _has_union(self, union: str) -> bool:
        # The third to the eighth character are the division of the registering
        # authority (GB/T 2260).
        return len(union) == _CREDIT_CODE and union[2:4] == self._code

    def _end(self, act: str, entry: Row, at: str) -> Row:
        """Take an OUT entry back or pair it; what does not stand is barred for ever."""
        self._ledger.bar(entry["transfer"])
        out = self._ledger.out_of(entry["transfer"])
        if act == "COMPLETE_OUT":
            self._pair(entry, at)
        elif out is not None and out["state"] == "OPEN":
            self._ledger.close_entry(out["number"], "CANCELLED")
            self._ledger.put({**out["before"], "as_of": at})
            self._ledger.note(at, act, entry, out["number"])
        number = self._name("OUT", out["number"]) if out else None
        return _receipt(act, entry, entry=number)

    def _cancel_in(self, entry: Row, at: str) -> Row:
        """Take the IN entry back, with all that came of it; it is barred for ever.

        Who has moved on since by another entry is not touched.
        """
        transfer = entry["transfer"]
        self._ledger.bar(transfer)
        self._ledger.bar_in(transfer)
        made = self._ledger.in_of(transfer)
        if made is None:
            return _receipt("CANCEL_IN", entry)
        if made["state"] == "STANDS":
            self._ledger.close_entry(made["number"], "CANCELLED")
            rows = self._ledger.rows(made["local_id"])
            row = next((row for row in rows if row["id"] == made["row_id"]), None)
            if row is not None and row["state"] in STANDING:
                self._ledger.remove(made["local_id"], made["row_id"])
                self._ledger.note(at, "CANCEL_IN", entry, made["number"])
                self._unpair(entry, at)
        return _receipt("CANCEL_IN", entry, entry=self._name("IN", made["number"]))

    def _unpair(self, entry: Row, at: str) -> None:
        """Within the province, the membership that was left goes on as before."""
        out = self._ledger.out_of(entry["transfer"])
        if out is not None and out["state"] == "PAIRED_HERE":
            self._ledger.close_entry(out["number"], "CANCELLED")
            self._ledger.put({**out["before"], "as_of": at})
            self._ledger.note(at, "CANCEL_OUT", entry, out["number"])

    def _pair(self, entry: Row, at: str, state: str = "PAIRED") -> None:
        """End the membership of an open OUT entry: it goes on elsewhere."""
        out = self._ledger.out_of(entry["transfer"])
        if out is None or out["state"] != "OPEN":
            return
        self._ledger.close_entry(out["number"], state)
        rows = self._ledger.rows(out["local_id"])
        row = next(row for row in rows if row["id"] == out["row_id"])
        ended = {"as_of": at, "state": "TRANSFERRED", "until": entry["on"]}
        self._ledger.put({**row, **ended})
        self._ledger.note(at, "COMPLETE_OUT", entry, out["number"])

    def _name(self, direction: str, number: int) -> str:
        return f"{self._code}-{direction}-{number:08d}"


def _receipt(
    act: str,
    asked: Row,
    *,
    entry: str | None = None,
    local_id: str | None = None,
    joined_on: str | None = None,
    code: str | None = None,
) -> Row:
    return {
        "key": asked["key"],
        "act": act,
        "transfer": asked["transfer"],
        "answered": "REFUSED" if code else "DONE",
        "entry": entry,
        "local_id": local_id,
        "joined_on": joined_on,
        "code": code,
    }
