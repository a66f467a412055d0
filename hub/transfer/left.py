"""Decider: a union that a member has left moves them no more.

The hub's journal knows the home of whoever moved through the hub. Of others the register
decides, which is asked for the OUT entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.transfer.sight import parties
from schema.records.refusal import Bilingual, Refusal
from schema.records.transfer import Basis

if TYPE_CHECKING:
    from hub.transfer.events import Opened
    from hub.transfer.ports import Standing

#: A request comes with a credential, which is revoked where the home moves.
_BY_OLD_UNION: Final = frozenset({Basis.OFFER, Basis.CLOSURE, Basis.DUPLICATE})

_REMEDY: Final = Bilingual(
    "请由现在的工会办理；如职工已在枢纽之外转回，或有两个会籍，请签发会员证"
    "（issueCredential，向登记核对）后由转入工会凭证申请，或提出重复会籍（reportDuplicate）。",
    "Have the present union do this. If the member came back outside of the hub, or has"
    " two memberships: issue a credential (issueCredential, which asks the register), by"
    " which the new union requests the transfer, or report the duplicate"
    " (reportDuplicate).",
)
#: To who may know where the member went.
NOT_THE_HOME: Final = Refusal(
    "NOT_THE_HOME",
    "transfers.home",
    Bilingual(
        "职工的会籍已转到 {union}，不在该转出工会。",
        "The member's home has moved to {union}, and is not the union that moves them.",
    ),
    _REMEDY,
)
#: To whom it is not told.
NOT_THE_HOME_ELSEWHERE: Final = Refusal(
    NOT_THE_HOME.code,
    NOT_THE_HOME.rule,
    Bilingual(
        "职工的会籍在另一工会，不在该转出工会。",
        "The member's home is another union than the one that moves them.",
    ),
    _REMEDY,
)


def _homes(opened: Opened) -> frozenset[str]:
    """Name the unions of which one must be the home by the journal.

    Of a duplicate either membership may be the one that the hub knows; a third home
    means that neither of the two is to be ended in favour of the other.
    """
    if opened.basis is Basis.DUPLICATE:
        return frozenset({opened.from_union, opened.to_union})
    return frozenset({opened.from_union})


def left_before(opened: Opened, moved: Standing | None) -> Refusal | None:
    """Refuse to let a union move a member whose home is elsewhere by the journal.

    Args:
        opened: The transfer that it would open.
        moved: The worker's last transfer that moved the home, if there is one. Its
            parties alone are told where to.
    """
    if moved is None or opened.basis not in _BY_OLD_UNION:
        return None
    home = moved.transfer.home
    if home in _homes(opened):
        return None
    if opened.from_union not in parties(moved.transfer, moved.saga):
        return NOT_THE_HOME_ELSEWHERE
    return Refusal(
        NOT_THE_HOME.code,
        NOT_THE_HOME.rule,
        NOT_THE_HOME.message.format(union=home),
        NOT_THE_HOME.remedy,
    )
