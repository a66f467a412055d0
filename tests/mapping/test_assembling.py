"""Whole workers from rows of many kinds; and a province in its own words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import date, datetime

import msgspec
import pytest
from sqlalchemy import create_engine, insert, select

from connectors.mapping.assembling import assemble, grouped
from connectors.mapping.dates import CHINA
from connectors.mapping.mapping import Mapping
from connectors.mapping.mistakes import RowMistake
from connectors.memory import project
from connectors.port import Ask
from deploy.demo.population.building import build
from deploy.demo.population.links import REFERENCE as POPULATION
from deploy.demo.population.telling import tell
from deploy.demo.population.world import World
from deploy.demo.province.tables import METADATA
from schema.records.change import Change
from schema.records.command import Act, Answered, Command
from schema.records.hardship import AidRecord, HardshipFileRecord
from schema.records.keys import ProvinceCode
from schema.records.kinds import KINDS, ROW_KINDS, RecordKind
from schema.records.membership import MembershipRecord, MembershipState
from schema.records.selection import Selection
from schema.records.skill import SkillRecord
from schema.records.worker import Sex, WorkerRecord
from tests.mapping import own_words
from tests.mapping.samples import EVERYTHING, read

AT = datetime(2026, 3, 1, 9, 30, tzinfo=CHINA)
REFERENCE = read("reference.mapping.toml")
OWN_WORDS = read("own_words.mapping.toml")

WORKER = WorkerRecord(
    local_id="4711", as_of=AT, name="王小明", sex=Sex.MALE, birth_date=date(1990, 2, 3),
    household_division="431202", residence_division=None, phone="13800138000",
    memberships=(
        MembershipRecord(
            id="G7-1", as_of=AT, membership_no="440300123456", union_code="81440300MC1234567X",
            union_name="深圳市南山区工会", union_division="440305", state=MembershipState.ACTIVE,
            joined_on=date(2019, 5, 1), since=date(2021, 1, 1), until=None, source_enrolled=True,
            counterpart_province="43",
        ),
        MembershipRecord(
            id="G7-2", as_of=AT, membership_no="440300123456", union_code="81440300MC1234567X",
            union_name="深圳市总工会", union_division="440300", state=MembershipState.OTHER,
            joined_on=None, since=date(2019, 5, 1), until=date(2020, 12, 31), source_enrolled=None,
            counterpart_province=None,
        ),
    ),
    rights_cases=(),
    hardship_files=(
        HardshipFileRecord(
            id="D1", as_of=AT, household_key="h-1", income_per_head="812.50",
            aids=(AidRecord(programme="送温暖", amount="500.00"), AidRecord(programme="金秋助学", amount="3000.00")),
        ),
    ),
)  # fmt: skip


def rows_in_own_words():
    one = WORKER
    return {
        RecordKind.WORKER: {"4711": [own_words.worker(one)]},
        RecordKind.MEMBERSHIP: grouped(
            OWN_WORDS.kinds[RecordKind.MEMBERSHIP],
            [own_words.membership(row, "4711") for row in one.memberships],
        ),
        RecordKind.RIGHTS_CASE: {},
        RecordKind.HARDSHIP_FILE: {
            "4711": [own_words.hardship_file(row, "4711") for row in one.hardship_files]
        },
    }


def test_a_province_in_its_own_words_tells_the_same_as_one_in_ours():
    selection = Selection.of(OWN_WORDS.fields)
    done = assemble(OWN_WORDS, Ask(("4711",), selection), rows_in_own_words())
    assert done.mistakes == ()
    assert done.missing == frozenset()
    assert done.workers == (project(WORKER, selection),)


def test_only_the_columns_that_were_named_are_needed():
    selection = Selection.of(
        {RecordKind.WORKER: ["sex"], RecordKind.MEMBERSHIP: ["state"]}
    )
    rows = {
        kind: {
            key: [{c: row[c] for c in OWN_WORDS.kinds[kind].columns_for(selection)} for row in many]
            for key, many in by_key.items()
        }
        for kind, by_key in rows_in_own_words().items()
        if kind in selection.kinds
    }  # fmt: skip
    done = assemble(OWN_WORDS, Ask(("4711",), selection), rows)
    assert done.workers == (project(WORKER, selection),)


def test_whom_the_province_does_not_know_is_none_and_no_fault():
    selection = Selection.of({RecordKind.WORKER: ["sex"]})
    done = assemble(OWN_WORDS, Ask(("1", "4711"), selection), rows_in_own_words())
    assert done.workers[0] is None
    assert done.workers[1] is not None
    assert (done.missing, done.mistakes) == (frozenset(), ())


def spoilt(change):
    rows = rows_in_own_words()
    change(rows)
    selection = Selection.of(OWN_WORDS.fields)
    return assemble(OWN_WORDS, Ask(("4711",), selection), rows)


def test_a_value_that_cannot_be_read_costs_its_own_field():
    done = spoilt(
        lambda rows: rows[RecordKind.MEMBERSHIP]["4711"][0].update(KSRQ="soon")
    )
    (worker,) = done.workers
    first, second = project(WORKER, Selection.of(OWN_WORDS.fields)).memberships
    blank = msgspec.structs.replace(first, since=msgspec.UNSET)
    assert worker.memberships == (blank, second)
    assert worker.hardship_files == WORKER.hardship_files
    assert done.missing == {RecordKind.MEMBERSHIP}
    assert done.mistakes == (RowMistake("MEMBERSHIP", "since", "KSRQ", "NOT_A_DATE"),)


def test_one_unknown_code_of_a_worker_leaves_the_file_as_it_is():
    done = spoilt(lambda rows: rows[RecordKind.WORKER]["4711"][0].pop("XM"))
    whole = project(WORKER, Selection.of(OWN_WORDS.fields))
    assert done.workers == (msgspec.structs.replace(whole, name=msgspec.UNSET),)
    assert done.missing == {RecordKind.WORKER}
    assert [one.code for one in done.mistakes] == ["NO_COLUMN"]


def test_a_row_without_its_own_name_costs_its_kind_of_that_worker():
    made = OWN_WORDS.kinds[RecordKind.MEMBERSHIP]
    columns = made.columns["id"]
    done = spoilt(
        lambda rows: rows[RecordKind.MEMBERSHIP]["4711"][0].update(
            dict.fromkeys(columns)
        )
    )
    assert done.workers[0].memberships is None
    assert done.workers[0].name == WORKER.name
    assert done.missing == {RecordKind.MEMBERSHIP}


def test_two_rows_of_one_name_are_no_answer():
    def double(rows):
        rows[RecordKind.HARDSHIP_FILE]["4711"] *= 2

    done = spoilt(double)
    assert done.workers[0].hardship_files is None
    assert done.mistakes[0].code == "TWICE"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows.__setitem__("4711", rows["4711"] * 2), "TWICE"),
        (lambda rows: rows["4711"][0].update(ZGBH=4712), "OTHER"),
        (lambda rows: rows["4711"][0].update(GXSJ="soon"), "NOT_A_DATE"),
    ],
    ids=["two", "another", "of no day"],
)
def test_a_worker_that_cannot_be_read_is_missing_with_all_kinds(change, code):
    done = spoilt(lambda rows: change(rows[RecordKind.WORKER]))
    assert done.workers == (None,)
    assert done.missing == frozenset(OWN_WORDS.fields)
    assert [one.code for one in done.mistakes] == [code]


def test_a_kind_that_could_not_be_asked_is_missing():
    done = spoilt(lambda rows: rows.pop(RecordKind.HARDSHIP_FILE))
    assert done.workers[0].hardship_files is None
    assert done.missing == {RecordKind.HARDSHIP_FILE}


def test_rows_without_a_column_for_it_are_as_fresh_as_their_delivery():
    text = b'version=1\n[kinds.WORKER]\nsource="w"\nkey="K"\n[kinds.WORKER.fields]\nname="N"'
    made = Mapping.load(text, "x")
    assert not made.kinds[RecordKind.WORKER].tells_as_of
    ask, rows = (
        Ask(("1",), EVERYTHING),
        {RecordKind.WORKER: {"1": [{"K": 1, "N": "A"}]}},
    )
    chosen = Selection.of({RecordKind.WORKER: ["name"]})
    told = assemble(made, msgspec.structs.replace(ask, selection=chosen), rows, AT)
    assert told.workers[0].as_of == AT
    untold = assemble(made, msgspec.structs.replace(ask, selection=chosen), rows)
    assert untold.mistakes == (RowMistake("WORKER", "as_of", "", "EMPTY"),)


def test_acts_and_changes_have_columns_of_their_own():
    command = Command(
        key="t:REGISTER_OUT", act=Act.REGISTER_OUT, transfer="t", province=ProvinceCode("44"),
        local_id="7", membership_no="44", union="u", counterpart_union="v",
        counterpart_province=ProvinceCode("43"), on=date(2026, 3, 1),
    )  # fmt: skip
    inbox = OWN_WORDS.command
    written = {
        columns[0]: inbox.write(field, getattr(command, field))
        for field, columns in inbox.columns.items()
    }
    assert written == {"QQH": command.key, "YW": "CZ", "HYZH": "44", "RQ": "20260301"}
    row = {"QQH": command.key, "JG": 1, "DJBH": 77, "YY": None}
    receipt = OWN_WORDS.receipt.read(row, OWN_WORDS.receipt.fields)
    assert (receipt.answered, receipt.entry) == (Answered.DONE, "77")
    line = {
        "AJBH": "C1",
        "XH": "3",
        "GXSJ": "20260301093000",
        "DZ": "INTAKE",
        "RQ": "20260301",
        "GHDM": "U",
    }
    change = OWN_WORDS.change.read(line, OWN_WORDS.change.fields)
    assert change.told == {
        "caseNo": "C1", "seq": 3, "asOf": AT, "act": "INTAKE", "on": date(2026, 3, 1),
        "unionCode": "U", "corrects": None, "gone": None,
    }  # fmt: skip
    assert "case_no" in Change.__struct_fields__


def test_the_reference_province_s_own_tables_are_read_as_they_stand():
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    skill = SkillRecord(
        id="s1", as_of=AT, level=None, certificate_no="C-1", issued_on=date(2020, 1, 2)
    )
    told = msgspec.structs.replace(
        WORKER, skills=(skill,), trainings=(), employments=()
    )
    tables = METADATA.tables
    with engine.begin() as line:
        for kind, made in REFERENCE.kinds.items():
            table, of_kind = tables[made.source], KINDS[kind]
            records = getattr(told, of_kind.rows) if of_kind.rows else (told,)
            for record in records:
                values = {
                    column.name: value
                    for column in table.columns
                    if (value := getattr(record, column.name, None))
                    is not msgspec.UNSET
                }
                if kind is RecordKind.HARDSHIP_FILE:
                    values["aids"] = [
                        msgspec.structs.asdict(aid) for aid in record.aids
                    ]
                if of_kind.rows:
                    values["worker"] = told.local_id
                line.execute(insert(table).values(values))
        rows = {}
        for kind, made in REFERENCE.kinds.items():
            table = tables[made.source]
            asked = select(
                *(table.columns[one] for one in made.columns_for(EVERYTHING))
            )
            rows[kind] = grouped(made, line.execute(asked).mappings())
    done = assemble(REFERENCE, Ask(("4711",), EVERYTHING), rows)
    assert done.mistakes == ()
    (worker,) = done.workers
    assert msgspec.to_builtins(worker) == msgspec.to_builtins(project(told, EVERYTHING))
    assert worker == project(told, EVERYTHING)
    assert {line.kind for line in ROW_KINDS} < set(REFERENCE.kinds)


def test_a_broken_row_inside_a_row_is_named_by_its_part():
    def spoil(rows):
        rows[RecordKind.HARDSHIP_FILE]["4711"][0]["BFJL"] = "送温暖：五百"

    done = spoilt(spoil)
    assert done.mistakes == (
        RowMistake("HARDSHIP_FILE", "aids.amount", "BFJL", "NOT_A_NUMBER"),
    )


def test_all_that_the_demo_s_provinces_keep_is_read_as_it_was_told(tmp_path):
    people = 40
    build(tmp_path / "data", people, 7)
    world = World(7, POPULATION)
    told = {}
    for index in range(people):
        for province, worker in tell(world, world.life(index)).items():
            told[province, worker.local_id] = _sorted(project(worker, EVERYTHING))
    found = {}
    for file in sorted((tmp_path / "data").glob("[0-9]*.sqlite")):
        with closing(sqlite3.connect(file)) as line:
            line.row_factory = sqlite3.Row
            rows = {}
            for kind, made in REFERENCE.kinds.items():
                asked = ", ".join(f'"{one}"' for one in made.columns_for(EVERYTHING))
                read_rows = line.execute(f'SELECT {asked} FROM "{made.source}"')  # noqa: S608
                rows[kind] = grouped(made, map(dict, read_rows))
        keys = tuple(rows[RecordKind.WORKER])
        done = assemble(REFERENCE, Ask(keys, EVERYTHING), rows)
        assert done.mistakes == ()
        for worker in done.workers:
            found[file.stem, worker.local_id] = _sorted(worker)
    alike = set(found) & set(told)
    assert len(alike) >= people
    assert {key: found[key] for key in alike} == {key: told[key] for key in alike}


def _sorted(worker):
    rows = {
        line.rows: tuple(sorted(getattr(worker, line.rows), key=lambda row: row.id))
        for line in ROW_KINDS
    }
    return msgspec.structs.replace(worker, **rows)


def test_ten_rows_with_all_fields_take_far_less_than_half_a_millisecond():
    made = REFERENCE.kinds[RecordKind.MEMBERSHIP]
    row = dict.fromkeys(made.columns_for(EVERYTHING))
    row |= {"worker": "w", "id": "i", "as_of": "2026-01-31T10:00:00+08:00", "state": "ACTIVE",
            "membership_no": "440300123456", "union_name": "深圳市南山区工会", "union_division": "440305",
            "joined_on": "2019-05-01", "since": "2021-01-01", "seasonal": 0, "source_enrolled": 1,
            "sector": "CONSTRUCTION", "counterpart_province": "43"}  # fmt: skip
    best = 1.0
    for _ in range(50):
        begin = time.perf_counter()
        for _ in range(10):
            made.to_record(row, EVERYTHING)
        best = min(best, time.perf_counter() - begin)
    assert best < 0.0005


@pytest.mark.parametrize("kept", [None, "null", ""])
def test_a_list_that_a_database_keeps_nothing_of_is_none(kept):
    mapping = Mapping.load(
        b"""
version = 1
[kinds.WORKER]
source = "W"
key = "K"
[kinds.HARDSHIP_FILE]
source = "H"
key = "K"
id = "I"
[kinds.HARDSHIP_FILE.fields]
aids = { column = "A", fields = { programme = "P" } }
""",
        "one.toml",
    )
    read_one = mapping.kind(RecordKind.HARDSHIP_FILE).to_record
    selection = Selection.of({RecordKind.HARDSHIP_FILE: {"aids"}})
    made = read_one({"K": "1", "I": "h", "A": kept}, selection, AT)
    assert made == HardshipFileRecord(id="h", as_of=AT, aids=None)
