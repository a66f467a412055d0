"""Decider: does what the hub tells agree with what the provinces keep?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from deploy.demo.truth import TABLES, Membership

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy.demo.choosing import Move
    from deploy.demo.following import Help
    from deploy.demo.truth import Known, Truth

#: What a timeline declares where files do not hold together.
_WRONG: Final = ("gaps", "contradictions")


def differences(
    answer: Mapping[str, Any],
    worker: Known,
    truth: Truth,
    not_served: frozenset[tuple[str, str]],
) -> list[str]:
    """Compare one answer with the truth.

    Args:
        answer: ``worker`` of the hub's answer, to the query of ``looking_up``.
        worker: Who was looked up.
        truth: What the provinces keep.
        not_served: Province and kind (the graph's field) that a province keeps
            but does not serve: an older one. Such rows must not be there.

    Returns:
        One line for each difference, without a person in it; none if all agrees.
    """
    if answer["__typename"] != "Worker":
        return [f"__typename: {answer['__typename']} {answer.get('code', '')}"]
    found = _incompleteness(answer["completeness"], set(worker.local_keys))
    if answer["name"] not in truth.names(worker):
        found.append("name: no province knows it")
    shown = {
        Membership(row["unionName"], row["state"], row["since"])
        for row in answer["memberships"]
    }
    if shown != truth.memberships(worker):
        found.append("memberships: union, state or first day differ")
    for field in TABLES:
        told = Counter(
            source["province"] for row in answer[field] for source in row["sources"]
        )
        kept = truth.rows(worker, field)
        for code in {code for code, kind in not_served if kind == field}:
            kept.pop(code, None)
        if told != kept:
            found.append(f"{field}: told {dict(told)}, kept {dict(kept)}")
    return found


def _incompleteness(completeness: Mapping[str, Any], known_to: set[str]) -> list[str]:
    found = []
    if set(completeness["asked"]) != known_to:
        found.append(f"asked: {completeness['asked']}, linked: {sorted(known_to)}")
    found += [
        f"fault: {fault['province']} {fault['code']}"
        for fault in completeness["faults"]
    ]
    return found


def register_differences(
    transfer: Mapping[str, Any],
    moved: Move,
    registers: Mapping[str, Mapping[str, Any] | None],
) -> list[str]:
    """Compare a transfer that ended with what the registers have of its card.

    Args:
        transfer: As the hub tells it.
        moved: What was wished.
        registers: By province, what ``deploy.demo.province register`` shows of the
            card; none where the register has never heard of it.

    Returns:
        One line for each difference, without a person in it; none if all agrees:
        one home, where the hub says it is, and paired entries, each written once.
    """
    found = []
    if transfer["state"] != "COMPLETED" or transfer["home"] != moved.to_union:
        found.append(f"hub: {transfer['state']}, home {transfer['home']}")
    wanted = {
        moved.from_province: ("OUT", "PAIRED", {"REGISTER_OUT", "COMPLETE_OUT"}),
        moved.to_province: ("IN", "STANDS", {"REGISTER_IN"}),
    }
    for code, card in registers.items():
        homes = [*card["home"], *card["leaving"]] if card else []
        if homes != ([moved.to_union] if code == moved.to_province else []):
            found.append(f"{code}: at home at {len(homes)} unions, {homes}")
        if code in wanted:
            direction, state, acts = wanted[code]
            mine = [
                (entry["direction"], entry["state"])
                for entry in (card["entries"] if card else ())
                if entry["transfer"] == transfer["id"]
            ]
            if mine != [(direction, state)]:
                found.append(f"{code}: entries {mine}")
            done = card["done"].get(transfer["id"], {}) if card else {}
            if done != dict.fromkeys(acts, 1):
                found.append(f"{code}: done {done}")
    return found


def case_differences(
    case: Mapping[str, Any],
    wanted: Help,
    pushed: int,
    file: Sequence[tuple[str, str]],
) -> list[str]:
    """Compare a case that was worked on with what was done, and the province's file.

    Args:
        case: As the hub tells it.
        wanted: Whose, and between which unions.
        pushed: The HTTP status with which the province's signed message was answered.
        file: Act and union of each line in the case file of the place's province.

    Returns:
        One line for each difference, without a person in it; none if all agrees: the
        lead is where the work is done, the home union has answered, and the timeline
        has each line of the file once.
    """
    found = []
    if case["state"] != "CLOSED":
        found.append(f"hub: {case['state']}")
    if case["lead"]["province"] != wanted.place_province:
        found.append(f"lead: of {case['lead']['province']}")
    tasks = [(one["to"]["union"], one["state"]) for one in case["tasks"]]
    if tasks != [(wanted.home, "CLOSED")]:
        found.append(f"tasks: {tasks}")
    if pushed != 200:  # noqa: PLR2004
        found.append(f"callback: HTTP {pushed}")
    timeline = case["timeline"]
    told = Counter(
        (line["change"]["act"], line["change"]["union"])
        for line in timeline["lines"]
        if line["change"]
    )
    if told != Counter(file):
        found.append(f"file: told {dict(told)}, kept {dict(Counter(file))}")
    found += [f"{name}: {timeline[name]}" for name in _WRONG if timeline[name]]
    return found
