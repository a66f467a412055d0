"""Value: who acts on a transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from hub.access.caller import Caller


class Actor(msgspec.Struct, frozen=True):
    """An office that acts, and through whom.

    Attributes:
        subject: The person or system, as the issuer names them.
        office: Unified social credit code of the union office they act for.
        province: Code of its province.
        scopes: What the token may be used for.
        request: Id of the request.
    """

    subject: str
    office: str
    province: str
    scopes: frozenset[str] = frozenset()
    request: str = ""


#: Registers that answered, and waits that ended: nobody's token stands behind it.
HUB: Final = Actor("hub", "", "")


def actor_of(caller: Caller, request: str) -> Actor:
    """See a caller as who acts.

    Args:
        caller: As the token says.
        request: Id of the request.
    """
    return Actor(caller.subject, caller.office, caller.province, caller.scopes, request)
