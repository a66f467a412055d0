"""The demo's story of a member who moves: who is chosen, and what would be noticed."""

from __future__ import annotations

import copy
import io
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from deploy.demo import federation, presenting
from deploy.demo.checking import register_differences
from deploy.demo.choosing import Move, Unions, best, move_of
from deploy.demo.failure import DemoFailed
from deploy.demo.issuer import Issuer
from deploy.demo.population.building import build
from deploy.demo.processes import Children
from deploy.demo.province.compare import cards
from deploy.demo.province.ledger import Ledger
from deploy.demo.province.rules import Rules
from deploy.demo.truth import Card, Known, Truth

PAIR = ("51", "44")
AT = "2026-11-22T08:00:00.000+00:00"


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    directory = tmp_path_factory.mktemp("population") / "population"
    build(directory, size=300, provinces=PAIR)
    return directory


@pytest.fixture
def registers(population, tmp_path):
    """The registers of both provinces, and the truth that reads them."""
    files = {code: population / f"{code}.sqlite" for code in PAIR}
    acts = {code: tmp_path / f"{code}.acts.sqlite" for code in PAIR}
    ledgers = {code: Ledger(acts[code], files[code]) for code in PAIR}
    truth = Truth(population / "links.csv", files, [], acts)
    rules = {code: Rules(code, ledger) for code, ledger in ledgers.items()}
    yield SimpleNamespace(truth=truth, rules=rules, acts=acts)
    for ledger in ledgers.values():
        ledger.close()


@pytest.fixture
def unions(population):
    return Unions(population / "organisations.csv")


def _movable(registers, unions, *, known_at_both_ends):
    for worker in registers.truth.choose(300):
        move = move_of(worker, registers.truth.cards(worker), PAIR, unions)
        if move and (move.to_province in worker.local_keys) is known_at_both_ends:
            return worker, move
    raise AssertionError("nobody moves")


def _entry(move, act, worker):
    local_id = worker.local_keys.get(
        move.to_province if act == "REGISTER_IN" else move.from_province
    )
    ends = [(move.from_union, move.from_province), (move.to_union, move.to_province)]
    own, counterpart = reversed(ends) if act == "REGISTER_IN" else ends
    return {
        "key": f"t-1:{act}",
        "transfer": "t-1",
        "local_id": local_id,
        "membership_no": move.membership_no,
        "union": own[0],
        "counterpart_union": counterpart[0],
        "counterpart_province": counterpart[1],
        "on": "2026-11-22",
        "joined_on": "2020-01-01",
        "landing": False,
    }


def _move(registers, worker, move):
    for act in ("REGISTER_OUT", "REGISTER_IN", "COMPLETE_OUT"):
        code = move.to_province if act == "REGISTER_IN" else move.from_province
        done = registers.rules[code].act(act, _entry(move, act, worker), AT)
        assert done["answered"] == "DONE"


@pytest.mark.parametrize("known", [True, False])
def test_the_truth_follows_who_moved(registers, unions, known):
    worker, move = _movable(registers, unions, known_at_both_ends=known)
    before = len(registers.truth.cards(worker))
    _move(registers, worker, move)
    (worker,) = registers.truth.anew([worker])

    now = [(card.union_code, card.state) for card in registers.truth.cards(worker)]
    assert [union for union, state in now if state == "ACTIVE"] == [move.to_union]
    assert (move.from_union, "TRANSFERRED") in now
    assert len(registers.truth.cards(worker)) == before + 1
    assert set(worker.local_keys) == set(PAIR)
    assert sum(registers.truth.rows(worker, "memberships").values()) == before + 1


def test_the_way_back_leads_to_the_union_that_was_left(registers, unions):
    worker, move = _movable(registers, unions, known_at_both_ends=True)
    _move(registers, worker, move)
    back = move_of(worker, registers.truth.cards(worker), PAIR, unions)
    assert (back.from_union, back.from_province) == (move.to_union, move.to_province)
    assert (back.to_union, back.to_province) == (move.from_union, move.from_province)


def _card(province, state, union):
    return Card(province, "no-1", union, state, "2020-01-01")


