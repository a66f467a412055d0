"""Decider: turns graphql-core's errors into problems that say what to do."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from graphql import GraphQLEnumType

from hub.web.errors import Code, Problem, of_refusal
from hub.web.phrases import OTHERWISE, PHRASES
from schema.records.refusal import Bilingual, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLError, GraphQLSchema


#: Enumerations whose values anyone may know even where the graph is not shown.
OPEN_ENUMS = frozenset({"PurposeOfUse", "RecordKind"})

_AT = re.compile(r"has invalid (?:default )?value at (?P<at>[.\[\]\w]{1,80}):")
_VARIABLE = re.compile(r"^Variable '\$(?P<var>\w{1,80})' has invalid")
_SUGGESTION = re.compile(r"Did you mean (?:the enum value )?(?P<names>'[^?{]{1,200})\?")
_LONGEST = 80
#: graphql-core quotes what was sent, whole. No phrase needs so long a word to be
#: known, and a pattern that looks for one begins anew at each of its letters.
_WORD = re.compile(r"[^\s'\".,:;()\[\]{}]{80,}")
#: Nor so long a text: what it begins with and what it ends with tell what it is.
_EDGE = 600

#: What stands for a name that the caller did not write, where the graph is closed.
_HIDDEN = "…"
_NAME = re.compile(r"[_A-Za-z]\w*")
#: Blanks that hold names of the graph.
_NAMES = frozenset({"arg", "enum", "field", "name", "on", "type", "want"})
#: Everybody knows these.
_COMMON = OPEN_ENUMS | {
    "Query", "Mutation", "Subscription", "String", "Int", "Float", "Boolean", "ID",
    "Date", "DateTime", "_Any",
}  # fmt: skip


def translate(
    error: GraphQLError, code: Code, schema: GraphQLSchema, *, closed: bool
) -> Problem:
    """Say in our words what graphql-core complains of.

    Args:
        error: From parsing, validation or coercion of variables.
        code: In which of the three it arose.
        schema: Whose enumerations are named.
        closed: The graph is not shown to callers: name nothing of it that the
            document does not name, and no values but those of ``OPEN_ENUMS``.

    Returns:
        The problem, with the places in the document.
    """
    refused = refusal_of(error)
    if refused is not None:
        return _placed(of_refusal(refused.refusal), error)
    said = _shortened(error.message)
    for phrase in PHRASES:
        found = phrase.pattern.search(said)
        if found is not None:
            break
    else:
        phrase, found = OTHERWISE, None
    blanks: defaultdict[str, str] = defaultdict(str, at=_at(said))
    for name, text in (found.groupdict() if found else {}).items():
        blanks[name] = (text or "")[:_LONGEST]
    allowed = _allowed(blanks.get("enum", ""), schema, closed=closed)
    if closed and code is not Code.GRAPHQL_PARSE_FAILED:
        _hide(blanks, error)
    blanks["allowed"] = ", ".join(allowed) or "schema/hub.graphql"
    made = Problem(
        code=code,
        message=phrase.message.format(**blanks),
        remedy=_suggesting(phrase.remedy.format(**blanks), said),
        allowed=allowed,
    )
    return _placed(made, error)


def _shortened(message: str) -> str:
    """Bound a message, so that reading it takes no time worth a word."""
    if len(message) > 2 * _EDGE:
        message = f"{message[:_EDGE]} … {message[-_EDGE:]}"
    return _WORD.sub(lambda word: f"{word[0][:_LONGEST]}…", message)


def _hide(blanks: dict[str, str], error: GraphQLError) -> None:
    """Hide the names that the caller did not write: the graph is closed to them."""
    written = _COMMON.union(*(_NAME.findall(text) for text in _sources(error)))
    for blank in _NAMES & blanks.keys():
        blanks[blank] = _NAME.sub(
            lambda name: name[0] if name[0] in written else _HIDDEN, blanks[blank]
        )


def _sources(error: GraphQLError) -> set[str]:
    nodes = error.nodes or ()
    found = {node.loc.source.body for node in nodes if node.loc is not None}
    return found | ({error.source.body} if error.source else set())


def refusal_of(error: GraphQLError) -> Refused | None:
    """Find the refusal that is behind an error, if one is."""
    return next((one for one in _causes(error) if isinstance(one, Refused)), None)


def cause_of(error: GraphQLError) -> BaseException:
    """Find what went wrong first; graphql-core wraps it, sometimes twice."""
    *_, last = _causes(error)
    return last


def _causes(error: GraphQLError) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(8):
        if one is None:
            return
        yield one
        one = getattr(one, "original_error", None)


def _placed(made: Problem, error: GraphQLError) -> Problem:
    return Problem(
        code=made.code,
        message=made.message,
        remedy=made.remedy,
        reason=made.reason,
        rule=made.rule,
        allowed=made.allowed,
        locations=places(error),
        path=None if error.path is None else tuple(error.path),
    )


def places(error: GraphQLError) -> tuple[tuple[int, int], ...]:
    """Tell line and column of what an error complains of."""
    return tuple((one.line, one.column) for one in error.locations or ())


def _suggesting(remedy: Bilingual, message: str) -> Bilingual:
    """Add graphql-core's suggestion; it makes none where the graph is closed."""
    found = _SUGGESTION.search(message)
    if found is None:
        return remedy
    names = found["names"].replace("'", "").replace(" or ", " / ").replace(",", " /")
    names = names.replace("/ /", "/")
    return Bilingual(
        f"{remedy.zh}您是指 {names}？", f"{remedy.en} Did you mean {names}?"
    )


def _at(message: str) -> str:
    variable = _VARIABLE.match(message)
    if variable is None:
        return ""
    within = _AT.search(message)
    return f" (${variable['var']}{within['at'] if within else ''})"


def _allowed(name: str, schema: GraphQLSchema, *, closed: bool) -> tuple[str, ...]:
    if not name or (closed and name not in OPEN_ENUMS):
        return ()
    kind = schema.get_type(name)
    return tuple(kind.values) if isinstance(kind, GraphQLEnumType) else ()
