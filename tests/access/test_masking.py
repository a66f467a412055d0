"""What is withheld is nowhere in the file, and stands on the list with its rule."""

from __future__ import annotations

import msgspec
from hypothesis import given

from connectors.faults import fault
from hub.access.masking import mask, permitted_of, withheld_of
from schema.records.kinds import KINDS, ROW_KINDS, FieldClass, RecordKind
from schema.records.merged import Completeness, Merged, Withheld
from schema.records.record import UNSET
from schema.records.selection import Selection
from schema.records.told import FaultCode, NotOffered
from schema.records.verdict import Deny, Permit
from tests.access import files

ALL_PERMITTED = dict.fromkeys(FieldClass, Permit("p"))
WHOLE = Selection.everything()


def whole_file():
    """A file that holds every field of every kind, once."""
    lines = KINDS.values()
    records = {line.kind: files.record_of(line, line.fields) for line in lines}
    source = files.SOURCES[0]
    return Merged(
        worker="w-1",
        record=records[RecordKind.WORKER],
        sources=(source,),
        rows={
            line.kind: (
                files.MergedRow("44:r1", records[line.kind], source, (source,)),
            )
            for line in ROW_KINDS
        },
        conflicts=(),
        withheld=(),
        completeness=Completeness(
            complete=True, asked=("44",), answered=("44",), faults=(), not_offered=()
        ),
    )


def text_of(value):
    """All that can be reached from a value, as text."""
    if isinstance(value, msgspec.Struct):
        return "".join(text_of(getattr(value, f)) for f in value.__struct_fields__)
    if isinstance(value, tuple | list | frozenset):
        return "".join(map(text_of, value))
    if isinstance(value, dict):
        return "".join(text_of(item) for pair in value.items() for item in pair)
    return f"{value!s};"


@given(files.files, files.selections, files.judgements)
def test_nothing_of_a_denied_class_is_reachable(merged, asked, judgement):
    shown = text_of(mask(merged, asked, judgement))
    for field_class in set(FieldClass) - permitted_of(judgement):
        assert f"<{field_class}>" not in shown


@given(files.files, files.selections, files.judgements)
def test_rows_of_a_withheld_kind_leave_no_trace(merged, asked, judgement):
    masked = mask(merged, asked, judgement)
    allowed = permitted_of(judgement)
    for line in ROW_KINDS:
        if line.field_class in allowed:
            continue
        assert line.kind not in masked.rows
        assert all(conflict.kind is not line.kind for conflict in masked.conflicts)
        assert all(line.kind not in fault.kinds for fault in masked.completeness.faults)
        lacks = masked.completeness.not_offered
        assert all(lack.kind is not line.kind for lack in lacks)


@given(files.files, files.selections, files.existence_permitted)
def test_permitted_fields_are_never_touched(merged, asked, judgement):
    masked = mask(merged, asked, judgement)
    allowed = permitted_of(judgement)

    def same(line, before, after):
        for name in line.fields:
            if line.class_of(name) in allowed:
                assert getattr(after, name) == getattr(before, name)
            else:
                assert getattr(after, name) is UNSET

    if merged.record is None:
        assert masked.record is None
    else:
        same(KINDS[RecordKind.WORKER], merged.record, masked.record)
    for line in ROW_KINDS:
        if line.kind in merged.rows and line.field_class in allowed:
            pairs = zip(merged.rows[line.kind], masked.rows[line.kind], strict=True)
            for before, after in pairs:
                same(line, before.record, after.record)
                assert after.sources == before.sources
    assert (masked.worker, masked.sources) == (merged.worker, merged.sources)
    assert masked.completeness.asked == merged.completeness.asked


@given(files.files, files.selections, files.judgements)
def test_masking_twice_changes_nothing(merged, asked, judgement):
    once = mask(merged, asked, judgement)
    assert mask(once, asked, judgement) == once


@given(files.files, files.selections, files.judgements, files.judgements)
def test_withheld_stays_withheld_whatever_is_permitted_later(merged, asked, one, two):
    first = mask(merged, asked, one)
    second = mask(first, asked, two)
    assert set(first.withheld) <= set(second.withheld)
    shown = text_of(second)
    for field_class in set(FieldClass) - permitted_of(one):
        assert f"<{field_class}>" not in shown


