"""A real hub with real settings: two provinces, one of which does not answer."""

from __future__ import annotations

import functools
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from deploy.demo.federation import HUB_RANK, start_issuer, url_of
from deploy.demo.issuer import Issuer, Role
from deploy.demo.looking_up import is_ready
from deploy.demo.ports import choose
from deploy.demo.processes import Children
from deploy.demo.settings_files import Standing, environment, write_settings
from hub.clock import SystemClock
from tests.builders.numbers import number
from tests.provinces.launch import running

#: Two workers whom Guangdong knows; Sichuan, which does not answer, the first too.
NUMBER = number(sequence=101)
OTHER = number(sequence=202)
PURPOSE = "MEMBERSHIP_SERVICE"
ROWS = (
    "memberships",
    "rightsCases",
    "skills",
    "trainings",
    "employments",
    "hardshipFiles",
)
SETTLED = "2026-10-01T00:00:00Z"


def _worker(key, name):
    membership = {
        "id": f"M-{key}",
        "asOf": SETTLED,
        "unionName": "广州市某某有限公司工会委员会",
        "state": "ACTIVE",
        "since": "2020-03-01",
    }
    rows = {**{rows: [] for rows in ROWS}, "memberships": [membership]}
    return {"localId": key, "asOf": SETTLED, "name": name, "phone": "1", **rows}


#: What Guangdong keeps.
KEPT = {
    "code": "44",
    "kinds": [
        *("WORKER", "MEMBERSHIP", "RIGHTS_CASE", "SKILL"),
        *("TRAINING", "EMPLOYMENT", "HARDSHIP_FILE"),
    ],
    "workers": {"W1": _worker("W1", "刘琴"), "W2": _worker("W2", "王芳")},
}

_REGISTER = """
mutation Register($links: [LinkInput!]!) {
  registerLinks(links: $links) {
    __typename
    ... on LinksRegistered { results { outcome refusal { message } } }
  }
}
"""


@dataclass(frozen=True)
class Told:
    """One answer over HTTP."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Hub:
    """A hub that runs, and whose tokens it believes."""

    port: int
    inflow: str
    outflow: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def ask(self, query, *, token=None, path="/graphql", variables=None, **headers):
        """Ask over HTTP; header names with ``_`` for ``-``."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Content-Type": "application/json"}
        if (bearer := self.inflow if token is None else token) != "":
            sent["Authorization"] = f"Bearer {bearer}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps({"query": query, "variables": variables or {}})
        try:
            connection.request("POST", path, body, sent)
            answer = connection.getresponse()
            return Told(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def data(self, query, **more):
        """Ask what must be answered without errors."""
        answer = self.ask(query, **more).json
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def ids(self) -> list[str]:
        """The hub's own names of the two workers."""
        query = (
            "query($by: [WorkerBy!]!) { workers(by: $by, purpose: MEMBERSHIP_SERVICE)"
            " { ... on Workers { items { ... on Worker { id } } } } }"
        )
        by = [{"residentId": NUMBER}, {"residentId": OTHER}]
        found = self.data(query, variables={"by": by})["workers"]["items"]
        return [one["id"] for one in found]


@contextmanager
def standing(directory: Path, database_url: str):
    """Start everything, and register the links; at the end all is stopped.

    Yields:
        The hub; one over the same database that hides its graph; and where further
        programs may be started.
    """
    keys = directory / "keys"
    with running("tests.provinces.plain") as province, Children(directory) as children:
        _keep(province["url"])
        issuer = url_of(start_issuer(children, keys, ""))
        tokens = {
            role: Issuer(keys).token(
                role, url=issuer, now=SystemClock().now().timestamp()
            )
            for role in (Role.INFLOW, Role.OUTFLOW)
        }
        silent = f"http://127.0.0.1:{choose(0)}/graphql"
        provinces = [
            Standing("44", "广东", "Guangdong", province["url"]),
            Standing("51", "四川", "Sichuan", silent),
        ]
        secrets = environment(
            database_url, os.urandom(32).hex(), {"44": "x", "51": "x"}
        )
        hubs = []
        for name, shown in (("hub", "true"), ("closed-hub", "false")):
            port = choose(0)
            settings = write_settings(
                directory / name, port=port, issuer=issuer, provinces=provinces
            )
            started = children.start(
                name,
                [sys.executable, "-m", "hub", "serve", "--config", settings],
                env={**secrets, "HUB__SERVER__INTROSPECTION": shown},
                rank=HUB_RANK,
            )
            hub = Hub(port, tokens[Role.INFLOW], tokens[Role.OUTFLOW])
            hubs.append((hub, started))
        for hub, started in hubs:  # both start at once
            started.wait_until(functools.partial(is_ready, hub.port), 60.0)
        (hub, _), (closed, _) = hubs
        _register(hub)
        yield hub, closed, children


def _keep(url):
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.request("PUT", "/", json.dumps(KEPT))
    assert connection.getresponse().status == 200
    connection.close()


def _register(hub):
    for token, province, people in (
        (hub.inflow, "44", ((NUMBER, "W1"), (OTHER, "W2"))),
        (hub.outflow, "51", ((NUMBER, "S1"),)),
    ):
        links = [
            {
                "residentId": number,
                "province": province,
                "localId": key,
                "kinds": ["MEMBERSHIP"],
                "validFrom": "2020-01-01",
            }
            for number, key in people
        ]
        told = hub.data(_REGISTER, token=token, variables={"links": links})
        results = told["registerLinks"]["results"]
        assert {one["outcome"] for one in results} == {"CREATED"}, results
