"""Decider: what the hub keeps of cases after the run, and whether all of it holds.

It is held to what officers were told, to the provinces' own logs and registers, and to
the journal of each case, replayed.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from hub.following.case_events import FactStated, OfItself
from schema.records.case import ENDED
from schema.records.case_notice import NoticeKind
from schema.records.case_powers import Role
from schema.records.case_task import Seat
from tests.chaos.case_documents import WRITES
from tests.chaos.case_replay import NOT_ONE_LEAD, TOUCH_MOVED, load_book, replay
from tests.chaos.file_verdict import judge_files
from tests.chaos.report_verdict import judge_reports
from tests.chaos.verdict import MOVED, Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.chaos.case_replay import Replayed
    from tests.chaos.case_store import CasesKept, Row
    from tests.chaos.casework import CaseBook
    from tests.chaos.receiver import Message

_COLLECTIVE: Final = (NoticeKind.COLLECTIVE_FOUND, NoticeKind.COLLECTIVE_ENDED)


def judge_cases(
    book: CaseBook, kept: CasesKept, messages: Sequence[Message]
) -> list[Finding]:
    """Check everything that was promised.

    Args:
        book: What was asked, and answered.
        kept: What the hub and the provinces keep.
        messages: What the unions' own systems were told.
    """
    rules = load_book()
    replayed = {
        no: replay(no, rows, rules, kept.read_at) for no, rows in kept.journal.items()
    }
    acts = Counter(row.acting for rows in kept.journal.values() for row in rows)
    pairs = _movers(kept)
    return [
        finding(
            "承诺的办理丢失", "acts lost after they were acknowledged", book.acknowledged,
            [key for key in book.acknowledged if not acts[key]],
        ),
        finding(
            "办理重复或无人请求", "acts done twice, or never asked for", acts,
            _uncalled(book, kept.journal),
        ),
        finding("主办不唯一", "cases without exactly one lead", kept.cases, [
            no for no, case in kept.cases.items()
            if sum(one.role is Role.LEAD for one in case.held) != 1
            or _says(replayed.get(no), NOT_ONE_LEAD)
        ]),
        finding("首接之日变动", "first touch moved", book.received, [
            no for no, day in book.received.items()
            if no not in kept.cases or kept.cases[no].first_touch_on != day
            or _says(replayed.get(no), TOUCH_MOVED)
        ]),
        finding(
            "协办任务丢失或重开", "tasks lost, or not as they were left", book.tasks,
            _tasks(book, kept),
        ),
        finding(
            "转会后新工会未跟踪", "movers whose open cases do not know the new home",
            pairs, [pair for pair, knows in pairs.items() if not knows],
        ),
        finding(
            "日志重演不符", "journal replayed is another case", kept.cases,
            _otherwise(kept, replayed),
        ),
        finding(
            "通知缺失或多余", "notices missing, or told for nothing", kept.notices,
            _untold(kept, replayed),
        ),
        finding(
            "推送与通知不符", "notices not sent once to their office", messages,
            _unsent(kept, messages),
        ),
        *judge_files(book, kept),
        *judge_reports(book, kept),
    ]  # fmt: skip


def _uncalled(book: CaseBook, journal: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Find events that nobody asked for: each act once, and in its own case."""
    seen: set[str] = set()
    for no, rows in journal.items():
        for row in rows:
            if not row.acting:
                if not (isinstance(row.event, OfItself) or _of_file(row)):
                    yield f"{no}: event {row.seq} is nobody's"
                continue
            asked = book.asked.get(row.acting)
            if asked is None or row.acting in book.refused or row.acting in seen:
                yield f"{no}: {row.acting}"
            elif asked.case_no not in {"", no} or WRITES[asked.name] != tag_of(row):
                yield f"{no}: {row.acting} became {tag_of(row)}"
            seen.add(row.acting)


def _of_file(row: Row) -> bool:
    event = row.event
    return isinstance(event, FactStated) and all(
        one.id.startswith(f"{event.by.province}:") for one in event.facts
    )


def tag_of(row: Row) -> str:
    """Name the kind of an event."""
    tag = str(row.event.__struct_config__.tag)
    inner = getattr(row.event, "what", None)
    if inner is None or isinstance(row.event, OfItself):
        return tag
    return f"{tag}/{inner.__struct_config__.tag}"


def _says(replayed: Replayed | None, words: str) -> bool:
    return replayed is not None and any(words in one for one in replayed.broken)


def _tasks(book: CaseBook, kept: CasesKept) -> Iterator[str]:
    for (no, number), state in book.tasks.items():
        case = kept.cases.get(no)
        tasks = () if case is None else case.tasks
        found = [one.state for one in tasks if one.no == number]
        if found != [state]:
            yield f"{no} {number}: {found} instead of {state}"


def _movers(kept: CasesKept) -> dict[str, bool]:
    """Tell of each open case of a mover whether the new home follows it."""
    of_worker: dict[str, list[str]] = {}
    for no, case in kept.cases.items():
        if case.state not in ENDED:
            for worker in case.workers:
                of_worker.setdefault(worker, []).append(no)
    found = {}
    for one in kept.transfers:
        if one.state not in MOVED:
            continue
        home = Seat(one.home, one.home_province)
        for no in of_worker.get(one.worker, ()):
            held = kept.cases[no].held
            follows = any(
                (each.role, each.seat) == (Role.FOLLOWER, home) for each in held
            )
            found[f"{no}: {one.id} moved the worker to {home.union}"] = follows
    return found


def _otherwise(kept: CasesKept, replayed: Mapping[str, Replayed]) -> Iterator[str]:
    for no in kept.cases.keys() | replayed.keys():
        found = replayed.get(no)
        if found is None or found.broken or found.case != kept.cases.get(no):
            yield f"{no}: {found.broken if found else 'no journal'}"


def _untold(kept: CasesKept, replayed: Mapping[str, Replayed]) -> Iterator[str]:
    must = frozenset[str]().union(*(one.told for one in replayed.values()))
    may = must.union(*(one.maybe for one in replayed.values()))
    told = {
        key for key, no in kept.notices.items()
        if not key.removeprefix(f"{no}:").startswith(_COLLECTIVE)
    }  # fmt: skip
    yield from (f"missing {key}" for key in sorted(must - told))
    yield from (f"for nothing {key}" for key in sorted(told - may))


def _unsent(kept: CasesKept, messages: Iterable[Message]) -> Iterator[str]:
    """Find notices that did not come by one message, by its id, to their province."""
    came: dict[str, set[str]] = {}
    for message in messages:
        for key, province in _notices(message):
            if message.endpoint == f"p{province}":
                came.setdefault(key, set()).add(message.id)
    for key in kept.notices.keys() | came.keys():
        ids = came.get(key, set())
        if len(ids) != 1 or key not in kept.notices:
            yield f"{key}: by {len(ids)} messages"


def _notices(message: Message) -> Iterator[tuple[str, str]]:
    case = json.loads(message.body)["data"].get("case") or {}
    for one in case.get("notices", ()):
        to = one["to"]
        key = f"{case['no']}:{one['kind']}:{to['union']}:{one['about']}"
        yield key, to["province"]
