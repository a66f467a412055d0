"""Documents by the schema, good and mangled: no 5xx, no hang, no raw text, no echo."""

from __future__ import annotations

import os

import pytest

from tests.attacks.fuzz import fuzz

_EXAMPLES = {"dev": 100, "ci": 200, "night": 4000}


@pytest.mark.rehearsal
def test_a_fuzzed_document_is_answered_properly(target):
    profile = os.environ.get("HYPOTHESIS_PROFILE", "dev")
    report = fuzz(target, _EXAMPLES.get(profile, 100))

    assert report.improper == []
    assert any(kind == "good" and status == 200 for kind, status, _ in report.ends)
    assert any(kind == "mangled" and status == 400 for kind, status, _ in report.ends)
