"""Value: the GraphQL documents of the cases of the run, and what each act writes."""

from __future__ import annotations

from typing import Any, Final

_SEAT: Final = "{ union province }"
_ANSWER: Final = f"""
__typename
... on Refusal {{ code rule message }}
... on Case {{
  no state accepted lead {_SEAT} asked {_SEAT}
  facts {{ id kind revision }} subCases {{ no outcome }}
  tasks {{ no kind state round to {_SEAT} }}
}}"""
LOOK: Final = f"query($no: ID!) {{ case(no: $no) {{ {_ANSWER} }} }}"
OPEN: Final = (
    "mutation($input: OpenCaseInput!, $key: String!)"
    f" {{ openCase(input: $input, idempotencyKey: $key) {{ {_ANSWER} }} }}"
)
REPORT: Final = """
mutation($input: ArrearsInput!, $key: String!) {
  reportArrears(input: $input, idempotencyKey: $key) {
    __typename ... on FiledReport { id caseNo } ... on Refusal { code rule message }
  } }"""
#: Each act: the event that it writes, and its own arguments.
_ACTS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "acceptCase": ("accepted.1", {}),
    "declineCase": ("declined.1", {"reason": "String!"}),
    "forwardCase": ("forwarded.1", {"toUnion": "String!", "reason": "String!"}),
    "reportCaseUp": ("reported-up.1", {"reason": "String!"}),
    "offerHandOver": ("hand-over.1", {"toUnion": "String!", "reason": "String!"}),
    "recallHandOver": ("recalled.1", {}),
    "takeOverCase": ("taken-over.1", {}),
    "leaveCaseBelow": ("left-below.1", {"reason": "String!"}),
    "followUpCase": ("followed-up.1", {"on": "Date!"}),
    "recordAct": ("act.1", {"kind": "CaseAct!", "on": "Date!"}),
    "stateFacts": ("fact.1", {"facts": "[CaseFactInput!]!"}),
    "addDocument": ("document.1", {"document": "CaseDocumentInput!"}),
    "openSubCase": ("sub-case.1", {"kind": "SubCaseKind!", "toUnion": "String!"}),
    "endSubCase": ("sub-case-ended.1", {"subCase": "String!", "outcome": "String!"}),
    "assignTask": ("task.1", {"kind": "TaskKind!", "toUnion": "String!"}),
    "acknowledgeTask": ("on-task.1/acknowledged.1", {"task": "String!"}),
    "answerTask": (
        "on-task.1/answered.1",
        {"task": "String!", "documents": "[CaseDocumentInput!]!"},
    ),
    "extendTask": ("on-task.1/extended.1", {"task": "String!", "reason": "String!"}),
    "refuseTask": ("on-task.1/refused.1", {"task": "String!", "reason": "String!"}),
    "askTaskAgain": ("on-task.1/asked-again.1", {"task": "String!"}),
    "closeTask": ("on-task.1/closed.1", {"task": "String!"}),
    "rateTask": (
        "on-task.1/rated.1",
        {"task": "String!", "timeliness": "Int!", "effort": "Int!"},
    ),
    "closeCase": ("closed.1", {"outcome": "CaseOutcome!", "on": "Date!"}),
    "withdrawCase": ("withdrawn.1", {"reason": "String!"}),
}
#: The event that each act writes, by the act's name.
WRITES: Final = {
    "openCase": "opened.1",
    "reportArrears": "opened.1",
    **{name: tag for name, (tag, _) in _ACTS.items()},
}


def act(name: str, given: dict[str, Any]) -> str:
    """Write the document of an act with these arguments."""
    kinds = {one: kind for one, kind in _ACTS[name][1].items() if one in given}
    declared = "".join(f", ${one}: {kind}" for one, kind in kinds.items())
    passed = "".join(f", {one}: ${one}" for one in kinds)
    return (
        f"mutation($no: ID!, $by: String!, $key: String!{declared}) {{ {name}("
        f"no: $no, by: $by, idempotencyKey: $key{passed}) {{ {_ANSWER} }} }}"
    )
