"""Value: the GraphQL documents of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.chaos.people import Move

_ENDS = """
__typename
... on Transfer { id state }
... on Refusal { code rule message }
"""
_OPENS = _ENDS + "... on AlreadyOpen { transfer { id state } }"

Document = tuple[str, str, dict[str, Any]]


def issue(move: Move) -> Document:
    """Issue the credential, as the old union."""
    text = """
    mutation Issue($input: IssueCredentialInput!, $key: String!) {
      issueCredential(input: $input, idempotencyKey: $key) {
        __typename
        ... on IssuedCredential { compact code }
        ... on Refusal { code rule message }
      }
    }"""
    given = {
        "localId": move.local_id,
        "union": move.from_union,
        "membershipNo": move.membership_no,
    }
    return "issueCredential", text, {"input": given}


def request(move: Move, compact: str, code: str) -> Document:
    """Request the transfer, as the new union."""
    text = f"""
    mutation Request($input: RequestTransferInput!, $key: String!) {{
      requestTransfer(input: $input, idempotencyKey: $key) {{ {_OPENS} }}
    }}"""
    given = {
        "credential": compact,
        "code": code,
        "toUnion": move.to_union,
    }
    return "requestTransfer", text, {"input": given}


def offer(move: Move) -> Document:
    """Offer the member, as the old union."""
    text = f"""
    mutation Offer($input: OfferTransferInput!, $key: String!) {{
      offerTransfer(input: $input, idempotencyKey: $key) {{ {_OPENS} }}
    }}"""
    given = {
        "membershipNo": move.membership_no,
        "localId": move.local_id,
        "fromUnion": move.from_union,
        "toUnion": move.to_union,
    }
    return "offerTransfer", text, {"input": given}


def answer(move: Move, transfer: str) -> Document:
    """Accept, reject or withdraw an offer."""
    name = {
        "accept": "acceptTransfer",
        "reject": "rejectTransfer",
        "withdraw": "withdrawTransfer",
    }[move.wish]
    reason = "" if move.wish == "accept" else ', reason: "NOT_EMPLOYED_HERE"'
    text = f"""
    mutation Answer($id: ID!, $key: String!) {{
      {name}(id: $id{reason}, idempotencyKey: $key) {{ {_ENDS} }}
    }}"""
    return name, text, {"id": transfer}
