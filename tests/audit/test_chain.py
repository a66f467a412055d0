"""Any change, gap, cut or move in the chain is found, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.chain import (
    GENESIS,
    Break,
    Draft,
    Flaw,
    Head,
    Sealed,
    extend,
    seal_of,
    verify_chain,
)
from tests.audit.samples import AT

texts = st.text(max_size=12)
drafts = st.builds(
    Draft,
    at=st.integers(-(10**12), 10**12).map(lambda us: AT + timedelta(microseconds=us)),
    tag=texts,
    worker=texts,
    body=st.binary(max_size=40),
)


@dataclass
class Chain:
    entries: list[Sealed]
    head: Head


chains = st.lists(drafts, min_size=1, max_size=8).map(
    lambda some: Chain(*extend(GENESIS, some))
)


@given(chains)
def test_a_chain_that_nobody_touched_holds(chain):
    assert verify_chain(chain.entries, chain.head) is None


@given(st.lists(drafts, max_size=8), st.integers(0, 8))
def test_it_does_not_matter_in_how_many_groups_it_grew(some, cut):
    first, head = extend(GENESIS, some[:cut])
    second, head = extend(head, some[cut:])
    assert ([*first, *second], head) == extend(GENESIS, some)


def _parts(entry):
    draft = entry.draft
    return [draft.tag.encode(), draft.worker.encode(), draft.body, entry.seal]


@given(chains, st.data())
def test_any_changed_byte_is_found_where_it_is(chain, data):
    at = data.draw(st.integers(0, len(chain.entries) - 1))
    entry = chain.entries[at]
    part = data.draw(st.sampled_from([n for n, p in enumerate(_parts(entry)) if p]))
    content = bytearray(_parts(entry)[part])
    place = data.draw(st.integers(0, len(content) - 1))
    # the lowest bits keep most texts texts
    content[place] ^= data.draw(
        st.sampled_from([1, 2, 4] if part < 2 else range(1, 256))
    )
    try:
        changed = _with_part(entry, part, bytes(content))
    except UnicodeDecodeError:
        return
    entries = [*chain.entries[:at], changed, *chain.entries[at + 1 :]]
    assert verify_chain(entries, chain.head) == Break(entry.seq, Flaw.CHANGED)


def _with_part(entry, part, content):
    if part == 3:
        return msgspec.structs.replace(entry, seal=content)
    name = ("tag", "worker", "body")[part]
    value = content if name == "body" else content.decode()
    draft = msgspec.structs.replace(entry.draft, **{name: value})
    return msgspec.structs.replace(entry, draft=draft)


@given(chains, st.integers(0, 7), st.sampled_from([-1, 1, 3600 * 10**6]))
def test_a_changed_time_is_found(chain, at, micros):
    at %= len(chain.entries)
    entry = chain.entries[at]
    draft = msgspec.structs.replace(
        entry.draft, at=entry.draft.at + timedelta(microseconds=micros)
    )
    chain.entries[at] = msgspec.structs.replace(entry, draft=draft)
    expected = Break(entry.seq, Flaw.CHANGED)
    assert verify_chain(chain.entries, chain.head) == expected


@given(drafts)
def test_bytes_moved_from_one_part_to_the_next_are_found(draft):
    moved = msgspec.structs.replace(draft, tag=draft.tag + "x", worker=draft.worker)
    other = msgspec.structs.replace(draft, tag=draft.tag, worker="x" + draft.worker)
    assert seal_of(GENESIS.seal, 1, moved) != seal_of(GENESIS.seal, 1, other)


@pytest.fixture
def chain():
    some = [Draft(AT, "t", "w", bytes([number])) for number in range(6)]
    return Chain(*extend(GENESIS, some))


def test_an_entry_taken_out_leaves_a_gap(chain):
    del chain.entries[2]
    assert verify_chain(chain.entries, chain.head) == Break(3, Flaw.GAP)


def test_an_entry_taken_out_and_the_rest_renumbered_is_found(chain):
    rest = [msgspec.structs.replace(e, seq=e.seq - 1) for e in chain.entries[3:]]
    entries = [*chain.entries[:2], *rest]
    assert verify_chain(entries, chain.head) == Break(3, Flaw.CHANGED)


def test_the_first_entries_taken_away_are_missed(chain):
    assert verify_chain(chain.entries[3:], chain.head) == Break(1, Flaw.GAP)


def test_an_entry_in_another_place_is_found(chain):
    chain.entries[1], chain.entries[2] = chain.entries[2], chain.entries[1]
    assert verify_chain(chain.entries, chain.head) == Break(2, Flaw.GAP)


def test_an_entry_that_stands_twice_is_found(chain):
    chain.entries.insert(2, chain.entries[1])
    expected = Break(2, Flaw.OUT_OF_ORDER)
    assert verify_chain(chain.entries, chain.head) == expected


def test_an_end_cut_off_is_missed(chain):
    assert verify_chain(chain.entries[:4], chain.head) == Break(5, Flaw.CUT_OFF)
    assert verify_chain([], chain.head) == Break(1, Flaw.CUT_OFF)


def test_entries_after_the_head_are_found(chain):
    earlier = Head(4, chain.entries[3].seal)
    assert verify_chain(chain.entries, earlier) == Break(5, Flaw.NOT_THE_HEAD)


def test_a_chain_rewritten_from_the_start_does_not_fit_the_head(chain):
    other = [Draft(AT, "t", "w", bytes([9 + number])) for number in range(6)]
    entries, _ = extend(GENESIS, other)
    assert verify_chain(entries, chain.head) == Break(7, Flaw.NOT_THE_HEAD)


def test_a_chain_without_entries_holds():
    assert verify_chain([], GENESIS) is None
