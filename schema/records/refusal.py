"""Value: a rule said no, or an input cannot be used; with the way to mend it."""

from __future__ import annotations

import msgspec


class Bilingual(msgspec.Struct, frozen=True):
    """One sentence in both languages; the caller's ``Accept-Language`` chooses.

    Attributes:
        zh: The Chinese sentence.
        en: The English sentence.
    """

    zh: str
    en: str

    def format(self, **values: object) -> Bilingual:
        """Fill in the blanks of both sentences."""
        return Bilingual(self.zh.format(**values), self.en.format(**values))


class Refusal(msgspec.Struct, frozen=True):
    """What was refused.

    Attributes:
        code: Stable name of the reason, e.g. ``WRONG_CHECK_DIGIT``.
        rule: The rule or policy that refused, by its id.
        message: What was wrong.
        remedy: How to put it right.
    """

    code: str
    rule: str
    message: Bilingual
    remedy: Bilingual


class Refused(Exception):
    """Carries a refusal out of a door to the edge that shows it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message.en)
        self.refusal = refusal
