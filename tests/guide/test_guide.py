"""The guide keeps its word: every file and every command of it, from nothing to rows."""

from __future__ import annotations

import json
import re

import pytest

from tests.guide.blocks import GUIDES, TRANSLATED, blocks_of, sections_of
from tests.house.documents import HEADING, ROOT, prose, read, rows
from tests.peers.kept import unless_missing
from tests.provinces import in_node

pytestmark = pytest.mark.slow

#: The provinces that the guide connects, each in a way of its own.
PROVINCES = ("32", "34", "41", "43", "at-hub/provinces/32", "36", "50")


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_both_languages_have_the_same_blocks_in_the_same_places():
    english, chinese = (
        [(b.section, b.info, "" if b.info in TRANSLATED else b.text) for b in blocks_of(g)]
        for g in GUIDES
    )  # fmt: skip

    assert english == chinese


def test_both_languages_are_built_alike():
    def build(guide):
        text = prose(guide)
        links = re.findall(r"\]\(([^)\s#]*)", text)
        return (
            [len(marks) for marks, _ in HEADING.findall(text)],
            [len(row) for row in rows(text)],
            [one.replace(".zh-CN", "") for one in links],
            sorted(re.findall(r"`([a-z]\w*[./]\w+|[A-Z_]{4,})`", text)),
        )

    english, chinese = map(build, GUIDES)
    assert english == chinese


@pytest.mark.parametrize("section", range(1, len(sections_of(GUIDES[0]))))
def test_what_is_shown_is_what_comes(walked, section):
    printed = last = ""
    for block, told in walked.printed:
        if block.section != section:
            continue
        printed += told
        if block.info == "text":
            for line in block.text.splitlines():
                assert _plain(line) in _plain(printed)
        if block.info == "json":
            assert json.loads(last) == json.loads(block.text)
        last = told or last


@pytest.mark.parametrize("province", PROVINCES)
def test_every_province_of_the_guide_is_probed_and_keeps_the_contract(walked, province):
    if province == "50":
        unless_missing(in_node.modules)
    file = f"{province}.toml" if "/" in province else f" provinces/{province}.toml"
    (printed,) = (
        told
        for block, told in walked.printed
        if re.search(rf"probe ?{re.escape(file)} --keys keys.toml", block.text)
    )

    assert "PASSED read.rows" in printed
    assert not re.search(r"^FAILED", printed, re.MULTILINE)
    (passed,) = re.findall(r"✓ (\d+) 符合 passed", printed)
    assert int(passed) >= 29


def test_a_draft_that_nobody_has_looked_through_is_red_for_one_cause_told_once(walked):
    told = walked.shell.paste(
        "python -m hub province init sql HUB_SQL_32 --settings draft/provinces/32.toml\n"
        "python -m hub province probe draft/provinces/32.toml --keys keys.toml"
        " || echo ended by $?"
    )

    assert "ended by 2" in told
    assert told.count("怎样改 mend") == 1
    assert "field=state column=zt why=UNKNOWN_CODE" in told


def test_the_packages_of_node_are_those_that_are_tested():
    (block,) = (b for b in blocks_of(GUIDES[0]) if b.text.startswith("npm install"))
    told = json.loads((in_node.HERE / "package.json").read_text("utf-8"))[
        "dependencies"
    ]

    assert set(block.text.split()[2:]) == set(told)


def test_a_new_secret_is_used_and_who_is_taken_out_is_asked_no_more(walked):
    told = walked.asked_until(
        lambda told: told["data"]["worker"]["completeness"]["answered"] == ["32", "34"]
    )

    assert told["data"]["worker"]["memberships"][0]["state"] == "ACTIVE"


def test_the_root_readmes_send_partners_to_the_guide():
    for document, guide in zip(("README.md", "README.zh-CN.md"), GUIDES, strict=True):
        assert f"]({guide})" in read(document)
    assert (ROOT / GUIDES[0]).exists()
