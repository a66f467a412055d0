"""Why a database could not be read is told apart, and its address is told nowhere."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from connectors.drafting.catalogue import _turned_down, tables
from schema.records.refusal import Refused

SECRET = "RDRSECRET"  # noqa: S105  # it is looked for in what is said
LOST = f"postgresql://reader:{SECRET}@127.0.0.1:9/x"


@pytest.mark.parametrize(
    ("variable", "written", "code"),
    [
        (LOST, "", "ADDRESS_NOT_A_NAME"),
        ("SOURCE", "", "ADDRESS_NOT_SET"),
        ("SOURCE", f"no address {SECRET}", "ADDRESS_UNUSABLE"),
        ("SOURCE", f"firebird://reader:{SECRET}@127.0.0.1/x", "DRIVER_MISSING"),
        ("SOURCE", LOST, "DATABASE_NOT_READABLE"),
    ],
)
def test_each_cause_has_its_own_words(variable, written, code):
    with pytest.raises(Refused) as raised:
        tables(variable, {"SOURCE": written})
    told = raised.value.refusal
    assert told.code == code
    assert SECRET not in str(raised.value) + repr(told)


@pytest.mark.parametrize(
    ("cause", "turned_down"),
    [
        (Exception('FATAL:  password authentication failed for user "x"'), True),
        (Exception(1045, "Access denied"), True),
        (Exception("connection refused"), False),
    ],
)
def test_a_server_that_speaks_is_told_from_one_that_is_not_there(cause, turned_down):
    assert _turned_down(OperationalError("", None, cause)) is turned_down
