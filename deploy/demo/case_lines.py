"""Adapter: lines for a shell, by which a person works on a rights case."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deploy.demo.following import OPEN, UNION, change, request
from deploy.demo.looking_up import REFUSAL, pasted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.demo.following import CaseFiles, Help
    from deploy.demo.looking_up import Door

_SHORT: Final = (
    f"...on Case{{no state matter lead{UNION} asked{UNION} "
    "tasks{no kind state answerBy} dueDates{name dueOn why}}"
)
#: One line for the shell: both are done in their order, each under a key of its own.
_TAKE: Final = (
    "mutation($no:ID!,$to:String!,$by:String!,$a:String!,$t:String!){acceptCase(no:$no,"
    f"by:$by,idempotencyKey:$a){{{_SHORT} {REFUSAL}}} assignTask(no:$no,by:$by,"
    f"kind:COLLECT_EVIDENCE,toUnion:$to,idempotencyKey:$t){{{_SHORT} {REFUSAL}}}}}"
)
_LISTS: Final = (
    "{cases(first:5,orderBy:DUE){edges{node{no matter state dueOn "
    f"lead{UNION} withheld}}}}}} tasks(first:5,filter:{{side:%s}}){{edges{{node{{caseNo "
    f"no kind state to{UNION} answerBy}}}}}}}}"
)
_EVENTS: Final = (
    "subscription{caseEvents{cursor no was state milestone{step} dueOn "
    "notices{kind about} withheld}}"
)
#: Tokens stand in variables: a line stays one that can be read.
_ASK: Final = (
    "curl -sS -w '\\n' "
    'http://127.0.0.1:{port}/graphql -H "Authorization: Bearer ${token}" '
    "-H 'Content-Type: application/json' -H 'Accept-Language: zh-CN' -d {body}"
)
_HOME: Final = "OUT"
_PLACE: Final = "IN"


class Lines(NamedTuple):
    """What to paste: the first into a terminal of its own, the others into one shell.

    Attributes:
        events: Follows what happens to cases of the home union, live.
        tokens: Notes the tokens of both officers.
        open: As the officer of the home union: opens a case, and notes its number.
        take: As the officer of the place: accepts it, and asks for evidence.
        change: As the place's province: writes into its case file.
        place_lists: What the place has on its desk.
        home_lists: What the home union is asked for.
    """

    events: str
    tokens: str
    open: str
    take: str
    change: str
    place_lists: str
    home_lists: str


def lines(home: Door, place: Door, wanted: Help, files: CaseFiles, lead: str) -> Lines:
    """Write lines for a shell; each time they are pasted it is another act."""
    # Seconds alone are not enough: two pastes within one would be one act.
    now = "'$(date +%s)-$$-$RANDOM'"
    number = "'\"$CASE\"'"

    def ask(token: str, query: str, **variables: Any) -> str:
        body = _quoted({"query": query, "variables": variables})
        body = body.replace("@no", number).replace("@", now)
        return _ASK.format(port=home.port, token=token, body=body)

    opening = ask(_HOME, OPEN % _SHORT, input=request(wanted), key="open-@")
    done = change(lead, "ARBITRATION", "arbitration-applied") | {"asOf": "@at"}
    row = _quoted({"key": "paste-@", "caseNo": "@no", "change": done})
    row = row.replace("@at", "'$(date -u +%FT%TZ)'").replace("@no", number)
    return Lines(
        events=pasted(home, _quoted({"query": _EVENTS})).replace(
            "curl -sS", "curl -sSN -H 'Accept: text/event-stream'", 1
        ),
        tokens=f"{_HOME}={home.token} {_PLACE}={place.token}",
        open=(
            f'OPENED=$({opening}); echo "$OPENED"; '
            'CASE=${OPENED#*\\"no\\":\\"}; CASE=${CASE%%\\"*}'
        ),
        take=ask(
            _PLACE,
            _TAKE,
            no="@no",
            to=wanted.home,
            by=lead,
            a="accept-@",
            t="task-@",
        ),
        change=(
            f"echo {row.replace('@', now)} | .venv/bin/python -m "
            f"deploy.demo.province.case_desk --cases {shlex.quote(str(files.file))}"
        ),
        place_lists=ask(_PLACE, _LISTS % "ASKING"),
        home_lists=ask(_HOME, _LISTS % "ASKED"),
    )


def _quoted(body: Mapping[str, Any]) -> str:
    return shlex.quote(json.dumps(body))
