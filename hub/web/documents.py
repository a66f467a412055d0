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
from graphql import DocumentNode, GraphQLError, Visitor, parse, validate, visit
from graphql.utilities import get_operation_ast

from hub.web import sentences
from hub.web.cost import weigh
from hub.web.errors import BadRequest, Code, problem
from hub.web.list_sizes import assumed_sizes
from hub.web.scrub import holds_number
from hub.web.translate import translate
from hub.web.weight import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLSchema, NameNode, OperationType

    from hub.config.server import LimitSettings

#: All remembered documents together have no more tokens than this: the garbage
#: collector looks at them all at once, and the event loop waits meanwhile.
_MOST_TOKENS = 20_000

#: The length that a list among the variables is taken to have at first.
_USUAL_LIST = 100
_MOST_COMPLAINTS = 10

_WORDS = {
    "depth": ("嵌套层数", "levels of nesting"),
    "root_fields": ("根字段数", "fields on the root"),
    "aliases": ("别名数", "aliases"),
    "repeats": ("重复字段数", "repeated fields"),
    "operations": ("操作数", "operations"),
    "fragments": ("片段数", "fragments"),
    "variable_uses": ("变量使用次数", "uses of variables"),
    "introspections": ("整图自省次数", "questions for the whole graph"),
    "literals": ("字面值数", "values in literals"),
    "list_items": ("列表长度", "items in a list"),
    "cost": ("字段总数", "fields in all"),
}
#: What the lengths of variables change.
_BY_LISTS = frozenset({"list_items", "cost"})


class Prepared(msgspec.Struct, frozen=True):
    """A good document.

    Attributes:
        document: As parsed.
        weight: What it asks for, with lists among the variables of usual length.
        tokens: How many lexical tokens it has.
    """

    document: DocumentNode
    weight: Weight
    tokens: int = 0


