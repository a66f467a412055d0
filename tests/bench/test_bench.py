"""The benchmark itself: its people exist, its stubs answer, its figures are right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from connectors.graphql.declaration import Contract, capabilities
from connectors.graphql.decode import answer
from connectors.graphql.document import body
from connectors.port import WHOLE_CONTRACT, Ask, Question
from connectors.transport import Reply
from hub.identity.resident_id import parse
from schema.records.keys import ProvinceCode
from schema.records.kinds import ROW_KINDS, RecordKind
from schema.records.selection import Selection
from tests.bench import figures, people
from tests.bench.answering import Answering
from tests.bench.job import Slice, Step
from tests.bench.plan import FULL, alternating, loads
from tests.bench.questions import CARD
from tests.bench.telling import ROWS
from tests.bench.verdict import Imported, judge

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def ask(province, keys, selection):
    question = Question((Ask(tuple(keys), selection),), "r", "p")
    reply = Reply(200, Answering(province).answer(body(question)))
    return answer(ProvinceCode(province), question, reply, NOW)


class TestPeople:
    def test_every_number_is_a_valid_resident_id_number_of_its_own(self):
        numbers = [0, 1, 4, 5, 34_999, 35_000, 499_999, 4_999_999]
        made = [people.resident_id(number) for number in numbers]
        assert len(set(made)) == len(made)
        for text in made:
            parse(text, date(2026, 11, 1))

    def test_one_more_than_there_are_numbers_is_refused(self):
        with pytest.raises(ValueError, match="no number is left"):
            people.resident_id(35_000_000)

    @pytest.mark.parametrize("size", [500, 2_000, 5_000, 500_000])
    def test_everybody_is_visited_once_before_anybody_twice(self, size):
        visited = {people.visit(turn, size) for turn in range(size)}
        assert len(visited) == size


class TestStub:
    def test_all_that_is_asked_is_told_and_nothing_else(self):
        told = ask("44", ["44-00000007"], Selection.everything())
        (worker,) = told.workers[0]
        assert not told.faults
        assert worker.name == "工人00000007"
        counted = {line.rows: len(getattr(worker, line.rows)) for line in ROW_KINDS}
        named = {msgspec.inspect.type_info(type(worker)).fields[0].name: 1}
        assert named == {"local_id": 1}
        assert sorted(counted.values()) == sorted(ROWS.values())

    def test_a_narrow_selection_is_told_narrowly(self):
        selection = Selection.of({RecordKind.MEMBERSHIP: {"state"}})
        (worker,) = ask("51", ["51-00000001"], selection).workers[0]
        assert [row.state for row in worker.memberships] == ["ACTIVE", "TRANSFERRED"]
        assert worker.name is msgspec.UNSET

    def test_a_worker_of_another_province_is_unknown(self):
        selection = Selection.of({RecordKind.WORKER: {"name"}})
        told = ask("44", ["51-00000001", "44-00000002"], selection)
        nobody, somebody = told.workers[0]
        assert nobody is None
        assert somebody.local_id == "44-00000002"

    def test_the_probe_declares_the_whole_contract(self):
        told = msgspec.json.decode(Answering("33").answer(b'{"query":"{contract}"}'))
        contract = msgspec.convert(told["data"]["contract"], Contract)
        found = capabilities(contract, told["data"]["_service"]["sdl"])
        assert found.fields == WHOLE_CONTRACT.fields


def made(
    took, *, target="many", label="flat", errors=0, rss=10**8, direct=(), q="card"
):
    step = Step(target, q, 1, 1.0, paired=bool(direct), label=label)
    return Slice(step, list(took), list(direct), 1.0, errors, "", 0.5, rss, "", "", 900)


def complete(**changes):
    """Slices that reach every target, but for what changes."""
    flat = changes.pop("flat", 0.002)
    slices = [made([0.002], target="few"), made([flat], target="many")]
    slices += [
        made([0.003], label=label, direct=[0.001], q=question)
        for label in ("near", "far")
        for question in ("card", "file")
    ]
    return [*slices, made([0.002], label="rest", **changes)]


def missed(slices, imported=Imported(50_000, 10.0, 10**8)):  # noqa: B008
    return [one.name for one in judge(slices, "few", "many", imported) if not one.good]


class TestFigures:
    def test_quantiles_are_values_that_occurred(self):
        values = [float(value) for value in range(100, 0, -1)]
        assert figures.quantile(values, 0.5) == 51
        assert figures.quantile(values, 0.99) == 100
        assert figures.quantile([7.0], 0.9) == 7

    def test_a_load_counts_look_ups_and_not_requests(self):
        load = figures.load_of([made([0.1] * 4), made([0.3] * 4)], workers=20)
        assert load.requests == 8
        assert load.rate == 80
        assert load.cpu == pytest.approx(1.0 / 160)

    def test_the_overhead_is_what_is_added_to_the_direct_question(self):
        slices = [made([0.025, 0.024, 0.030], direct=[0.020, 0.021, 0.020])]
        assert figures.overhead_of(slices) == pytest.approx(0.005)

    def test_a_ratio_of_equals_has_one_inside_its_interval(self):
        first = [1.0, 2.0, 1.5, 1.1, 0.9, 1.3]
        ratio = figures.ratio_of(first, first)
        assert (ratio.low, ratio.value, ratio.high) == (1, 1, 1)

    def test_a_ratio_sees_through_a_machine_that_slows_down(self):
        first = [1.0, 2.0, 4.0, 8.0]
        ratio = figures.ratio_of(first, [value * 1.5 for value in first])
        assert ratio.value == pytest.approx(1.5)
        assert ratio.low > 1.4

    def test_stages_are_means_of_what_grew(self):
        before = (
            'hub_stage_seconds_sum{stage="locate"} 1.0\n'
            'hub_request_seconds_sum{route="/graphql"} 2.0\n'
        )
        after = (
            'hub_stage_seconds_count{stage="locate"} 9\n'
            'hub_stage_seconds_sum{stage="locate"} 1.5\n'
            'hub_request_seconds_sum{route="/graphql"} 4.0\n'
            'hub_request_seconds_sum{route="/metrics"} 9.0\n'
        )
        one = msgspec.structs.replace(made([0.1] * 10), before=before, after=after)
        assert figures.stages_of([one]) == {
            "locate": pytest.approx(0.05),
            "request": pytest.approx(0.2),
        }


class TestVerdict:
    def test_all_targets_can_be_reached(self):
        assert missed(complete()) == []

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"errors": 1}, "wrong answers"),
            ({"flat": 0.0027}, "cost of a look-up"),
            ({"rss": 201 * 10**6}, "memory of the hub"),
        ],
    )
    def test_each_target_can_be_missed(self, changes, name):
        (found,) = missed(complete(**changes))
        assert name in found

    def test_a_slow_or_greedy_import_is_a_miss(self):
        assert len(missed(complete(), Imported(50_000, 60.0, 10**9))) == 2

    def test_a_hub_that_adds_too_much_is_a_miss(self):
        slow = made([0.03], label="far", direct=[0.02], q="file")
        kept = [
            s for s in complete() if (s.step.label, s.step.question) != ("far", "file")
        ]
        (found,) = missed([*kept, slow])
        assert "overhead: file, far" in found


class TestPlan:
    def test_neither_side_is_always_the_first(self):
        steps = alternating(("a", "b"), "card", slices=2, seconds=1)
        assert [step.target for step in steps] == ["a", "b", "b", "a"]

    def test_one_at_a_time_is_paired_near_and_far(self):
        paired = {(s.label, s.question) for s in loads(FULL, "h") if s.paired}
        assert sorted(paired) == [
            ("far", "card"), ("far", "file"), ("near", "card"), ("near", "file"),
        ]  # fmt: skip


class TestAnswers:
    @pytest.mark.parametrize(
        "answer",
        [
            b'{"data":null,"errors":[{"message":"x"}]}',
            b'{"data":{"worker":{"__typename":"UnknownWorker"}}}',
            b'{"data":{"worker":{"name":"\xe5\xb7\xa5\xe4\xba\xba00000008"}}}',
        ],
    )
    def test_an_answer_that_is_not_the_file_is_wrong(self, answer):
        assert CARD.flaw(answer, [7])

    def test_a_file_with_a_province_missing_is_wrong(self):
        file = {
            "name": people.name_of(7),
            "memberships": [{}] * 4,
            "completeness": {"complete": True, "faults": [], "answered": ["33"]},
        }
        whole = msgspec.json.encode({"data": {"worker": file}})
        assert "answered by" in CARD.flaw(whole, [7])
        file["completeness"]["answered"] = people.provinces_of(7)
        assert not CARD.flaw(msgspec.json.encode({"data": {"worker": file}}), [7])


def command(directory, *words):
    return [sys.executable, "-m", "tests.bench", "--dir", str(directory), *words]


@pytest.fixture
def own_directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("bench")
    for one in (directory, *directory.parents[:2]):
        one.chmod(0o711)  # as root the database is another user, who must pass
    return directory


@pytest.mark.rehearsal
def test_a_quick_run_measures_everything(own_directory):
    figures_file = own_directory / "figures.json"
    done = subprocess.run(
        command(own_directory, "--quick", "--json", str(figures_file)),
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = msgspec.json.decode(figures_file.read_bytes())
    assert {row["question"] for row in told["rows"]} == {"card", "file", "twenty"}
    assert all(row["load"]["errors"] == 0 for row in told["rows"])
    assert all(
        {"locate", "gather", "trail"} <= set(row["stages"]) for row in told["rows"]
    )
    assert len(told["parts"]) >= 15
    assert told["verdicts"][0]["good"]
    assert "Targets" in done.stdout
    _quick_run_of_cases(own_directory)


def _quick_run_of_cases(directory):
    """Beside the other, for the database server is there already."""
    figures_file = directory / "cases.json"
    done = subprocess.run(
        command(directory, "--quick", "--json", str(figures_file), "cases"),
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = msgspec.json.decode(figures_file.read_bytes())
    assert told["verdicts"][0]["good"]
    loads = told["found"]["loads"]
    assert {load["name"] for load in loads if load["act"]} == {
        "recordAct",
        "answerTask",
    }
    assert all(load["took"] and not load["flaws"] for load in loads)
    assert all(load["rows"] for load in loads if not load["act"])
    assert all(one["rows"] == one["wanted"] > 0 for one in told["found"]["walked"])
    assert told["found"]["changed"] > 0


@pytest.mark.rehearsal
def test_ctrl_c_stops_every_process(own_directory):
    running = subprocess.Popen(
        command(own_directory, "--quick"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = own_directory / "logs" / "stub-44.log"
    end = time.monotonic() + 60
    while not (log.exists() and "ready" in log.read_text()):
        assert time.monotonic() < end, "the stubs did not start"
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert "no process is left" in said
    left = [
        path.parent.name
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if str(own_directory).encode() in _read(path)
    ]
    assert not left


def _read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
