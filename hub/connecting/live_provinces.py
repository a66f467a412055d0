"""Itinerary: provinces as their files, their secrets and the operators want them now.

Whatever is new is made and asked first, and only then stands in for the old, which ends
what is under way. What cannot be used changes nothing, and is said.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from connectors.guard import Guard
from connectors.opening import at_hand, open_connector
from connectors.unusable import UnusableConnector
from hub.config.callback_secrets import callback_secrets
from hub.connecting.asides import Aside, in_thread
from hub.connecting.changes import Change, Content, Kind, changes
from hub.connecting.named_files import digests, named_files, text_of
from hub.connecting.secret_keeping import SecretKeeper
from hub.connecting.standing import Standing
from hub.connecting.stating import stated, stated_gone
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from connectors.observer import Observer
    from connectors.port import Clock, Connector
    from connectors.registry import Registry
    from connectors.settings import ProvinceSettings
    from hub.connecting.ports import Book, Notes
    from hub.connecting.watched_files import Looked, WatchedFiles
    from hub.store.province_settings import Stated

_log = logging.getLogger("hub.connecting")

#: Files and the store are waited for so long at a look; then the others go on.
_PATIENCE: Final = 2.0
#: What is just being written is looked at again after so many seconds.
_SOON: Final = 0.25

_GONE: Final = Refusal(
    "PROVINCE_TAKEN_OUT",
    "provinces_dir",
    Bilingual("该省已从设置中撤下。", "The province was taken out of the settings."),
    Bilingual("如属误删，请恢复其文件。", "If that was a mistake, restore its file."),
)


class LiveProvinces:
    """Keeps the registry as it should be.

    Attributes:
        standing: What keeps settings from being taken, for ``/readyz``.
        callback_secrets: By which provinces sign what they push; always as of now.
        changed: Is told of each province that is asked otherwise from now on.
    """

    def __init__(
        self,
        registry: Registry,
        provinces: Sequence[ProvinceSettings],
        environ: Mapping[str, str],
        *,
        files: WatchedFiles | None,
        base: Path,
        book: Book,
        clock: Clock,
        observer: Observer,
        notes: Notes,
        name: str,
    ) -> None:
        """Hold what is needed; ``begin`` fills the registry.

        Args:
            registry: Empty still.
            provinces: What the settings said at the start.
            environ: The process environment.
            files: Where the settings come from; none: they do not change.
            base: The directory of the provinces' files.
            book: Versions and pauses.
            clock: Tells the time.
            observer: Is told of every call to a province.
            notes: Is told of changes and mistakes.
            name: Of this process; it stands in every version.
        """
        self.standing = Standing(notes)
        self.callback_secrets: dict[ProvinceCode, tuple[bytes, ...]] = {}
        self.changed: Callable[[ProvinceCode], None] | None = None
        self.secrets = SecretKeeper(environ)
        self._registry = registry
        self._wanted = tuple(provinces)
        self._files = files
        self._base = base
        self._book = book
        self._clock = clock
        self._observer = observer
        self._notes = notes
        self._name = name
        self._contents: dict[ProvinceCode, Content] = {}
        self._resting: frozenset[ProvinceCode] = frozenset()
        self._digests: Mapping[Path, str] = {}
        self._unwritten: list[Stated] = []
        self._woken = asyncio.Event()
        self._hearing = Aside(self._hear)
        self._writing = Aside(self._write)
        self._reading = Aside(self._read_files)
        self.standing.look = self._reading if files is not None else None

    async def begin(self) -> None:
        """Connect the provinces of the settings, as far as that goes, and ask each."""
        await self._hearing.done(_PATIENCE)
        self.secrets.look(self._wanted, {})
        await self.secrets.read()
        named = {f for one in self._wanted for f in named_files(one).values()}
        self._digests = await in_thread(digests, named)
        for code, content in self._all_wanted().items():
            own = content.effective
            environ = self.secrets.now(content.settings)
            connector = at_hand(own, environ, self._clock)
            self._registry.put(Guard(connector, own, self._clock, self._observer))
            await self._take(Change(code, Kind.ADDED, ("start",)), content)
        await self._registry.start()

    async def run(self, every: float) -> None:
        """Look again and again, for ever; cancel it to stop.

        Args:
            every: Seconds between two looks.
        """
        while True:
            restless = self._files is not None and self._files.restless
            with suppress(TimeoutError):
                async with asyncio.timeout(min(_SOON, every) if restless else every):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  # the watch outlives whatever comes
                _log.error("look error=%s", type(error).__name__)

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    async def look(self) -> None:
        """Look once at files, secrets and pauses, and do what follows."""
        await self._hearing.done(_PATIENCE)
        if self._files is not None:
            looked = await self._reading.done(_PATIENCE)
            self.standing.stands_still(late=self._reading.late)
            if looked is not None:
                self.standing.files(looked.mistakes)
                if looked.provinces is not None:
                    self._wanted = looked.provinces
            if self.standing.sound and not self._reading.late:
                self._digests = self._files.digests or self._digests
            self.secrets.look(self._wanted, self._files.digests)
        else:
            self.secrets.look(self._wanted, {})
        self._tell_of_secrets()
        new = self._all_wanted()
        todo = changes(self._contents, new)
        self.standing.wanted([change.province for change in todo])
        async with asyncio.TaskGroup() as group:
            for change in todo:
                group.create_task(self._try(change, new.get(change.province)))
        await self._writing.done(_PATIENCE)

    async def close(self) -> None:
        """Read no more secrets; the registry is closed by itself."""
        for aside in (self._reading, self._hearing, self._writing):
            await aside.close()
        await self.secrets.close()

    async def _read_files(self) -> Looked | None:
        return await in_thread(self._files.look) if self._files is not None else None

    async def _hear(self) -> None:
        # Where the store cannot be asked, what was heard last holds.
        with suppress(Refused):
            self._resting = frozenset(await self._book.pauses())

    def _tell_of_secrets(self) -> None:
        for one in self._wanted:
            if (environ := self.secrets.of(one)) is not None:
                self.standing.secrets(ProvinceCode(one.code), environ.failed)

    def _all_wanted(self) -> dict[ProvinceCode, Content]:
        """Tell what is to hold; one whose secrets are being read stays as it is."""
        wanted = {}
        for one in self._wanted:
            code = ProvinceCode(one.code)
            environ = self.secrets.of(one)
            if environ is None:
                if code in self._contents:
                    wanted[code] = self._contents[code]
                continue
            wanted[code] = Content(
                one,
                {
                    name: self._digests.get(file, "")
                    for name, file in named_files(one).items()
                },
                self.secrets.digests(environ),
                code in self._resting,
            )
        return wanted

    async def _try(self, change: Change, content: Content | None) -> None:
        """Do it; what goes wrong with one province keeps nothing from the others."""
        try:
            await self._change(change, content)
        except Exception as error:  # noqa: BLE001  # the others are to follow their files
            _log.error(
                "change province=%s error=%s", change.province, type(error).__name__
            )

    async def _change(self, change: Change, content: Content | None) -> None:
        code = change.province
        if content is None:
            self._registry.remove(self._farewell(self._contents[code]))
        elif not await self._put(change, content):
            return
        await self._take(change, content)
        self._notes.province_changed(code, change.kind)
        _log.warning(
            "province=%s %s what=%s", code, change.kind, ",".join(change.what) or "-"
        )
        if self.changed is not None:
            self.changed(code)

    async def _put(self, change: Change, content: Content) -> bool:
        """Make a guard, ask it first, and let it stand in for the old."""
        if not self.standing.may_try(change.province, content):
            return False
        own = content.effective
        try:
            connector = await self._connector(content)
        except Refused as refused:
            self.standing.refused(change.province, content, refused.refusal)
            return False
        guard = Guard(connector, own, self._clock, self._observer)
        old = self._registry.get(change.province)
        if old is not None:
            guard.follow(old.guard, same=change.same)
        try:
            if not own.paused:
                now = asyncio.get_running_loop().time()
                await guard.probe(now + own.deadline.total_seconds())
        except BaseException:
            await guard.close()  # whoever stops the hub meanwhile: it is nobody's yet
            raise
        self._registry.put(guard)
        return True

    async def _connector(self, content: Content) -> Connector:
        own, environ = content.effective, self.secrets.now(content.settings)
        if own.paused:
            return at_hand(own, environ, self._clock)
        return await in_thread(open_connector, own, environ, self._clock)

    def _farewell(self, content: Content) -> Guard:
        connector = UnusableConnector(ProvinceCode(content.settings.code), _GONE)
        return Guard(connector, content.settings, self._clock, self._observer)

    async def _take(self, change: Change, content: Content | None) -> None:
        """Remember what holds now, and what is to be written of it."""
        code = change.province
        self.callback_secrets.pop(code, None)
        if content is None:
            del self._contents[code]
            self.standing.gone(code)
            self._unwritten.append(stated_gone(code))
            return
        before = self._contents.get(code)
        self._contents[code] = content
        own, environ = content.settings, self.secrets.now(content.settings)
        self.standing.taken(code)
        self.callback_secrets.update(callback_secrets([own], environ))
        if before is None or (before.settings, before.files) != (own, content.files):
            mapping = await in_thread(text_of, own.mapping_file)
            what = change.what or (change.kind.value,)
            self._unwritten.append(
                stated(own, content.files, what, base=self._base, mapping=mapping)
            )

    async def _write(self) -> None:
        """Keep versions; while the store cannot be used, they wait."""
        with suppress(Refused):
            while self._unwritten:
                await self._book.keep(self._unwritten[0], self._name)
                del self._unwritten[0]
