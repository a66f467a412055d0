"""Transfers and what happens to them, for tests of the saga."""

from __future__ import annotations

from datetime import date

from hub.transfer.events import Done, Opened, Refused
from hub.transfer.saga import Decision, decide, open_saga
from schema.records.command import Act
from schema.records.transfer import Basis

OLD, NEW, RESIDENCE = "old-union", "new-union", "residence-union"
P_OLD, P_NEW, P_RESIDENCE = "51", "44", "33"


def opened(basis: Basis = Basis.OFFER, **facts: object) -> Opened:
    given = {
        "worker": "w", "membership_no": "m", "from_union": OLD,
        "from_province": P_OLD, "from_local_id": "l51", "to_union": NEW,
        "to_province": P_NEW, "to_local_id": None, "fallback_union": RESIDENCE,
        "fallback_province": P_RESIDENCE, "fallback_local_id": "l33", "office": "o",
    }  # fmt: skip
    return Opened(basis=basis, **(given | facts))


OUT = Done(
    act=Act.REGISTER_OUT, province=P_OLD, entry="o1", joined_on=date(2009, 7, 31)
)
NO_OUT = Refused(act=Act.REGISTER_OUT, province=P_OLD, code="NOT_A_MEMBER")
IN = Done(act=Act.REGISTER_IN, province=P_NEW, entry="i1", local_id="l44")
NO_IN = Refused(act=Act.REGISTER_IN, province=P_NEW, code="UNKNOWN_UNION")
IN_RESIDENCE = Done(act=Act.REGISTER_IN, province=P_RESIDENCE, entry="i1")
PAIRED = Done(act=Act.COMPLETE_OUT, province=P_OLD)
UNDONE = Done(act=Act.CANCEL_IN, province=P_NEW, entry="i1")
CANCELLED = Done(act=Act.CANCEL_OUT, province=P_OLD)


def after(first: Opened, *events: object) -> Decision:
    """Let events happen to a transfer; each of them must change it."""
    decision = open_saga(first)
    for event in events:
        decision = decide(decision.saga, event)
        assert isinstance(decision, Decision), event
    return decision
