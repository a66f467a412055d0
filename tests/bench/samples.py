"""Value: what the parts are timed with: one worker, whole, of every province."""

from __future__ import annotations

from typing import Any, Final

from connectors.graphql.decode import answer
from connectors.graphql.document import body
from connectors.port import Ask, Question
from connectors.transport import Reply
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from schema.records.purpose import PurposeOfUse
from schema.records.selection import Selection
from schema.records.told import Source, Told
from schema.records.verdict import Disclosure, Relation
from tests.bench.answering import Answering
from tests.bench.people import local_key

#: Every field of the contract.
WHOLE: Final = Selection.everything()
#: Number of the worker.
NUMBER: Final = 7

DISCLOSURE: Final = Disclosure(
    worker="00000000-0000-4000-8000-000000000001",
    subject="officer-44",
    office="440000-01",
    province="44",
    purpose=PurposeOfUse.MEMBERSHIP_SERVICE,
    relation=Relation.LINKED,
    selection=WHOLE,
    withheld=0,
    asked=(ProvinceCode("44"), ProvinceCode("51")),
    answered=(ProvinceCode("44"), ProvinceCode("51")),
    request="bench",
    outcome="shown",
)


def told_by(province: str) -> Told[Any]:
    """What a province tells of one worker: ten rows, every field of the contract."""
    question, reply = conversation(province)
    now = SystemClock().now()
    told = answer(ProvinceCode(province), question, reply, now).workers[0][0]
    assert told is not None
    return Told(told, Source(ProvinceCode(province), told.as_of, now))


def conversation(province: str) -> tuple[Question, Reply]:
    ask = Ask((local_key(province, NUMBER),), WHOLE)
    question = Question((ask,), "bench", PurposeOfUse.RIGHTS_PROTECTION)
    return question, Reply(200, Answering(province).answer(body(question)))
