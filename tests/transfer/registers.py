"""Two provinces' registers of members, as honest as the contract asks, in memory."""

from __future__ import annotations

from hub.transfer.events import Done, Refused
from schema.records.command import Act


class Register:
    """One province's register, for one transfer.

    It answers a key for ever as it did at first; a ``CANCEL_OUT`` bars a
    ``REGISTER_OUT`` that arrives later, and a ``CANCEL_IN`` a ``REGISTER_IN``.
    """

    def __init__(self, province: str) -> None:
        self.province = province
        self.told: dict[Act, Done | Refused] = {}
        self.out = "none"
        self.into = False
        self.barred_in = False

    def apply(self, act: Act, *, refuses: bool) -> Done | Refused:
        """Do what is asked, once; ``refuses`` what may be refused."""
        if act not in self.told:
            self.told[act] = self._do(act, refuses=refuses)
        return self.told[act]

    def _do(self, act: Act, *, refuses: bool) -> Done | Refused:
        done = Done(act=act, province=self.province, entry=f"{self.province}-1")
        refused = Refused(act=act, province=self.province, code="NO")
        match act:
            case Act.REGISTER_OUT:
                if refuses or self.out != "none":
                    return refused
                self.out = "open"
            case Act.REGISTER_IN:
                if refuses or self.barred_in:
                    return refused
                self.into = True
            case Act.CANCEL_IN:
                self.into, self.barred_in = False, True
            case Act.CANCEL_OUT:
                assert self.out in {"none", "open"}, "what is paired is not taken back"
                self.out = "cancelled" if self.out == "open" else "barred"
            case Act.COMPLETE_OUT:
                assert self.out == "open", "what is paired must stand"
                self.out = "paired"
        return done
