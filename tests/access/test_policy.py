"""The whole policy, judged against a table that was written apart from it."""

from __future__ import annotations

import itertools
import time

import pytest

from hub.access.caller import Scope
from hub.access.policy import CedarPolicy
from schema.records.kinds import FieldClass
from schema.records.purpose import PurposeOfUse
from schema.records.verdict import Deny, Permit, Relation
from tests.access.judging import POLICIES, caller_with

EVERY_CLASS = frozenset(FieldClass)

#: Who is tried: every single scope, none, and the mixtures that offices have.
CALLERS = {
    "nobody": "",
    "officer": "worker:read",
    "case officer": "worker:read case:read",
    "hardship officer": "worker:read hardship:read",
    "full officer": "worker:read case:read hardship:read",
    "registering officer": "worker:read links:write",
    "case reader alone": "case:read",
    "hardship reader alone": "hardship:read",
    "registrar": "links:write",
    "mover": "transfers:write",
    "mover and registrar": "transfers:write links:write",
    "mover with attributes": "transfers:write case:read hardship:read",
    "officer who moves": "worker:read transfers:write",
    "auditor": "audit:read",
    "operator": "hub:operate",
    "operator and registrar": "hub:operate links:write",
    "operator and officer": "hub:operate worker:read",
    "worker": "self:read",
    "officer who is a worker": "worker:read self:read",
    "stranger": "openid profile worker:write worker:*",
    "everything": " ".join(Scope),
}

# The table. One line is a purpose; in it stand the classes that are seen by
# relation L(inked), N(umber presented), S(elf), - (none); and what else the
# caller's token must hold for the class.
#
#   purpose             class             seen by  needs
TABLE = """
    MEMBERSHIP_SERVICE  EXISTENCE         L N      worker:read
    MEMBERSHIP_SERVICE  IDENTITY          L N      worker:read
    MEMBERSHIP_SERVICE  CONTACT           L        worker:read
    MEMBERSHIP_SERVICE  MEMBERSHIP        L N      worker:read
    MEMBERSHIP_SERVICE  EMPLOYMENT        L N      worker:read
    MEMBERSHIP_SERVICE  SKILL             L N      worker:read
    MEMBERSHIP_SERVICE  CASE_MILESTONE    L N      worker:read

    RIGHTS_PROTECTION   EXISTENCE         L N      worker:read
    RIGHTS_PROTECTION   IDENTITY          L N      worker:read
    RIGHTS_PROTECTION   CONTACT           L        worker:read
    RIGHTS_PROTECTION   MEMBERSHIP        L N      worker:read
    RIGHTS_PROTECTION   EMPLOYMENT        L N      worker:read
    RIGHTS_PROTECTION   CASE_MILESTONE    L N      worker:read
    RIGHTS_PROTECTION   CASE_CONTENT      L N      worker:read+case:read
    RIGHTS_PROTECTION   HARDSHIP          L N      worker:read

    HARDSHIP_AID        EXISTENCE         L N      worker:read
    HARDSHIP_AID        IDENTITY          L N      worker:read
    HARDSHIP_AID        CONTACT           L        worker:read
    HARDSHIP_AID        MEMBERSHIP        L N      worker:read
    HARDSHIP_AID        HARDSHIP          L N      worker:read
    HARDSHIP_AID        HARDSHIP_DETAIL   L        worker:read+hardship:read

    SKILLS_EMPLOYMENT   EXISTENCE         L N      worker:read
    SKILLS_EMPLOYMENT   IDENTITY          L N      worker:read
    SKILLS_EMPLOYMENT   MEMBERSHIP        L N      worker:read
    SKILLS_EMPLOYMENT   EMPLOYMENT        L N      worker:read
    SKILLS_EMPLOYMENT   SKILL             L N      worker:read

    SUPERVISION         EXISTENCE         L N S -  audit:read
    SUPERVISION         MEMBERSHIP        L N S -  audit:read
    SUPERVISION         CASE_MILESTONE    L N S -  audit:read

    OWN_FILE            EXISTENCE         S        self:read
    OWN_FILE            IDENTITY          S        self:read
    OWN_FILE            CONTACT           S        self:read
    OWN_FILE            MEMBERSHIP        S        self:read
    OWN_FILE            EMPLOYMENT        S        self:read
    OWN_FILE            SKILL             S        self:read
    OWN_FILE            CASE_MILESTONE    S        self:read
    OWN_FILE            CASE_CONTENT      S        self:read
    OWN_FILE            HARDSHIP          S        self:read
    OWN_FILE            HARDSHIP_DETAIL   S        self:read
"""

_RELATIONS = {
    "L": Relation.LINKED,
    "N": Relation.NUMBER_PRESENTED,
    "S": Relation.SELF,
    "-": Relation.NONE,
}


def _read_table():
    seen = {}
    for line in filter(None, map(str.split, TABLE.splitlines())):
        purpose, field_class, *relations, needs = line
        for relation in relations:
            key = (purpose, field_class, _RELATIONS[relation])
            seen[key] = frozenset(needs.split("+"))
    return seen


EXPECTED = _read_table()


@pytest.fixture(scope="module")
def policy():
    return CedarPolicy(POLICIES)


