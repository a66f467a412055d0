"""Adapter: all kinds that a question needs are asked in one document, page by page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault
from connectors.foreign.document import PREFIX, alias, body
from connectors.foreign.reading import errors_below, rows
from connectors.graphql.envelope import Envelope, check_aliases, opened
from connectors.own_words.joining import Found, deal
from connectors.own_words.paging import Pages
from connectors.own_words.reading import at
from connectors.transport import Exchange
from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connectors.foreign.document import Part
    from connectors.foreign.fitting import Root
    from connectors.graphql.errors import ErrorBody
    from connectors.own_words.caller import Asked, Caller
    from connectors.own_words.joining import ByKind
    from connectors.port import Ask
    from connectors.transport import Reply
    from schema.records.selection import Selection

DATA = msgspec.json.Decoder(Envelope[dict[str, object]])


class Piece:
    """One field that is asked for: a kind, some keys, and how far its pages have come."""

    def __init__(
        self,
        root: Root,
        keys: Sequence[str],
        selection: Selection,
        found: Found,
    ) -> None:
        """Begin with the first page.

        Args:
            root: How the kind is asked for.
            keys: Whose rows.
            selection: Which fields.
            found: Where rows are added.
        """
        self.root = root
        self.found = found
        self.going = True
        self._keys = keys
        self._pages = Pages(root.paging)
        self._leaves = root.leaves(selection)
        self._place = root.place

    @property
    def needed(self) -> bool:
        """Whether there is no answer without it."""
        return self.root.mapping.kind is RecordKind.WORKER

    @property
    def part(self) -> Part:
        """What stands in the document for this page."""
        return self.root.part(self._keys, self._pages.parameters, self._leaves)

    def take(self, told: object, errors: Sequence[ErrorBody]) -> None:
        """Take what stands under its alias; a failure costs this kind only.

        Raises:
            ProvinceFault: It costs all.
        """
        self.going = False
        for step in self.root.path[1:]:
            told = at(told, step)
        depth = len(self.root.path) - 1
        below = [
            msgspec.structs.replace(one, path=(one.path or ())[depth:])
            for one in errors
        ]
        try:
            page = rows(told, self._place, below)
            for row in page:
                deal(
                    self.root.mapping,
                    row,
                    self._keys,
                    self.found,
                    single=self._place.single,
                )
            self.going = self._pages.turn(told, page)
        except ProvinceFault as failed:
            self.fail(failed)

    def fail(self, failed: ProvinceFault) -> None:
        """Take note of a failure.

        Raises:
            ProvinceFault: It costs all.
        """
        self.going = False
        self.found.fail(failed, needed=self.needed)


class ForeignRows:
    """The fields of a province's schema that tell rows."""

    def __init__(
        self,
        roots: Mapping[RecordKind, Root],
        caller: Caller,
        address: str,
        *,
        at_once: int,
        parallel: int,
        concurrency: int,
    ) -> None:
        """Ask nothing yet.

        Args:
            roots: How each kind is asked for; the workers themselves are among them.
            caller: Sends requests.
            address: Where to.
            at_once: How many fields one request asks for at most.
            parallel: How many requests of one question may be under way at once.
            concurrency: How many of all questions together.
        """
        self._roots = roots
        self._caller = caller
        self._address = address
        self._at_once = at_once
        self._parallel = parallel
        # Acts must always find a connection free.
        self._free = asyncio.Semaphore(concurrency)

    async def ask(self, asks: Sequence[Ask], asked: Asked) -> list[ByKind]:
        """Ask, and tell what was found of each ask, by kind.

        Raises:
            ProvinceFault: The workers themselves were not told, or the line is down.
        """
        told: list[ByKind] = []
        going: list[Piece] = []
        for ask in asks:
            kinds = ask.selection.kinds | {RecordKind.WORKER}
            told.append({kind: Found.none() for kind in sorted(kinds)})
            for kind, found in told[-1].items():
                root = self._roots[kind]
                for keys in root.batches(ask.keys):
                    piece = Piece(root, keys, ask.selection, found)
                    going.append(piece)
        turns = asyncio.Semaphore(self._parallel)
        while going:
            await self._round(going, turns, asked)
            going = [one for one in going if one.going]
        return told

    async def _round(
        self, pieces: Sequence[Piece], turns: asyncio.Semaphore, asked: Asked
    ) -> None:
        """Ask for the next page of each.

        Raises:
            ProvinceFault: One failed that is needed, or the line is down.
        """
        failed: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as group:
                for document in self._documents(pieces):
                    group.create_task(self._exchange(document, turns, asked))
        except* ProvinceFault as several:
            failed = several.exceptions[0]
        if failed is not None:
            raise failed

    def _documents(self, pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
        for start in range(0, len(pieces), self._at_once):
            yield pieces[start : start + self._at_once]

    async def _exchange(
        self, pieces: Sequence[Piece], turns: asyncio.Semaphore, asked: Asked
    ) -> None:
        parts = [piece.part for piece in pieces]
        sent = Exchange("POST", self._address, {}, body("query", parts))
        if not any(piece.needed for piece in pieces):
            asked = asked.sooner(asyncio.get_running_loop().time())
        try:
            async with turns, self._free:
                reply = await self._caller.send(sent, asked)
            told, errors = answered(reply, len(pieces))
        except ProvinceFault as failed:
            for piece in pieces:
                piece.fail(failed)
            return
        for place, piece in enumerate(pieces):
            piece.take(told.get(alias(place)), errors[place])


def answered(
    reply: Reply, count: int
) -> tuple[dict[str, object], list[list[ErrorBody]]]:
    """Read an answer to so many fields: the data, and the errors of each field.

    Raises:
        ProvinceFault: It is none.
    """
    told, errors = opened(DATA, reply)
    check_aliases(reply.body, count, PREFIX.encode())
    aliases = {alias(place): place for place in range(count)}
    return told, errors_below(errors, aliases)
