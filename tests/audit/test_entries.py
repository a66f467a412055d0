"""What stands in the trail can be read back, and says nothing of the person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.chain import Draft
from hub.audit.entries import (
    UnreadableEntryError,
    alarm_of,
    disclosure_of,
    draft_of,
    draft_of_alarm,
)
from hub.audit.tags import Tag
from schema.records.kinds import KINDS
from schema.records.selection import Selection
from schema.records.verdict import Alarm, Disclosure, Relation
from tests.audit.samples import AT, disclosure, draft

codes = st.sampled_from(["44", "51", "63"])
words = st.text(max_size=20)
selections = st.fixed_dictionaries(
    {},
    optional={
        line.kind: st.frozensets(st.sampled_from(sorted(line.fields)))
        for line in KINDS.values()
    },
).map(Selection.of)

disclosures = st.builds(
    Disclosure,
    worker=st.text("0123456789abcdef-", max_size=36),
    subject=words,
    office=words,
    province=codes,
    purpose=words,
    relation=st.sampled_from(Relation),
    selection=selections,
    withheld=st.integers(0, 100),
    asked=st.lists(codes).map(tuple),
    answered=st.lists(codes).map(tuple),
    request=words,
    outcome=st.sampled_from(["shown", "not-found", "refused"]),
    rule=words,
)


@given(disclosures)
def test_what_is_written_is_read_back(disclosure):
    assert disclosure_of(draft_of(disclosure, AT)) == disclosure


@given(disclosures)
def test_equal_disclosures_give_equal_bytes(disclosure):
    again = disclosure_of(draft_of(disclosure, AT))
    assert draft_of(again, AT) == draft_of(disclosure, AT)


def test_the_first_form_of_an_entry_stays_readable():
    kept = (
        b'{"v":1,"subject":"officer-1","office":"81440300MC1234567A",'
        b'"province":"44","purpose":"MEMBERSHIP_SERVICE","relation":"LINKED",'
        b'"selection":{"MEMBERSHIP":["since","state"],"WORKER":["name"]},'
        b'"outcome":"shown","request":"r1","withheld":1,"asked":["44","51"],'
        b'"answered":["44"]}'
    )
    assert disclosure_of(Draft(AT, "t", disclosure(1).worker, kept)) == disclosure(1)
    assert draft(1).body == kept


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        ("shown", Tag.WORKER_SHOWN),
        ("not-found", Tag.WORKER_NOT_FOUND),
        ("refused", Tag.WORKER_REFUSED),
    ],
    ids=["shown", "not-found", "refused"],
)
def test_every_outcome_has_its_tag(outcome, tag):
    assert draft(outcome=outcome).tag == tag


@pytest.mark.parametrize("tag", Tag, ids=list(Tag))
def test_a_tag_is_source_subject_and_action(tag):
    assert [bool(part) for part in tag.split(":")] == [True, True, True]


@pytest.mark.parametrize(
    "changes",
    [{"outcome": "seen"}, {"worker": "a\0b"}, {"worker": "a\nb"}],
    ids=["outcome", "nul", "line"],
)
def test_a_disclosure_that_is_none_is_refused(changes):
    with pytest.raises(ValueError, match=r"outcome|printable"):
        draft(**changes)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"v":2}', b'{"v":1}', b"\xff", b'{"v":1,"subject":"\xff"}'],
    ids=repr,
)
def test_a_body_of_no_known_form_is_told_as_such(body):
    with pytest.raises(UnreadableEntryError):
        disclosure_of(Draft(AT, "t", "w", body))


def test_an_alarm_reads_back_and_is_about_no_worker():
    alarm = Alarm("office", "officer-1", "4401", "44", 2000, 2000, 600, "request-1")
    made = draft_of_alarm(alarm, AT)

    assert alarm_of(made) == alarm
    assert (made.tag, made.worker) == (Tag.ENUMERATION_SUSPECTED, "")
    assert draft_of_alarm(alarm, AT) == made


def test_an_alarm_is_no_disclosure_and_a_broken_one_is_said_so():
    alarm = Alarm("office", "officer-1", "4401", "44", 2000, 2000, 600, "request-1")

    with pytest.raises(UnreadableEntryError):
        disclosure_of(draft_of_alarm(alarm, AT))
    with pytest.raises(UnreadableEntryError):
        alarm_of(Draft(AT, Tag.ENUMERATION_SUSPECTED, "", b"{}"))
