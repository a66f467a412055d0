"""Collective cases in the graph: whose reports are named, who sees who owes, what it costs."""

from __future__ import annotations

from graphql import parse

from hub.web.cost import weigh
from hub.web.list_sizes import assumed_sizes
from tests.cases.asking import HOME, OTHER, PLACE, TOP, clerk, done
from tests.cases.test_arrears import COLLECTIVES, FIRM, case_of, filed
from tests.cases.test_cases import counted
from tests.fakes.hub import graph
from tests.moving.asking import officer

_OF_CASES = """{ cases(first: 50) { edges { node { no
  collective { id group workers ownReports moreOwnReports } arrears { id } } } } }"""


async def test_all_collective_cases_of_a_page_are_one_statement(hub, monkeypatch):
    for _ in range(6):
        await filed(hub, clerk(OTHER), by=OTHER, workers=2, division="330101")
    reading, asked = hub.parts.following.reports.arrears, []
    for name in ("of_cases", "collectives"):
        real = getattr(reading, name)
        monkeypatch.setattr(reading, name, counted(name, real, asked))

    found = await hub(_OF_CASES, clerk(OTHER))

    collectives = [one["node"]["collective"] for one in found["edges"]]
    assert [one["workers"] for one in collectives] == [12] * 6
    assert len(collectives[0]["ownReports"]) == 6
    assert sorted(asked) == ["collectives", "of_cases"]


async def test_who_owes_is_seen_with_content_and_reports_by_their_unions(hub):
    first = await filed(hub, workers=6)
    second = await filed(hub, clerk(OTHER), by=OTHER, workers=5, division="330101")

    asked = (await case_of(hub, PLACE, first["caseNo"]))["collective"]
    runs = officer("U11-hub", "hub:operate")
    (node,) = [
        one["node"]["collective"]
        for one in (await hub(_OF_CASES, runs))["edges"]
        if one["node"]["no"] == first["caseNo"]
    ]
    inspects = officer("U11-audit", "audit:read")

    assert (asked["group"], asked["workers"]) == (None, 11)
    assert (node["group"], node["workers"]) == (None, 11)
    # It is asked to lead, and took nothing in.
    assert asked["ownReports"] == []
    all_of_them = sorted([first["id"], second["id"]])
    for who in (inspects,):
        for one in (await hub(_OF_CASES, who))["edges"]:
            assert one["node"]["collective"]["group"] == FIRM
            assert one["node"]["collective"]["ownReports"] == all_of_them
    await done(hub, PLACE, "acceptCase", first["caseNo"])
    # Who leads now sees it; who took it in, and follows, does not any more.
    for office, group, own in (
        (PLACE, FIRM, [first["id"]]), (TOP, FIRM, [first["id"]]),
        (HOME, None, [first["id"]]), (OTHER, FIRM, [second["id"]]),
    ):  # fmt: skip
        (edge,) = (await hub(COLLECTIVES, clerk(office), office=office))["edges"]
        assert edge["node"]["group"] == group, office
        assert edge["node"]["ownReports"] == own, office


def test_what_is_joined_weighs_more_than_what_is_read():
    def cost(field):
        document = "{ cases(first: 100) { edges { node { FIELD } } } }"
        asked = parse(document.replace("FIELD", field))
        return weigh(asked, {}, 1, assumed_sizes(graph())).cost

    assert cost("collective { id }") >= cost("dueOn") + 100 * 50
