"""Federation: the hub composes, and serves behind the gateways of others."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request

import pytest

from schema.graph.older import for_version
from tests.peers.standing import NUMBER, PURPOSE

#: What Apollo's Node gateway and older compositions understand.
OLDER = "2.4"

CROSSING = """
query Crossing($by: WorkerBy!) {
  worker(by: $by, purpose: MEMBERSHIP_SERVICE) {
    __typename
    ... on Worker {
      id
      name
      memberships { unionName source { province } }
      benefits { name source { province } askedWith }
      completeness { complete asked answered faults { province code message } }
    }
  }
}
"""
BACK = "query Back { beneficiaries { id name benefits { name } } }"
WHOLE = """
query Whole {
  beneficiaries { id name completeness { complete faults { province } } }
}
"""


FOLLOW = """
subscription Follow {
  provinceStatus(codes: ["44"]) { cursor state province { code name } }
}
"""


def _open(url, query, variables=None, **headers):
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    sent = {"Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, sent)  # noqa: S310  # our own process
    return urllib.request.urlopen(request, timeout=60)  # noqa: S310


def _post(url, query, variables=None, **headers):
    with _open(url, query, variables, **headers) as answer:
        return json.load(answer)


def _sdl(url, **headers):
    return _post(url, "{ _service { sdl } }", **headers)["data"]["_service"]["sdl"]


@pytest.fixture(scope="module")
def hub_sdl(hub):
    return _sdl(hub.url, Authorization=f"Bearer {hub.inflow}")


@pytest.fixture(scope="module")
def benefits(node, hub):
    """A partner's subgraph; one of the workers it speaks of is unknown to the hub."""
    first, second = hub.ids()
    url = node.start("benefits.mjs", {"ids": [first, "nobody", second]})
    return {"name": "benefits", "url": url, "sdl": _sdl(url)}


@pytest.fixture(scope="module")
def compose(node):
    """Compose sets of subgraphs; each must succeed."""

    def composed(*sets):
        told = node.tell("compose.mjs", sets)
        assert [one["errors"] for one in told] == [[]] * len(sets)
        return [one["supergraph"] for one in told]

    return composed


@pytest.fixture(scope="module")
def subgraph(hub, hub_sdl):
    return {"name": "hub", "url": hub.url, "sdl": hub_sdl}


def test_the_hub_composes_alone_as_every_version_of_federation_has_it(
    compose, subgraph
):
    versions = ("2.0", "2.3", OLDER, "2.5", "2.8", "2.9")
    sdls = [subgraph["sdl"], *(for_version(subgraph["sdl"], one) for one in versions)]

    for supergraph in compose(*([{**subgraph, "sdl": sdl}] for sdl in sdls)):
        assert 'type Worker\n  @join__type(graph: HUB, key: "id")' in supergraph


def test_what_partners_are_told_survives_composition(compose, subgraph, benefits):
    (supergraph,) = compose([subgraph, benefits])
    worker = re.search(r"\ntype Worker\n(.*?)\n\{", supergraph, re.DOTALL)[1]

    def of(field):
        return re.search(rf"^  {field}\b.*$", supergraph, re.MULTILINE)[0]

    assert '@join__type(graph: BENEFITS, key: "id")' in worker
    assert '@join__type(graph: HUB, key: "id")' in worker
    assert "@authenticated" in worker
    assert '@requiresScopes(scopes: [["worker:read"]' in worker
    assert '@tag(name: "personal")' in worker
    assert '@tag(name: "contact")' in of("phone")
    assert '@tag(name: "case-content")' in of("summary")
    assert '@tag(name: "hardship-detail")' in of("incomePerHead")
    assert "@listSize(assumedSize: 5" in of("memberships")
    assert "@listSize(assumedSize: 100" in of(r"items: \[WorkerAnswer")
    assert '[["links:write"]]' in supergraph
    assert "@cost(weight: 10)" in supergraph
    source = re.search(r"\ntype Source\n(.*?)\n\{", supergraph, re.DOTALL)[1]
    assert "BENEFITS" in source
    assert "HUB" in source


@pytest.fixture(scope="module", params=["apollo_gateway", "hive_gateway"])
def gateway(request, node, compose, subgraph, benefits):
    """A gateway before the hub and the partner's subgraph."""
    own = subgraph
    if request.param == "apollo_gateway":
        own = {**subgraph, "sdl": for_version(subgraph["sdl"], OLDER)}
    supergraph = node.directory / f"{request.param}.graphql"
    (composed,) = compose([own, benefits])
    supergraph.write_text(composed, encoding="utf-8")
    return node.start(f"{request.param}.mjs", {"supergraph": str(supergraph)})


@pytest.fixture
def through(gateway, hub):
    """Ask through the gateway, as a caller of the hub."""

    def ask(query, variables=None, **headers):
        caller = {
            "Authorization": f"Bearer {hub.inflow}",
            "Purpose_Of_Use": PURPOSE,
            "Accept_Language": "zh-CN",
        }
        return _post(gateway, query, variables, **(caller | headers))

    return ask


