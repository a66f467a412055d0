"""A migrated database that is emptied after each test: to clone one takes a second."""

from __future__ import annotations

import secrets

import psycopg
from psycopg import sql

_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
#: Where a test wrote, be it only what it took back.
_USED = _TABLES + " AND pg_relation_size(oid) > 0"
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
_ROWS = "SELECT json_agg({0})::text FROM {0}"
_PUT_BACK = "INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)"
#: Changes with every table, column, index, trigger and function.
_SHAPE = """
SELECT md5(concat(
    (SELECT string_agg(concat(attrelid, attname, atttypid), ',' ORDER BY attrelid, attnum)
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat(oid, relname), ',' ORDER BY oid) FROM pg_class
     WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat(oid, tgname, tgenabled), ',' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(concat(oid, md5(prosrc)), ',' ORDER BY oid) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace)
))
"""


class KeptDatabase:
    """A clone of the migrated database that looks untouched to each test."""

    def __init__(self, server, template):
        self._server = server
        self._template = template
        self._line = None
        self._clone()

    def _clone(self):
        name = f"t_{secrets.token_hex(8)}"
        made = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        with self._connected("postgres") as connection:
            connection.execute(
                sql.SQL(made).format(*map(sql.Identifier, (name, self._template)))
            )
        self._name = name
        self.url = self._server.url(name)
        with self._connected(name) as connection:
            self._shape = _one(connection, _SHAPE)
            self._rows = {
                table: rows
                for table in _all(connection, _TABLES)
                if (rows := _one(connection, _ROWS.format(table)))
            }

    def _connected(self, name):
        return psycopg.connect(self._server.url(name), autocommit=True)

    def empty(self):
        """Make it as it was; whoever is connected still is sent away."""
        try:
            whole = self._emptied()
        except psycopg.OperationalError:  # a test sent us away
            self.close()
            whole = self._emptied()
        if whole:
            return
        self.close()
        with self._connected("postgres") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(
                    sql.Identifier(self._name)
                )
            )
        self._clone()

    def close(self):
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _emptied(self):
        """Empty it, unless its shape was changed."""
        if self._line is None:
            # Kept: to connect takes as long as all that is done here.
            self._line = self._connected(self._name)
            # The journal forbids what is done here, by triggers.
            self._line.execute("SET session_replication_role = replica")
        self._line.execute(_ALONE)
        if _one(self._line, _SHAPE) != self._shape:
            return False
        self._restore(self._line)
        return True

    def _restore(self, connection):
        if used := _all(connection, _USED):
            connection.execute(f"TRUNCATE {', '.join(used)} CASCADE")
        for sequence in _all(connection, _SEQUENCES):
            connection.execute(f"ALTER SEQUENCE {sequence} RESTART")
        for table, rows in self._rows.items():
            connection.execute(_PUT_BACK.format(table), (rows,))


def _all(connection, query):
    return [value for (value,) in connection.execute(query)]


def _one(connection, query):
    return connection.execute(query).fetchone()[0]
