"""The table of roles: every cell, and how roles come and go."""

from __future__ import annotations

import re
from datetime import date

import pytest

from hub.following.case_words import DEEDS, PARTIES
from hub.following.roles import RoleMistake, RoleTable, standings
from schema.records.case import CaseState
from schema.records.case_powers import CaseField, Deed, Party, Role
from tests.following.case_samples import (
    ABOVE,
    HOME,
    OTHER,
    PLACE,
    POWERS,
    RULES,
    TABLE,
    TODAY,
    after,
)

COLUMNS = tuple(Party)
#: Written down from RULEBOOK §3 by hand, and not from the rule file.
#  LEAD CO_H FOLL ASKD SUPE WORK HOME INFO STAT OPER INSP LAWY
MAY = """
OPEN_CASE          x x x x x x x . . . . .
REPORT_ARREARS     x x x x x x x x . . . .
ANSWER_ROUTE       . . . x . . . . . . . .
RECORD_ACT         x . . . . . . . . . . .
STATE_FACT         x . . . . . . . . . . .
OPEN_SUB_CASE      x . . . . . . . . . . .
END_SUB_CASE       x x . . . . . . . . . .
ASSIGN_TASK        x . . . . . . . . . . .
DELEGATE           x . . . . . . . . . . .
DO_TASK            . x . . . . . . . . . x
CLOSE_TASK         x . . . . . . . . . . .
ADD_DOCUMENT       x x . . . . . . . . . .
HAND_OVER          x . . . . . . . . . . .
REPORT_UP          x . . . . . . . . . . .
TAKE_OVER          . . . . x . . . . . . .
FOLLOW_UP          . . . . x . . . . . . .
CLOSE_CASE         x . . . . . . . . . . .
WITHDRAW_CASE      x . . . . . . . . . . .
SEARCH             x . . . . . . . . . x .
CHANGE_MEMBERSHIP  . . . . . . x . . . . .
"""
SEES = """
CASE_NO            x x x x x x . . . x x x
MATTER             x . x x x x . . . x x .
STATE              x . x x x x . . . x x .
WORKERS            x x x x x x . . . x x .
ROLES              x x x x x x . . . x x .
FIRST_TOUCH        x . x x x x . . . x x .
MILESTONES         x . x x x x . . . . x .
DUE_DATES          x . x x x x . . . x x .
RESULT             x . x . x x . . . . x .
SUB_CASES          x . . . . x . . . . x .
OWN_TASKS          x x . . . . . . . . . x
TASKS              x . . . . x . . . . x .
DOCUMENTS          x . . . . x . . . . x .
CONTENT            x . . . . x . . . . x .
ACCESS_LOG         . . . . . x . . . . x .
COUNTS             . . . . . . . . x . x .
"""


def cells(grid):
    return list(_cells(grid))


def _cells(grid):
    for line in grid.strip().splitlines():
        name, *marks = line.split()
        assert len(marks) == len(COLUMNS), name
        for party, mark in zip(COLUMNS, marks, strict=True):
            yield name, party, mark == "x"


def test_the_grids_have_every_row():
    assert {name for name, _, _ in cells(MAY)} == set(Deed)
    assert {name for name, _, _ in cells(SEES)} == set(CaseField)


@pytest.mark.parametrize(("deed", "party", "yes"), cells(MAY))
def test_who_may_do_what(deed, party, yes):
    assert POWERS.may(party, Deed(deed)) is yes
    assert (party in POWERS.who_may(Deed(deed))) is yes


@pytest.mark.parametrize(("field", "party", "yes"), cells(SEES))
def test_who_sees_what(field, party, yes):
    assert POWERS.sees(party, CaseField(field)) is yes


def test_every_party_and_deed_has_words():
    assert set(PARTIES) == set(Party)
    assert set(DEEDS) == set(Deed)


def test_a_role_is_its_row_of_the_table():
    for role in Role:
        assert POWERS.rule(role) is POWERS.rule(Party(role.value))


