"""Adapter: what MySQL and MariaDB do in their own way: read-only sessions, time limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schema.records.told import FaultCode

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Both are spoken to alike; SQLAlchemy tells them apart by the server's own word.
NAMES: Final = frozenset({"mysql", "mariadb"})

#: What the servers and the driver number, where they have no better state.
BY_NUMBER: Final = {
    1969: FaultCode.TIMED_OUT,  # MariaDB: max_statement_time was over
    3024: FaultCode.TIMED_OUT,  # MySQL: max_execution_time was over
    1205: FaultCode.TIMED_OUT,  # a lock was not given in time
    1213: FaultCode.TIMED_OUT,  # two waited for each other
    1044: FaultCode.UNAUTHORISED,
    1045: FaultCode.UNAUTHORISED,
    1698: FaultCode.UNAUTHORISED,
    1040: FaultCode.THROTTLED,  # no more connections
    1203: FaultCode.THROTTLED,
    1226: FaultCode.THROTTLED,
    1053: FaultCode.BROKEN_OFF,  # it is shutting down
    1927: FaultCode.BROKEN_OFF,
    2006: FaultCode.BROKEN_OFF,
    2013: FaultCode.BROKEN_OFF,
    2002: FaultCode.UNREACHABLE,
    2003: FaultCode.UNREACHABLE,
}
#: A table or column that is gone, a right that was withdrawn: others may be read.
NOT_THERE: Final = frozenset({1054, 1142, 1143, 1146, 1356})

#: A server that hangs frees its thread after so long, whoever has left before: longer
#: than any province's deadline.
_SILENCE_S = 65


def connecting(connect: float, *, write: bool) -> dict[str, Any]:
    """Tell how a session is opened: in UTF-8, and unable to write where it only reads.

    Args:
        connect: Seconds that it may take.
        write: Whether it may write.
    """
    told = {
        "connect_timeout": max(1, round(connect)),
        "read_timeout": _SILENCE_S,
        "write_timeout": _SILENCE_S,
        "charset": "utf8mb4",
        "program_name": "union-federation-hub",
    }
    if not write:
        told["init_command"] = "SET SESSION TRANSACTION READ ONLY"
    return told


def begin(connection: Connection, seconds: float) -> None:
    """Limit the statements to so many seconds; the transaction begins with the first.

    MySQL limits only what reads; MariaDB limits all.
    """
    if getattr(connection.dialect, "is_mariadb", False):
        limit = f"max_statement_time = {max(0.001, seconds):.3f}"
    else:
        limit = f"max_execution_time = {max(1, int(seconds * 1000))}"
    connection.exec_driver_sql(f"SET SESSION {limit}")
    wait = max(1, int(seconds))
    connection.exec_driver_sql(f"SET SESSION innodb_lock_wait_timeout = {wait}")


def number_of(error: object) -> int:
    """Tell the number of what the driver raised; 0 where it has none."""
    arguments = getattr(error, "args", ())
    first = arguments[0] if arguments else 0
    return first if isinstance(first, int) else 0
