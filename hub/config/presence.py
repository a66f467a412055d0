"""Adapter: looks whether what settings name is there: files and secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from hub.config import sentences
from hub.config.mistakes import Mistake, dotted, split
from hub.identity.secrets import BadSecrets, read_secrets
from hub.identity.settings import WorkerKeySettings
from hub.store.settings import DatabaseSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema.records.refusal import Bilingual


def absent_files(settings: BaseModel, file: str) -> list[Mistake]:
    """Find the files and directories that are named and do not exist."""
    mistakes = []
    for path, value in _leaves(settings):
        name = str(path[-1])
        if name == "directory":
            there = Path(value).is_dir()
        elif name.endswith("_file") and value is not None:
            there = Path(value).is_file()
        else:
            continue
        if not there:
            message, remedy = sentences.MISSING_FILE
            said = message.format(path=value)
            mistakes.append(Mistake(file, dotted(path), said, remedy))
    return mistakes


def absent_secrets(
    settings: BaseModel, file: str, environment: Mapping[str, str]
) -> list[Mistake]:
    """Find the secrets that are named and are not in the environment, or no good."""
    mistakes = []
    for path, value in _leaves(settings):
        simple = str(path[-1]).endswith("_env") and value
        if simple and not environment.get(value, "").strip():
            message, remedy = sentences.NOT_SET
            key = dotted(path)
            said = message.format(name=value), remedy.format(name=value)
            mistakes.append(Mistake(file, key, *said))
    for name in type(settings).model_fields:
        part = getattr(settings, name)
        mistakes += [
            Mistake(file, name, said, sentences.SET_SECRET)
            for said in _unusable(part, environment)
        ]
    return mistakes


def _unusable(part: Any, environment: Mapping[str, str]) -> Iterator[Bilingual]:
    """Tell what is wrong with secrets that are set; absent ones are known."""
    if isinstance(part, DatabaseSettings) and environment.get(part.url_env):
        try:
            part.address(environment)
        except ValueError as error:
            yield split(str(error))
    if isinstance(part, WorkerKeySettings) and all(
        environment.get(one.secret_env, "").strip() for one in part.versions
    ):
        try:
            read_secrets(part, environment)
        except BadSecrets as error:
            yield from error.mistakes


def _leaves(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[Any]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if not above and name == "provinces":
                continue  # each of them is looked at by itself, with its own file
            yield from _leaves(getattr(value, name), (*above, name))
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for index, one in enumerate(value):
            yield from _leaves(one, (*above, index))
    else:
        yield above, value
