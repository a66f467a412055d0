"""What offices ask, as GraphQL."""

from __future__ import annotations

FIELDS = """fragment T on Transfer { id basis state home owner fromUnion toUnion workerId
  membershipNo respondBy dueOn dueRule overdue batch endedAt }
fragment R on Refusal { code rule message remedy }
"""
ISSUE = """mutation($input: IssueCredentialInput!, $key: String!) {
  issueCredential(input: $input, idempotencyKey: $key) { __typename
    ... on Refusal { code rule message remedy }
    ... on IssuedCredential { compact code qrSvg claims { id union membershipNo worker } } } }"""
VERIFY = """query($c: String!) { verifyCredential(credential: $c) { __typename
  ... on VerifiedCredential { state claims { id worker union }
    presentation { toUnion state credential } } } }"""
REVOKE = """mutation($id: ID!) { revokeCredential(id: $id, reason: "lost") { __typename
  ... on Credential { id } ... on Refusal { code message remedy } } }"""
PRESENT = """mutation($c: String!, $code: String!, $to: String!) {
  presentCredential(credential: $c, code: $code, toUnion: $to) { __typename
    ... on Presentation { compact } ... on Refusal { code message remedy } } }"""
_ENDS = "{ __typename ...T ...R ... on AlreadyOpen { transfer { ...T } } } }" + FIELDS
REQUEST = (
    "mutation($input: RequestTransferInput!, $key: String!) {"
    " requestTransfer(input: $input, idempotencyKey: $key) " + _ENDS
)
OFFER = (
    "mutation($input: OfferTransferInput!, $key: String!) {"
    " offerTransfer(input: $input, idempotencyKey: $key) " + _ENDS
)
_ACTED = "{ __typename ...T ...R } }" + FIELDS
ACCEPT = (
    "mutation($id: ID!, $key: String!, $localId: String) {"
    " acceptTransfer(id: $id, idempotencyKey: $key, localId: $localId) " + _ACTED
)
REJECT = (
    "mutation($id: ID!, $key: String!, $why: String!) {"
    " rejectTransfer(id: $id, reason: $why, idempotencyKey: $key) " + _ACTED
)
WITHDRAW = REJECT.replace("rejectTransfer", "withdrawTransfer")
ONE = "query($id: ID!) { transfer(id: $id) " + _ACTED.replace(
    "...T", "...T ... on Transfer { timeline { seq step state home province entry } }"
)
PAGE = """query($filter: TransferFilter, $first: Int! = 50, $after: String) {
  transfers(filter: $filter, first: $first, after: $after) {
    edges { cursor node { id state workerId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
MEMBERS = """query($office: String, $first: Int! = 50, $after: String, $why: PurposeOfUse!) {
  transferredMembers(office: $office, first: $first, after: $after, purpose: $why) {
    edges { cursor node { transfer { id } worker { __typename
      ... on Worker { id memberships { unionCode state source { province } }
        membershipHistory { union province since until home source rule transfer }
        completeness { complete answered faults { province code } } }
      ... on Refusal { code } } } }
    pageInfo { hasNextPage endCursor } } }"""
FOLLOW = """subscription($after: ID, $offices: [String!]) {
  transferEvents(after: $after, offices: $offices) {
    cursor was reminder transfer { id state home workerId } } }"""
BULK = """mutation($batch: String!, $key: String!) {
  bulkTransfer(batch: $batch, idempotencyKey: $key) { __typename
    ... on TransferBatch { id rows state digest } ... on Refusal { code message remedy } } }"""
BATCH = """query($id: ID!, $first: Int! = 50, $after: String) { transferBatch(id: $id) {
  __typename ... on Refusal { code }
  ... on TransferBatch { state rows opened alreadyOpen refused
    results(first: $first, after: $after) {
      edges { cursor node { row transfer alreadyOpen refusal { code message } } }
      pageInfo { hasNextPage endCursor } } } } }"""
REPORT = """mutation($worker: ID!, $a: DuplicateMembershipInput!, $b: DuplicateMembershipInput!, $key: String!) {
  reportDuplicate(worker: $worker, first: $a, second: $b, reason: "two cards", idempotencyKey: $key) {
    __typename ... on DuplicateQuestion { id state answerBy rule first { union } second { union } }
    ... on Refusal { code message remedy } } }"""
RESOLVE = """mutation($id: ID!, $kept: String, $key: String!) {
  resolveDuplicate(id: $id, kept: $kept, reason: "asked the worker", idempotencyKey: $key) {
    __typename ... on DuplicateQuestion { id state kept transfer decidedBy because }
    ... on Refusal { code message remedy } } }"""
QUESTIONS = """query($states: [DuplicateState!]) { duplicates(states: $states) {
  edges { node { id state } } pageInfo { hasNextPage } } }"""
