"""Reports: what each says, that it is well-formed, and that nobody is named in it."""

from __future__ import annotations

import asyncio
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import pytest

from connectors.conformance.html import as_html
from connectors.conformance.junit import as_junit
from connectors.conformance.report import PARTS, Outcome, catalogue
from connectors.conformance.sample import Sample, read_sample, shortened
from connectors.faults import ProvinceFault
from schema.records.command import Act
from schema.records.kinds import RecordKind
from schema.records.membership import MembershipState
from schema.records.refusal import Bilingual, Refused
from schema.records.told import FaultCode
from tests.conformance.lies import LIES, Lying
from tests.conformance.sound import SAMPLE, WORKERS, province, visited
from tests.house.documents import blocks, read

#: Lies about much, so that much is said.
LOUD = (
    "read.whole: a_kind_that_cannot_be_read",
    "read.repeatable: the_date_of_the_answer",
    "read.opaque: a_number_for_a_name",
)
VOID = {"meta", "link", "br"}


class Balance(HTMLParser):
    """Reads a page, and gathers what is open and what is loaded."""

    def __init__(self):
        super().__init__()
        self.open, self.loaded = [], []

    def handle_starttag(self, tag, attrs):
        self.loaded += [value for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module", params=LOUD)
async def report(request):
    _, _, make, more = LIES[request.param]
    told, _ = await visited(make(), more.get("sample", SAMPLE))
    return told


async def test_junit_tells_every_check_and_its_counts(report):
    root = ET.fromstring(as_junit(report))  # noqa: S314  # our own
    (suite,) = root
    cases = suite.findall("testcase")

    assert [one.get("name") for one in cases] == list(catalogue())
    for name, tag in (("failures", "failure"), ("skipped", "skipped")):
        assert int(suite.get(name)) == len(suite.findall(f"testcase/{tag}"))
    assert int(suite.get("failures")) == report.counts[Outcome.FAILED] > 0
    assert int(suite.get("tests")) == len(cases)


async def test_the_page_needs_nothing_else_and_is_whole(report):
    reader = Balance()
    reader.feed(as_html(report))

    assert (reader.open, reader.loaded) == ([], [])


async def test_nobody_is_named(report):
    secret = [
        *WORKERS, "11010519491231002X", "李四", "王五", "赵六", "13000000000", "c1",
        "812.50", "Z-7",
    ]  # fmt: skip
    told = as_html(report) + as_junit(report)

    assert [one for one in secret if re.search(rf"\b{re.escape(one)}\b", told)] == []


async def test_what_is_told_is_escaped():
    report, _ = await visited(province())
    evil = Bilingual(
        '<script>"&\x00]]>', "<b>\ud800".encode("utf-8", "replace").decode()
    )
    findings = tuple(msgspec.structs.replace(one, came=evil) for one in report.findings)
    failing = tuple(
        msgspec.structs.replace(one, outcome=Outcome.FAILED) for one in findings
    )
    told = msgspec.structs.replace(report, findings=failing, name=evil)

    assert "<script" not in as_html(told)
    assert ET.fromstring(as_junit(told)) is not None  # noqa: S314  # our own


async def test_without_keys_it_says_what_it_could_not_check():
    report, outcomes = await visited(province(), Sample(), acts=False)

    assert report.conforms
    for name in ("read.known", "read.rows", "read.selection", "acts.out", "speed.1"):
        assert outcomes[name] is Outcome.SKIPPED
    for name in ("read.stranger", "read.odd-keys", "changes.numbers"):
        assert outcomes[name] is Outcome.PASSED
    why = {one.check.id: one.came for one in report.findings}
    assert "known" in why["read.known"].zh
    assert "known" in why["read.known"].en
    assert "--acts" in why["acts.out"].en


async def test_what_writes_is_not_done_unless_it_is_allowed():
    one = province()
    await visited(one, acts=False)

    assert one.register.files == {}
    assert one.register.barred == set()


async def test_the_register_ends_as_it_was():
    one = province()
    await visited(one)

    assert one.register.file("gd-0001").memberships[0].state == "ACTIVE"
    assert not one.register.file("gd-0003").memberships


def test_a_check_says_everything_in_both_languages():
    for one in catalogue().values():
        for said in (one.title, one.expected, one.remedy):
            assert re.search("[\u4e00-\u9fff]", said.zh) or said.zh == "NOT_SUPPORTED"
            assert said.en
            assert not re.search("[\u4e00-\u9fff]", said.en)
        assert one.source


KEYS = """
known = ["gd-0001", "gd-0002"]
unknown = ["gd-9999"]
case_no = "2026-44-1"

[rows]
MEMBERSHIP = ["gd-0001"]

[none]
MEMBERSHIP = ["gd-0002"]
"""


def test_the_sample_is_read(tmp_path):
    file = tmp_path / "keys.toml"
    file.write_text(KEYS, "utf-8")
    sample = read_sample(file)

    assert sample.known == ("gd-0001", "gd-0002")
    assert sample.rows == {RecordKind.MEMBERSHIP: ("gd-0001",)}
    assert sample.label("gd-0002") == "known[2] gd…"
    assert shortened("a") == "…"


@pytest.mark.parametrize(
    "text",
    [
        "known = 7",
        "knwon = ['a']",
        "known = ['']",
        "known = ['a']\n[rows]\nMEMBERS = ['a']",
        "known = ['a']\n[rows]\nMEMBERSHIP = ['b']",
        "known = ['a']\nunknown = ['a']",
        "known = ['a']\n[none]\nWORKER = ['a']",
        "[acts.leaving]\nlocal_id = 'a'",
        "known = [",
        "known = ['\udcff']",
    ],
)
def test_a_sample_with_a_mistake_is_refused_without_a_key(tmp_path, text):
    file = tmp_path / "keys.toml"
    file.write_text(text.replace("'a'", "'gd-4491'"), "utf-8", "surrogateescape")
    with pytest.raises(Refused) as raised:
        read_sample(file)

    assert raised.value.refusal.code == "SAMPLE_UNUSABLE"
    assert "gd-4491" not in raised.value.refusal.message.en


def test_the_sample_that_is_shown_is_one(tmp_path):
    (shown,) = blocks("toml keys")
    file = tmp_path / "keys.toml"
    file.write_text(shown.text, "utf-8")
    sample = read_sample(file)

    assert sample.acts.leaving
    assert sample.acts.coming
    assert sample.case_no


def test_the_parts_that_are_shown_are_those_that_there_are():
    text = read("connectors/REFERENCE.md").partition("## 验收")[2]
    told = re.findall(r"^\| (`[a-z` ]+) \|", text, re.MULTILINE)
    parts = re.findall(r"[a-z]+", " ".join(told))

    assert set(parts) == set(PARTS) == {one.part for one in catalogue().values()}


async def test_a_visit_that_is_broken_off_takes_back_what_it_wrote():
    one, seen = province(), asyncio.Event()

    def state():
        return one.register.file("gd-0001").memberships[0].state

    async def instead(true, question, deadline):
        if state() is MembershipState.IN_TRANSIT:
            seen.set()
            await asyncio.sleep(60)
        return await true.ask(question, deadline)

    task = asyncio.create_task(visited(Lying(one, instead=instead)))
    await seen.wait()
    assert state() is MembershipState.IN_TRANSIT
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert state() is MembershipState.ACTIVE


async def test_what_could_not_be_taken_back_is_named():
    def never(_, one):
        if one.act is Act.CANCEL_OUT and one.transfer.endswith("-out"):
            raise ProvinceFault(FaultCode.PROVINCE_ERROR)

    report, _ = await visited(Lying(province(), act=never), act_deadline=0.01)
    (found,) = (one for one in report.findings if one.check.id == "acts.out")

    assert found.outcome is Outcome.FAILED
    assert re.search(r"probe-\w+-out was not taken back", found.came.en)
