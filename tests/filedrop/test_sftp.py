"""A drop folder on an SFTP server: mirrored, resumed, and never believed blindly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import time

import asyncssh
import pytest
from pydantic import ValidationError

from connectors.filedrop.desk_opening import open_mirror
from connectors.filedrop.desk_settings import SftpSettings
from connectors.filedrop.mirror import Mirror
from connectors.filedrop.places import Places
from schema.records.keys import ProvinceCode
from schema.records.refusal import Refused
from tests.filedrop.desk_scene import settings
from tests.provinces.dropping import as_csv, day, deliver
from tests.provinces.launch import running

ROWS = [{"XM": f"name {number}", "BH": str(number)} for number in range(200)]
HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
CLIENT_KEY = asyncssh.generate_private_key("ssh-ed25519")


class Office:
    """The folder on the server's side, and what the server does wrong."""

    def __init__(self, root, control):
        self.root, self.control = root, control
        self.port = 0

    def fails(self, **faults):
        (self.control / "faults.json").write_text(json.dumps(faults), "utf-8")

    def log(self, what):
        try:
            lines = (self.control / "log").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [one[1:] for one in map(json.loads, lines) if one[0] == what]

    def put(self, path, content):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def batch(self, number, content=None, name=None):
        files = {"members.csv": content or as_csv(ROWS), "cases.csv": as_csv(ROWS)}
        rows = dict.fromkeys(files, len(ROWS))
        return deliver(self.root, name or f"b{number}", day(number), files, rows)

    @contextlib.contextmanager
    def open(self):
        module = "tests.filedrop.sftp_server"
        arguments = (str(self.root), str(self.control), str(self.port))
        with running(module, *arguments) as told:
            self.port = told["port"]
            yield self


@pytest.fixture(scope="module")
def building(tmp_path_factory):
    root, control = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("control")
    HOST_KEY.write_private_key(str(control / "host"))
    CLIENT_KEY.write_public_key(str(control / "client.pub"))
    with Office(root, control).open() as office:
        yield office


