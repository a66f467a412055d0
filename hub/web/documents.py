"""Decider with a memory: documents, parsed, weighed and validated once.

A document that was found good is remembered under its text, so that the next
request with it costs nothing. Bad ones are not remembered: they would push the
good ones out. Nor is a document that holds what may be a resident ID number; a
number belongs into a variable, and must not stay in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    parse,
    specified_rules,
    validate,
)
from graphql.utilities import get_operation_ast

from hub.web import sentences
from hub.web.cost import Weight, weigh
from hub.web.errors import BadRequest, Code, problem
from hub.web.scrub import holds_number
from hub.web.translate import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import FieldNode, GraphQLSchema, OperationType

    from hub.config.server import LimitSettings
    from hub.web.payload import Asked

#: The length that a list among the variables is taken to have at first.
_USUAL_LIST = 100
_MOST_COMPLAINTS = 20

_WORDS = {
    "depth": ("嵌套层数", "levels of nesting"),
    "root_fields": ("根字段数", "fields on the root"),
    "aliases": ("别名数", "aliases"),
    "repeats": ("重复字段数", "repeated fields"),
    "fragments": ("片段数", "fragments"),
    "cost": ("字段总数", "fields in all"),
}


class ClosedGraph(ASTValidationRule):
    """Refuses every way to read the graph itself; federation's is one of them."""

    def enter_field(self, node: FieldNode, *_args: Any) -> None:
        """Complain of a field that shows the graph."""
        if node.name.value in {"__schema", "__type", "_service"}:
            self.report_error(
                GraphQLError("GraphQL introspection has been disabled", node)
            )


class Prepared(msgspec.Struct, frozen=True):
    """A good document.

    Attributes:
        document: As parsed.
        weight: What it asks for, with lists among the variables of usual length.
    """

    document: DocumentNode
    weight: Weight


class Documents:
    """Prepares documents for execution."""

    def __init__(
        self, schema: GraphQLSchema, limits: LimitSettings, *, introspection: bool
    ) -> None:
        """Start without memory.

        Args:
            schema: What documents are validated against.
            limits: How much a document may ask for.
            introspection: Whether callers may read the graph.
        """
        self._schema = schema
        self._limits = limits
        self._closed = not introspection
        self._rules = [*specified_rules, *([ClosedGraph] if self._closed else [])]
        self._known: OrderedDict[str, Prepared] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def prepare(self, asked: Asked) -> Prepared:
        """Parse, weigh and validate, or remember having done so.

        Raises:
            BadRequest: The document is wrong or asks for too much.
        """
        known = self._known.get(asked.query)
        if known is not None:
            self._known.move_to_end(asked.query)
            self._check_lists(known, asked.variables)
            return known
        document = self._parse(asked.query)
        made = Prepared(document, weigh(document, {}, _USUAL_LIST))
        self._check(made.weight, but="cost" if made.weight.lists else "")
        self._check_lists(made, asked.variables)
        self._validate(document)
        if not holds_number(asked.query):
            self._known[asked.query] = made
            if len(self._known) > self._limits.documents:
                self._known.popitem(last=False)
        return made

    def _parse(self, text: str) -> DocumentNode:
        limits = self._limits
        try:
            return parse(
                text,
                max_lexical_tokens=limits.tokens,
                max_comments=limits.tokens,
                max_source_length=limits.document_chars,
            )
        except GraphQLError as error:
            code = Code.GRAPHQL_PARSE_FAILED
            raise BadRequest(
                translate(error, code, self._schema, closed=self._closed)
            ) from error

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=_MOST_COMPLAINTS,
            hide_suggestions=self._closed,
        )
        if errors:
            code = Code.GRAPHQL_VALIDATION_FAILED
            raise BadRequest(
                *(
                    translate(one, code, self._schema, closed=self._closed)
                    for one in errors
                )
            )

    def _check_lists(self, made: Prepared, variables: Mapping[str, Any]) -> None:
        """Weigh again if a list among the variables decides."""
        if not made.weight.lists:
            return
        sizes = {
            name: len(value)
            for name in made.weight.lists
            if isinstance(value := variables.get(name), list)
        }
        usual = max(sizes.values(), default=0) <= _USUAL_LIST
        if usual and made.weight.cost <= self._limits.cost:
            return
        self._check(weigh(made.document, sizes, _USUAL_LIST))

    def _check(self, weight: Weight, but: str = "") -> None:
        for name, (zh, en) in _WORDS.items():
            found, limit = getattr(weight, name), getattr(self._limits, name)
            if found > limit and name != but:
                raise BadRequest(
                    problem(
                        Code.COST_EXCEEDED,
                        sentences.COST,
                        zh=zh,
                        en=en,
                        found=found,
                        limit=limit,
                    )
                )


def operation_type(document: DocumentNode, name: str | None) -> OperationType | None:
    """Tell what kind of operation would run; ``None`` if that is not clear."""
    node = get_operation_ast(document, name)
    return None if node is None else node.operation
