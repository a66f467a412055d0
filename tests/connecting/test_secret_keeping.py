"""Secrets by reference in time: read beside everything else, again when it is due."""

from __future__ import annotations

import asyncio
import sys

import pytest

from connectors.settings import ProvinceSettings
from hub.connecting import secret_keeping
from hub.connecting.named_files import digests
from hub.connecting.secret_keeping import SecretKeeper
from schema.records.keys import ProvinceCode
from tests.connectors.conftest import settings_for

GD = ProvinceCode("44")
NAME = "TOKEN"


def province(**secrets) -> ProvinceSettings:
    return settings_for("http://127.0.0.1:1/", secrets=secrets)


def counting(file, **more):
    """Tell a new secret each time: how often it was asked for."""
    text = (
        f"import pathlib; file = pathlib.Path({str(file)!r});"
        "file.write_text(file.read_text() + 'x'); print(len(file.read_text()))"
    )
    file.write_text("")
    return {"command": [sys.executable, "-c", text], **more}


@pytest.fixture
async def keeper():
    made = SecretKeeper({"OF_PROCESS": "1"})
    yield made
    await made.close()


async def looked(keeper, *provinces, files=None):
    keeper.look(provinces, files or {})
    await keeper.read()


async def test_who_has_none_has_the_environment(keeper):
    one = province()
    await looked(keeper, one)
    assert keeper.of(one)["OF_PROCESS"] == "1"


async def test_a_command_runs_again_when_it_is_due_and_not_before(keeper, tmp_path):
    one = province(TOKEN=counting(tmp_path / "n", every="1s"))
    assert keeper.of(one) is None
    for _ in range(3):
        await looked(keeper, one)
    assert keeper.of(one)[NAME] == "1"
    before = keeper.digests(keeper.of(one))
    await asyncio.sleep(1.05)
    await looked(keeper, one)
    assert keeper.of(one)[NAME] == "2"
    assert keeper.digests(keeper.of(one)) != before


async def test_who_is_turned_down_asks_again_but_not_all_the_time(
    keeper, tmp_path, monkeypatch
):
    one = province(TOKEN=counting(tmp_path / "n", every="1h"))
    await looked(keeper, one)
    keeper.turned_down(GD)
    await looked(keeper, one)
    assert keeper.of(one)[NAME] == "1", "it was asked a moment ago"
    monkeypatch.setattr(secret_keeping, "_TURNED_DOWN_S", 0.0)
    await looked(keeper, one)
    assert keeper.of(one)[NAME] == "2"
    await looked(keeper, one)
    assert keeper.of(one)[NAME] == "2", "once for each time"


async def test_a_file_is_read_when_it_changes(keeper, tmp_path):
    file = tmp_path / "token"
    file.write_text("one")
    one = province(TOKEN={"file": str(file)})
    await looked(keeper, one, files=digests([file]))
    file.write_text("two")
    await looked(keeper, one, files=dict.fromkeys([file], "not seen yet"))
    first = keeper.of(one)[NAME]
    file.write_text("three")
    await looked(keeper, one, files=dict.fromkeys([file], "not seen yet"))
    assert (first, keeper.of(one)[NAME]) == ("two", "two"), "it did not hold still"
    await looked(keeper, one, files=digests([file]))
    assert keeper.of(one)[NAME] == "three"


async def test_a_vault_that_hangs_holds_up_nobody_else(keeper, tmp_path):
    slow = settings_for(
        "http://127.0.0.1:1/",
        code="51",
        secrets={"TOKEN": {"command": ["sleep", "30"], "time_out": "1s"}},
    )
    quick = province(TOKEN=counting(tmp_path / "n"))
    began = asyncio.get_running_loop().time()
    keeper.look([slow, quick], {})
    for _ in range(80):
        await asyncio.sleep(0.01)
        if keeper.of(quick) is not None:
            break
    assert keeper.of(quick)[NAME] == "1"
    assert asyncio.get_running_loop().time() - began < 0.9
    assert keeper.of(slow) is None
    await keeper.read()
    assert keeper.of(slow).failed == {"TOKEN": "took too long"}


async def test_another_place_is_read_before_it_counts(keeper, tmp_path):
    file = tmp_path / "token"
    file.write_text("one")
    old, new = (
        province(TOKEN={"file": str(file)}),
        province(TOKEN=counting(tmp_path / "n")),
    )
    await looked(keeper, old)
    keeper.look([new], {})
    assert keeper.of(new) is None
    assert "TOKEN" not in keeper.now(new)
    await keeper.read()
    assert keeper.of(new)[NAME] == "1"
