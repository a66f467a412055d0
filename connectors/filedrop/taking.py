"""Itinerary: the freshest whole batch is taken, by one process for all of them.

Whoever is killed on the way leaves the batch that was taken last: the index is built
beside it, and one rename of the pointer puts it in its place.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from connectors.filedrop import choosing, manifest, reports
from connectors.filedrop.alone import alone
from connectors.filedrop.building import build
from connectors.filedrop.findings import Findings
from connectors.filedrop.places import MANIFEST
from connectors.filedrop.pointer import (
    FORMAT,
    Pointer,
    is_whole,
    put_in_place,
    read_pointer,
    write_whole,
)
from connectors.filedrop.torn import Torn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from connectors.filedrop.manifest import Batch, Broken
    from connectors.filedrop.places import Places
    from connectors.filedrop.pointer import KindTaken
    from connectors.filedrop.rules import Rules
    from schema.records.kinds import RecordKind

    Tell = Callable[[str, int, int], None]


class Refused(msgspec.Struct, frozen=True):
    """A batch that was turned down.

    Attributes:
        batch: Its name.
        code: Why: a key of ``words.BATCHES``.
        file: Which file of it; empty if it is about the whole.
        row: Which row of that; 0 for none.
    """

    batch: str
    code: str
    file: str = ""
    row: int = 0


class Look(msgspec.Struct, frozen=True):
    """What came of one look into the drop folder.

    Attributes:
        taken: The batch that was taken this time; none if none was.
        refused: The batches that were turned down, the freshest first.
        standing: Those that were turned down before, and are as they were.
        busy: Another process is taking one.
    """

    taken: Pointer | None = None
    refused: tuple[Refused, ...] = ()
    standing: tuple[Refused, ...] = ()
    busy: bool = False


_SEEN = msgspec.json.Decoder(dict[str, Refused])


def anything_new(places: Places, rules: Rules, now: datetime) -> bool:
    """Tell whether there is a batch that was not looked at yet."""
    current = read_pointer(places)
    whole = current is not None and is_whole(places, current)
    there, broken = manifest.found(places, now)
    seen = _seen(places)
    fresh = choosing.candidates(there, current, rules.digest, whole=whole)
    return any(
        not _stands(seen.get(_look_of(one, rules, now)), one) for one in fresh
    ) or any(one.look not in seen for one in broken)


class Taking:
    """One look into a drop folder, and what is taken there."""

    def __init__(
        self,
        places: Places,
        rules: Rules,
        now: datetime,
        tell: Tell,
        *,
        anew: bool = False,
        stand: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin.

        Args:
            places: Where.
            rules: How batches are read.
            now: The present moment.
            tell: Is told of a batch how many rows are done, of how many.
            anew: Look again at what was turned down, and take what is merely improbable.
            stand: Is called before anything is put in place that others read; it does
                not return if whoever waits for this is dead.
        """
        self._stand = stand
        self._places = places
        self._rules = rules
        self._now = now
        self._tell = tell
        self._anew = anew

    def take(self) -> Look:
        """Take the freshest batch that is whole, if it is fresher than the last."""
        places = self._places
        places.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        places.indexes.mkdir(mode=0o700, exist_ok=True)
        with alone(places.lock) as mine:
            if not mine:
                return Look(busy=True)
            current = read_pointer(places)
            _tidy(places, current)
            look = self._freshest(current)
            _tidy(places, look.taken or current)
            return look

    def _freshest(self, current: Pointer | None) -> Look:
        whole = current is not None and is_whole(self._places, current)
        there, broken = manifest.found(self._places, self._now)
        before = {} if self._anew else _seen(self._places)
        seen: dict[str, Refused] = {}
        refused: list[Refused] = []
        standing: list[Refused] = []
        for bad in broken:
            one = Refused(bad.batch, bad.code, bad.shown)
            seen[bad.look] = one
            if bad.look in before:
                standing.append(one)
            else:
                refused.append(one)
                self._report(bad)
        taken = None
        for batch in choosing.candidates(
            there, current, self._rules.digest, whole=whole
        ):
            look = _look_of(batch, self._rules, self._now)
            known = before.get(look)
            if known is not None and _stands(known, batch):
                seen[look] = known
                standing.append(known)
                continue
            try:
                taken = self._taken(batch, current)
                break
            except Torn as torn:
                one = Refused(batch.name, torn.code, torn.file, torn.row)
                refused.append(one)
                seen[look] = one
        self._stand()
        _remember(self._places, seen)
        return Look(taken, tuple(refused), tuple(standing))

    def _taken(self, batch: Batch, current: Pointer | None) -> Pointer:
        """Build the index of one batch, put it in place, and report on it."""
        places, rules = self._places, self._rules
        name = f"{batch.digest[:16]}-{rules.digest[:8]}-{os.getpid()}.sqlite"
        beside, index = places.indexes / f".{name}", places.indexes / name
        findings = Findings()
        try:
            choosing.refuse_future(batch, self._now)
            kinds = self._built(batch, beside, findings)
            if not self._anew:
                sources = {k: one.source for k, one in rules.mapping.kinds.items()}
                choosing.refuse_unsound(kinds, current, rules.settings, sources)
            pointer = Pointer(
                format=FORMAT,
                batch=batch.name,
                digest=batch.digest,
                mapping=rules.digest,
                as_of=batch.manifest.as_of,
                taken_at=self._now,
                index=name,
                size=beside.stat().st_size,
                kinds=kinds,
                unserved=_unserved(rules, kinds, findings),
            )
            self._stand()
            put_in_place(beside, index)
            # Whoever is killed behind this leaves a report that the next writes again;
            # the other way round there would be a batch without one.
            reports.write(places, batch.name, batch.manifest, findings, taken=kinds)
            write_whole(places.pointer, msgspec.json.encode(pointer))
        except Torn as torn:
            self._stand()
            reports.write(places, batch.name, batch.manifest, findings, torn=torn)
            raise
        finally:
            with suppress(OSError):
                beside.unlink()
        return pointer

    def _report(self, broken: Broken) -> None:
        if broken.batch:
            self._stand()
            torn = Torn(broken.code, MANIFEST)
            reports.write(self._places, broken.batch, None, Findings(), torn=torn)

    def _built(
        self, batch: Batch, beside: Path, findings: Findings
    ) -> dict[RecordKind, KindTaken]:
        try:
            return build(
                batch,
                self._rules,
                beside,
                findings,
                lambda done, total: self._tell(batch.name, done, total),
                latest=self._now + choosing.AHEAD,
            )
        except MemoryError:
            raise Torn("TOO_LARGE") from None


