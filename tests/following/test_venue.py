"""Where a rights case goes: RULEBOOK §4 as a table, and the edges round it."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.following.agreements import AgreementMistake, Agreements
from hub.following.places import PlaceMistake, Places
from hub.following.venue import Atlas, route
from hub.following.venue_rules import VenueMistake, VenueRules
from hub.following.venue_words import no_place
from hub.organisation.directory import Directory
from schema.records.clock import AgreedLimit
from schema.records.membership import OrganisationKind as Kind
from schema.records.refusal import Refusal
from schema.records.rights_case import CaseMatter
from schema.records.venue import Forum, Routing, VenueQuestion
from tests.following.clock_samples import RULES
from tests.organisation.trees import one

TODAY = date(2026, 11, 22)


def text(name: str) -> str:
    return files("hub.rules").joinpath(f"{name}.toml").read_text("utf-8")


AGREED = """
version = 1
[[agreement]]
id = "44-51"
provinces = ["44", "51"]
matters = ["WAGE_ARREARS"]
tasks = ["*"]
limits = { task-answer = 5, task-acknowledgement = 1 }
valid_from = 2026-01-01
valid_to = 2026-12-31
text_zh = "粤川协议"
text_en = "Agreement of Guangdong and Sichuan."
source = "for this test"

[[agreement]]
id = "compact"
provinces = ["44", "51", "52"]
matters = ["*"]
tasks = ["*"]
limits = { task-answer = 3 }
valid_from = 2026-06-01
text_zh = "区域协作"
text_en = "A compact."
source = "for this test"
"""
#: Guangdong: 440106 has unions down to a township, 440300 a city union only. Sichuan
#: is where workers come from, with a station in Guangdong.
UNIONS = (
    one("p44", division="440000"),
    one("c4401", "p44", kind=Kind.CITY, division="440100"),
    one("x440106", "c4401", kind=Kind.COUNTY, division="440106"),
    one("t440106001", "x440106", kind=Kind.TOWNSHIP, division="440106001"),
    one("firm", "x440106", division="440106"),
    one("c4403", "p44", kind=Kind.CITY, division="440300"),
    one("p51", province="51", division="510000"),
    one("c5101", "p51", province="51", kind=Kind.CITY, division="510100"),
    one("home", "c5101", province="51", kind=Kind.COUNTY, division="510104"),
    one(
        "station", "c5101", province="51", kind=Kind.OUT_OF_PROVINCE_STATION,
        division="440305",
    ),
    one("p37", province="37", division="370000"),
    one("c3701", "p37", province="37", kind=Kind.CITY, division="370100"),
    one("x370116", "c3701", province="37", kind=Kind.COUNTY, division="370116"),
    one(
        "x371202", "p37", province="37", kind=Kind.COUNTY, division="371202",
        valid_to=date(2018, 12, 31),
    ),
    one("p11", province="11", division="110000"),
    one("x110105", "p11", province="11", kind=Kind.COUNTY, division="110105"),
)  # fmt: skip


def atlas(agreements: str = "version = 1\nagreement = []") -> Atlas:
    return Atlas(
        rules=VenueRules.load(text("venue").encode()),
        places=Places.load(text("divisions").encode()),
        directory=Directory(UNIONS),
        agreements=Agreements.load(agreements.encode(), RULES),
    )


ATLAS = atlas()


def asked(matter: CaseMatter = CaseMatter.WAGE_ARREARS, **facts: object):
    given = {"on": TODAY, "intake": "home", "home": "home"} | facts
    return VenueQuestion(matter=matter, **given)


def routed(matter: CaseMatter = CaseMatter.WAGE_ARREARS, at=ATLAS, **facts: object):
    found = route(at, asked(matter, **facts))
    assert isinstance(found, Routing)
    return found


def rules_of(found: Routing) -> list[str]:
    return [reason.rule for reason in found.reasons]


HERE, SEAT = "440106", "110105"
BOTH = {"workplace": HERE, "employer_seat": SEAT}


@pytest.mark.parametrize(
    ("forum", "facts", "venue", "alternatives", "lead"),
    [
        # 调解仲裁法 21, 法释〔2020〕26: either; if both are used, the workplace.
        (Forum.ARBITRATION, BOTH, HERE, (SEAT,), "x440106"),
        (Forum.ARBITRATION, {"employer_seat": SEAT}, SEAT, (), "x110105"),
        (Forum.COURT, BOTH, HERE, (SEAT,), "x440106"),
        (Forum.COURT, {"employer_seat": SEAT}, SEAT, (), "x110105"),
        # 监察条例 13: where the work is done.
        (Forum.INSPECTION, BOTH, HERE, (), "x440106"),
        # 工伤保险条例 17: the pooling area; a municipality is one.
        (Forum.INJURY_RECOGNITION, {**BOTH, "insurance_place": "440305"}, "440300", (), "c4403"),
        (Forum.INJURY_RECOGNITION, {**BOTH, "insurance_place": SEAT}, "110000", (), "p11"),
        # 法律援助法 38.
        (Forum.LEGAL_AID, {**BOTH, "body_place": "440305"}, "440305", (HERE,), "c4403"),
        (Forum.LEGAL_AID, BOTH, HERE, (), "x440106"),
        # 调解仲裁法 10: the enterprise, else the township.
        (Forum.MEDIATION, {"workplace": "440106001007"}, "440106001", (), "t440106001"),
        (Forum.MEDIATION, {**BOTH, "employer_union": "firm"}, HERE, (SEAT,), "firm"),
        # 002 §5: where the arrears arose.
        (Forum.ARREARS, BOTH, HERE, (), "x440106"),
        (Forum.ARREARS, {"workplace": "440106001007"}, HERE, (), "x440106"),
        # Ours: hardship stays with the membership, a question with who was asked.
        (Forum.MEMBERSHIP, BOTH, "510104", (), "home"),
        (Forum.REPLY, {**BOTH, "intake": "c4401"}, "440100", (), "c4401"),
    ],
)  # fmt: skip
def test_the_competent_place_is_that_of_the_article(
    forum, facts, venue, alternatives, lead
):
    found = routed(forum=forum, **facts)

    assert (found.venue, found.alternatives, found.lead) == (venue, alternatives, lead)
    assert not found.provisional
    assert found.reasons[0].rule.startswith("venue-")


def test_every_forum_and_every_matter_has_its_rule():
    for matter in CaseMatter:
        assert ATLAS.rules.rule(ATLAS.rules.forum(matter), TODAY) is not None


@pytest.mark.parametrize("forum", sorted(set(Forum) - {Forum.MEMBERSHIP, Forum.REPLY}))
def test_an_intake_at_home_is_led_where_the_work_is_and_helped_from_home(forum):
    found = routed(forum=forum, workplace=HERE, insurance_place=HERE)

    assert found.lead_province == "44"
    assert found.co_handler == "home"
    assert found.lead != "home"


@pytest.mark.parametrize(
    ("forum", "facts", "venue", "lead"),
    [
        (Forum.ARREARS, {"employer_seat": SEAT}, SEAT, "x110105"),
        (Forum.INSPECTION, {"employer_seat": SEAT}, SEAT, "x110105"),
        (Forum.INJURY_RECOGNITION, BOTH, "110000", "p11"),
        (Forum.INJURY_RECOGNITION, {"workplace": HERE}, "440100", "c4401"),
        # No place at all, and no union known in the province: who received it goes on.
        (Forum.ARREARS, {}, None, "home"),
        (Forum.ARREARS, {"workplace": "530102"}, "530102", "home"),
        (Forum.ARREARS, {"intake": "station"}, None, "c5101"),
    ],
)
def test_what_is_not_known_yet_is_routed_for_the_time_being(forum, facts, venue, lead):
    found = routed(forum=forum, **facts)

    assert (found.venue, found.lead) == (venue, lead)
    assert found.provisional
    assert {"venue-always", "venue-level"} & set(rules_of(found))


def test_a_station_takes_in_and_represents_but_does_not_lead():
    found = routed(intake="station", home=None, workplace="440305")

    assert found.lead == "c4403"
    assert found.represented_by == "station"
    assert found.co_handler == "c5101"
    assert {"venue-station", "venue-level"} <= set(rules_of(found))


def test_where_there_is_no_union_the_next_level_up_leads_and_that_is_said():
    found = routed(workplace="440305")
    (said,) = [each.text for each in found.reasons if each.rule == "venue-level"]

    assert found.lead == "c4403"
    assert "440305" in said.zh
    assert "440300" in said.en


@pytest.mark.parametrize(
    ("code", "on", "venue", "lead", "rule"),
    [
        ("371202", date(2018, 6, 1), "371202", "x371202", None),
        ("371202", date(2019, 1, 1), "370116", "x370116", "division-merged"),
        ("371202001", TODAY, "370116", "x370116", "division-merged"),
        # Expired, and nobody said into what: the city above it; or the province.
        ("341402", TODAY, "340000", "home", "division-expired"),
        ("440199", TODAY, "440100", "c4401", "division-expired"),
        ("371299", TODAY, "370100", "c3701", "division-merged"),
    ],
)
def test_a_code_means_a_place_on_a_day(code, on, venue, lead, rule):
    found = routed(workplace=code, on=on)

    assert (found.venue, found.lead) == (venue, lead)
    assert rule is None or rule in rules_of(found)


def test_agreements_hold_between_their_provinces_for_their_matters_while_they_are_valid():
    both = atlas(AGREED)
    wages = routed(at=both, workplace=HERE)
    injury = routed(CaseMatter.WORK_INJURY, both, insurance_place=HERE)
    early = routed(at=both, workplace=HERE, on=date(2026, 5, 31))

    assert wages.agreement == "44-51"
    assert wages.limits == (
        AgreedLimit("task-acknowledgement", 1, "44-51"),
        AgreedLimit("task-answer", 3, "compact"),
    )
    assert injury.limits == (AgreedLimit("task-answer", 3, "compact"),)
    assert AgreedLimit("task-answer", 5, "44-51") in early.limits
    assert routed(at=both, workplace=HERE, on=date(2025, 12, 31)).agreement is None
    assert routed(at=both, workplace="370116").agreement is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"workplace": "4401"}, "BAD_DIVISION"),
        ({"workplace": "44010x"}, "BAD_DIVISION"),
        ({"intake": "nobody"}, "UNKNOWN_INTAKE"),
        ({"on": date(1999, 1, 1)}, "UNKNOWN_INTAKE"),
        ({"on": date(2001, 1, 1)}, "NO_VENUE_RULE"),
    ],
)
def test_what_cannot_be_routed_is_refused_in_both_languages(facts, code):
    refusal = route(ATLAS, asked(**facts))

    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert all((refusal.message.zh, refusal.message.en, refusal.remedy.zh))


CODES = st.sampled_from(
    [None, "440106", "440305", "440106001007", "110105", "371202", "341402", "530102",
     "999999", "510104"]
)  # fmt: skip


QUESTIONS = st.builds(
    VenueQuestion,
    matter=st.sampled_from(CaseMatter),
    forum=st.sampled_from([None, *Forum]),
    workplace=CODES,
    employer_seat=CODES,
    insurance_place=CODES,
    body_place=CODES,
    intake=st.sampled_from(["home", "station", "x440106", "p11"]),
    home=st.sampled_from([None, "home", "x440106", "nobody"]),
    employer_union=st.sampled_from([None, "firm", "station", "nobody"]),
    on=st.dates(date(2009, 1, 1), date(2030, 1, 1)),
)


@settings(max_examples=120, deadline=None)
@given(QUESTIONS)
def test_every_intake_is_routed_to_one_union_that_stands_and_is_no_station(question):
    on = question.on
    found = route(ATLAS, question)

    assert isinstance(found, Routing)
    assert found == route(ATLAS, question)
    lead = ATLAS.directory.get(found.lead, on)
    assert lead is not None
    assert lead.kind is not Kind.OUT_OF_PROVINCE_STATION
    assert lead.province == found.lead_province
    assert (found.represented_by is not None) is (question.intake == "station")
    assert found.venue not in found.alternatives
    assert len(set(found.alternatives)) == len(found.alternatives)
    assert all(reason.text.zh and reason.text.en for reason in found.reasons)
    if found.co_handler is not None:
        helper = ATLAS.directory.get(found.co_handler, on)
        assert helper.province != found.lead_province
    by_work = question.forum in {Forum.ARREARS, Forum.INSPECTION}
    if by_work and question.workplace == "440106":
        assert found.lead == "x440106"


VENUE = text("venue")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (VENUE.replace('SAFETY = "INSPECTION"\n', ""), "SAFETY: no forum"),
        (VENUE.replace('"venue-court"', '"venue-reply"'), "one id"),
        (
            VENUE.replace('"venue-court"', '"court"\nvalid_to = 2030-01-01'),
            "COURT: no rule",
        ),
        (VENUE.replace('["workplace"]', '["home"]', 1), "never is"),
        (VENUE.replace('["workplace"]', "[]", 1), "no place"),
        (VENUE.replace("valid_to = 2021-12-31", "valid_to = 2022-12-31"), "overlap"),
        (VENUE.replace('level = "county"', 'level = "moon"', 1), "moon"),
    ],
)
def test_rules_that_leave_a_question_open_are_not_loaded(changed, said):
    with pytest.raises(VenueMistake, match=said):
        VenueRules.load(changed.encode())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (AGREED.replace("task-acknowledgement", "award"), "no internal limit"),
        (AGREED.replace("task-answer = 5", "task-answer = 0"), "no internal limit"),
        (AGREED.replace('["44", "51"]', '["44"]'), "two provinces"),
        (AGREED.replace('["44", "51"]', '["44", "5x"]'), "two provinces"),
        (AGREED.replace("WAGE_ARREARS", "TEA"), "matters that there are"),
        (AGREED.replace('"compact"', '"44-51"'), "two have this id"),
        (AGREED.replace("2026-12-31", "2025-12-31"), "ends before it begins"),
        (AGREED.replace("tasks", "chores"), "chores"),
    ],
)
def test_agreements_that_cannot_be_are_not_loaded(changed, said):
    with pytest.raises(AgreementMistake, match=said):
        Agreements.load(changed.encode(), RULES)


def test_the_agreements_that_are_shipped_load_and_are_none():
    shipped = Agreements.load(text("agreements").encode(), RULES)

    assert shipped.between("44", "51", CaseMatter.WAGE_ARREARS, TODAY) == ()


MERGED = '[[merged]]\nold = "{}"\nnew = "{}"\non = 2020-01-01\nsource = "…"\n'


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("440101", "440102"), ("440102", "440101")], "ends in itself"),
        ([("440101", "440101")], "ends in itself"),
        ([("440101", "440102"), ("440101", "440103")], "merged twice"),
        ([("440101", "44010")], "six digits"),
    ],
)
def test_mergers_that_cannot_be_are_not_loaded(pairs, said):
    made = "version = 1\n" + "".join(MERGED.format(*pair) for pair in pairs)

    with pytest.raises(PlaceMistake, match=said):
        Places.load(made.encode())


def test_what_is_to_be_done_when_a_place_is_known_are_acts_that_there_are():
    sdl = (Path(__file__).parents[2] / "schema" / "hub.graphql").read_text("utf-8")
    said = no_place().text

    for text in (said.zh, said.en):
        named = set(re.findall(r"[a-z]+[A-Z][A-Za-z]+", text))
        assert named >= {"routeCase", "forwardCase"}
        assert all(f"  {one}(" in sdl for one in named), named
