"""Value: one kind of complaint of graphql-core, and what is said in its place."""

from __future__ import annotations

import re

import msgspec

from schema.records.refusal import Bilingual

#: The remedy where there is no better one.
SEE_SCHEMA = ("请对照 schema/hub.graphql 改正。", "See schema/hub.graphql.")


class Phrase(msgspec.Struct, frozen=True):
    """One kind of complaint.

    Attributes:
        pattern: How graphql-core says it; its groups fill the blanks.
        message: What we say.
        remedy: What the caller should do.
    """

    pattern: re.Pattern[str]
    message: Bilingual
    remedy: Bilingual


def phrase(pattern: str, message: tuple[str, str], remedy: tuple[str, str]) -> Phrase:
    """Make one, of a pattern and sentences in Chinese and English."""
    return Phrase(
        re.compile(pattern, re.DOTALL), Bilingual(*message), Bilingual(*remedy)
    )
