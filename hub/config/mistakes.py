"""Decider: what is wrong with settings, said so that an operator can mend it."""

from __future__ import annotations

import difflib
import re
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import msgspec
from pydantic import BaseModel

from hub.config import sentences
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails


class Mistake(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        file: In which file, or the name of the environment variable.
        key: Dotted name of the setting; empty if it is the file as a whole.
        message: What is wrong. Never holds a value that may be secret.
        remedy: How to mend it.
    """

    file: str
    key: str
    message: Bilingual
    remedy: Bilingual


class BadSettings(Exception):  # the name says it; nothing else is raised here
    """The settings cannot be used.

    Attributes:
        mistakes: All mistakes of all files.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            "\n".join(
                f"{one.file}: {one.key}: {one.message.zh} / {one.message.en}"
                for one in self.mistakes
            )
        )


def dotted(path: Iterable[str | int]) -> str:
    """Write a path as ``issuers[0].jwks_url``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def of_error(
    error: ErrorDetails, model: type[BaseModel], file: str, prefix: str = ""
) -> Mistake:
    """Say in both languages what pydantic found.

    Args:
        error: One of ``ValidationError.errors()``.
        model: What was validated; its fields are suggested for a wrong key.
        file: Where the setting stands.
        prefix: What to put before the key.
    """
    path = [part for part in error["loc"] if not _is_tag(part)]
    key = ".".join(filter(None, (prefix, dotted(path))))
    if error["type"] == "extra_forbidden":
        return _unknown(file, key, str(path[-1]), fields_at(model, path[:-1]))
    message, remedy = _sentences_of(error)
    return Mistake(file, key, message, remedy)


def unknown_key(file: str, key: str, name: str, known: Iterable[str]) -> Mistake:
    """Say that there is no such setting, and which one may be meant."""
    return _unknown(file, key, name, known)


def _unknown(file: str, key: str, name: str, known: Iterable[str]) -> Mistake:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    remedy = sentences.DID_YOU_MEAN if close else sentences.KNOWN_ARE
    return Mistake(
        file,
        key,
        sentences.UNKNOWN_KEY.format(name=name),
        remedy.format(guess="".join(close), names=", ".join(names) or "-"),
    )


def _sentences_of(error: ErrorDetails) -> tuple[Bilingual, Bilingual]:
    context = error.get("ctx", {})
    if "zh" in context and "en" in context:
        return Bilingual(context["zh"], context["en"]), sentences.CORRECT
    if error["type"] == "value_error":
        return split(str(context.get("error", error["msg"]))), sentences.CORRECT
    for start, message, remedy in sentences.OF_TYPES:
        if error["type"].startswith(start):
            named = {name: _shown(value) for name, value in context.items()}
            return message.format(**named), remedy.format(**named)
    return sentences.WRONG_VALUE, sentences.CORRECT


def split(text: str) -> Bilingual:
    """Split ``zh / en``, as the rooms' models write it."""
    zh, found, en = text.partition(" / ")
    return Bilingual(zh, en) if found else Bilingual(text, text)


def fields_at(model: Any, path: Iterable[str | int]) -> list[str]:
    """Tell the names of the fields at a path below a model."""
    current: Any = model
    for part in path:
        found = _model_in(current)
        if found is None:
            return []
        if isinstance(part, str):
            field = found.model_fields.get(part)
            current = None if field is None else field.annotation
    found = _model_in(current)
    return [] if found is None else list(found.model_fields)


def _model_in(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) in {Union, types.UnionType, Annotated, tuple, list}:
        return next((m for one in get_args(kind) if (m := _model_in(one))), None)
    return None


def _is_tag(part: str | int) -> bool:
    """Tell what pydantic puts into a path that is no key of the file."""
    return isinstance(part, str) and re.fullmatch(r"[\w-]+\[.*\]", part) is not None


def _shown(value: Any) -> str:
    total = getattr(value, "total_seconds", None)
    return f"{total():g}s" if total else str(value)
