"""The desk and the case log of a drop folder as subjects of the contract suite."""

from __future__ import annotations

import contextlib
import itertools

from connectors.filedrop.desk_opening import open_case_log, open_desk
from connectors.filedrop.places import Places
from connectors.mapping.mapping import Mapping
from connectors.port import WHOLE_CONTRACT, Capabilities
from schema.records.command import Act
from schema.records.keys import ProvinceCode
from schema.records.kinds import RecordKind
from tests.filedrop.desk_scene import change_row, put, settings, words, working, written
from tests.provinces import own_tables
from tests.provinces.over_files import OverFiles

MEMBERS = {
    kind: WHOLE_CONTRACT.fields[kind]
    for kind in (RecordKind.WORKER, RecordKind.MEMBERSHIP)
}
BOTH = Capabilities("1.2", MEMBERS, frozenset(Act), changes=True)
_NUMBERS = itertools.count(1)


def beside(directory, form="xlsx", **more):
    """What stands beside the batches, by settings and a mapping file."""
    told = settings(directory, form, **more)
    text = own_tables.mapping_text(MEMBERS) + "\n" + words()
    mapping = Mapping.load(text.encode(), "44.mapping.toml")
    about = (ProvinceCode("44"), told, Places.of(told), mapping)
    return {"desk": open_desk(*about), "case_log": open_case_log(*about)}


class OverDesk:
    """A register that is spoken to by files; its office exports what is asked about."""

    def __init__(self, directory, office):
        acts = {"format": "xlsx", "receipt_wait": "19s"}
        self._files = OverFiles(directory, lambda _: beside(directory, acts=acts))
        self._office = office
        self._exported = None

    async def act(self, commands, request, deadline):
        await self._export(())
        return await self._files.connector.act(commands, request, deadline)

    async def ask(self, question, deadline):
        keys = {key for ask in question.asks for key in ask.keys}
        await self._export(keys)
        return await self._files.connector.ask(question, deadline)

    async def close(self):
        await self._files.close()

    async def _export(self, keys):
        worlds = {key.rpartition("-")[2] for key in keys}
        people = {
            name: file
            for name, file in self._office.people.items()
            if name in keys or name.rpartition("-")[2] in worlds
        }
        if self._exported is None or (people and people != self._exported):
            await self._files.keep(people, capabilities=BOTH)
            self._exported = people


@contextlib.asynccontextmanager
async def acting(directory, workers, knows_union):
    with working(directory, workers, knows_union) as office:
        subject = OverDesk(directory, office)
        yield subject
        await subject.close()


class OverCaseLog:
    """An office that tells what happens in its case files, one file after the other."""

    def __init__(self, directory, form):
        self.directory = directory
        self._form = form
        self.files = OverFiles(directory, lambda _: beside(directory))

    @property
    def connector(self):
        return self.files.connector

    def write(self, statement):
        name = f"aj-{next(_NUMBERS):06}.{self._form}"
        content = written([change_row(statement)], self._form)
        put(self.directory / "changes" / name, content)


@contextlib.asynccontextmanager
async def telling(directory, form="csv"):
    subject = OverCaseLog(directory, form)
    await subject.files.keep({}, capabilities=BOTH)
    yield subject
    await subject.files.close()