def test_who_is_several_things_has_the_powers_of_all():
    both = (Role.CO_HANDLER, Role.FOLLOWER)

    assert POWERS.any_may(both, Deed.DO_TASK)
    assert not POWERS.any_may(both, Deed.CLOSE_CASE)
    assert not POWERS.any_may((), Deed.OPEN_CASE)
    assert POWERS.fields(both) == {
        field for role in both for field in CaseField if POWERS.sees(role, field)
    }


def test_every_row_has_a_source_and_words():
    for rule in TABLE.rules:
        assert rule.source
        assert re.search(r"[\u4e00-\u9fff]", rule.text_zh)
        assert rule.text_en.endswith(".")


def test_the_table_is_that_of_its_day():
    text = RULES.read_text("utf-8")
    row = text.index('id = "case-superior"')
    until = text.index("valid_from = 2016-01-01", row)
    old = "valid_from = 2016-01-01\nvalid_to = 2026-12-31"
    changed = text[:until] + old + text[until + len("valid_from = 2016-01-01") :]
    start = text.rindex("[[rule]]", 0, row)
    new = (
        text[start : text.index("[[rule]]", row)]
        .replace('"case-superior"', '"case-superior-2027"')
        .replace('"TAKE_OVER", ', "")
        .replace("2016-01-01", "2027-01-01")
    )
    table = RoleTable.load((changed + new).encode())

    assert table.on(date(2026, 12, 31)).may(Party.SUPERIOR, Deed.TAKE_OVER)
    assert not table.on(date(2027, 1, 1)).may(Party.SUPERIOR, Deed.TAKE_OVER)
    assert table.on(TODAY) is table.on(date(2026, 12, 31))
    with pytest.raises(LookupError, match="2015-12-31"):
        table.on(date(2015, 12, 31))


OTHER_LEAD = """[[rule]]
id = "case-lead-2015"
party = "LEAD"
may = ["CLOSE_CASE"]
sees = []
valid_from = 2015-01-01
valid_to = 2015-12-30
text_zh = "主办"
text_en = "Lead."
source = "none"

"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("version = 1", "versions = 1"), "versions"),
        (('"RECORD_ACT"', '"RECORD_ACTS"'), "RECORD_ACTS"),
        (('id = "case-asked"', 'id = "case-lead"'), "two rules"),
        (('party = "ASKED"', 'party = "WORKER"'), "overlap|no rule"),
        (('"CLOSE_CASE", ', ""), "closes a case"),
        (('"DO_TASK", "ADD', '"DO_TASK", "CLOSE_CASE", "ADD'), "closes a case"),
        ((', "CHANGE_MEMBERSHIP"', ""), "changes a membership"),
        (('"DUE_DATES", "RESULT"]', '"DUE_DATES", "CONTENT"]'), "follower"),
        (("valid_from = 2016", "valid_from = 2017"), "different days"),
        (
            ("2016-01-01", "2016-01-01\nvalid_to = 2026-12-31"),
            "LEAD: no rule, or the last one ends",
        ),
        (
            ("[[rule]]", OTHER_LEAD + "[[rule]]"),
            "case-lead-2015 and case-lead: overlap, or a hole",
        ),
    ],
    ids=range(11),
)
def test_a_table_that_cannot_be_is_not_loaded(change, said):
    text = RULES.read_text("utf-8")
    assert change[0] in text

    with pytest.raises(RoleMistake, match=said):
        RoleTable.load(text.replace(*change, 1).encode())


def test_what_a_union_is_in_a_case():
    case = after().case

    assert case.state is CaseState.ROUTED
    assert set(standings(case, HOME)) == {Role.LEAD, Role.CO_HANDLER, Role.FOLLOWER}
    assert standings(case, PLACE) == (Party.ASKED,)
    assert standings(case, OTHER) == standings(case, ABOVE) == ()
