"""Adapter: the policy files → a policy that is known to be sound, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cedarpy
import msgspec

from hub.access.caller import Scope
from schema.records.kinds import FieldClass
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Bilingual, Refusal, Refused
from schema.records.verdict import Relation

if TYPE_CHECKING:
    from enum import StrEnum
    from pathlib import Path

#: The closed lists that the hub and the policy's schema must share.
LISTS: Final[dict[str, type[StrEnum]]] = {
    "Scope": Scope,
    "Purpose": PurposeOfUse,
    "Relation": Relation,
    "FieldClass": FieldClass,
}


class PolicyText(msgspec.Struct, frozen=True):
    """A sound policy.

    Attributes:
        policies: All policies of all files, parsed.
        schema: What they may speak of, parsed.
        sources: Where each policy's rule comes from, by the policy's id.
    """

    policies: cedarpy.PolicySet
    schema: cedarpy.Schema
    sources: dict[str, str]


def read_policy(directory: Path) -> PolicyText:
    """Read all policy files of a directory and validate them.

    Args:
        directory: Holds one ``*.cedarschema`` and at least one ``*.cedar``.

    Raises:
        Refused: They cannot be used. The message names every mistake with its
            file and, where there is one, the policy's id.
    """
    try:
        schemas = sorted(directory.glob("*.cedarschema"))
        files = {path.name: path.read_text("utf-8") for path in _policies(directory)}
        if len(schemas) != 1 or not files:
            raise unusable(
                [f"{directory}: {len(schemas)} *.cedarschema, {len(files)} *.cedar"]
            )
        schema_text = schemas[0].read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unusable([f"{directory}: {error}"]) from error
    schema = _read_schema(schemas[0].name, schema_text)
    sources: dict[str, str] = {}
    mistakes: list[str] = []
    for name, text in files.items():
        mistakes += _mistakes(name, text, schema, sources)
    if mistakes:
        raise unusable(mistakes)
    policies = cedarpy.PolicySet.from_str("\n".join(files.values()))
    return PolicyText(policies, schema, sources)


def _policies(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.cedar"))


def _read_schema(name: str, text: str) -> cedarpy.Schema:
    try:
        schema = cedarpy.Schema.from_str(text)
    except ValueError as error:
        raise unusable([f"{name}: {error}"]) from error
    missing = [
        f"{name}: {entity} {member.value}"
        for entity, members in LISTS.items()
        for member in members
        if not _knows(schema, entity, member.value)
    ]
    if missing:
        raise unusable(missing)
    return schema


def _knows(schema: cedarpy.Schema, entity: str, member: str) -> bool:
    named = f'{entity}::"{member}"'
    policy = f"permit (principal, action, resource) when {{ {named} == {named} }};"
    return cedarpy.validate_policies(policy, schema).validation_passed


def _mistakes(
    name: str, text: str, schema: cedarpy.Schema, sources: dict[str, str]
) -> list[str]:
    """Tell what is wrong with one file; add its policies to ``sources``."""
    try:
        parsed = cedarpy.PolicySet.from_str(text).to_pst()
    except ValueError as error:
        return [f"{name}: {error}"]
    found = [f"{name}: {key}: template" for key in parsed.templates]
    for key, policy in parsed.static_policies.items():
        rule = policy.annotations.get("id", "")
        source = policy.annotations.get("source", "")
        if not rule or not source:
            found.append(f"{name}: {rule or key}: @id, @source?")
        elif rule in sources:
            found.append(f"{name}: {rule}: @id ×2")
        else:
            sources[rule] = source
    checked = cedarpy.validate_policies(text, schema)
    ids = checked.id_annotations_by_policy_id
    found += [
        f"{name}: {ids.get(error.policy_id, error.policy_id)}: {error.error}"
        for error in checked.errors
    ]
    return found


def unusable(mistakes: list[str]) -> Refused:
    """Say, in both languages, what is wrong with the policy."""
    listed = "; ".join(mistakes)
    return Refused(
        Refusal(
            "POLICY_UNUSABLE",
            "settings.policy.directory",
            Bilingual(
                "访问策略无法使用，服务未启动：{listed}",
                "The access policy cannot be used, so the hub does not start: {listed}",
            ).format(listed=listed),
            Bilingual(
                "请按上列文件与策略编号更正；每条策略须有 @id(不重复)与 @source,"
                "目录须含一个 .cedarschema 与至少一个 .cedar 文件。",
                "Mend the files and policies named. Every policy needs an @id of its"
                " own and a @source; the directory needs one .cedarschema and at"
                " least one .cedar file.",
            ),
        )
    )
