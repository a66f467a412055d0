"""Value: what is asked of the hub, and how the answer must look."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

import msgspec

from tests.bench.people import PER_WORKER, name_of, provinces_of, resident_id
from tests.bench.telling import merged_rows

_ROW = "source { province asOf }"
_END: Final = """
      completeness { complete asked answered faults { province code } }
"""
_CARD: Final = f"""
      id name
      memberships {{ unionName state since until {_ROW} }}
      {_END}
"""
_FILE: Final = f"""
      id name sex birthDate education
      memberships {{ id unionName state since until sector {_ROW} sources {{ province }} }}
      rightsCases {{ id caseNo matter status firstTouchOn closedOn leadUnionName {_ROW} sources {{ province }} }}
      employments {{ id employerName position startedOn endedOn {_ROW} sources {{ province }} }}
      skills {{ id occupationName level {_ROW} sources {{ province }} }}
      trainings {{ id course finishedOn {_ROW} sources {{ province }} }}
      conflicts {{ kind field rule versions {{ value province asOf }} }}
      withheld {{ kind field rule }}
      {_END}
"""
_ENDS: Final = """
    ... on UnknownWorker { message }
    ... on Refusal { code rule message remedy }
"""
_ONE: Final = """\
query Bench($by: WorkerBy!) {
  worker(by: $by, purpose: MEMBERSHIP_SERVICE) {
    __typename
    ... on Worker { %s }%s  }
}
"""
_MANY: Final = """\
query Bench($by: [WorkerBy!]!) {
  workers(by: $by, purpose: MEMBERSHIP_SERVICE) {
    __typename
    ... on Workers { items { __typename ... on Worker { %s } %s } }
    ... on Refusal { code rule message remedy }
  }
}
"""


class Question(NamedTuple):
    """A kind of request that is measured.

    Attributes:
        name: What the tables call it.
        document: Its GraphQL document.
        workers: How many workers one request asks for.
        kinds: Fields of the worker with rows that it asks for.
    """

    name: str
    document: str
    workers: int
    kinds: tuple[str, ...]

    def body(self, numbers: list[int]) -> bytes:
        """Write the body of a request about workers."""
        by: Any = [{"residentId": resident_id(number)} for number in numbers]
        variables = {"by": by if self.workers > 1 else by[0]}
        return json.dumps({"query": self.document, "variables": variables}).encode()

    def flaw(self, answer: bytes, numbers: list[int]) -> str:
        """Say what is wrong with an answer; empty if nothing is.

        It must be about these workers, whole, with every row of every province
        that knows them.
        """
        told = msgspec.json.decode(answer)
        if told.get("errors") or not told.get("data"):
            return f"no data: {str(told.get('errors'))[:300]}"
        files = (
            told["data"]["workers"].get("items", ())
            if self.workers > 1
            else [told["data"]["worker"]]
        )
        if len(files) != len(numbers):
            return "not as many files as workers"
        for number, file in zip(numbers, files, strict=True):
            if flaw := self._flaw_of(file, number):
                return flaw
        return ""

    def _flaw_of(self, file: dict[str, Any], number: int) -> str:
        if file.get("name") != name_of(number):
            return f"not the file of worker {number}: {file.get('__typename')}"
        completeness = file["completeness"]
        if not completeness["complete"] or completeness["faults"]:
            return f"not complete: {completeness['faults']}"
        if tuple(completeness["answered"]) != provinces_of(number):
            return f"answered by {completeness['answered']}"
        for kind in self.kinds:
            if len(file[kind]) != _MERGED[kind]:
                return f"{len(file[kind])} {kind}"
        return ""


_MERGED = merged_rows(PER_WORKER)

#: One worker's memberships: what most requests will ask.
CARD: Final = Question("card", _ONE % (_CARD, _ENDS), 1, ("memberships",))
#: One worker's whole file, as far as an officer may see it.
FILE: Final = Question(
    "file",
    _ONE % (_FILE, _ENDS),
    1,
    ("memberships", "rightsCases", "employments", "skills", "trainings"),
)
#: Twenty workers' memberships in one request, of all four provinces.
TWENTY: Final = Question("twenty", _MANY % (_CARD, _ENDS), 20, ("memberships",))

QUESTIONS: Final = {each.name: each for each in (CARD, FILE, TWENTY)}
