"""A case holds so much and no more; what ends it or answers always has room."""

from __future__ import annotations

import msgspec
import pytest

from hub.following.book import Book
from hub.following.room import full
from hub.following.thresholds import Number
from schema.records import case_wish as w
from schema.records.case import ActKind, Case, Outcome, SubCaseKind
from schema.records.case_task import TaskKind
from schema.records.refusal import Refusal
from tests.following.case_samples import PLACE, TODAY
from tests.following.test_reporting import WAITING
from tests.following.world import BOOK, TEXTS, Memory, TurnedClock, World
from tests.following.world import PLACE as LEAD

_PAPER = w.DocumentWish(reference="d", sha256="ab" * 32)
_FACT = w.FactWish(kind="claim-made", on=TODAY)
_ADDS = [
    ("documents", w.AddDocument(_PAPER), Number.CASE_DOCUMENTS),
    (
        "documents",
        w.RecordAct(kind=ActKind.OTHER, on=TODAY, document=_PAPER),
        Number.CASE_DOCUMENTS,
    ),
    ("tasks", w.AssignTask(TaskKind.OTHER, PLACE.union), Number.CASE_TASKS),
    (
        "sub_cases",
        w.OpenSubCase(SubCaseKind.LIVING_AID, PLACE.union),
        Number.CASE_TASKS,
    ),
    ("facts", w.StateFacts(facts=(_FACT, _FACT)), Number.CASE_FACTS),
    ("milestones", w.FollowUp(TODAY), Number.CASE_MILESTONES),
    ("milestones", w.RecordAct(kind=ActKind.OTHER, on=TODAY), Number.CASE_MILESTONES),
]


def holding(field: str, number: int) -> Case:
    """A case that holds so many of one kind."""
    return msgspec.structs.replace(WAITING, **{field: (None,) * number})


@pytest.mark.parametrize(("field", "wish", "name"), _ADDS)
def test_what_is_added_is_refused_when_the_case_is_full(field, wish, name):
    most = BOOK.thresholds.of(name, WAITING.lead.province, TODAY).value
    adds = len(getattr(wish, "facts", ())) or 1

    assert full(holding(field, most - adds), wish, BOOK.thresholds, TODAY) is None
    refused = full(holding(field, most - adds + 1), wish, BOOK.thresholds, TODAY)

    assert isinstance(refused, Refusal)
    assert refused.code == "CASE_FULL"
    assert str(most) in refused.message.en


@pytest.mark.parametrize(
    "wish",
    [w.AcceptLead(), w.CloseCase(Outcome.SETTLED, TODAY), w.WithdrawCase("mistake"),
     w.CloseTask("t1")],
)  # fmt: skip
def test_what_ends_or_answers_has_room_in_any_case(wish):
    for field in ("documents", "tasks", "facts", "milestones"):
        assert full(holding(field, 10_000), wish, BOOK.thresholds, TODAY) is None


async def test_a_full_case_takes_no_more_and_can_be_closed():
    texts = TEXTS | {
        "thresholds.toml": TEXTS["thresholds.toml"].replace(
            b"value = 500", b"value = 1"
        )
    }
    clock = TurnedClock()
    store = Memory(clock)
    world = World(store, store, clock, book=Book.load(texts.__getitem__))
    case = await world.does(await world.opened(), LEAD, w.AcceptLead())
    case = await world.does(case, LEAD, w.AddDocument(_PAPER))

    code = await world.refused(case, LEAD, w.AddDocument(_PAPER))
    closed = await world.does(
        case, LEAD, w.CloseCase(Outcome.SETTLED, clock.now().date())
    )

    assert code == "CASE_FULL"
    assert len(closed.documents) == 1
