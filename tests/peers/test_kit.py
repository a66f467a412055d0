"""The province kit among programs of others: it composes, and a gateway asks it."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass

import pytest

from connectors.port import WHOLE_CONTRACT, Capabilities
from hub.subgraph.cutting import cut
from schema.records.kinds import RecordKind
from tests.provinces.kit_process import files, serving
from tests.provinces.over_kit import TOKEN
from tests.provinces.registers import membership, worker

QUERY = """
query { lookedAfter { localId station name memberships { membershipNo state } } }
"""
NARROW = Capabilities("1.0", {RecordKind.WORKER: frozenset({"name"})})


@dataclass
class Composing:
    """The kit's subgraph, and one beside it."""

    kit: dict
    beside: dict


def _post(url, query):
    body = json.dumps({"query": query}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def _sdl(url):
    return _post(url, "{ _service { sdl } }")["data"]["_service"]["sdl"]


@pytest.fixture(scope="module")
def subgraphs(node, tmp_path_factory):
    place = tmp_path_factory.mktemp("kit")
    files(place, [worker("w1", membership("a", "c1")), worker("w2")])
    beside = node.start("stations.mjs", {"keys": ["w1", "nobody", "w2"]})
    with serving(place) as (url, _said, _process):
        yield Composing(
            {"name": "province", "url": url, "sdl": _sdl(url)},
            {"name": "stations", "url": beside, "sdl": _sdl(beside)},
        )


def test_it_composes_whole_and_cut_alone_and_with_others(node, subgraphs):
    cuts = [{**subgraphs.kit, "sdl": cut(one).sdl} for one in (WHOLE_CONTRACT, NARROW)]
    assert cuts[0] == subgraphs.kit
    sets = [[one] for one in cuts] + [[one, subgraphs.beside] for one in cuts]

    told = node.tell("compose.mjs", sets)

    assert [one["errors"] for one in told] == [[]] * 4
    for one in told:
        key = '@join__type(graph: PROVINCE, key: "localId")'
        assert key in one["supergraph"]
    assert "type Membership" in told[0]["supergraph"]
    assert "type Membership" not in told[1]["supergraph"]


def test_a_gateway_of_others_joins_what_the_province_and_others_know(node, subgraphs):
    (told,) = node.tell("compose.mjs", [[subgraphs.kit, subgraphs.beside]])
    supergraph = node.directory / "kit.graphql"
    supergraph.write_text(told["supergraph"], "utf-8")
    url = node.start("apollo_gateway.mjs", {"supergraph": str(supergraph)})

    first, nobody, second = _post(url, QUERY)["data"]["lookedAfter"]

    assert first == {
        "localId": "w1", "station": "station of w1", "name": None,
        "memberships": [{"membershipNo": "c1", "state": "ACTIVE"}],
    }  # fmt: skip
    assert nobody == {
        "localId": "nobody", "station": "station of nobody", "name": None,
        "memberships": None,
    }  # fmt: skip
    assert second["memberships"] == []
