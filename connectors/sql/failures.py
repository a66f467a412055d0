"""Decider: what a database or its driver complains of becomes a province's fault.

What it says is not repeated: a database quotes the value that it could not take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    NoSuchTableError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connectors.faults import ProvinceFault
from connectors.sql import mysql
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

#: PostgreSQL's codes, by their beginning; the first that fits.
_BY_STATE = (
    ("57014", FaultCode.TIMED_OUT),  # the statement's time was over
    ("55P03", FaultCode.TIMED_OUT),  # a lock was not given in time
    ("28", FaultCode.UNAUTHORISED),  # wrong role or password
    ("53300", FaultCode.THROTTLED),  # no more connections
    ("57P", FaultCode.BROKEN_OFF),  # it is shutting down
    ("08", FaultCode.BROKEN_OFF),
)
#: What SQLite says instead of codes, and libpq while it connects.
_BY_WORDS = (
    ("interrupted", FaultCode.TIMED_OUT),
    ("locked", FaultCode.TIMED_OUT),
    ("unable to open", FaultCode.UNREACHABLE),
    # libpq has no code for a role that was refused before the session began.
    ("authentication failed", FaultCode.UNAUTHORISED),
)
#: States of a statement that asks for what is not there, or not for us: a table or a
#: column that is gone, a right that was withdrawn.
_NOT_THERE = ("42P01", "42703", "42501", "3F000")


def fault_of(error: SQLAlchemyError, *, connected: bool) -> ProvinceFault:
    """Tell which fault an error is.

    Args:
        error: What SQLAlchemy raised.
        connected: Whether a connection had been made.
    """
    state = state_of(error)
    number = mysql.number_of(getattr(error, "orig", None)) or ""
    detail = f"{type(error).__name__} {state or number}".strip()
    return ProvinceFault(_code(error, state, connected=connected), detail)


def _code(error: SQLAlchemyError, state: str, *, connected: bool) -> FaultCode:
    if isinstance(error, PoolTimeout):
        return FaultCode.BUSY
    if not isinstance(error, DBAPIError):
        return FaultCode.PROVINCE_ERROR
    numbered = mysql.BY_NUMBER.get(mysql.number_of(error.orig))
    if numbered is not None:
        return numbered
    words = str(error.orig)
    table = _BY_STATE if state else _BY_WORDS
    for mark, code in table:
        if state.startswith(mark) if state else mark in words:
            return code
    if not connected:
        return FaultCode.UNREACHABLE
    broken = error.connection_invalidated
    return FaultCode.BROKEN_OFF if broken else FaultCode.PROVINCE_ERROR


def of_one_source(error: SQLAlchemyError) -> bool:
    """Tell whether only this table or view cannot be read: others may be."""
    if isinstance(error, NoSuchTableError):
        return True
    if not isinstance(error, DBAPIError) or error.connection_invalidated:
        return False
    # Numbers first: the states that go with them are of many kinds of errors.
    if number := mysql.number_of(error.orig):
        return number in mysql.NOT_THERE
    state = state_of(error)
    if state:
        return state in _NOT_THERE
    if isinstance(error, IntegrityError):
        return False
    words = str(error.orig)
    return isinstance(error, ProgrammingError) or "no such" in words


def state_of(error: SQLAlchemyError) -> str:
    """Tell the driver's SQLSTATE; empty where it has none."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
