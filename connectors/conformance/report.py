"""Value: what is checked of a province, and what was found."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What the parts of the checks are called, in their order.
PARTS: Mapping[str, Bilingual] = {
    "declare": Bilingual("声明", "What is declared"),
    "read": Bilingual("查询", "Reading"),
    "refuse": Bilingual("不提供的", "What is not served"),
    "changes": Bilingual("案卷变更", "Changes of case files"),
    "acts": Bilingual("进出登记", "The register of members"),
    "recover": Bilingual("并发与恢复", "At once, and again"),
    "secrets": Bilingual("凭证", "Credentials"),
    "speed": Bilingual("速度", "Speed"),
    "wire": Bilingual("线上的契约", "The contract on the wire"),
}


class Outcome(StrEnum):
    """How a check ended."""

    #: As the contract has it.
    PASSED = "PASSED"
    #: It can be worked with, and should be looked at.
    WARNED = "WARNED"
    #: It breaks the contract.
    FAILED = "FAILED"
    #: It could not be checked: something is missing that it needs.
    SKIPPED = "SKIPPED"
    #: There is nothing of the kind at this province.
    INAPPLICABLE = "INAPPLICABLE"


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is held against the contract.

    Attributes:
        id: Stable name, ``part.what``.
        source: Where the contract says it.
        title: What is looked at.
        expected: What is to come.
        remedy: What to do where it did not.
    """

    id: str
    source: str
    title: Bilingual
    expected: Bilingual
    remedy: Bilingual

    @property
    def part(self) -> str:
        """To which part it belongs."""
        return self.id.partition(".")[0]


class Finding(msgspec.Struct, frozen=True):
    """What one check found.

    Attributes:
        check: Which.
        outcome: How it ended.
        came: What came, without any value of a row and without any whole key.
        seconds: How long it took.
    """

    check: Check
    outcome: Outcome
    came: Bilingual
    seconds: float


class Report(msgspec.Struct, frozen=True):
    """What was found at one province.

    Attributes:
        province: Its code.
        name: Its name.
        kind: How it is spoken to.
        version: The contract's version that it declares; empty if it did not tell.
        at: When the visit began.
        seconds: How long it took.
        findings: One for each check, in the order of the catalogue.
        notes: What the connector wrote into its log meanwhile, each once: where a
            mapping is wrong, by line. Logs hold nothing personal.
    """

    province: ProvinceCode
    name: Bilingual
    kind: str
    version: str
    at: datetime
    seconds: float
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many checks ended in which way."""
        found = Counter(one.outcome for one in self.findings)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def conforms(self) -> bool:
        """Whether nothing breaks the contract, of what could be checked."""
        return not self.counts[Outcome.FAILED]


class Judged(Exception):
    """Ends a check: it did not pass."""

    def __init__(self, outcome: Outcome, zh: str, en: str) -> None:
        super().__init__(en)
        self.outcome = outcome
        self.came = Bilingual(zh, en)


def failed(zh: str, en: str) -> Judged:
    """Make the end of a check that found a breach."""
    return Judged(Outcome.FAILED, zh, en)


def warned(zh: str, en: str) -> Judged:
    """Make the end of a check that found what should be looked at."""
    return Judged(Outcome.WARNED, zh, en)


def skipped(zh: str, en: str) -> Judged:
    """Make the end of a check that lacks what it needs."""
    return Judged(Outcome.SKIPPED, zh, en)


def inapplicable(zh: str, en: str) -> Judged:
    """Make the end of a check that has nothing to look at here."""
    return Judged(Outcome.INAPPLICABLE, zh, en)


class _Catalogue(msgspec.Struct, forbid_unknown_fields=True):
    checks: tuple[Check, ...]


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Check]:
    """Read all checks that there are, by id, in their order."""
    text = files("connectors.conformance").joinpath("checks.toml").read_text("utf-8")
    told = msgspec.toml.decode(text, type=_Catalogue)
    return {one.id: one for one in told.checks}
