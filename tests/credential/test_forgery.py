"""Every way that we know to forge a credential, and what becomes of it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.credential.claims import judge
from schema.records.refusal import Refusal
from tests.credential.forging import FORGERIES
from tests.credential.holding import ISSUER, NEW, hold


@pytest.mark.parametrize(
    ("forge", "state", "code"),
    [row[1:] for row in FORGERIES],
    ids=[row[0] for row in FORGERIES],
)
async def test_a_forgery_is_known_and_opens_nothing(forge, state, code):
    held = hold()
    issued = await held.issue()

    forged = forge(issued.compact)
    told = await held.credentials.verify(forged)
    opened = await held.credentials.redeeming(forged, issued.code, NEW, "o/1")
    shown = await held.credentials.present(forged, issued.code, NEW)

    assert told.state == state
    assert isinstance(opened, Refusal)
    assert opened.code == code
    assert isinstance(shown, Refusal)
    assert shown.code == code
    genuine = await held.credentials.verify(issued.compact)
    assert genuine.state == "VALID"


HELD = hold()
ISSUED = asyncio.run(HELD.issue())
SIGNED = ISSUED.compact.encode()


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
@settings(max_examples=500)
def test_whichever_byte_is_changed_it_is_never_believed(at, by):
    changed = bytearray(SIGNED)
    changed[at] ^= by
    text = changed.decode("latin-1")

    found = judge(text, HELD.ring.public, ISSUER, HELD.clock.now())

    # Only in the header can a change make the key a stranger's.
    in_header = at < SIGNED.index(b".")
    assert found.state == "FORGED" or (in_header and found.state == "FOREIGN")
    assert found.claims is None


@given(
    st.text(max_size=300) | st.binary(max_size=300).map(lambda b: b.decode("latin-1"))
)
def test_no_text_at_all_breaks_the_reader(text):
    assert judge(text, HELD.ring.public, ISSUER, HELD.clock.now()).claims is None


@given(st.lists(st.sampled_from([".", "e", "A", "_", "=", "é", "{", '"']), max_size=40))
def test_no_sequence_of_likely_characters_does_either(signs):
    text = "".join(signs)

    assert judge(text, HELD.ring.public, ISSUER, HELD.clock.now()).state == "FORGED"
