"""The whole way: a hub's settings, an SFTP server, and an office with a spreadsheet on it."""

from __future__ import annotations

import asyncio

import asyncssh
import pytest

from connectors.opening import open_connector
from connectors.port import Ask, ChangesWanted, Question
from connectors.settings import ProvinceSettings
from hub.clock import SystemClock
from schema.records.change import Watermark
from schema.records.command import Act, Answered, Receipt
from schema.records.kinds import RecordKind
from schema.records.selection import Selection
from tests.filedrop.desk_scene import change_row, filled, rows_of, words, written
from tests.filedrop.desk_subjects import MEMBERS
from tests.filedrop.test_case_log import change
from tests.filedrop.test_desk import OUT, soon
from tests.filedrop.test_sftp import CLIENT_KEY, HOST_KEY, Office
from tests.provinces import own_tables
from tests.provinces.dropping import as_json_lines, day, deliver
from tests.provinces.registers import membership, worker


@pytest.fixture
def office(tmp_path):
    root, control = tmp_path / "there", tmp_path / "control"
    root.mkdir()
    control.mkdir()
    HOST_KEY.write_private_key(str(control / "host"))
    CLIENT_KEY.write_public_key(str(control / "client.pub"))
    with Office(root, control).open() as one:
        yield one


def province(office, directory):
    mapping = directory / "44.mapping.toml"
    text = own_tables.mapping_text(MEMBERS, source=lambda kind: f"{kind}.jsonl")
    mapping.write_text(f"{text}\n{words()}", "utf-8")
    (directory / "here").mkdir()
    return ProvinceSettings(
        code="44", name_zh="广东", name_en="Guangdong", kind="files",
        mapping_file=mapping, act_deadline="20s",
        files={
            "directory": str(directory / "here"), "changes": True, "settle": "0s",
            "acts": {"receipt_wait": "0s"},
            "sftp": {
                "host": "127.0.0.1", "port": office.port, "user": "hub",
                "every": "100ms", "key_env": "KEY",
                "host_key": HOST_KEY.export_public_key().decode().strip(),
            },
        },
    )  # fmt: skip


async def until(told):
    async with asyncio.timeout(20):
        while not (found := await told()):  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.05)
    return found


async def test_a_member_goes_by_files_on_a_server_of_the_province(office, tmp_path):
    people = own_tables.rows([worker("w1", membership("a", "c1"))])
    files = {f"{kind}.jsonl": as_json_lines(people[kind]) for kind in MEMBERS}
    deliver(office.root, "b1", day(1), files, dict.fromkeys(files, 1))
    office.put("changes/aj.csv", written([change_row(change(1))], "csv"))
    secret = {"KEY": CLIENT_KEY.export_private_key().decode()}
    hub = open_connector(province(office, tmp_path), secret, SystemClock())
    asyncssh.set_log_level("ERROR")

    told = await hub.probe(soon() + 20)
    assert told.acts == frozenset(Act)
    assert told.changes
    selection = Selection.of({RecordKind.MEMBERSHIP: {"membership_no"}})
    answer = await hub.ask(Question((Ask(("w1",), selection),), "r", "TEST"), soon())
    assert answer.workers[0][0].memberships[0].membership_no == "c1"

    async def changed():
        page = await hub.changes(ChangesWanted("r", 10), soon())
        return [o for o in page.changes.arrivals if not isinstance(o, Watermark)]

    assert await until(changed) == [change(1)]

    async def asked():
        (receipt,) = (await hub.act([OUT], "r", soon())).receipts
        assert receipt.answered in {Answered.PENDING, Answered.DONE}
        return receipt if receipt.answered is Answered.DONE else None

    async def laid_down():
        return list((office.root / "acts").glob("acts-*.xlsx"))

    assert await asked() is None
    (file,) = await until(laid_down)
    (row,) = rows_of(file)
    # First it is filled in wrongly, and then as the report says.
    wrong = filled(row, Receipt(key=OUT.key, answered=Answered.DONE))
    office.put(f"receipts/{file.name}", written([wrong], "xlsx"))

    async def reported():
        await asked()
        return list((office.root / "reports").glob("receipts-*.xlsx"))

    assert [one.name for one in await until(reported)] == [
        "receipts-acts-000001_xlsx.xlsx"
    ]
    done = Receipt(key=OUT.key, answered=Answered.DONE, entry="44-2026-1")
    office.put(f"receipts/{file.name}", written([filled(row, done)], "xlsx"))
    assert await until(asked) == done
    assert len(await laid_down()) == 1
    await hub.close()