class Documents:
    """Prepares documents for execution."""

    def __init__(self, schema: GraphQLSchema, limits: LimitSettings) -> None:
        """Start without memory.

        Args:
            schema: What documents are validated against.
            limits: How much a document may ask for.
        """
        self._schema = schema
        self._limits = limits
        self._assumed = assumed_sizes(schema)
        self._known: OrderedDict[str, Prepared] = OrderedDict()
        self._tokens = 0

    def __len__(self) -> int:
        return len(self._known)

    def prepare(
        self, text: str, variables: Mapping[str, Any], *, closed: bool
    ) -> Prepared:
        """Parse, weigh and validate, or remember having done so.

        Args:
            text: The document.
            variables: What it is to run with; lists among them weigh.
            closed: Whether the graph itself is hidden from the caller.

        Raises:
            BadRequest: The document is wrong or asks for too much.
        """
        made = self._known.get(text)
        if made is not None:
            self._known.move_to_end(text)
        else:
            made = self._examine(text, variables, closed=closed)
        _check_shown(made.weight, closed=closed)
        self._check_lists(made, variables)
        return made

    def knows(self, text: str) -> bool:
        """Tell whether a document was prepared before: then it takes no time."""
        return text in self._known

    def cost(self, made: Prepared, variables: Mapping[str, Any]) -> int:
        """Tell how many fields the answer may have with these variables."""
        if not made.weight.lists:
            return made.weight.cost
        return self._weigh(made.document, variables, made.weight.lists).cost

    def register(self, text: str) -> Prepared:
        """Parse and validate a document that the operator vouches for.

        No limit holds for it, and it may ask for the graph.

        Raises:
            BadRequest: It does not fit the schema.
        """
        document = self._parse(text, closed=False, limited=False)
        self._validate(document, closed=False)
        return Prepared(document, self._weigh(document, {}))

    def _examine(
        self, text: str, variables: Mapping[str, Any], *, closed: bool
    ) -> Prepared:
        document = self._parse(text, closed=closed)
        made = Prepared(document, self._weigh(document, {}), _unchain(document))
        # Before the cost, which would tell how large the graph is.
        _check_shown(made.weight, closed=closed)
        later = _BY_LISTS if made.weight.lists else frozenset[str]()
        self._check(made.weight, but=later)
        self._check_lists(made, variables)
        if holds_number(text):
            _refuse_numbers_in_names(document)
            self._validate(document, closed=closed)
            return made
        self._validate(document, closed=closed)
        self._remember(text, made)
        return made

    def _remember(self, text: str, made: Prepared) -> None:
        self._known[text] = made
        self._tokens += made.tokens
        while len(self._known) > self._limits.documents or self._tokens > _MOST_TOKENS:
            _, oldest = self._known.popitem(last=False)
            self._tokens -= oldest.tokens

    def _parse(self, text: str, *, closed: bool, limited: bool = True) -> DocumentNode:
        limits = self._limits
        most: dict[str, Any] = {
            "max_lexical_tokens": limits.tokens,
            "max_comments": limits.tokens,
            "max_source_length": limits.document_chars,
        }
        try:
            # An empty selection ({provinces{}}) is a mistake by the specification.
            return parse(
                text, allow_empty_selection_sets=False, **(most if limited else {})
            )
        except GraphQLError as error:
            code = Code.GRAPHQL_PARSE_FAILED
            raise BadRequest(
                translate(error, code, self._schema, closed=closed)
            ) from error

    def _validate(self, document: DocumentNode, *, closed: bool) -> None:
        errors = validate(
            self._schema,
            document,
            max_errors=_MOST_COMPLAINTS,
            hide_suggestions=closed,
        )
        if errors:
            code = Code.GRAPHQL_VALIDATION_FAILED
            raise BadRequest(
                *(translate(one, code, self._schema, closed=closed) for one in errors)
            )

    def _check_lists(self, made: Prepared, variables: Mapping[str, Any]) -> None:
        """Weigh again if a list among the variables decides."""
        weight, limits = made.weight, self._limits
        if not weight.lists:
            return
        longest = max(
            (len(v) for n in weight.lists if isinstance(v := variables.get(n), list)),
            default=0,
        )
        usual = longest <= _USUAL_LIST and weight.list_items <= limits.list_items
        if usual and weight.cost <= limits.cost:
            return
        self._check(self._weigh(made.document, variables, weight.lists))

    def _weigh(
        self,
        document: DocumentNode,
        variables: Mapping[str, Any],
        lists: frozenset[str] = frozenset(),
    ) -> Weight:
        sizes = {
            name: len(value)
            for name in lists
            if isinstance(value := variables.get(name), list)
        }
        return weigh(document, sizes, _USUAL_LIST, self._assumed)

    def _check(self, weight: Weight, but: frozenset[str] = frozenset()) -> None:
        for name, (zh, en) in _WORDS.items():
            found, limit = getattr(weight, name), getattr(self._limits, name)
            if found <= limit or name in but:
                continue
            made = problem(
                Code.COST_EXCEEDED,
                sentences.COST,
                zh=zh,
                en=en,
                found=found,
                limit=limit,
            )
            if name == "cost":
                made = msgspec.structs.replace(made, cost=(found, limit))
            raise BadRequest(made)


def _check_shown(weight: Weight, *, closed: bool) -> None:
    if closed and weight.shows_graph:
        raise BadRequest(problem(Code.INTROSPECTION_OFF, sentences.INTROSPECTION))


def _unchain(document: DocumentNode) -> int:
    """Take the tokens out of their chain, and count them.

    The chain runs both ways: with it, a document that is forgotten would lie
    about until the garbage collector comes.
    """
    count = 0
    token = None if document.loc is None else document.loc.start_token
    while token is not None:
        token.prev, token.next, token = None, None, token.next
        count += 1
    return count


class _NumbersInNames(Visitor):
    """Finds names that hold a number: an answer would repeat them as its keys."""

    def enter_name(self, node: NameNode, *_args: Any) -> None:
        """Look at one name."""
        if holds_number(node.value):
            raise BadRequest(problem(Code.BAD_REQUEST, sentences.NUMBER_IN_NAME))


def _refuse_numbers_in_names(document: DocumentNode) -> None:
    visit(document, _NumbersInNames())


def operation_type(document: DocumentNode, name: str | None) -> OperationType | None:
    """Tell what kind of operation would run; ``None`` if that is not clear."""
    node = get_operation_ast(document, name)
    return None if node is None else node.operation
