"""What holds for every row: round trips, and nothing that a row can hold raises."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mapping.dates import COUNTED, FORMATS
from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import SENTENCES, RowMistake
from schema.records.kinds import KINDS, RecordKind
from schema.records.membership import MembershipState
from schema.records.selection import Selection
from tests.builders.populations import of_struct, selections
from tests.mapping.samples import EVERYTHING, HEAD, HERE, ROW, read, with_field

REFERENCE = read("reference.mapping.toml")
EXACT = Mapping.load(
    b"defaults = { exact = true }\n" + (HERE / "reference.mapping.toml").read_bytes(),
    "exact",
)
OWN_WORDS = read("own_words.mapping.toml")

_YEARS = (datetime(1940, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001  # as asked for
_DAYS = st.dates(date(1940, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("name", FORMATS)
@given(day=_DAYS)
def test_a_day_that_is_written_is_read_again(name, day):
    told = f'{{ column = "X", dates = ["{name}"] }}'
    made = _compiled(told)
    written = made.from_value("birth_date", day)
    for given_back in (written, str(written)):
        record = made.to_record({**ROW, "X": given_back}, EVERYTHING)
        assert record.birth_date == day


_MADE = {}


def _compiled(told):
    if told not in _MADE:
        _MADE[told] = with_field("birth_date", told)
    return _MADE[told]


@pytest.mark.parametrize("name", FORMATS)
@given(at=st.datetimes(*_YEARS, timezones=st.just(UTC)))
def test_a_moment_that_is_written_is_read_again(name, at):
    at = at.replace(microsecond=0)
    key = f"moment {name}"
    if key not in _MADE:
        text = HEAD.replace(
            'as_of = "T"', f'as_of = {{ column = "T", dates = ["{name}"] }}'
        )
        _MADE[key] = Mapping.load(text.encode(), "x").kind(RecordKind.WORKER)
    made = _MADE[key]
    written = made.from_value("as_of", at)
    record = made.to_record({**ROW, "T": written}, EVERYTHING)
    assert abs(record.as_of - at) <= timedelta(milliseconds=1)
    assert name in COUNTED or record.as_of == at


@given(st.sampled_from(list(MembershipState)))
def test_a_code_that_is_written_is_read_again(state):
    made = OWN_WORDS.kind(RecordKind.MEMBERSHIP)
    written = made.from_value("state", state)
    if state is MembershipState.OTHER:
        assert written.code == "UNKNOWN_CODE"  # only "*" means it: no code to write
    else:
        row = {"ZGBH": 1, "GHBH": 1, "XH": 1, "更新日期": "20260101", "ZT": written}
        chosen = Selection.of({RecordKind.MEMBERSHIP: ["state"]})
        assert made.to_record(row, chosen).state is state


@pytest.mark.parametrize("unit", ["yuan", "fen", "wan"])
@given(cents=st.integers(-(10**15) + 1, 10**15 - 1))
def test_an_amount_that_is_written_is_read_again(unit, cents):
    told = f"amount {unit}"
    if told not in _MADE:
        entry = f'{{ column = "X", unit = "{unit}" }}'
        _MADE[told] = with_field("amount", entry, "RIGHTS_CASE")
    made = _MADE[told]
    amount = f"{Decimal(cents) / 100:.2f}"
    written = made.from_value("amount", amount)
    read_again = made.to_record({**ROW, "X": written}, EVERYTHING).amount
    assert Decimal(read_again) == Decimal(amount)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals()
    | st.text(max_size=30) | st.binary(max_size=8) | st.dates() | st.datetimes()
    | st.times() | st.timedeltas() | st.uuids() | st.complex_numbers()
    | st.integers(10**4299, 10**4301).map(lambda n: n * 10)
    | st.sampled_from(["2024-01-31", "99999-1-1", "0000-00-00", "９" * 40, "\ud800",
                       "1e999999", "440305", "民国", "[[[", '[{"amount": 1}]', "；：", object()]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["amount", "given_on", "1", "2"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@st.composite
def wild_rows(draw):
    mapping = draw(st.sampled_from([REFERENCE, EXACT, OWN_WORDS]))
    kind = draw(st.sampled_from(list(mapping.kinds.values())))
    columns = sorted({one for columns in kind.columns.values() for one in columns})
    row = {one: draw(_ANYTHING) for one in columns if draw(st.integers(0, 9))}
    if draw(st.booleans()):  # as a rule a row has a name, so that the rest is read too
        whole = {
            "local_id": "w",
            "worker": "w",
            "id": "i",
            "as_of": "2026-01-01",
            "ZGBH": 1,
            "GXSJ": 1,
            "GHBH": 1,
            "XH": 1,
            "AJBH": 1,
            "DABH": 1,
            "更新日期": "20260101",
        }
        row.update({one: whole[one] for one in columns if one in whole})
    return kind, row


@settings(max_examples=150, deadline=None)
@given(wild_rows(), selections())
def test_no_row_raises_and_a_mistake_never_repeats_what_stands_there(case, selection):
    kind, row = case
    for chosen in (selection, EVERYTHING):
        made = kind.to_record(row, chosen)
        wrong = kind.mistakes(row, chosen)
        if isinstance(made, RowMistake):
            assert wrong[0] == made
            assert made.code in SENTENCES
            assert made.kind == kind.kind
            assert made.field.split(".")[0] in {*kind.columns, "local_id"}
            assert set(made.column.split(" + ")) <= set(kind.columns_for(chosen))
        else:
            assert wrong == ()
            encoded = msgspec.json.encode(made)
            assert msgspec.json.decode(encoded, type=type(made)) == made
    whose = kind.local_key(row)
    assert isinstance(whose, str | RowMistake)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(RecordKind)), _ANYTHING)
def test_no_value_that_is_written_raises(kind, given_value):
    for mapping in (REFERENCE, OWN_WORDS):
        made = mapping.kind(kind)
        for field in made.columns if made else ():
            made.from_value(field, given_value)


def _as_row(record, key):
    """What the reference province's table has for a record."""
    row = msgspec.structs.asdict(record)
    row = {name: None if one is msgspec.UNSET else one for name, one in row.items()}
    if row.get("aids") is not None:
        aids = [msgspec.structs.asdict(aid) for aid in row["aids"]]
        row["aids"] = json.loads(msgspec.json.encode(aids))
    return {**row, "worker": key}


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(list(KINDS.values())), selections())
def test_what_is_taken_exactly_is_what_was_kept(data, line, selection):
    record = data.draw(of_struct(line.record))
    if getattr(record, "aids", None) is None and line.kind is RecordKind.HARDSHIP_FILE:
        record = msgspec.structs.replace(record, aids=())
    made = EXACT.kind(line.kind).to_record(_as_row(record, "w"), selection)

    for name in line.fields:
        kept = getattr(record, name)
        told = getattr(made, name)
        if name not in selection.fields(line.kind):
            assert told is msgspec.UNSET
        else:
            assert told == (None if kept is msgspec.UNSET else kept)
