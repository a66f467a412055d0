"""Adapter: asks the policy text, and remembers what it said.

Deny by default. A judgement depends on a few attributes only, so each
different one is worked out once.
"""

from __future__ import annotations

import functools
import json
import logging
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import cedarpy

from hub.access.caller import Scope
from hub.access.policy_text import read_policy, unusable
from schema.records.kinds import FieldClass
from schema.records.purpose import PurposeOfUse
from schema.records.verdict import Deny, Permit, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hub.access.caller import Caller

_log = logging.getLogger(__name__)

#: The rule that is named where no policy permits.
DEFAULT_DENY: Final = "default-deny"
#: The rule that is named where a policy could not be evaluated: Cedar leaves
#: such a policy out, and were it a ``forbid``, that would open the door.
POLICY_ERROR: Final = "policy-error"

_KNOWN_SCOPES = frozenset(Scope)

_CLASSES = tuple(FieldClass)

#: Scopes, office and province, as far as the policy reads them.
_Who = tuple[frozenset[str], str, str]


class CedarPolicy:
    """Judges by the Cedar policies of a directory."""

    def __init__(self, directory: Path, *, remembered: int = 4096) -> None:
        """Read and validate the policy.

        Args:
            directory: Holds one ``*.cedarschema`` and the ``*.cedar`` files.
            remembered: How many judgements are kept in memory, at most.

        Raises:
            Refused: The policy cannot be used; the hub must not start.
        """
        self._text = read_policy(directory)
        # What no policy reads makes no difference, so it need not tell one
        # judgement from another. Looked for as a word: to find it in a
        # name or a text, where it is not read, does no harm.
        words = frozenset(re.findall(r"\w+", str(self._text.policies)))
        self._reads_office = "office" in words
        self._reads_province = "province" in words
        self._try_out()
        self._begin = functools.lru_cache(remembered)(self._judge_begin)
        self._see = functools.lru_cache(remembered)(self._judge_see)

    @property
    def sources(self) -> Mapping[str, str]:
        """Where each rule comes from, by its id."""
        return self._text.sources

    def may_begin(self, caller: Caller, purpose: PurposeOfUse) -> Permit | Deny:
        """Judge, before anything is looked at, whether to begin at all."""
        return self._begin(self._who(caller), purpose)

    def judge(
        self,
        caller: Caller,
        relation: Relation,
        purpose: PurposeOfUse,
        classes: frozenset[FieldClass],
    ) -> Mapping[FieldClass, Permit | Deny]:
        """Judge each field class.

        Args:
            caller: Who asks.
            relation: What they are to the worker.
            purpose: Why they ask.
            classes: What they ask for.

        Returns:
            A judgement for every one of ``classes``.
        """
        return self._see(self._who(caller), relation, purpose, classes)

    def _who(self, caller: Caller) -> _Who:
        return (
            caller.scopes & _KNOWN_SCOPES,
            caller.office if self._reads_office else "",
            caller.province if self._reads_province else "",
        )

    def _try_out(self) -> None:
        """Judge once for every purpose and relation: what fails, fails now."""
        failures: set[str] = set()
        for scopes in (frozenset[str](), _KNOWN_SCOPES):
            for purpose in PurposeOfUse:
                answers = self._ask((scopes, "", ""), purpose)
                for relation in Relation:
                    answers += self._ask((scopes, "", ""), purpose, relation, _CLASSES)
                for answer in answers:
                    failures.update(answer.diagnostics.errors)
        if failures:
            raise unusable(sorted(failures))

    def _judge_begin(self, who: _Who, purpose: PurposeOfUse) -> Permit | Deny:
        return _read(self._ask(who, purpose)[0])

    def _judge_see(
        self,
        who: _Who,
        relation: Relation,
        purpose: PurposeOfUse,
        classes: frozenset[FieldClass],
    ) -> Mapping[FieldClass, Permit | Deny]:
        asked = sorted(classes)
        answers = self._ask(who, purpose, relation, asked)
        return MappingProxyType(dict(zip(asked, map(_read, answers), strict=True)))

    def _ask(
        self,
        who: _Who,
        purpose: PurposeOfUse,
        relation: Relation | None = None,
        classes: Sequence[FieldClass] = (),
    ) -> list[cedarpy.AuthzResult]:
        """Ask whether to begin, or with a relation, which classes may be seen."""
        scopes, office, province = who
        caller = {
            "uid": {"type": "Caller", "id": "caller"},
            "attrs": {
                "scopes": [_entity("Scope", scope) for scope in sorted(scopes)],
                "office": office,
                "province": province,
            },
            "parents": [],
        }
        context = {"purpose": _entity("Purpose", purpose)}
        action, resources = "begin", [("Hub", "hub")]
        if relation is not None:
            context["relation"] = _entity("Relation", relation)
            action, resources = "see", [("FieldClass", str(one)) for one in classes]
        requests = [
            {
                "principal": caller["uid"],
                "action": {"type": "Action", "id": action},
                "resource": {"type": kind, "id": name},
                "context": context,
            }
            for kind, name in resources
        ]
        return cedarpy.is_authorized_batch(
            requests, self._text.policies, json.dumps([caller]), self._text.schema
        )


def _entity(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": {"type": kind, "id": str(name)}}


def _read(answer: cedarpy.AuthzResult) -> Permit | Deny:
    diagnostics = answer.diagnostics
    if diagnostics.errors:
        _log.error("policy-error errors=%r", diagnostics.errors)
        return Deny(POLICY_ERROR)
    # Several policies may say the same: the first id, so that it is stable.
    rule = min(diagnostics.id_annotations_by_reason.values(), default=DEFAULT_DENY)
    return Permit(rule) if answer.allowed else Deny(rule)
