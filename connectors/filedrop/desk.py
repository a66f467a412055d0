"""Itinerary: commands become files of the drop folder; files that come back, receipts.

A row is written once for each key, ever: first it is remembered, then its file is put in
place as a whole, then that is remembered. Whoever is killed in between is followed by a
process that goes on there.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.faults import ProvinceFault, fault
from connectors.filedrop.act_files import written
from connectors.filedrop.desk_store import DeskStore, marks
from connectors.filedrop.own_thread import OwnThread
from connectors.filedrop.pointer import write_whole
from connectors.filedrop.receipts import Receipts
from connectors.mapping.mistakes import RowMistake
from connectors.port import Acted
from schema.records.command import Act, Answered, Command, Receipt, RefusalCode
from schema.records.told import FaultCode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from connectors.filedrop.act_words import ActWords
    from connectors.filedrop.desk_settings import ActFilesSettings
    from connectors.filedrop.places import Places
    from schema.records.keys import ProvinceCode

#: How long to wait before looking for receipts again: it grows, in seconds.
_FIRST_LOOK, _LONGEST_LOOK = 0.02, 0.5
#: What is kept of the deadline to read the receipts a last time, in seconds.
_LAST_LOOK = 0.25
_NUMBER: Final = re.compile(r"acts-(\d{6,12})\b")


class Desk:
    """Where commands are laid down as files, and answered by files."""

    def __init__(
        self,
        province: ProvinceCode,
        settings: ActFilesSettings,
        places: Places,
        words: ActWords,
        *,
        settle: float,
    ) -> None:
        """Open nothing yet.

        Args:
            province: Whose register.
            settings: What the files look like.
            places: The drop folder.
            words: What commands and receipts are called.
            settle: So many seconds a file of receipts must have been still.
        """
        self._province = province
        self._settings = settings
        self._places = places
        self._words = words
        self._store = DeskStore(places.state)
        self._receipts = Receipts(self._store, places, words, settle)
        # One thread: calls to one register go out one after the other anyway.
        self._thread = OwnThread(province, "desk")

    @property
    def acts(self) -> frozenset[Act]:
        """The acts that are taken: all."""
        return frozenset(Act)

    async def act(
        self,
        commands: Sequence[Command],
        request: str,  # noqa: ARG002  # a file has no headers
        deadline: float,
    ) -> Acted:
        """Write down what is not written yet, and wait a while for receipts.

        Raises:
            ProvinceFault: Nothing is known of any of them, for any reason.
        """
        loop = asyncio.get_running_loop()
        wait = self._settings.receipt_wait.total_seconds()
        until = min(loop.time() + wait, deadline - _LAST_LOOK)
        unwritten = await self._thread.do(lambda: self._put(commands), deadline)
        pause = _FIRST_LOOK
        while True:
            acted = await self._thread.do(
                lambda: self._acted(commands, unwritten), deadline
            )
            pending = any(r and r.answered is Answered.PENDING for r in acted.receipts)
            if not pending or loop.time() + pause > until:
                return acted
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_LOOK)

    async def look(self) -> None:
        """Look for receipts, so that offices hear of mistakes though nobody waits."""
        loop = asyncio.get_running_loop()
        with suppress(ProvinceFault):  # it is logged
            await self._thread.do(self._receipts.take, loop.time() + 60)

    async def close(self) -> None:
        """Close the state, after what is under way."""
        await self._thread.close()
        self._store.close()

    def _put(self, commands: Sequence[Command]) -> frozenset[str]:
        """Write down the commands that are new; tell which have no words here."""
        known = self._known(commands)
        new: dict[str, Command] = {}
        wordless = set()
        for one in commands:
            if one.key in known or one.key in new:
                continue  # whoever has a key first keeps it
            if isinstance(self._words.row(one), RowMistake):
                wordless.add(one.key)
            else:
                new[one.key] = one
        if new:
            self._places.acts.mkdir(parents=True, exist_ok=True)
            self._places.receipts.mkdir(parents=True, exist_ok=True)
            self._remember(list(new.values()))
            self._receipts.take(again=True)
        self._write_files()
        return frozenset(wordless)

    def _remember(self, commands: Sequence[Command]) -> None:
        with self._store.writing() as db:
            number = self._next_number(db)
            before = db.execute("SELECT count(*) FROM act").fetchone()
            db.executemany(
                "INSERT OR IGNORE INTO act (key, file, command) VALUES (?, ?, ?)",
                [(one.key, number, msgspec.json.encode(one)) for one in commands],
            )
            if db.execute("SELECT count(*) FROM act").fetchone() != before:
                name = f"acts-{number:06d}.{self._settings.format}"
                db.execute(
                    "INSERT INTO act_file (number, name) VALUES (?, ?)", (number, name)
                )

    def _next_number(self, db: sqlite3.Connection) -> int:
        """Tell a number that no file has, not even where the state was lost."""
        (last,) = db.execute("SELECT coalesce(max(number), 0) FROM act_file").fetchone()
        for folder in (self._places.acts, self._places.receipts):
            for path in folder.iterdir():
                if found := _NUMBER.match(path.name):
                    last = max(last, int(found[1]))
        return int(last) + 1

    def _write_files(self) -> None:
        """Put files in place that were remembered, and are not there yet."""
        statement = "SELECT number, name FROM act_file WHERE NOT written"
        if not self._store.read(statement):
            return
        with self._store.writing() as db:
            for number, name in db.execute(statement).fetchall():
                file = self._places.acts / name
                # It may be there already, and people may have begun to fill it in.
                if not file.exists():
                    told = db.execute(
                        "SELECT command FROM act WHERE file = ? ORDER BY seq", (number,)
                    ).fetchall()
                    commands = [_COMMAND.decode(one) for (one,) in told]
                    rows = [self._words.row(one) for one in commands]
                    sound = [one for one in rows if not isinstance(one, RowMistake)]
                    form = name.rpartition(".")[2]
                    write_whole(file, written(form, self._words, sound))
                db.execute(
                    "UPDATE act_file SET written = 1 WHERE number = ?", (number,)
                )

    def _acted(self, commands: Sequence[Command], wordless: frozenset[str]) -> Acted:
        self._receipts.take()
        known = self._known(commands)
        receipts = tuple(_receipt(one, known.get(one.key)) for one in commands)
        if wordless and not any(receipts):
            raise ProvinceFault(FaultCode.NOT_SUPPORTED, "no words for the command")
        if None in receipts:
            code = FaultCode.NOT_SUPPORTED if wordless else FaultCode.PARTIAL
            return Acted(receipts, fault(self._province, code))
        return Acted(receipts)

    def _known(
        self, commands: Sequence[Command]
    ) -> dict[str, tuple[Command, Receipt | None]]:
        keys = tuple({one.key for one in commands})
        told = self._store.read(
            "SELECT key, command, receipt FROM act"  # noqa: S608  # marks only
            f" WHERE key IN ({marks(len(keys))})",
            keys,
        )
        return {
            key: (_COMMAND.decode(command), receipt and _RECEIPT.decode(receipt))
            for key, command, receipt in told
        }


_COMMAND = msgspec.json.Decoder(Command)
_RECEIPT = msgspec.json.Decoder(Receipt)


def _receipt(
    command: Command, known: tuple[Command, Receipt | None] | None
) -> Receipt | None:
    """Tell what is known of a command; none if it was not even written."""
    if known is None:
        return None
    first, receipt = known
    if (first.act, first.transfer) != (command.act, command.transfer):
        return Receipt(
            key=command.key, answered=Answered.REFUSED, code=RefusalCode.KEY_REUSED
        )
    return receipt or Receipt(key=command.key, answered=Answered.PENDING)
