"""Adapter: moves a membership as the officers of two unions do, over HTTP."""

from __future__ import annotations

import json
import secrets
import shlex
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deploy.demo.looking_up import REFUSAL, answered, ask, pasted, unusable
from schema.records.transfer import ENDED

if TYPE_CHECKING:
    from deploy.demo.choosing import Move
    from deploy.demo.looking_up import Door

#: How long a transfer may take here; it takes about a second.
_LIMIT: Final = 30.0
_AGAIN_AFTER: Final = 0.1

#: The alias lets the answer be pasted into the next request as it is.
_ISSUE: Final = (
    "mutation($input:IssueCredentialInput!,$key:String!){issueCredential(input:$input,"
    "idempotencyKey:$key){...on IssuedCredential{credential:compact code} "
    f"{REFUSAL}}}}}"
)
_REQUEST: Final = (
    "mutation($input:RequestTransferInput!,$key:String!){requestTransfer(input:$input,"
    "idempotencyKey:$key){...on Transfer{id state home} "
    f"...on AlreadyOpen{{transfer{{id state home}}}} {REFUSAL}}}}}"
)
_TRANSFER: Final = (
    "query($id:ID!){transfer(id:$id){...on Transfer{id state home membershipNo fromUnion "
    "fromProvince toUnion toProvince openedAt endedAt timeline{at step state home "
    f"province office entry}}}} {REFUSAL}}}}}"
)
_CARD: Final = "CARD=${ISSUED#*issueCredential???}; CARD=${CARD%???}"


class Doors(NamedTuple):
    """How the officers of the two unions ask the hub.

    Attributes:
        old: Of the old union's province.
        new: Of the new union's.
    """

    old: Door
    new: Door


def move(doors: Doors, wanted: Move) -> dict[str, Any]:
    """Issue a credential, request the transfer with it, and wait for its end.

    Returns:
        The transfer with its timeline.

    Raises:
        DemoFailed: The hub refused, or the transfer did not end in time.
    """
    issued = _done(doors.old, "issueCredential", _ISSUE, _issuing(wanted))
    given = {**issued, "toUnion": wanted.to_union}
    opened = _done(doors.new, "requestTransfer", _REQUEST, given)
    end = time.monotonic() + _LIMIT
    while True:
        found = told(doors.new, opened.get("id") or opened["transfer"]["id"])
        if found["state"] in ENDED:
            return found
        if time.monotonic() > end:
            raise unusable(f"transfer: {found['state']}, {_LIMIT:g} s")
        time.sleep(_AGAIN_AFTER)


def told(door: Door, transfer: str) -> dict[str, Any]:
    """Ask for a transfer, with its timeline.

    Raises:
        DemoFailed: The hub did not tell it.
    """
    return answered(ask(door, _TRANSFER, {"id": transfer}), "transfer")


def lines(doors: Doors, wanted: Move) -> tuple[str, str]:
    """Write two lines for a shell: the first issues, the second requests.

    The second takes credential and code from the answer to the first, so both go
    into the same shell. Each time they are pasted it is another act.
    """
    issue = {"query": _ISSUE, "variables": {"input": _issuing(wanted), "key": "@"}}
    given = {"toUnion": wanted.to_union, "@": ""}
    request = {"query": _REQUEST, "variables": {"input": given, "key": "@"}}
    # Seconds alone are not enough: two pastes within one would be one act.
    now = "'$(date +%s)-$$-$RANDOM'"
    first = shlex.quote(json.dumps(issue)).replace("@", f"issue-{now}")
    second = shlex.quote(json.dumps(request)).replace('"@": ""', "'\"$CARD\"'")
    # What stands between the innermost braces of the answer: credential and code.
    return (
        f'ISSUED=$({pasted(doors.old, first)}); echo "$ISSUED"; {_CARD}',
        pasted(doors.new, second.replace("@", f"request-{now}")),
    )


def _issuing(wanted: Move) -> dict[str, str]:
    return {
        "union": wanted.from_union,
        "membershipNo": wanted.membership_no,
        "localId": wanted.local_id,
    }


def _done(door: Door, field: str, document: str, given: dict[str, Any]) -> Any:
    key = f"demo-{secrets.token_hex(8)}"
    return answered(ask(door, document, {"input": given, "key": key}), field)
