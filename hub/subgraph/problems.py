"""Value: errors as the kit's answers show them, beside the null that they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from connectors.faults import RETRYABLE
from hub.subgraph import sentences
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from schema.records.refusal import Bilingual
    from schema.records.told import Fault

#: The caller's own mistake.
BAD_USER_INPUT = "BAD_USER_INPUT"
#: The hub understands this one by its name; the others are errors of the province.
_THROTTLED = "THROTTLED"
_FULL = frozenset({FaultCode.THROTTLED, FaultCode.BUSY})


class Told(GraphQLError):
    """An error that may be shown as it is; every other exception is a bug of ours."""


def told(
    code: str, said: Bilingual, *, path: list[str | int] | None = None, **blanks: object
) -> Told:
    """Make an error of a sentence.

    Args:
        code: Its stable name.
        said: In both languages; its blanks are filled.
        path: Where, if it is added to an answer afterwards.
        blanks: What fills them; never a value of the caller or of a person.
    """
    filled = said.format(**blanks)
    more: dict[str, Any] = {"code": code, "zh": filled.zh, "en": filled.en}
    return Told(f"{filled.zh} {filled.en}", path=path, extensions=more)


def of_fault(
    code: FaultCode,
    said: Bilingual = sentences.SOURCE,
    path: list[str | int] | None = None,
) -> Told:
    """Make the error of what the source could not tell.

    A wrong password of the source is no wrong token of the caller: only that it is too
    much at once is passed on under the caller's own code.
    """
    name = _THROTTLED if code in _FULL else f"SOURCE_{code}"
    made = told(name, said, path=path, fault=code.value)
    if made.extensions is not None:
        made.extensions["retryable"] = code in RETRYABLE
    return made


def of(fault: Fault | None) -> FaultCode:
    """Tell the code of a fault; a gap without a fault is a gap all the same."""
    return fault.code if fault else FaultCode.PARTIAL
