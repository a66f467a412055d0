"""What is asked about rights cases."""

from __future__ import annotations

SEAT = "{ union province }"
TASK = """caseNo no kind state to { union province } lead { union } acknowledgeBy answerBy
 round extended late reason answer { reference sha256 province task }"""
CASE = (
    """fragment C on Case { no yourParts { party union { union } } withheld matter green
 state accepted overdue workers roles { role union { union province } since ground }
 lead { union province } asked { union } below { union } fileProvince firstTouchOn
 milestones { seq at step on union { union } about reason } dueOn
 dueDates { clock name about rule source dueOn phase standing missed aidFirst remindOn why }
 facts { id kind name on about names days revision }
 result { outcome on document { reference } }
 subCases { no kind union { union } outcome }
 tasks { """
    + TASK
    + """ } documents { reference sha256 province task } }"""
)
REFUSED = "... on Refusal { code rule message remedy }"
ANSWER = "{ __typename ...C " + REFUSED + " }"
OPEN = (
    "mutation($input: OpenCaseInput!, $key: String!)"
    " { openCase(input: $input, idempotencyKey: $key) " + ANSWER + " } " + CASE
)
ONE = "query($no: ID!) { case(no: $no) " + ANSWER + " } " + CASE
PAGE = (
    "query($filter: CaseFilter, $first: Int! = 50, $after: String, $by: ListOrder! = OPENED)"
    " { cases(filter: $filter, first: $first, after: $after, orderBy: $by) { edges {"
    " cursor node { ...C } } pageInfo { hasNextPage endCursor startCursor"
    " hasPreviousPage } } } " + CASE
)
TASKS = (
    "query($filter: CaseTaskFilter, $first: Int! = 50, $after: String)"
    " { tasks(filter: $filter, first: $first, after: $after) { edges { cursor node {"
    " assignedAt case { no matter lead { union } withheld } " + TASK + " } }"
    " pageInfo { hasNextPage endCursor } } }"
)
ROUTE = (
    "query($input: OpenCaseInput!) { routeCase(input: $input) { __typename ... on"
    " CaseRouting { forum venue alternatives lead leadProvince coHandler representedBy"
    " provisional agreement limits { clock days agreement } reasons { rule text } } "
    + REFUSED
    + " } }"
)
FOLLOW = """subscription($after: ID, $offices: [String!]) {
 caseEvents(after: $after, offices: $offices) { cursor at no seq reminder matter state was
 milestone { step about } dueOn notices { kind to { union } about } withheld
 case { no state withheld } } }"""
FOLLOW_TASKS = (
    "subscription($after: ID, $offices: [String!]) { taskEvents(after: $after, offices:"
    " $offices) { cursor was task { " + TASK + " case { no matter state } } } }"
)
TIMELINE = """query($no: ID!) { case(no: $no) { ... on Case { withheld timeline {
 lines { on seq corrected milestone { seq step } change { province act union } }
 gaps { province first last } contradictions { province seq } } } } }"""

#: Variables of each act: name, GraphQL type.
_TYPES = {
    "reason": "String!", "toUnion": "String!", "on": "Date!", "receipt": "Boolean",
    "kind": None, "document": "CaseDocumentInput", "facts": "[CaseFactInput!]",
    "task": "String!", "documents": "[CaseDocumentInput!]", "subCase": "String!",
    "outcome": None, "timeliness": "Int!", "effort": "Int!",
}  # fmt: skip
_KINDS = {
    "recordAct": "CaseAct!", "openSubCase": "SubCaseKind!", "assignTask": "TaskKind!",
    "closeCase": "CaseOutcome!", "endSubCase": "String!",
}  # fmt: skip
_WHOLE = {"stateFacts": "facts", "addDocument": "document"}


def act(name, given):
    """Write the document of an act with these arguments."""
    kinds = {
        one: (_TYPES[one] or _KINDS[name]) + ("!" if _WHOLE.get(name) == one else "")
        for one in given
    }
    declared = "".join(f" ${one}: {kind}" for one, kind in kinds.items())
    passed = "".join(f" {one}: ${one}" for one in kinds)
    return (
        f"mutation($no: ID!, $by: String, $key: String!{declared}) {{"
        f" {name}(no: $no, by: $by, idempotencyKey: $key{passed}) {ANSWER} }} {CASE}"
    )
