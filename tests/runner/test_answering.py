"""What registers return is looked at before it is kept anywhere."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from connectors.port import Acted
from hub.identity.resident_id import contains_resident_id
from hub.runner.answering import answers
from schema.records.command import Act, Answered, Command, Receipt
from tests.builders.moving import union

TODAY = date(2026, 3, 2)
#: A made-up number of a made-up person, with its check character.
NUMBER = "372622196905263598"
COMMAND = Command(
    key="k", act=Act.REGISTER_IN, transfer="t", province="44", local_id=None,
    membership_no="C", union=union("44", "a"), counterpart_union=union("63", "a"),
    counterpart_province="63", on=TODAY,
)  # fmt: skip
GOOD = Receipt(key="k", answered=Answered.DONE, entry="44-IN-1", local_id="W1")


@pytest.mark.parametrize(
    "changed",
    [
        {"entry": NUMBER},
        {"entry": f"IN/{NUMBER}/1"},
        {"entry": "3 7 2 6 2 2 1 9 6 9 0 5 2 6 3 5 9 8"},
        {"entry": "IN\n1"},
        {"entry": "1" * 129},
        {"local_id": NUMBER},
        {"local_id": "W\x001"},
        {"local_id": " W1"},
        {"local_id": ""},
        {"local_id": "W" * 129},
    ],
)
def test_what_cannot_be_kept_is_no_answer_and_its_flaw_tells_no_value(changed):
    found = answers(
        [COMMAND], Acted((msgspec.structs.replace(GOOD, **changed),)), TODAY
    )

    assert (found.known, found.unknown, found.faults) == ((), (COMMAND,), 1)
    assert NUMBER not in found.flaws[0]


def test_a_number_of_division_day_and_sequence_is_a_number_of_an_entry():
    # Its last character happens to be the right one, and its day is that of the entry.
    entry = next(
        number
        for number in (f"440100{TODAY:%Y%m%d}{n:04d}" for n in range(100))
        if contains_resident_id(number, TODAY)
    )
    receipt = msgspec.structs.replace(GOOD, entry=entry)

    assert answers([COMMAND], Acted((receipt,)), TODAY).known == ((COMMAND, receipt),)


def test_a_leap_day_is_a_day_like_others():
    found = answers([COMMAND], Acted((GOOD,)), date(2028, 2, 29))
    assert found.known == ((COMMAND, GOOD),)


@pytest.mark.parametrize(
    ("act", "changed"),
    [
        (Act.REGISTER_OUT, {"entry": NUMBER}),
        (Act.REGISTER_IN, {"entry": NUMBER}),
        (Act.REGISTER_IN, {"local_id": NUMBER}),
    ],
)
async def test_no_number_of_a_person_comes_into_the_journal_or_a_link(
    hub, caplog, act, changed
):
    (worker,) = await hub.enrol("63", 1)
    opened = await hub.request(worker, union("44", "b"))
    province = "63" if act is Act.REGISTER_OUT else "44"
    register = hub.connectors[province].register
    honest = register.act

    def lies(command, at):
        receipt = honest(command, at)
        if command.act is not act:
            return receipt
        return msgspec.structs.replace(receipt, **changed)

    register.act = lies
    await hub.deliver()

    lines = (await hub.reading.timeline([opened.id]))[opened.id]
    assert all(NUMBER not in (line.entry or "") for line in lines)
    assert NUMBER not in (await hub.locate(worker)).values()
    async with hub.pool.connection() as connection:
        found = await connection.execute(
            "SELECT count(*) FROM transfer_command WHERE receipt::text LIKE %s",
            (f"%{NUMBER}%",),
        )
        assert await found.fetchone() == (0,)
    assert hub.notes.outcomes[province, "fault"] >= 1
    assert "receipt-unusable" in caplog.text
    assert NUMBER not in caplog.text
    # When the register is put right, it answers the same key, and all goes on.
    register.act = honest
    hub.clock.forward(hours=1)
    await hub.deliver()
    assert (await hub.now(opened)).state == "COMPLETED"