@pytest.mark.parametrize("scope", CALLERS.values(), ids=CALLERS)
def test_every_judgement_is_as_the_table_says(policy, scope):
    caller = caller_with(scope)
    tried = 0
    for relation, purpose in itertools.product(Relation, PurposeOfUse):
        judged = policy.judge(caller, relation, purpose, EVERY_CLASS)
        assert judged.keys() == EVERY_CLASS
        for field_class, answer in judged.items():
            needs = EXPECTED.get((purpose, field_class, relation))
            expected = needs is not None and needs <= caller.scopes
            assert isinstance(answer, Permit) == expected, (
                relation, purpose, field_class, answer,
            )  # fmt: skip
            tried += 1
    assert tried == len(Relation) * len(PurposeOfUse) * len(FieldClass)


@pytest.mark.parametrize("scope", CALLERS.values(), ids=CALLERS)
def test_a_look_up_begins_only_with_a_purpose_that_fits_the_scopes(policy, scope):
    fitting = {
        "MEMBERSHIP_SERVICE": "worker:read",
        "RIGHTS_PROTECTION": "worker:read",
        "HARDSHIP_AID": "worker:read",
        "SKILLS_EMPLOYMENT": "worker:read",
        "SUPERVISION": "audit:read",
        "OWN_FILE": "self:read",
    }
    caller = caller_with(scope)
    for purpose in PurposeOfUse:
        answer = policy.may_begin(caller, purpose)
        assert isinstance(answer, Permit) == (fitting[purpose] in caller.scopes)


def test_who_may_see_anything_may_see_that_the_worker_exists(policy):
    for scope, relation, purpose in itertools.product(
        CALLERS.values(), Relation, PurposeOfUse
    ):
        judged = policy.judge(caller_with(scope), relation, purpose, EVERY_CLASS)
        if any(isinstance(answer, Permit) for answer in judged.values()):
            assert isinstance(judged[FieldClass.EXISTENCE], Permit)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ("hub:operate | LINKED | MEMBERSHIP_SERVICE | EXISTENCE",
         "operator.reads-nobody"),
        ("links:write | LINKED | MEMBERSHIP_SERVICE | IDENTITY",
         "purpose.needs-worker-read"),
        ("links:write | LINKED | SUPERVISION | EXISTENCE",
         "purpose.needs-audit-read"),
        ("transfers:write | LINKED | MEMBERSHIP_SERVICE | EXISTENCE",
         "mover.reads-nobody"),
        ("transfers:write hub:operate links:write | SELF | OWN_FILE | IDENTITY",
         "mover.reads-nobody"),
        ("worker:read | NONE | MEMBERSHIP_SERVICE | EXISTENCE",
         "relation.none-sees-nothing"),
        ("worker:read | LINKED | RIGHTS_PROTECTION | CASE_CONTENT",
         "case-content.needs-case-read"),
        ("worker:read | LINKED | HARDSHIP_AID | HARDSHIP_DETAIL",
         "hardship-detail.needs-hardship-read"),
        ("hardship:read worker:read | NONE | HARDSHIP_AID | HARDSHIP_DETAIL",
         "relation.none-sees-nothing"),
        ("worker:read | LINKED | HARDSHIP_AID | SKILL", "default-deny"),
        ("worker:read | NUMBER_PRESENTED | MEMBERSHIP_SERVICE | CONTACT",
         "default-deny"),
        ("audit:read | LINKED | SUPERVISION | IDENTITY",
         "supervision.no-personal-content"),
        ("self:read | LINKED | OWN_FILE | IDENTITY", "own-file.of-nobody-else"),
    ],
    ids=[
        "operator", "registrar", "registrar-supervising", "mover", "mover-own", "id-learnt-elsewhere",
        "case-content", "hardship-detail", "detail-of-nobody", "no-rule",
        "contact-by-number",
        "auditor", "file-of-another",
    ],
)  # fmt: skip
def test_a_denial_names_its_rule(policy, asked, rule):
    scope, relation, purpose, field_class = asked.split(" | ")
    judged = policy.judge(
        caller_with(scope),
        Relation(relation),
        PurposeOfUse(purpose),
        frozenset({FieldClass(field_class)}),
    )
    assert judged == {FieldClass(field_class): Deny(rule)}


def test_a_permit_names_its_rule_and_every_rule_its_source(policy):
    judged = policy.judge(
        caller_with("worker:read"),
        Relation.LINKED,
        PurposeOfUse.MEMBERSHIP_SERVICE,
        frozenset({FieldClass.CONTACT}),
    )
    assert judged[FieldClass.CONTACT] == Permit("officer.contact")
    assert all("RULEBOOK" in text or "PIPL" in text for text in policy.sources.values())


def test_a_judgement_cannot_be_changed_by_whom_it_is_told(policy):
    judged = policy.judge(
        caller_with("worker:read"), Relation.NONE, PurposeOfUse.OWN_FILE, EVERY_CLASS
    )
    with pytest.raises(TypeError):
        judged[FieldClass.IDENTITY] = Permit("x")


def test_a_judgement_worked_out_before_costs_microseconds(policy):
    caller = caller_with("worker:read")
    asked = (caller, Relation.LINKED, PurposeOfUse.HARDSHIP_AID, EVERY_CLASS)
    policy.judge(*asked)
    start = time.perf_counter()
    for _ in range(2000):
        policy.judge(*asked)
    assert (time.perf_counter() - start) / 2000 < 50e-6
