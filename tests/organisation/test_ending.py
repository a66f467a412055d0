"""Which unions close soon, so that somebody sends the batch of their members."""

from __future__ import annotations

from datetime import date, timedelta

from hub.organisation.ending import closed, ending
from tests.organisation.trees import TREE, one

TODAY = date(2027, 6, 1)


def project(code, planned, **more):
    return one(
        code, "county", kind="PROJECT_UNION", landing="township",
        planned_end=planned, **more,
    )  # fmt: skip


def test_what_closes_soon_or_ought_to_have_is_listed_and_what_has_is_not():
    rows = [
        *TREE,
        project("soon", date(2027, 6, 30)),
        project("late", date(2027, 5, 1)),
        project("far", date(2028, 1, 1)),
        project("gone", date(2027, 5, 1), valid_to=date(2027, 5, 2)),
        project("sooner", date(2028, 1, 1), valid_to=date(2027, 6, 2)),
    ]

    found = ending(rows, TODAY, timedelta(days=30))

    assert [(each.organisation.code, each.on.isoformat()) for each in found] == [
        ("late", "2027-05-01"),
        ("sooner", "2027-06-02"),
        ("soon", "2027-06-30"),
    ]


def test_a_new_period_is_no_end():
    old = project("p", None, valid_to=date(2027, 6, 10))
    new = project("p", None, valid_from=date(2027, 6, 11))

    assert closed([new, old]) == frozenset()
    assert ending([new, old], TODAY, timedelta(days=30)) == []
