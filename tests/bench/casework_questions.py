"""Value: what officers ask and do about cases, and what is wrong with an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a follow-up list shows of a case: who is what in it, where it stands, what is due.
_CASES: Final = """
query Cases($filter: CaseFilter, $first: Int!, $after: String, $order: ListOrder!) {
  page: cases(filter: $filter, first: $first, after: $after, orderBy: $order) {
    edges { node {
      no matter state green firstTouchOn dueOn
      lead { union province } yourParts { party union { union } } tasks { no state }
    } }
    pageInfo { endCursor hasNextPage }
  } }"""
_TASKS: Final = """
query Tasks($filter: CaseTaskFilter, $first: Int!, $after: String, $order: ListOrder!) {
  page: tasks(filter: $filter, first: $first, after: $after, orderBy: $order) {
    edges { node {
      caseNo no kind state acknowledgeBy answerBy lead { union province }
      to { union province }
    } }
    pageInfo { endCursor hasNextPage }
  } }"""
_ENDS: Final = "__typename ... on Case { no state } ... on Refusal { code message }"
_RECORD: Final = f"""
mutation Record($no: ID!, $by: String!, $on: Date!, $key: String!) {{
  done: recordAct(no: $no, by: $by, kind: MEDIATION, on: $on, idempotencyKey: $key) {{
    {_ENDS}
  }} }}"""
_ANSWER: Final = f"""
mutation Answer($no: ID!, $by: String!, $task: String!, $key: String!,
    $documents: [CaseDocumentInput!]!) {{
  done: answerTask(no: $no, by: $by, task: $task, documents: $documents,
      idempotencyKey: $key) {{ {_ENDS} }} }}"""
_PAPER: Final = {"reference": "bench/answer", "sha256": "ab" * 32}


class List(NamedTuple):
    """A list that an office reads.

    Attributes:
        text: The document.
        order: In which order.
        filter: Which of them.
    """

    text: str
    order: str
    filter: dict[str, Any]

    def body(self, first: int, after: str | None) -> bytes:
        """Write the question for a page."""
        given = {
            "filter": self.filter, "first": first, "after": after, "order": self.order
        }  # fmt: skip
        return msgspec.json.encode({"query": self.text, "variables": given})


def cases(order: str, **wanted: Any) -> List:
    """Ask for cases."""
    return List(_CASES, order, wanted)


def tasks(order: str, **wanted: Any) -> List:
    """Ask for tasks."""
    return List(_TASKS, order, wanted)


class Page(NamedTuple):
    """A page as it was told.

    Attributes:
        rows: Its cases or tasks.
        end: Where the next begins; none if this is the last.
    """

    rows: list[dict[str, Any]]
    end: str | None

    @property
    def names(self) -> list[str]:
        """Name each row."""
        return [str(row.get("caseNo", "")) + row["no"] for row in self.rows]


def read_page(answer: bytes) -> Page:
    """Read a page.

    Raises:
        ValueError: It is none.
    """
    page = _data(answer)["page"]
    if page is None:
        raise ValueError(answer[:300])
    info = page["pageInfo"]
    end = info["endCursor"] if info["hasNextPage"] else None
    return Page([edge["node"] for edge in page["edges"]], end)


def record(no: str, by: str, on: str, key: str) -> bytes:
    """Write the act of a lead."""
    given = {"no": no, "by": by, "on": on, "key": key}
    return msgspec.json.encode({"query": _RECORD, "variables": given})


def answer_task(no: str, task: str, by: str, key: str) -> bytes:
    """Write the answer of a co-handler."""
    given = {"no": no, "by": by, "task": task, "documents": [_PAPER], "key": key}
    return msgspec.json.encode({"query": _ANSWER, "variables": given})


def flaw_of_act(answer: bytes) -> str:
    """Say what is wrong with the answer to an act; empty if nothing is."""
    try:
        done = _data(answer)["done"]
    except ValueError as error:
        return str(error)
    if done["__typename"] != "Case":
        return f"{done['code']}: {done['message']}"
    return ""


def flaw_of_pages(order: str, pages: Sequence[Page]) -> str:
    """Say what is wrong with the pages of one list; empty if nothing is.

    Nothing may stand on it twice, and what is due first stands first.
    """
    names = [name for page in pages for name in page.names]
    if len(set(names)) != len(names):
        return f"{len(names) - len(set(names))} of {len(names)} rows stand there twice"
    if order == "DUE":
        days = [row.get("dueOn", "") for page in pages for row in page.rows]
        # What is never due, or not seen, comes last.
        dated = [day for day in days if day]
        if dated != sorted(dated):
            return "what is due later stands before what is due sooner"
    return ""


def _data(answer: bytes) -> dict[str, Any]:
    told = msgspec.json.decode(answer)
    if told.get("errors") or not told.get("data"):
        raise ValueError(f"{answer[:400]!r}")
    found: dict[str, Any] = told["data"]
    return found
