"""A hub without a network: real policy, rules, merge, masking and graph.

Only the edges are in memory: links, provinces (the shipped ``MemoryConnector`` in
the real guard) and the trail's book.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

from graphql import execute, parse, validate

from connectors.guard import Guard
from connectors.memory import MemoryConnector
from connectors.port import WHOLE_CONTRACT
from connectors.registry import Registry
from connectors.settings import ProvinceSettings
from hub.access.caller import Caller
from hub.access.policy import CedarPolicy
from hub.audit.before_showing import TrailBeside
from hub.clock import SystemClock
from hub.identity.resident_id import parse as parse_number
from hub.identity.settings import WorkerKeySettings
from hub.identity.worker_key import Pseudonyms
from hub.reading.locator import Locator
from hub.reading.pace import Pace
from hub.reading.ports import ByKeys
from hub.reading.reader import Reader
from hub.reading.survivorship import Survivorship
from hub.web.context import RequestContext, extensions_of
from schema.graph.build import build_schema
from schema.records.keys import ProvinceCode, WorkerId
from schema.records.told import Located
from schema.records.wanted import ById
from tests.builders.tellings import WORKER, link

#: Synthetic: a valid number of nobody (GB 11643's own example).
NUMBER = "11010519491231002X"
_SECRET = bytes(range(7, 39)).hex()


@cache
def policy() -> CedarPolicy:
    root = Path(__file__).parents[2]
    return CedarPolicy(root / "deploy" / "policies")


@cache
def graph():
    return build_schema()._schema


def caller(province="44", *scopes, subject="officer-1", office="OFFICE-44") -> Caller:
    granted = frozenset(scopes or ("worker:read", "case:read", "hardship:read"))
    return Caller(subject, "https://issuer.test", office, province, granted, 1e12)


class Links:
    """Links in memory: one worker, found by number, id or local key."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self.workers: dict[object, Located] = {}
        self.statements = 0
        self._pseudonyms = pseudonyms

    def add(self, number: str, *links, worker: WorkerId = WORKER) -> None:
        located = Located(worker, links)
        today = SystemClock().now().date()
        for _, key in self._pseudonyms.live(parse_number(number, today)):
            self.workers[key] = located
        self.workers[worker] = located
        for one in links:
            self.workers[one.key] = located

    async def locate(self, wanted):
        self.statements += 1
        return [self._find(one) for one in wanted]

    def _find(self, one):
        if isinstance(one, ByKeys):
            return next((w for k in one.keys if (w := self.workers.get(k))), None)
        return self.workers.get(one.worker if isinstance(one, ById) else one.key)


class Trail:
    """Keeps what was written down; can be made to fail."""

    def __init__(self) -> None:
        self.written = []
        self.alarms = []
        self.failure: Exception | None = None

    async def record(self, disclosures) -> None:
        if self.failure is not None:
            raise self.failure
        self.written += disclosures

    async def alarm(self, alarm) -> None:
        if self.failure is not None:
            raise self.failure
        self.alarms.append(alarm)


class Notes:
    def __init__(self) -> None:
        self.seen: list[str] = []
        self.ends: list[str] = []

    def looked_up(self, outcome: str) -> None:
        self.ends.append(outcome)

    def stage(self, name: str, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append(name)


@dataclass
class Hub:
    """All parts, within reach of a test."""

    provinces: dict[str, MemoryConnector] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    trail: Trail = field(default_factory=Trail)
    patience: float = 0.5
    #: What the doors of moving memberships need; see ``tests.fakes.moving``.
    moving: object = field(default_factory=lambda: SimpleNamespace(clock=SystemClock()))
    feeds: object = None
    #: What the doors of following cases need.
    following: object = None

    def __post_init__(self) -> None:
        settings = WorkerKeySettings(versions=[{"version": 1, "secret_env": "KEY"}])
        self.pseudonyms = Pseudonyms(settings, {"KEY": os.environ.get("KEY", _SECRET)})
        self.links = Links(self.pseudonyms)
        self.calls: list[tuple[str, object]] = []

    def province(self, code: str, capabilities=WHOLE_CONTRACT, **workers) -> None:
        """Add a province that holds these workers, by local key."""
        self.provinces[code] = _Noted(
            ProvinceCode(code), workers, SystemClock(), capabilities
        )
        self.provinces[code].calls = self.calls

    def link(self, *codes: str, number: str = NUMBER, key: str = "W1", **more) -> None:
        self.links.add(number, *(link(code, key) for code in codes), **more)

    @property
    def parts(self):
        guards = [
            Guard(
                connector,
                ProvinceSettings(
                    code=code, name_zh=code, name_en=code, url="http://127.0.0.1:1/"
                ),
                SystemClock(),
            )
            for code, connector in self.provinces.items()
        ]
        registry = Registry(guards)
        reader = Reader(
            pseudonyms=self.pseudonyms,
            locator=Locator(self.links),
            provinces=registry,
            policy=policy(),
            trail=self.trail,
            rules=Survivorship.load(
                files("hub.rules").joinpath("survivorship.toml").read_bytes()
            ),
            clock=SystemClock(),
            patience=self.patience,
            notes=self.notes,
            pace=Pace(),
        )
        return _Parts(
            *(reader, registry, None, self.feeds, self.moving, self.following),
            TrailBeside(self.trail),
        )

    async def ask(
        self, document: str, who: Caller | None = None, purpose=None, language="en",
        **variables,
    ):  # fmt: skip
        """Run a GraphQL document through the real graph."""
        parsed = parse(document)
        assert validate(graph(), parsed) == []
        context = RequestContext(
            self.parts, who or caller(), "request-1",
            language=language, purpose=purpose, most_workers=100,
        )  # fmt: skip
        result = execute(
            graph(), parsed, context_value=context, variable_values=variables
        )
        if hasattr(result, "__await__"):
            result = await result
        return result, extensions_of(context)


@dataclass
class _Parts:
    reader: Reader
    provinces: Registry
    registrar: object
    feeds: object
    moving: object
    following: object
    beside: TrailBeside


class _Noted(MemoryConnector):
    """Notes each question, so that a test can count calls and see their width."""

    calls: list

    async def ask(self, question, deadline):
        self.calls.append((self.province, question))
        return await super().ask(question, deadline)
