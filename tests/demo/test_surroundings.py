"""What every test stands on: a database of its own, and no other machine."""

from __future__ import annotations

import asyncio
import socket

import psycopg
import pytest


def test_every_test_has_a_database_of_its_own(database_url, postgres):
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE mine (x int)")
        (name,) = connection.execute("SELECT current_database()").fetchone()
    assert name not in {"hub_template", "postgres"}
    assert postgres.process.poll() is None


def test_the_clone_is_migrated_and_empty(database_url):
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM link").fetchone() == (0,)


def test_the_empty_clone_has_no_tables(empty_database_url):
    with psycopg.connect(empty_database_url) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert count == 0


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)])
def test_no_test_reaches_another_machine(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with (
        socket.socket(family) as outside,
        pytest.raises(RuntimeError, match=r"socket\.connect"),
    ):
        outside.connect(address)


def test_no_test_asks_a_name_server():
    with pytest.raises(RuntimeError, match="getaddrinfo"):
        socket.getaddrinfo("example.org", 80)


async def test_no_test_reaches_another_machine_from_a_loop():
    with pytest.raises(RuntimeError, match=r"socket\.connect"):
        await asyncio.open_connection("192.0.2.1", 80)


def test_this_machine_is_reached():
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        here.listen()
        with socket.create_connection(here.getsockname(), timeout=5) as there:
            assert there.getpeername() == here.getsockname()
