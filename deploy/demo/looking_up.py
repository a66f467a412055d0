"""Adapter: asks the hub as any program would, over HTTP."""

from __future__ import annotations

import json
import shlex
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deploy.demo.failure import DemoFailed
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE: Final = "MEMBERSHIP_SERVICE"
#: What is asked of a refusal; ``answered`` reads it.
REFUSAL: Final = "...on Refusal{code message remedy}"
_LIMIT = 30.0

QUERY: Final = """\
query Worker($by: WorkerBy!, $purpose: PurposeOfUse!) {
  worker(by: $by, purpose: $purpose) {
    __typename
    ... on Worker {
      id
      name
      birthDate
      memberships { id unionName state since until source { province asOf } sources { province } }
      rightsCases { id caseNo matter status firstTouchOn closedOn leadUnionName source { province asOf } sources { province } }
      employments { employerName position startedOn endedOn source { province asOf } sources { province } }
      skills { occupationName level source { province asOf } sources { province } }
      trainings { course finishedOn source { province asOf } sources { province } }
      hardshipFiles { status source { province asOf } sources { province } }
      conflicts { kind field rule versions { value province asOf } }
      withheld { kind field rule }
      completeness { complete asked answered faults { province code message retryable } notOffered { province kind field } }
    }
    ... on UnknownWorker { message }
    ... on Refusal { code rule message remedy }
  }
}
"""


class Door(NamedTuple):
    """Where the hub listens, and who asks it.

    Attributes:
        port: On this machine.
        token: The bearer token.
    """

    port: int
    token: str


def is_ready(port: int) -> bool:
    """Tell whether the hub says that it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200  # noqa: PLR2004
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def look_up(door: Door, resident_id: str, purpose: str = PURPOSE) -> dict[str, Any]:
    """Look a worker up.

    Args:
        door: Where, and as whom.
        resident_id: Of whom; a made-up number of the demo's population.
        purpose: Why.

    Returns:
        The answer's ``worker``.

    Raises:
        DemoFailed: The hub did not answer with data.
    """
    given = {"by": {"residentId": resident_id}, "purpose": purpose}
    worker = ask(door, QUERY, given).get("worker")
    if not isinstance(worker, dict):
        raise unusable("worker: null")
    return worker


def ask(door: Door, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Send a document, and give the answer's ``data``.

    Raises:
        DemoFailed: The hub did not answer with data.
    """
    body = json.dumps({"query": query, "variables": variables})
    connection = HTTPConnection("127.0.0.1", door.port, timeout=_LIMIT)
    headers = {
        "Authorization": f"Bearer {door.token}",
        "Content-Type": "application/json",
        "Accept-Language": "zh-CN",
    }
    try:
        connection.request("POST", "/graphql", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        raise unusable(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    data = answer.get("data")
    if response.status != 200 or not isinstance(data, dict):  # noqa: PLR2004
        raise unusable(f"HTTP {response.status} {answer.get('errors')}")
    return data


def answered(data: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Tell what one field was answered with.

    Args:
        data: As ``ask`` gives it, to a document that asks for ``REFUSAL`` there.
        field: The field.

    Raises:
        DemoFailed: It is a refusal, or nothing.
    """
    found: dict[str, Any] | None = data.get(field)
    if found is None or "remedy" in found:
        why = "null" if found is None else f"{found['code']} {found['message']}"
        raise unusable(f"{field}: {why}")
    return found


def curl(door: Door, resident_id: str) -> str:
    """Write the same look-up, shorter, as one line for a shell."""
    query = (
        "query($by:WorkerBy!){worker(by:$by,purpose:MEMBERSHIP_SERVICE){__typename "
        "...on Worker{name memberships{unionName state since source{province asOf}} "
        "rightsCases{caseNo status source{province}} completeness{complete asked "
        "answered faults{province code message}}} ...on UnknownWorker{message} "
        "...on Refusal{code message remedy}}}"
    )
    variables = {"by": {"residentId": resident_id}}
    return pasted(
        door, shlex.quote(json.dumps({"query": query, "variables": variables}))
    )


def pasted(door: Door, body: str) -> str:
    """Write a request as one line for a shell.

    Args:
        door: Where, and as whom.
        body: What is sent, quoted as the shell wants it.
    """
    words = [
        "curl", "-sS", f"http://127.0.0.1:{door.port}/graphql",
        "-H", f"Authorization: Bearer {door.token}",
        "-H", "Content-Type: application/json",
        "-H", "Accept-Language: zh-CN",
    ]  # fmt: skip
    return f"{shlex.join(words)} -d {body}"


def unusable(detail: str) -> DemoFailed:
    """Say that the hub's answer cannot be used."""
    return DemoFailed(
        Bilingual(
            f"枢纽没有给出可用的答复：{detail}",
            f"The hub gave no usable answer: {detail}",
        ),
        Bilingual(
            "原因见演示目录 logs/hub.log。",
            "logs/hub.log in the demo's directory says why.",
        ),
    )