@pytest.fixture
def office(building):
    """The server with an empty folder, and without faults."""
    for path in sorted(building.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name in ("faults.json", "log"):
        (building.control / name).unlink(missing_ok=True)
    return building


def sftp(office, **more):
    told = {
        "host": "127.0.0.1", "port": office.port, "user": "hub", "time_out": "5s",
        "host_key": HOST_KEY.export_public_key().decode().strip(), "every": "60s",
        "password_env": "SFTP", **more,
    }  # fmt: skip
    return SftpSettings(**told)


ENVIRON = {"SFTP": "of the tests", "KEY": CLIENT_KEY.export_private_key().decode()}


@contextlib.asynccontextmanager
async def mirroring(office, directory, environ=ENVIRON, **more):
    own = settings(directory, sftp=sftp(office, **more))
    mirror = open_mirror(ProvinceCode("44"), own, Places.of(own), environ)
    assert isinstance(mirror, Mirror)
    yield mirror
    await mirror.close()


@pytest.fixture
async def mirror(office, tmp_path):
    async with mirroring(office, tmp_path) as one:
        yield one


def files(directory):
    """What stands in a folder, without what is the hub's own or under way."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and ".hub" not in path.parts and path.name[0] != "."
    }


async def test_what_the_province_wrote_comes_here_as_it_is(office, mirror, tmp_path):
    office.batch(1)
    office.put("receipts/acts-000001 (2).xlsx", b"a workbook")
    office.put("receipts/~$acts-000001.xlsx", b"a lock of Excel")
    office.put("changes/aj.csv", b"lines\n")

    await mirror.bring()

    there = files(office.root)
    del there["receipts/~$acts-000001.xlsx"]
    assert mirror.failures == {}
    assert files(tmp_path) == there
    for folder in ("receipts", "changes", *tmp_path.glob("in/*")):
        mode = (tmp_path / folder).stat().st_mode
        assert mode & 0o777 == 0o700, "nobody else reads it"
    await mirror.bring()
    read = [name for name, *_ in office.log("read") if name != "manifest.json"]
    assert len(read) == len(set(read)), "nothing comes twice"


async def test_a_key_does_as_well_as_a_password(office, tmp_path):
    office.put("changes/aj.csv", b"lines\n")
    more = {"password_env": None, "key_env": "KEY"}
    async with mirroring(office, tmp_path, **more) as mirror:
        await mirror.bring()
        assert mirror.failures == {}
    assert (tmp_path / "changes/aj.csv").read_bytes() == b"lines\n"


async def test_commands_go_there_once_ever_and_reports_as_they_change(
    office, mirror, tmp_path
):
    own = {"acts/acts-000001.xlsx": b"a", "reports/receipts-1.xlsx": b"r"}
    for path, content in own.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    await mirror.bring()
    assert files(office.root) == own

    # The office has done it and takes it away; the report has changed, one is gone.
    (office.root / "acts/acts-000001.xlsx").unlink()
    os.utime(tmp_path / "acts/acts-000001.xlsx", (1, 1))
    (tmp_path / "reports/receipts-1.xlsx").write_bytes(b"mended")
    await mirror.bring()
    assert files(office.root) == {"reports/receipts-1.xlsx": b"mended"}
    (tmp_path / "reports/receipts-1.xlsx").unlink()
    await mirror.bring()
    assert files(office.root) == {}
    assert office.log("put").count(["acts/acts-000001.xlsx"]) == 1


async def test_an_older_server_gets_reports_too(office, mirror, tmp_path):
    office.fails(old=True)
    for content in (b"r", b"mended"):
        (tmp_path / "reports").mkdir(exist_ok=True)
        (tmp_path / "reports/r.xlsx").write_bytes(content)
        await mirror.bring()
        assert files(office.root) == {"reports/r.xlsx": content}


async def test_what_is_gone_or_changed_there_is_here_too(office, mirror, tmp_path):
    office.put("receipts/a.csv", b"one\n")
    office.put("receipts/b.csv", b"two\n")
    await mirror.bring()
    (office.root / "receipts/a.csv").unlink()
    office.put("receipts/b.csv", b"another\n")
    await mirror.bring()
    assert files(tmp_path) == {"receipts/b.csv": b"another\n"}


async def test_only_the_freshest_batch_is_fetched_and_old_ones_go(
    office, mirror, tmp_path
):
    for number in (1, 3, 2):
        office.batch(number)
    await mirror.bring()
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"b3"}
    for number in (4, 5):
        office.batch(number)
        await mirror.bring()
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"b4", "b5"}


async def test_without_its_manifest_a_batch_is_on_its_way(office, mirror, tmp_path):
    (office.batch(1) / "manifest.json").rename(office.root / "later")
    (office.batch(2) / "manifest.json").write_bytes(b'{"as_of": "2026-1')
    await mirror.bring()
    assert files(tmp_path) == {}
    assert mirror.failures == {}


async def test_a_file_that_is_not_what_the_manifest_says_leaves_no_batch(
    office, mirror, tmp_path
):
    folder = office.batch(1)
    sound = (folder / "cases.csv").read_bytes()
    (folder / "cases.csv").write_bytes(sound[:-7])
    await mirror.bring()
    assert "checksum" in mirror.failures["batches"]
    assert not (tmp_path / "in/b1/manifest.json").exists()

    (folder / "cases.csv").write_bytes(sound)
    await mirror.bring()
    assert mirror.failures == {}
    assert files(tmp_path) == files(office.root)


async def test_a_batch_under_the_same_name_never_mixes_with_the_one_before(
    office, mirror, tmp_path
):
    office.batch(1)
    await mirror.bring()
    for path in (office.root / "in/b1").iterdir():
        path.unlink()
    (office.root / "in/b1").rmdir()
    office.batch(2, as_csv(ROWS[:7]), name="b1")
    await mirror.bring()
    assert files(tmp_path) == files(office.root)


async def test_while_a_batch_changes_under_its_name_there_is_none(
    office, mirror, tmp_path
):
    office.batch(1)
    await mirror.bring()
    for path in (office.root / "in/b1").iterdir():
        path.unlink()
    (office.root / "in/b1").rmdir()
    (office.batch(2, as_csv(ROWS[:7]), name="b1") / "members.csv").unlink()
    await mirror.bring()
    assert "missing" in mirror.failures["batches"]
    assert not (tmp_path / "in/b1/manifest.json").exists()


async def test_a_file_that_is_written_while_it_is_fetched_is_fetched_again(
    office, mirror, tmp_path
):
    office.put("receipts/a.csv", b"one\n")
    office.fails(grows=True)
    await mirror.bring()
    assert files(tmp_path) == {}
    office.fails()
    await mirror.bring()
    assert files(tmp_path) == {"receipts/a.csv": b"one\nmore\n"}


async def test_a_server_that_dies_is_gone_on_with_where_it_was(tmp_path, building):
    root, control = tmp_path / "root", tmp_path / "control"
    root.mkdir()
    control.mkdir()
    for name in ("host", "client.pub"):
        (control / name).write_bytes((building.control / name).read_bytes())
    office, here = Office(root, control), tmp_path / "here"
    large = as_csv([{"XM": "甲" * 2000, "BH": str(n)} for n in range(1000)])
    with office.open():
        folder = office.batch(1, large)
        size = (folder / "members.csv").stat().st_size
        assert size > 5_000_000
        office.fails(die_after=size // 2)
        async with mirroring(office, here) as mirror:
            await mirror.bring()
            assert mirror.failures
            assert not (here / "in/b1/manifest.json").exists()
    (part,) = (here / "in/b1").glob(".*.part")
    had = part.stat().st_size
    assert had > 1_000_000

    (control / "log").unlink()
    office.fails()
    with office.open():
        async with mirroring(office, here) as mirror:
            await mirror.bring()
            assert mirror.failures == {}
    again = [one for one in office.log("read") if one[0] == "members.csv"]
    assert min(offset for _, offset, _ in again) == had
    assert files(here) == files(root)


async def test_a_server_that_hangs_costs_its_time_and_no_more(office, tmp_path):
    office.put("receipts/a.csv", b"one\n")
    office.fails(hang=30)
    async with mirroring(office, tmp_path, time_out="300ms") as mirror:
        begun = time.monotonic()
        await mirror.bring()
        assert time.monotonic() - begun < 5
        assert "TIMED_OUT" in mirror.failures["folders"]
        office.fails()
        await mirror.bring()
        assert mirror.failures == {}
    assert files(tmp_path) == {"receipts/a.csv": b"one\n"}


async def test_a_file_shorter_than_was_said_is_not_taken(office, mirror, tmp_path):
    office.put("receipts/a.csv", b"one\n")
    office.fails(longer=3)
    await mirror.bring()
    assert files(tmp_path) == {}


async def test_names_that_lead_elsewhere_are_passed_over(office, mirror, tmp_path):
    names = ["../out.csv", "a/b.csv", "..", "=cmd.csv", ".hidden.csv", "x\n.csv"]
    office.put("receipts/a.csv", b"one\n")
    office.fails(names=names)
    await mirror.bring()
    assert files(tmp_path) == {"receipts/a.csv": b"one\n"}
    assert not (tmp_path.parent / "out.csv").exists()


async def test_a_folder_without_end_does_not_stop_the_others(
    office, mirror, tmp_path, monkeypatch
):
    monkeypatch.setattr("connectors.filedrop.sftp.MOST_NAMES", 500)
    office.put("changes/aj.csv", b"lines\n")
    office.fails(closed=["receipts"])
    await mirror.bring()
    assert "PROVINCE_ERROR" in mirror.failures["folders"]
    assert files(tmp_path) == {"changes/aj.csv": b"lines\n"}
    office.fails(endless=True)
    await mirror.bring()
    assert "TOO_LARGE" in mirror.failures["folders"]


async def test_another_server_is_never_spoken_to(office, tmp_path):
    other = asyncssh.generate_private_key("ssh-ed25519")
    key = other.export_public_key().decode().strip()
    office.put("receipts/a.csv", b"one\n")
    async with mirroring(office, tmp_path, host_key=key) as mirror:
        await mirror.bring()
        assert "UNTRUSTED" in mirror.failures["folders"]
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    "environ", [{"SFTP": "wrong"}, {"SFTP": "", "KEY": "x"}], ids=["wrong", "none"]
)
async def test_without_the_right_secret_it_says_so_and_never_which(
    office, tmp_path, environ, caplog
):
    if not environ["SFTP"]:
        with pytest.raises(Refused):
            async with mirroring(office, tmp_path, environ):
                pass
        with pytest.raises(Refused) as refused:
            async with mirroring(
                office, tmp_path, environ, password_env=None, key_env="KEY"
            ):
                pass
        assert "KEY" in refused.value.refusal.message.en
        return
    async with mirroring(office, tmp_path, environ) as mirror:
        await mirror.bring()
        await mirror.bring()
        assert "UNAUTHORISED" in mirror.failures["folders"]
    told = [one for one in caplog.records if "folders" in one.getMessage()]
    assert len(told) == 1, "what stays as it is is told once"
    assert "wrong" not in caplog.text.replace("went wrong", "")


async def test_of_two_processes_one_is_at_it(office, tmp_path):
    office.batch(1)
    async with (
        mirroring(office, tmp_path) as one,
        mirroring(office, tmp_path) as two,
    ):
        async with asyncio.TaskGroup() as group:
            group.create_task(one.bring())
            group.create_task(two.bring())
        assert one.failures == two.failures == {}
    reads = [tuple(each) for each in office.log("read") if each[0] == "cases.csv"]
    assert len(reads) == len(set(reads))
    assert files(tmp_path) == files(office.root)


async def test_it_keeps_on_between_looks_for_batches(office, tmp_path):
    async with mirroring(office, tmp_path, every="100ms") as mirror:
        await mirror.bring()
        office.put("receipts/a.csv", b"one\n")
        async with asyncio.timeout(5):
            while not (tmp_path / "receipts/a.csv").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_half_a_host_key_is_told_at_the_start(office, tmp_path):
    with pytest.raises(Refused) as refused:
        async with mirroring(office, tmp_path, host_key="ssh-ed25519 AAAAC3Nz"):
            pass
    assert "ssh-keyscan" in refused.value.refusal.remedy.zh


@pytest.mark.parametrize(
    "more",
    [
        {"host_key": "SHA256:abc"},
        {"key_env": "KEY"},
        {"password_env": None},
        {"password_env": "of the tests"},
        {"folder": "/a/../b"},
        {"host": "sftp://x"},
    ],
)
def test_settings_say_what_is_wrong_with_them(office, more):
    with pytest.raises(ValidationError) as raised:
        sftp(office, **more)
    assert "of the tests" not in str(raised.value)


async def test_a_full_disk_here_is_not_told_as_the_servers_fault(
    office, mirror, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "a name")

    office.put("receipts/acts-000001.csv", b"a row\n")
    monkeypatch.setattr("connectors.filedrop.folder_mirror.put_in_place", full)
    await mirror.bring()
    assert mirror.failures["folders"] == "here: No space left on device"
    monkeypatch.undo()
    await mirror.bring()
    assert mirror.failures == {}
    assert (tmp_path / "receipts/acts-000001.csv").read_bytes() == b"a row\n"
