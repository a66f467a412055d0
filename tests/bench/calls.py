"""Adapter: what a question to a province costs the hub itself, by the kind of province.

And what it costs a province that runs the kit.

Every connector is the real one, from the settings and mappings of the demo; only the line
is not there: what the province would answer is at hand. The same worker with the same ten
rows is told in the words of each kind.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.credentials import Credentials
from connectors.foreign.opening import open_foreign
from connectors.graphql.connector import GraphQLConnector
from connectors.graphql.document import body
from connectors.mapped import load_mapping
from connectors.memory import MemoryConnector
from connectors.own_words.caller import Caller
from connectors.own_words.secrets import load as load_secrets
from connectors.port import Ask, Question
from connectors.rest.connector import RestConnector
from connectors.rest.fitting import fit
from connectors.settings import ProvinceSettings
from connectors.transport import Reply, Transport
from deploy.demo.kinds import MAPPINGS, own_settings
from deploy.demo.own_words import zhejiang
from hub.clock import SystemClock
from schema.records.keys import ProvinceCode
from schema.records.kinds import KINDS, RecordKind
from schema.records.purpose import PurposeOfUse
from schema.records.selection import Selection
from tests.bench.kit import Kit
from tests.bench.people import local_key
from tests.bench.samples import NUMBER, told_by
from tests.bench.verdict import Verdict
from tests.provinces import own_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.port import Connector
    from connectors.transport import Exchange
    from schema.records.worker import WorkerRecord
    from tests.bench.timing import Part, Timing

CODE: Final = ProvinceCode("33")
_URL: Final = "http://127.0.0.1:9"
_ROWS: Final = 9
_ASKED: Final = (RecordKind.WORKER, RecordKind.MEMBERSHIP)
#: Every field of a worker and of nine memberships.
ALL: Final = Selection.of({kind: KINDS[kind].fields for kind in _ASKED})
QUESTION: Final = Question(
    (Ask((local_key(CODE, NUMBER),), ALL),), "bench", PurposeOfUse.RIGHTS_PROTECTION
)
#: What a service with a schema of its own calls the rows of each kind.
_FIELDS: Final = {RecordKind.WORKER: "people", RecordKind.MEMBERSHIP: "memberships"}
_ROOT: Final = re.compile(r"(\w+):(people|memberships)\b")
_ALIAS: Final = re.compile(rb"(\w+):_entities")

#: What a call may cost the hub. Issue 6.
CALL_MICROS: Final = 500.0
#: What a request may cost a province that runs the kit; its own system comes on top.
KIT_MICROS: Final = 2_000.0
KIT: Final = "province kit, 10 rows"
_NAME: Final = "province call, 10 rows: "
_BASELINE: Final = "memory"


class AtHand(Transport):
    """A line whose answers are at hand: by the path that is asked."""

    def __init__(self, settings: ProvinceSettings, told: Mapping[str, bytes]) -> None:
        """Answer with these, by path."""
        super().__init__(settings, Credentials(None, None), SystemClock())
        self._replies = {path: Reply(200, one) for path, one in told.items()}

    async def exchange(self, sent: Exchange, deadline: float) -> Reply:  # noqa: ARG002
        """Give what is at hand."""
        return self._replies[sent.address.removeprefix(_URL)]


class OwnSchema(Transport):
    """A line to a service with a schema of its own; the same document is answered alike."""

    def __init__(
        self, settings: ProvinceSettings, told: Mapping[str, Sequence[Any]]
    ) -> None:
        """Answer with these rows, by the field that is asked."""
        super().__init__(settings, Credentials(None, None), SystemClock())
        self._told = told
        self._replies: dict[bytes, Reply] = {}

    async def exchange(self, sent: Exchange, deadline: float) -> Reply:  # noqa: ARG002
        """Give what is at hand."""
        asked = sent.body
        if asked not in self._replies:
            names = dict(_ROOT.findall(asked.decode()))
            data = {alias: self._told[field] for alias, field in names.items()}
            self._replies[asked] = Reply(200, msgspec.json.encode({"data": data}))
        return self._replies[asked]


def whole() -> WorkerRecord:
    """Make the worker whom all of them tell."""
    told = told_by(CODE).record
    first = told.memberships[0]
    rows = tuple(msgspec.structs.replace(first, id=f"m{n}") for n in range(_ROWS))
    others = {line.rows: msgspec.UNSET for line in KINDS.values() if line.rows}
    return msgspec.structs.replace(told, **{**others, "memberships": rows})


def connectors(worker: WorkerRecord) -> dict[str, Connector]:
    """Make a connector of each kind that tells this worker."""
    return {
        _BASELINE: MemoryConnector(CODE, {worker.local_id: worker}, SystemClock()),
        "graphql": _graphql(worker),
        "graphql by mapping": _foreign(worker),
        "rest": _rest(worker),
    }


def _graphql(worker: WorkerRecord) -> Connector:
    settings = _settings(kind="graphql", url=f"{_URL}/graphql")
    (alias,) = _ALIAS.findall(body(QUESTION))
    plain = msgspec.to_builtins(worker)
    reply = msgspec.json.encode({"data": {alias.decode(): [plain]}})
    return GraphQLConnector(
        settings, AtHand(settings, {"/graphql": reply}), SystemClock()
    )


def _foreign(worker: WorkerRecord) -> Connector:
    fields = {kind: ALL.fields(kind) for kind in _ASKED}
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(own_tables.mapping_text(fields, _FIELDS.__getitem__))
        file.flush()
        settings = _settings(
            kind="graphql",
            url=f"{_URL}/graphql",
            mapping_file=file.name,
            graphql={"introspection": False},
        )
        connector = open_foreign(settings, {}, SystemClock())
    rows = own_tables.rows([worker])
    told = {_FIELDS[kind]: rows[kind] for kind in _ASKED}
    connector._parts.caller._transport = OwnSchema(settings, told)
    return connector


def _rest(worker: WorkerRecord) -> Connector:
    lines, tables = own_settings(CODE, "rest", _URL)
    written = msgspec.toml.decode((lines + tables).encode())
    written["mapping_file"] = MAPPINGS / f"{CODE}.toml"
    settings = _settings(kind="rest", **written)
    assert settings.rest is not None
    told = {"/oauth/token": msgspec.json.encode({"access_token": "t"})}
    rows = {RecordKind.WORKER: [worker], RecordKind.MEMBERSHIP: worker.memberships}
    for sheet, line in zip(zhejiang.SHEETS, KINDS.values(), strict=True):
        kept = (
            {**msgspec.structs.asdict(row), "worker": worker.local_id}
            for row in rows.get(line.kind, ())
        )
        page = {"lieBiao": [sheet.row(row) for row in kept], "xiaYiYe": None}
        told[sheet.name] = msgspec.json.encode({"daiMa": "0", "shuJu": page})
    mapping = load_mapping(settings)
    environ = (
        {settings.rest.oauth.client_secret_env: "s"} if settings.rest.oauth else {}
    )
    caller = Caller(
        settings.rest,
        load_secrets(settings, settings.rest, environ),
        AtHand(settings, told),
        SystemClock(),
    )
    endpoints = fit(settings, settings.rest, mapping)
    return RestConnector(settings, mapping, endpoints, caller, SystemClock())


def _settings(**more: Any) -> ProvinceSettings:
    return ProvinceSettings(
        **{"code": CODE, "name_zh": "浙江", "name_en": "Zhejiang", **more}
    )


async def calls(timing: Timing) -> list[Part]:
    """Time a call of each kind, after its answer was looked at."""
    worker = whole()
    parts = []
    for kind, connector in connectors(worker).items():
        answer = await ask(connector)
        assert answer.workers == ((worker,),), kind
        assert not answer.faults, kind
        parts.append(
            await timing.computing(f"{_NAME}{kind}", "call", lambda c=connector: ask(c))
        )
        await connector.close()
    kit = Kit(MemoryConnector(CODE, {worker.local_id: worker}, SystemClock()), QUESTION)
    assert (await kit.ask()).count(b'"unionName"') == _ROWS
    parts.append(await timing.computing(KIT, "request", kit.ask))
    await kit.close()
    return parts


async def ask(connector: Connector) -> Any:
    """Ask for the worker."""
    return await connector.ask(QUESTION, asyncio.get_running_loop().time() + 60)


def judge_calls(parts: Iterable[Part]) -> list[Verdict]:
    """Hold what a call costs against its target; memory is what nothing costs."""
    return [
        _verdict(part, KIT_MICROS if part.name == KIT else CALL_MICROS)
        for part in parts
        if not part.name.endswith(_BASELINE)
    ]


def _verdict(part: Part, most: float) -> Verdict:
    return Verdict(
        f"省级查询 {part.name}",
        f"{part.micros / 1e3:.3f} ms",
        f"< {most / 1e3:g} ms",
        part.micros < most,
    )
