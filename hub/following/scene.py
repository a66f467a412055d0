"""Value: in what an act on a case takes place, and what is read of it there."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.following.book import Book
from hub.following.lead_events import DoneBy
from hub.following.letters import addressed
from hub.following.limits import setting_of
from hub.following.seats import seat_of, superior_of
from hub.following.stating import Stated, document_of, facts_of, stated
from hub.organisation.directory import Directory
from schema.records.case import Case
from schema.records.case_task import Seat
from schema.records.refusal import Refusal

if TYPE_CHECKING:
    from schema.records.case_task import Document
    from schema.records.case_wish import DocumentWish, FactWish

E = TypeVar("E", bound=DoneBy)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """In what an act takes place.

    Attributes:
        case: As it stands.
        by: The union that acts.
        office: The office through which it does.
        at: The moment,
        today: and the day of it in China.
        book: The rules.
        directory: The unions.
    """

    case: Case
    by: Seat
    office: str
    at: datetime
    today: date
    book: Book
    directory: Directory

    def whole(self, kind: type[E], /, **facts: Any) -> E:
        """Make an event of this union."""
        return kind(at=self.at, by=self.by, office=self.office, **facts)

    def seat(self, union: str) -> Seat | Refusal:
        """Find a union that stands, or refuse."""
        return seat_of(self.directory, union, self.today)

    def above(self, seat: Seat) -> Seat | None:
        """Tell who stands above a union."""
        return superior_of(self.directory, seat, self.today)

    def number(self, letter: str) -> str:
        """Make a number for what the act begins; it is unique in the case."""
        return f"{letter}{self.case.seq + 1}"

    def facts(self, *wished: FactWish) -> Stated | Refusal:
        """Read facts."""
        case = self.case
        if not wished:
            return Stated((), case.dues)
        named = addressed(case, wished)
        if isinstance(named, Refusal):
            return named
        new = facts_of(named, case.facts, case.seq + 1, self.today)
        if isinstance(new, Refusal):
            return new
        setting = setting_of(self.book.agreements, case)
        return stated(self.book, setting, case.facts, new, self.today)

    def document(self, wish: DocumentWish) -> Document | Refusal:
        """Read a document, or refuse."""
        return document_of(wish, self.by, self.case, self.today)
