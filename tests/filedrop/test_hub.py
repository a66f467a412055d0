"""A hub that asks a drop folder: before there is a batch, while one comes, and after."""

from __future__ import annotations

import asyncio
import logging
import shutil

import pytest

from connectors.faults import ProvinceFault
from connectors.filedrop.child import ChildFailed
from connectors.filedrop.connector import FilesConnector
from connectors.filedrop.opening import open_files
from connectors.filedrop.rules import Rules
from connectors.opening import open_connector
from connectors.port import Ask, Question
from connectors.settings import ProvinceSettings
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from schema.records.selection import Selection
from schema.records.told import FaultCode
from tests.filedrop.conftest import LI, WANG, ask, soon


@pytest.fixture
async def hub(drop):
    one = open_connector(drop.province, {}, SystemClock())
    yield one
    await one.close()


async def test_until_there_is_a_batch_the_province_is_not_connected(drop, hub):
    for call in (ask(hub, "gd-1"), hub.probe(soon())):
        with pytest.raises(ProvinceFault) as raised:
            await call
        assert raised.value.code is FaultCode.NOT_CONNECTED
    assert hub.capabilities.fields.keys() == {"WORKER", "MEMBERSHIP"}
    drop.deliver("a", 1)
    await hub.probe(soon())
    assert (await ask(hub, "gd-1")).workers[0][0].name == "李四"


async def test_a_probe_answers_in_time_while_a_batch_is_being_taken(drop, hub):
    drop.deliver("a", 1)
    await hub.probe(soon())
    workers = [{**LI, "姓名": "赵六", "工号": f"gd-{n}"} for n in range(30_000)]
    drop.deliver("b", 2, workers=workers)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await hub.probe(soon(0.3))
    assert loop.time() - begun < 1
    names = set()
    while "赵六" not in names:
        # Every answer meanwhile is of one batch, and whole.
        answer = await ask(hub, "gd-1")
        assert answer.faults == ()
        names.add(answer.workers[0][0].name)
        await asyncio.sleep(0.01)
        assert loop.time() - begun < 60
    assert names == {"李四", "赵六"}


async def test_progress_goes_up_to_all_rows(drop, hub):
    drop.deliver("a", 1, workers=[{**LI, "工号": f"gd-{n}"} for n in range(5_000)])
    told = []
    await hub.take(lambda *one: told.append(one))
    batches, done, totals = map(set, zip(*told, strict=True))
    assert (batches, totals) == ({"a"}, {5_001})
    assert max(done) == 5_001
    assert len(done) > 2


async def test_what_was_refused_is_logged_without_a_value(drop, hub, caplog):
    caplog.set_level(logging.INFO, "connectors.filedrop")
    drop.deliver("a", 1)
    torn = drop.deliver("b", 2)
    (torn / "zg.csv").write_text("工号\n李四\n")
    await hub.probe(soon())
    assert "batch refused province=44 batch=b code=CHECKSUM file=zg.csv" in caplog.text
    assert "batch taken province=44 batch=a" in caplog.text
    assert "李四" not in caplog.text


async def test_an_answer_survives_that_its_index_is_taken_away(drop, hub):
    drop.deliver("a", 1)
    await hub.probe(soon())
    await ask(hub, "gd-1")
    drop.deliver("b", 2, workers=[WANG, {**LI, "姓名": "李五"}])
    looks = [asyncio.create_task(ask(hub, "gd-1")) for _ in range(50)]
    await asyncio.to_thread(drop.take)
    looks += [asyncio.create_task(ask(hub, "gd-1")) for _ in range(50)]
    names = [(await one).workers[0][0].name for one in looks]
    assert set(names) <= {"李四", "李五"}
    assert names[-1] == "李五"


async def test_the_last_batch_is_asked_though_the_folder_is_gone(drop, hub):
    drop.deliver("a", 1)
    await hub.probe(soon())
    await ask(hub, "gd-1")
    shutil.rmtree(drop.directory / "in")
    await hub.probe(soon())
    assert (await ask(hub, "gd-1")).workers[0][0].name == "李四"


async def test_a_key_is_never_more_than_a_key(drop, hub):
    drop.deliver("a", 1)
    await hub.probe(soon())
    strange = (
        "gd-1\0x",
        "gd-1' OR 1=1 --",
        '"',
        "\ud800",
        "",
        " gd-1",
        "gd-1" * 10_000,
    )
    answer = await ask(hub, *strange, "gd-1")
    assert [one and one.local_id for one in answer.workers[0]] == [None] * 7 + ["gd-1"]
    assert answer.faults == ()


async def test_no_time_left_is_timed_out(drop, hub):
    drop.deliver("a", 1)
    await hub.probe(soon())
    question = Question((Ask(("gd-1",), Selection.of({"WORKER": ()})),), "r", "TEST")
    with pytest.raises(ProvinceFault) as raised:
        await hub.ask(question, soon(-1))
    assert raised.value.code is FaultCode.TIMED_OUT


class Failing:
    """Takes nothing, and dies each time."""

    looks = 0

    async def look(self, _tell, *, anew=False):  # noqa: ARG002
        self.looks += 1
        raise ChildFailed("it ended with -9")


async def test_who_dies_of_a_batch_is_not_started_again_at_once(drop, caplog):
    drop.deliver("a", 1)
    rules = Rules.of(drop.mapping.encode(), "m", drop.settings)
    taker = Failing()
    hub = FilesConnector(ProvinceCode("44"), rules, drop.places, taker, SystemClock())
    for _ in range(3):
        with pytest.raises(ProvinceFault):
            await hub.probe(soon())
    await hub.close()
    assert taker.looks == 1
    assert "it ended with -9" in caplog.text


class Away:
    """An SFTP server that does not answer."""

    asked = 0

    async def bring(self):
        self.asked += 1
        raise OSError

    async def close(self):
        pass


async def test_a_server_that_is_away_is_asked_again_each_time(drop):
    drop.deliver("a", 1)
    drop.take()
    rules = Rules.of(drop.mapping.encode(), "m", drop.settings)
    mirror = Away()
    hub = FilesConnector(
        ProvinceCode("44"), rules, drop.places, Failing(), SystemClock(), mirror=mirror
    )
    for _ in range(3):
        # What was brought before it went away is asked as ever.
        await hub.probe(soon())
    assert (await ask(hub, "gd-1")).workers[0][0].name == "李四"
    await hub.close()
    assert mirror.asked == 3


def test_settings_need_a_folder_and_a_mapping(tmp_path):
    told = {"code": "44", "name_zh": "广东", "name_en": "Guangdong", "kind": "files"}
    files = {"directory": str(tmp_path)}
    for wrong in (
        told,
        {**told, "files": files},
        {**told, "mapping_file": "x"},
        {**told, "mapping_file": "x", "files": files, "url": "https://a.example"},
        {**told, "mapping_file": "x", "files": {**files, "most_rows": 0}},
    ):
        with pytest.raises(ValueError, match=r"kind|most_rows"):
            ProvinceSettings.model_validate(wrong)
    settings = ProvinceSettings.model_validate(
        {**told, "mapping_file": "x", "files": files}
    )
    assert settings.files.least_part == 0.5


def test_a_connector_of_other_settings_is_none(drop):
    other = drop.province.model_copy(update={"files": None})
    with pytest.raises(ValueError, match="another kind"):
        open_files(other, {}, SystemClock())