def _unserved(
    rules: Rules, taken: Mapping[RecordKind, KindTaken], findings: Findings
) -> dict[RecordKind, tuple[str, ...]]:
    """Tell the kinds that could not be read for want of columns, and these."""
    return {
        kind: tuple(
            one.column
            for one in findings.counts
            if one.kind == str(kind) and one.code == "NO_COLUMN"
        )
        for kind in rules.mapping.kinds
        if kind not in taken
    }


def _look_of(batch: Batch, rules: Rules, now: datetime) -> str:
    """Tell what changes as soon as a batch is worth another look."""
    ahead = choosing.is_ahead(batch, now)
    return hashlib.sha256(
        f"{batch.name}/{batch.look()}/{rules.digest}/{ahead}".encode()
    ).hexdigest()


def _stands(refused: Refused | None, batch: Batch) -> bool:
    """Tell whether a batch stays turned down: a file that is there is not missing.

    That it could not be read once was no fault of the batch's, and is not for ever.
    """
    if refused is None or refused.code != "FILE_MISSING":
        return refused is not None
    try:
        with batch.file(refused.file).open("rb") as stream:
            stream.read(1)
    except (Torn, OSError):
        return True
    return False


def _seen(places: Places) -> dict[str, Refused]:
    try:
        return _SEEN.decode(places.refusals.read_bytes())
    except (OSError, ValueError):
        return {}


def _remember(places: Places, seen: dict[str, Refused]) -> None:
    if seen != _seen(places):
        write_whole(places.refusals, msgspec.json.encode(seen))


def _tidy(places: Places, current: Pointer | None) -> None:
    """Delete indexes that are not asked; who still reads one keeps it until then."""
    kept = current.index if current is not None else ""
    for file in places.indexes.iterdir():
        if file.name != kept:
            with suppress(OSError):
                file.unlink()
