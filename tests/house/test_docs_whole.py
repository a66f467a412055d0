"""The documents are whole: all there is is named, and nothing that is not."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel, TypeAdapter

from connectors.filedrop.settings import FilesSettings
from connectors.foreign.settings import (
    ForeignActSettings,
    ForeignChangesSettings,
    ForeignPagingSettings,
    ForeignSettings,
)
from connectors.own_words.settings import OAuthSettings, SigningSettings
from connectors.rest.settings import (
    ChangesSettings,
    RestActSettings,
    RestPagingSettings,
    RestSettings,
)
from connectors.secret_settings import SecretSettings
from connectors.settings import BreakerSettings, ProvinceSettings, RetrySettings
from connectors.sql.settings import SqlSettings
from hub.access.caller import Caller, Scope
from hub.access.claims import Reason
from hub.access.policy import CedarPolicy
from hub.access.settings import ClaimNames, IssuerSettings, PolicySettings
from hub.audit.chain import Flaw
from hub.audit.tags import Tag
from hub.cli.app import app
from hub.config.callers import (
    CallerClassSettings,
    CallerSettings,
    EnumerationSettings,
    PaceSettings,
    TrustedSettings,
)
from hub.config.moving import (
    EndpointSettings,
    RunnerSettings,
    TransferSettings,
    WebhookSettings,
)
from hub.config.server import LimitSettings, ServerSettings
from hub.config.settings import Settings
from hub.config.streams import StreamSettings
from hub.credential.settings import (
    BatchSigner,
    CodeSecret,
    CredentialKey,
    CredentialSettings,
)
from hub.feeds.settings import FeedSettings
from hub.identity.settings import KeyVersion, WorkerKeySettings
from hub.store.settings import DatabaseSettings
from hub.tracing.settings import TracingSettings
from hub.web.errors import STATUS, Code
from hub.web.graphql import _OF_THE_DOCUMENT
from hub.web.metrics import Figures
from schema.records.kinds import FieldClass, RecordKind
from schema.records.linking import Outcome
from schema.records.purpose import PurposeOfUse
from schema.records.told import FaultCode
from schema.records.verdict import Permit, Relation
from tests.house.documents import (
    DOCUMENTS,
    READMES,
    ROOT,
    RUNBOOK,
    SETTINGS,
    coded,
    read,
    rows,
    section,
)

SECTIONS: dict[str, type[BaseModel]] = {
    "Top level": Settings,
    "`[server]`": ServerSettings,
    "`[limits]`": LimitSettings,
    "`[limits.callers]`": CallerSettings,
    "`[limits.callers.subject]`": PaceSettings,
    "`[[limits.callers.classes]]`": CallerClassSettings,
    "`[limits.enumeration]`": EnumerationSettings,
    "`[trusted]`": TrustedSettings,
    "`[streams]`": StreamSettings,
    "`[feeds]`": FeedSettings,
    "`[transfers]`": TransferSettings,
    "`[runner]`": RunnerSettings,
    "`[webhooks]`": WebhookSettings,
    "`[[webhooks.endpoints]]`": EndpointSettings,
    "`[credentials]`": CredentialSettings,
    "`[[credentials.keys]]`": CredentialKey,
    "`[[credentials.code_secrets]]`": CodeSecret,
    "`[[credentials.batch_signers]]`": BatchSigner,
    "`[tracing]`": TracingSettings,
    "`[database]`": DatabaseSettings,
    "`[worker_keys]`": WorkerKeySettings,
    "`[[worker_keys.versions]]`": KeyVersion,
    "`[[issuers]]`": IssuerSettings,
    "`[issuers.claims]`": ClaimNames,
    "`[policy]`": PolicySettings,
    "`provinces/NN.toml`": ProvinceSettings,
    "`[graphql]`": ForeignSettings,
    "`[graphql.paging]`": ForeignPagingSettings,
    "`[graphql.acts]`": ForeignActSettings,
    "`[graphql.changes]`": ForeignChangesSettings,
    "`[rest]`": RestSettings,
    "`[rest.oauth]`": OAuthSettings,
    "`[rest.signing]`": SigningSettings,
    "`[rest.paging]`": RestPagingSettings,
    "`[rest.acts]`": RestActSettings,
    "`[rest.changes]`": ChangesSettings,
    "`[sql]`": SqlSettings,
    "`[files]`": FilesSettings,
    "`[secrets]`": SecretSettings,
    "`[retry]`": RetrySettings,
    "`[breaker]`": BreakerSettings,
}


#: Not written, they are filled in from what else is.
FILLED_IN = {("Top level", "provinces"), ("`[worker_keys]`", "current")}


def _default(model: type[BaseModel], name: str) -> Any:
    """Tell what the table has to say: a value, ``required`` or nothing."""
    field = model.model_fields[name]
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if not value and value is not False and value != 0:
        return "—"
    whole = TypeAdapter(model).dump_python(model.model_construct(), mode="json")
    return "—" if isinstance(value, BaseModel) else whole[name]


@pytest.mark.parametrize(("heading", "model"), list(SECTIONS.items()), ids=str)
def test_every_setting_is_explained_with_its_true_default(heading, model):
    told = {row[0].strip("`"): row[2] for row in rows(section(SETTINGS, heading))}
    told.pop("defaults", None)  # a table of the files, not of the settings

    assert set(told) == set(model.model_fields)
    for name, shown in told.items():
        true = _default(model, name)
        if (heading, name) in FILLED_IN:
            assert shown == "—"
        elif true in ("—", "required"):
            assert shown == true, name
        else:
            value = json.loads(shown.strip("`"))
            alike = sorted if isinstance(true, list) else lambda x: x
            assert alike(value) == alike(true), name


def test_the_pace_of_callers_is_told_truly():
    told = {
        row[0].strip("`"): row[3]
        for row in rows(section(SETTINGS, "`[limits.callers]`"))
    }

    for whose in ("subject", "office"):
        shown = re.search(r"`(\{.+\})`", told[whose])
        pace = tomllib.loads(f"pace = {shown[1]}")["pace"]
        assert pace == getattr(CallerSettings(), whose).model_dump()


def refusals() -> set[str]:
    """Collect the codes of all refusals from the code itself."""
    found = set()
    for room in ("hub", "connectors", "schema"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                made = getattr(node.func, "id", "")
                given = [
                    *node.args[:1],
                    *(k.value for k in node.keywords if k.arg == "code"),
                ]
                if made in {"Refusal", "_refuse", "_refusal", "_tree", "_form"}:
                    found |= {
                        one.value
                        for one in given
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    }
    return found


def metrics() -> set[str]:
    return {family.name for family in Figures().registry.collect()}


@pytest.mark.parametrize(
    ("heading", "named_there"),
    [
        ("Fault codes", lambda: {one.value for one in FaultCode}),
        ("Error codes", lambda: {one.value for one in Code}),
        ("Refusal codes", refusals),
        ("Tokens", lambda: {one.value for one in Reason}),
        ("Metrics", metrics),
    ],
    ids=["faults", "errors", "refusals", "tokens", "metrics"],
)
def test_the_runbook_explains_each_once_and_none_that_is_not(heading, named_there):
    told, there = coded(section(RUNBOOK, heading)), named_there()

    assert set(told) == there
    assert len(told) == len(there)


def test_the_runbook_explains_the_audit_trail():
    assert coded(section(RUNBOOK, "Audit")) == [
        *(one.value for one in Tag),
        *(one.value for one in Flaw),
    ]


def test_the_runbook_tells_the_true_status_of_every_error():
    told = {row[0].strip("`"): row[1] for row in rows(section(RUNBOOK, "Error codes"))}

    for code in Code:
        assert told[code.value] == str(int(STATUS.get(code, 400)))


def test_the_runbook_tells_which_errors_older_clients_get_as_200():
    told = section(RUNBOOK, "Error codes").split("\n|")[0]

    assert set(re.findall(r"`([A-Z_]+)`", told)) == {
        code.value for code in _OF_THE_DOCUMENT
    }


def commands() -> dict[str, list[str]]:
    """Tell every command with its options, but for those that all have."""
    found: dict[str, list[str]] = {}

    def walk(command: Any, path: str) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            options = [o for p in command.params for o in p.opts if o.startswith("--")]
            found[path] = [o for o in options if o not in {"--config", "--debug"}]
            return
        for name, one in inner.items():
            walk(one, f"{path} {name}".strip())

    walk(typer.main.get_command(app), "")
    return found


@pytest.mark.parametrize("document", READMES)
def test_every_command_and_its_options_are_named(document):
    told = {
        found[1]: row[1]
        for row in rows(read(document))
        if (found := re.match(r"`python -m hub ([\w ]+)`", row[0]))
    }

    assert sorted(told) == sorted(commands())
    for command, options in commands().items():
        assert [o for o in options if f"`{o}" not in told[command]] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_command_is_named_that_there_is_not(document):
    there = commands()
    for words in re.findall(r"python -m hub((?: [a-z]+)+)", read(document)):
        said = words.split()
        assert {" ".join(said[:n]) for n in (1, 2, 3)} & set(there), words
    targets = re.findall(r"^([a-z]+):.* ## ", read("Makefile"), re.MULTILINE)
    assert set(re.findall(r"[`\n]make ([a-z]+)", read(document))) <= set(targets)


@pytest.mark.parametrize("document", READMES)
def test_the_readme_names_every_target_kind_purpose_scope_and_outcome(document):
    text = read(document)
    targets = re.findall(r"^([a-z]+):.* ## ", read("Makefile"), re.MULTILINE)
    words = [
        *(one.value for kinds in (RecordKind, PurposeOfUse, Outcome) for one in kinds),
        *(one.value for one in Scope),
    ]

    assert [one for one in targets if f"make {one}" not in text] == []
    assert [one for one in words if f"`{one}`" not in text] == []


def test_the_readme_tells_truly_who_may_see_what():
    words = {
        "identity": FieldClass.IDENTITY,
        "memberships": FieldClass.MEMBERSHIP,
        "employment": FieldClass.EMPLOYMENT,
        "skills": FieldClass.SKILL,
        "milestones": FieldClass.CASE_MILESTONE,
        "what the cases say": FieldClass.CASE_CONTENT,
        "hardship files": FieldClass.HARDSHIP,
        "income, plan and aid": FieldClass.HARDSHIP_DETAIL,
    }
    policy = CedarPolicy(ROOT / "deploy/policies")
    scopes = frozenset(Scope) - {Scope.HUB_OPERATE, Scope.LINKS_WRITE}
    caller = Caller("somebody", "https://id.example", "440000-01", "44", scopes, 0)
    told = list(rows(section("README.md", "Who may see what")))

    assert [row[0].strip("`") for row in told] == [one.value for one in PurposeOfUse]
    for purpose, _, sees in told[:-1]:
        judged = policy.judge(
            caller,
            Relation.LINKED,
            PurposeOfUse(purpose.strip("`")),
            frozenset(FieldClass),
        )
        seen = {one for one in words.values() if isinstance(judged[one], Permit)}
        assert {words[word] for word in words if word in sees} == seen, purpose
