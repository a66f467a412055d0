"""Adapter: works on a rights case as officers of two provinces do, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deploy.demo.federation import takes_acts
from deploy.demo.looking_up import REFUSAL, answered, ask, unusable
from deploy.demo.province.case_desk import push
from deploy.demo.province.case_file import CaseFile
from hub.clock import SystemClock, day_in_china

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy.demo.keyring import Keyring
    from deploy.demo.looking_up import Door

#: How long the hub may take to hear of a change, in seconds; it takes about one.
_LIMIT: Final = 30.0
_AGAIN_AFTER: Final = 0.1

UNION: Final = "{union province}"
#: The number comes first: a shell cuts it out of the answer.
_CASE: Final = (
    f"...on Case{{no state lead{UNION} asked{UNION} roles{{role union{UNION}}} "
    f"tasks{{no kind state to{UNION} acknowledgeBy answerBy}} "
    "dueDates{clock name about phase dueOn why source} "
    f"timeline{{lines{{on milestone{{step about union{UNION}}} "
    "change{province act union}} gaps{province first last} "
    "contradictions{province seq}} withheld}"
)
OPEN: Final = (
    "mutation($input:OpenCaseInput!,$key:String!){openCase(input:$input,"
    f"idempotencyKey:$key){{%s {REFUSAL}}}}}"
)
_ROUTE: Final = (
    "query($input:OpenCaseInput!){routeCase(input:$input){...on CaseRouting{forum venue "
    f"lead leadProvince coHandler provisional reasons{{rule text}}}} {REFUSAL}}}}}"
)
_ONE: Final = f"query($no:ID!){{case(no:$no){{{_CASE} {REFUSAL}}}}}"
#: Arguments of acts: their types.
_TYPES: Final = {
    "kind": "TaskKind!", "toUnion": "String!", "task": "String!",
    "documents": "[CaseDocumentInput!]", "outcome": "CaseOutcome!", "on": "Date!",
    "document": "CaseDocumentInput", "by": "String!",
}  # fmt: skip


class CaseFiles(NamedTuple):
    """The case files of a province.

    Attributes:
        code: Which province.
        file: Where it keeps them; what it writes there the hub asks for.
        secret: By what it signs what it pushes, as Standard Webhooks write it.
    """

    code: str
    file: Path
    secret: str


class Help(NamedTuple):
    """Whose case it is, and which unions it is between.

    Attributes:
        local_id: The worker's name in the province of the home union.
        home: The home union: it takes the request in, and is asked for help later.
        home_province: Its province.
        place: Division (GB/T 2260) of the place of work, in another province.
        place_province: That province.
    """

    local_id: str
    home: str
    home_province: str
    place: str
    place_province: str


def case_files(
    keyring: Keyring, databases: Mapping[str, Path]
) -> Mapping[str, CaseFiles]:
    """Tell where provinces keep their case files; the older one has none to tell.

    Args:
        keyring: Makes their secrets.
        databases: Their own data, by code: case files belong to one population too.
    """
    return {
        code: CaseFiles(code, file.with_suffix(".cases.sqlite"), _secret(keyring, code))
        for code, file in databases.items()
        if takes_acts(code)
    }


def _secret(keyring: Keyring, code: str) -> str:
    key = bytes.fromhex(keyring.secret(f"callback-{code}"))
    return f"whsec_{base64.b64encode(key).decode()}"


def route(door: Door, wanted: Help) -> dict[str, Any]:
    """Ask which union would lead, and why.

    Raises:
        DemoFailed: The hub refused.
    """
    return answered(ask(door, _ROUTE, {"input": request(wanted)}), "routeCase")


def opened(door: Door, wanted: Help) -> dict[str, Any]:
    """Take the request in; see ``route``."""
    given = {"input": request(wanted), "key": _key()}
    return answered(ask(door, OPEN % _CASE, given), "openCase")


def act(door: Door, name: str, no: str, **given: Any) -> dict[str, Any]:
    """Do something about a case, and give the case; see ``route``.

    Args:
        door: Where, and as whom.
        name: Of the mutation.
        no: Number of the case.
        given: Its further arguments.
    """
    declared = "".join(f",${one}:{_TYPES[one]}" for one in given)
    passed = "".join(f",{one}:${one}" for one in given)
    document = (
        f"mutation($no:ID!,$key:String!{declared}){{{name}(no:$no,idempotencyKey:$key"
        f"{passed}){{{_CASE} {REFUSAL}}}}}"
    )
    return answered(ask(door, document, {"no": no, "key": _key(), **given}), name)


def paper(reference: str) -> dict[str, str]:
    """Name a paper as the hub knows it: by reference and hash; it stays where it is."""
    return {
        "reference": reference,
        "sha256": hashlib.sha256(reference.encode()).hexdigest(),
    }


def written(files: CaseFiles, no: str, union: str, act_: str, fact: str) -> int:
    """Write what happened into a province's case file, as it does itself.

    Returns:
        Its number in the file of the case.
    """
    with closing(CaseFile(files.file)) as kept:
        return kept.write(_key(), no, change(union, act_, fact))


def pushed(files: CaseFiles, port: int, no: str, seq: int) -> int:
    """Have the province push a change of its file, signed.

    Returns:
        The HTTP status that the hub answered with.
    """
    with closing(CaseFile(files.file)) as kept:
        page = {"province": files.code, **kept.of(no, seq - 1, 1)}
    body = json.dumps(page, ensure_ascii=False).encode()
    url = f"http://127.0.0.1:{port}/callbacks/{files.code}"
    return push(url, files.secret, _key(), body)


def in_file(files: CaseFiles, no: str) -> list[tuple[str, str]]:
    """Read with plain SQL what a province's file of a case says: act and union."""
    with closing(sqlite3.connect(f"{files.file.as_uri()}?mode=ro", uri=True)) as kept:
        rows = kept.execute(
            "SELECT body FROM case_change WHERE case_no = ? ORDER BY seq", (no,)
        ).fetchall()
    bodies = [json.loads(body) for (body,) in rows]
    return [(body["act"], body["unionCode"]) for body in bodies]


def running(door: Door, no: str, clocks: set[str]) -> dict[str, Any]:
    """Ask for a case until these clocks run in it.

    Raises:
        DemoFailed: They do not, after some time.
    """
    end = time.monotonic() + _LIMIT
    while True:
        case = answered(ask(door, _ONE, {"no": no}), "case")
        missing = clocks - {one["clock"] for one in case["dueDates"]}
        if not missing:
            return case
        if time.monotonic() > end:
            raise unusable(f"case: no {', '.join(sorted(missing))}, {_LIMIT:g} s")
        time.sleep(_AGAIN_AFTER)


def today() -> str:
    """Tell the day in China."""
    return day_in_china(SystemClock().now()).isoformat()


def change(union: str, act_: str, fact: str) -> dict[str, Any]:
    """Write a change of a case file, as contract 1.2 has it: an act of today, and a fact."""
    # Offices write down seconds; whatever tells it again, it is the same moment.
    now = SystemClock().now().isoformat(timespec="seconds")
    return {
        "asOf": now, "act": act_, "on": today(), "unionCode": union,
        "fact": {"kind": fact},
    }  # fmt: skip


def request(wanted: Help) -> dict[str, Any]:
    """Write what the home union asks for when it takes a case in."""
    return {
        "by": wanted.home,
        "matter": "WAGE_ARREARS",
        "receivedOn": today(),
        "localIds": [wanted.local_id],
        "home": wanted.home,
        "workplace": wanted.place,
    }


def _key() -> str:
    return f"demo-{secrets.token_hex(8)}"