@given(files.selections, files.judgements)
def test_all_that_was_asked_is_either_permitted_or_listed(asked, judgement):
    kept = asked.only(permitted_of(judgement))
    listed = {(entry.kind, entry.field) for entry in withheld_of(asked, judgement)}
    for kind, names in asked.parts:
        for name in names:
            shown = name in kept.fields(kind)
            assert shown != ((kind, name) in listed or (kind, "") in listed)


@given(files.selections)
def test_nothing_is_listed_where_all_is_permitted(asked):
    assert withheld_of(asked, ALL_PERMITTED) == ()


def test_a_whole_file_passes_where_all_is_permitted():
    assert mask(whole_file(), WHOLE, ALL_PERMITTED) == whole_file()


def test_a_follower_sees_milestones_and_a_list_of_what_is_kept_back():
    judgement = {**ALL_PERMITTED, FieldClass.CASE_CONTENT: Deny("needs-case-read")}
    asked = Selection.of({RecordKind.RIGHTS_CASE: ["status", "summary", "amount"]})
    masked = mask(whole_file(), asked, judgement)
    [row] = masked.rows[RecordKind.RIGHTS_CASE]
    assert row.record.status == "<CASE_MILESTONE>"
    assert row.record.summary is UNSET
    assert masked.withheld == (
        Withheld(RecordKind.RIGHTS_CASE, "amount", "needs-case-read"),
        Withheld(RecordKind.RIGHTS_CASE, "summary", "needs-case-read"),
    )


def test_a_wholly_withheld_kind_is_one_line_of_the_list():
    judgement = {**ALL_PERMITTED, FieldClass.HARDSHIP: Deny("no-aid")}
    masked = mask(whole_file(), WHOLE, judgement)
    assert RecordKind.HARDSHIP_FILE not in masked.rows
    assert masked.withheld == (Withheld(RecordKind.HARDSHIP_FILE, "", "no-aid"),)


def test_where_existence_is_withheld_nothing_stays_but_the_list():
    judgement = {**ALL_PERMITTED, FieldClass.EXISTENCE: Deny("none")}
    masked = mask(whole_file(), WHOLE, judgement)
    assert "44" not in text_of(masked)
    assert masked.worker == ""
    assert masked.withheld[0] == Withheld(RecordKind.WORKER, "", "none")
    assert {entry.kind for entry in masked.withheld} == set(RecordKind)


def test_what_was_not_judged_is_withheld():
    [own, *_rest] = withheld_of(WHOLE, {})
    assert own == Withheld(RecordKind.WORKER, "", "default-deny")
    assert permitted_of({}) == frozenset()


def test_a_fault_is_told_without_the_kinds_that_are_withheld():
    whole = whole_file()
    unserved = fault("51", FaultCode.PARTIAL, (RecordKind.HARDSHIP_FILE,))
    both = fault("63", FaultCode.PARTIAL, (RecordKind.SKILL, *unserved.kinds))
    down = fault("44", FaultCode.TIMED_OUT)
    lacks = (
        NotOffered("51", RecordKind.HARDSHIP_FILE),
        NotOffered("51", RecordKind.SKILL, "level"),
    )
    merged = msgspec.structs.replace(
        whole,
        completeness=msgspec.structs.replace(
            whole.completeness, faults=(unserved, both, down), not_offered=lacks
        ),
    )
    judgement = {**ALL_PERMITTED, FieldClass.HARDSHIP: Deny("no-aid")}
    completeness = mask(merged, WHOLE, judgement).completeness
    assert completeness.faults == (
        fault("63", FaultCode.PARTIAL, (RecordKind.SKILL,)),
        down,
    )
    assert completeness.not_offered == lacks[1:]


def test_rows_left_in_the_worker_do_not_pass_unmasked():
    whole = whole_file()
    stowed = msgspec.structs.replace(
        whole.record, skills=tuple(r.record for r in whole.rows[RecordKind.SKILL])
    )
    merged = msgspec.structs.replace(whole, record=stowed)
    assert mask(merged, WHOLE, ALL_PERMITTED).record.skills is UNSET