def test_a_query_crosses_from_the_hub_to_a_partner(through, hub):
    answer = through(CROSSING, {"by": {"residentId": NUMBER}})

    assert "errors" not in answer
    worker = answer["data"]["worker"]
    assert (worker["__typename"], worker["name"]) == ("Worker", "刘琴")
    assert worker["memberships"][0]["source"] == {"province": "44"}
    (benefit,) = worker["benefits"]
    assert benefit["source"] == {"province": "44"}
    assert benefit["askedWith"] == [f"Bearer {hub.inflow}", PURPOSE]


def test_completeness_is_seen_through_the_gateway(through):
    answer = through(CROSSING, {"by": {"residentId": NUMBER}})
    completeness = answer["data"]["worker"]["completeness"]

    assert completeness["complete"] is False
    assert sorted(completeness["asked"]) == ["44", "51"]
    assert completeness["answered"] == ["44"]
    (fault,) = completeness["faults"]
    assert fault["province"] == "51"
    assert fault["code"] in {"UNREACHABLE", "SUSPENDED"}  # not asked after a few times
    assert re.search(r"[\u4e00-\u9fff]", fault["message"])  # in the caller's language


def test_a_query_crosses_from_a_partner_to_the_hub(through, hub):
    answer = through(BACK)
    first, unknown, second = answer["data"]["beneficiaries"]

    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]
    assert [first["id"], second["id"]] == hub.ids()
    assert [first["name"], unknown["name"], second["name"]] == ["刘琴", None, "王芳"]
    assert [len(one["benefits"]) for one in (first, unknown, second)] == [1, 1, 1]


def test_whom_the_hub_does_not_know_costs_the_others_nothing(through):
    first, unknown, second = through(WHOLE)["data"]["beneficiaries"]

    assert unknown is None
    assert first["completeness"] == {
        "complete": False,
        "faults": [{"province": "51"}],
    }
    assert second["completeness"] == {"complete": True, "faults": []}


def test_the_hub_asks_for_the_purpose_and_the_token_through_the_gateway_too(through):
    purpose = through(BACK, Purpose_Of_Use="")
    token = through(BACK, Authorization="")

    for answer in (purpose, token):
        people = answer["data"]["beneficiaries"]
        assert [one["name"] for one in people] == [None, None, None]
        assert answer["errors"]
    assert "Purpose-Of-Use" in json.dumps(purpose["errors"], ensure_ascii=False)


def test_the_provinces_that_did_not_answer_are_in_the_data_only(through, hub):
    """No gateway passes on the extensions of a subgraph: the data has to tell."""
    own = re.sub(r"benefits \{[^}]*\{[^}]*\}[^}]*\}", "", CROSSING)
    asked = {"by": {"residentId": NUMBER}}
    direct = hub.ask(own, variables=asked, Purpose_Of_Use=PURPOSE).json
    answer = through(CROSSING, asked)
    faults = answer["data"]["worker"]["completeness"]["faults"]

    assert [one["province"] for one in direct["extensions"]["provinces"]] == ["51"]
    assert "provinces" not in answer.get("extensions", {})
    assert [one["province"] for one in faults] == ["51"]


def _streams(hub):
    """Count the event streams that the hub has open, by its figures."""
    url = hub.url.replace("/graphql", "/metrics")
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        told = answer.read().decode()
    found = re.search(r'^hub_streams\{kind="sse"\} (\S+)$', told, re.MULTILINE)
    return float(found[1]) if found else 0.0


def _follow(url, token):
    return _open(
        url,
        FOLLOW,
        Accept="text/event-stream",
        Accept_Language="zh-CN",
        Authorization=f"Bearer {token}",
    )


def _events(answer):
    for line in answer:
        if line.startswith(b"data:") and line[5:].strip():
            yield json.loads(line[5:])


@pytest.mark.parametrize("gateway", ["hive_gateway"], indirect=True)
def test_a_stream_goes_through_hives_gateway(gateway, through, hub):
    through(CROSSING, {"by": {"residentId": NUMBER}})  # so that there is news
    with _follow(gateway, hub.inflow) as answer:
        event = next(_events(answer))["data"]["provinceStatus"]
        assert _streams(hub) == 1

    assert event["state"] == "ANSWERING"
    assert event["province"] == {"code": "44", "name": "广东"}
    assert event["cursor"]
    end = time.monotonic() + 10
    while _streams(hub):  # who leaves the gateway leaves the hub
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("gateway", ["hive_gateway"], indirect=True)
def test_nobody_follows_through_hives_gateway_without_a_token(gateway):
    with _follow(gateway, "ey.ey.ey") as answer:
        (error,) = next(_events(answer))["errors"]

    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert error["extensions"]["zh"]


@pytest.mark.parametrize("gateway", ["apollo_gateway"], indirect=True)
def test_apollos_own_gateway_has_no_streams(gateway, through, hub):
    """Their router has; who runs the gateway follows the hub itself."""
    statuses = []
    for ask in (lambda: _follow(gateway, hub.inflow), lambda: through(FOLLOW)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask()
        statuses.append(refused.value.code)
        refused.value.close()

    assert statuses == [406, 500]