@pytest.mark.parametrize(
    "states", [["TRANSFERRED"], ["ACTIVE", "ACTIVE"], ["IN_TRANSIT"], ["RETAINED"], []]
)
def test_who_has_not_exactly_one_home_to_leave_is_not_chosen(unions, states):
    worker = Known("1", {"51": "a", "44": "b"})
    union = unions.first_of("51")
    kept = [_card("51", state, union) for state in states]
    assert move_of(worker, kept, PAIR, unions) is None
    assert move_of(worker, [_card("51", "ACTIVE", union)], PAIR, unions) is not None


def test_a_province_that_keeps_no_register_is_neither_left_nor_come_to(unions):
    worker = Known("1", {"51": "a", "44": "b"})
    home = [_card("51", "ACTIVE", unions.first_of("51"))]
    assert move_of(worker, home, ("51",), unions) is None
    assert move_of(worker, home, ("44",), unions) is None


def test_the_well_trodden_way_of_someone_known_at_both_ends_is_shown():
    def way(old, new):
        return Move("1", "no", "id", old, "u", new, "v")

    unknown, other, right = way("51", "44"), way("33", "42"), way("51", "44")
    offered = [(unknown, {"51": "a"}), (other, {"42": "b"}), (right, {"44": "c"})]
    assert best(offered) is right
    assert best(offered[:2]) is other
    assert best([]) is None


@pytest.fixture
def moved(registers, unions):
    """A transfer, its move, and what both registers have of it: all agree."""
    worker, move = _movable(registers, unions, known_at_both_ends=True)
    _move(registers, worker, move)
    kept = {code: next(iter(cards(acts))) for code, acts in registers.acts.items()}
    told = {"id": "t-1", "state": "COMPLETED", "home": move.to_union}
    return told, move, copy.deepcopy(kept)


def test_registers_that_agree_have_no_differences(moved):
    told, move, kept = moved
    assert register_differences(told, move, {**kept, "33": None}) == []


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (lambda told, **_: told.update(state="REFUSED"), "hub: REFUSED"),
        (lambda told, **_: told.update(home="u"), "hub: COMPLETED, home u"),
        (lambda old, **_: old.update(home=["u"]), "at home at 1 unions, ['u']"),
        (lambda old, **_: old.update(leaving=["v"]), "at home at 1 unions, ['v']"),
        (lambda new, **_: new.update(home=[]), "at home at 0"),
        (lambda new, **_: new["home"].append("u"), "at home at 2"),
        (lambda old, **_: old["entries"].clear(), "entries []"),
        (
            lambda old, **_: old["entries"][0].update(state="OPEN"),
            "entries [('OUT', 'OPEN')]",
        ),
        (
            lambda new, **_: new["done"]["t-1"].update(REGISTER_IN=2),
            "done {'REGISTER_IN': 2}",
        ),
    ],
)
def test_each_kind_of_disagreement_is_found(moved, broken, found):
    told, move, kept = moved
    broken(told=told, old=kept[move.from_province], new=kept[move.to_province])
    (difference,) = register_differences(told, move, kept)
    assert found in difference


def test_a_register_that_has_never_heard_of_the_card_is_found(moved):
    told, move, kept = moved
    kept[move.to_province] = None
    assert len(register_differences(told, move, kept)) == 3


def test_the_runner_stops_before_the_hub_and_the_hub_before_the_provinces():
    assert federation.RUNNER_RANK > federation.HUB_RANK > federation.PROVINCE_RANK


def test_a_runner_that_is_killed_is_replaced_and_one_that_cannot_stay_is_told(tmp_path):
    with Children(tmp_path / "logs") as children:

        def begin():
            words = [sys.executable, "-c", "print('no key'); raise SystemExit(3)"]
            return children.start("runner", words, rank=federation.RUNNER_RANK)

        running = presenting.Running(
            port=8, issuer=Issuer(tmp_path), issuer_url="http://127.0.0.1:9",
            provinces={}, truth=None, unions=None, acts={}, cases={},
            children=children, runner=None, begin_runner=begin, server=None,
        )  # fmt: skip
        said = io.StringIO()
        presenter = presenting.Presenter(running, Console(file=said, width=200))
        begin().process.wait()
        presenter._watch(set())
        assert "The runner ended; another is started" in said.getvalue()
        (second,) = children.running
        second.process.wait()
        with pytest.raises(DemoFailed) as failed:
            presenter._watch(set())
    assert "“runner” ended (exit code 3)" in failed.value.message.en
    assert "no key" in failed.value.tail
