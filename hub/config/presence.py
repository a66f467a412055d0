"""Adapter: looks whether what settings name is there: files and secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.held_secrets import SecretUnreadable
from connectors.held_secrets import read_secret as read_referred
from connectors.settings import ProvinceSettings
from hub.config import sentences
from hub.config.mistakes import Mistake, dotted, split
from hub.config.moving import WebhookSettings
from hub.config.webhook_secret import BadWebhookSecret, read_secret
from hub.credential.code import Codes
from hub.credential.keys import open_ring, open_signers
from hub.credential.settings import CredentialSettings
from hub.identity.secrets import BadSecrets, read_secrets
from hub.identity.settings import WorkerKeySettings
from hub.store.settings import DatabaseSettings
from schema.records.refusal import Bilingual, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel


Table = dict[str, Any]


def absent(table: Table, file: str, environment: Mapping[str, str]) -> list[Mistake]:
    """Find the files and the secrets that a table names and that are not there.

    It looks at tables as they are read, so that it tells what is absent also
    where the table has other mistakes. A secret by reference may come later.
    """
    mistakes = []
    referred = table.get("secrets")
    held = referred if isinstance(referred, dict) else {}
    for path, value in _leaves(table):
        name = str(path[-1])
        if not isinstance(value, str) or not value:
            continue
        if name.endswith("_env"):
            there = value in held or bool(environment.get(value, "").strip())
            message, remedy = sentences.NOT_SET
        elif name == "directory":
            there = Path(value).is_dir()
            message, remedy = sentences.MISSING_FILE
        elif name.endswith("_file"):
            there = Path(value).is_file()
            message, remedy = sentences.MISSING_FILE
        else:
            continue
        if not there:
            said = message.format(name=value, path=value), remedy.format(name=value)
            mistakes.append(Mistake(file, dotted(path), *said))
    return mistakes


def unreadable_secrets(
    settings: ProvinceSettings, file: str, environment: Mapping[str, str]
) -> list[Mistake]:
    """Find the secrets of ``[secrets]`` that cannot be had now; commands are run."""
    mistakes = []
    for name, place in settings.secrets.items():
        try:
            read_referred(place, environment)
        except SecretUnreadable as error:
            message, remedy = sentences.SECRET_UNREADABLE
            said = message.format(name=name, why=error), remedy
            mistakes.append(Mistake(file, f"secrets.{name}", *said))
    return mistakes


def unusable(
    settings: BaseModel,
    file: str,
    environment: Mapping[str, str],
    left_out: frozenset[str] = frozenset(),
) -> list[Mistake]:
    """Find the secrets that are there and are no good, but in what is left out."""
    return [
        Mistake(file, name, said, sentences.SET_SECRET)
        for name in type(settings).model_fields
        if name not in left_out
        for part in _parts(getattr(settings, name))
        for said in _wrong_with(part, environment)
    ]


def unusable_of_province(
    settings: ProvinceSettings, file: str, environment: Mapping[str, str]
) -> list[Mistake]:
    """Find the secrets of one province that are there and are no good."""
    return [
        Mistake(file, "", said, sentences.SET_SECRET)
        for said in _wrong_with(settings, environment)
    ]


def _wrong_with(part: Any, environment: Mapping[str, str]) -> Iterator[Bilingual]:
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

    if isinstance(part, ProvinceSettings):
        names = (part.callback_secret_env, part.callback_next_secret_env)
        yield from _wrong_with_secrets(names, environment)
    if isinstance(part, WebhookSettings):
        yield from _wrong_with_webhooks(part, environment)
    if isinstance(part, CredentialSettings):
        yield from _wrong_with_credentials(part, environment)


def _parts(part: Any) -> Iterator[Any]:
    """Name each province by itself."""
    if isinstance(part, tuple) and part and isinstance(part[0], ProvinceSettings):
        yield from part
    else:
        yield part


def _wrong_with_webhooks(
    part: WebhookSettings, environment: Mapping[str, str]
) -> Iterator[Bilingual]:
    for endpoint in part.endpoints:
        names = (endpoint.secret_env, endpoint.next_secret_env)
        yield from _wrong_with_secrets(names, environment)


def _wrong_with_secrets(
    names: tuple[str | None, ...], environment: Mapping[str, str]
) -> Iterator[Bilingual]:
    for name in filter(None, names):
        if written := environment.get(name, "").strip():
            try:
                read_secret(written, name)
            except BadWebhookSecret as error:
                yield split(str(error))


def _wrong_with_credentials(
    part: CredentialSettings, environment: Mapping[str, str]
) -> Iterator[Bilingual]:
    named = [*part.keys, *part.code_secrets, *part.batch_signers]
    wanted = [
        value
        for one in named
        for name, value in one.model_dump().items()
        if name.endswith("_env") and value
    ]
    if not all(environment.get(name, "").strip() for name in wanted):
        return  # that they are absent is told already
    for opened in (open_ring, open_signers):
        try:
            opened(part, environment)
        except Refused as error:
            said, cure = error.refusal.message, error.refusal.remedy
            yield Bilingual(said.zh + cure.zh, f"{said.en} {cure.en}")
        except OSError:
            continue  # that the file is absent is told already
    try:
        Codes(part.code_secrets, environment)
    except BadSecrets as error:
        yield from error.mistakes


def _leaves(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _leaves(below, (*above, name))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _leaves(below, (*above, index))
    elif above:
        yield above, value
