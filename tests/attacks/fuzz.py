"""Fuzzing: documents by the schema, good and mangled, against a real hub."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema
from hypothesis_graphql import nodes as literal
from rich.table import Table

from hub.transfer import acting_refusals, refusals
from schema.graph.build import build_schema
from schema.records.refusal import Refusal
from tests.attacks.attack import MOST_BUSY, Attack, judge
from tests.attacks.ground import Target
from tests.attacks.wire import Answer, asking, figures, send
from tests.web.serving import NUMBER

#: What an act that asks for the ``code`` of its refusal may be told.
_ACTS_REFUSED = sorted(
    one.code
    for module in (acting_refusals, refusals)
    for one in vars(module).values()
    if isinstance(one, Refusal)
)

#: However a fuzzed document may end: never in a 5xx, never without an answer.
_PROPER = frozenset(
    (status, code)
    for status, codes in {
        200: (
            "", "BAD_USER_INPUT", "FORBIDDEN", "ENUMERATION_SUSPECTED",
            "SCOPE_MISSING", "PURPOSE_NOT_ALLOWED", "NO_RELATION",
            # An empty text is no cursor; a page of 0 is BAD_USER_INPUT.
            "CURSOR_INVALID", *_ACTS_REFUSED,
        ),
        400: (
            "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "COST_EXCEEDED",
            "BAD_USER_INPUT", "INTROSPECTION_OFF", "OPERATION_NOT_SUPPORTED",
            "BAD_REQUEST",
        ),
        413: ("PAYLOAD_TOO_LARGE",),
    }.items()
    for code in codes
)  # fmt: skip
_ATTACK = Attack("a fuzzed document", None, _PROPER)

_PIECES = [
    "{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "|", "=", '"', '"""', "#",
    "query", "mutation", "subscription", "fragment", "on", "true", "null", "__schema",
    "__typename", "_service{sdl}", "_entities", "@include(if:$a)", "@skip", "1e999",
    "-0", "0x1", "\\u0000", "\x00", "\ufeff", "\u2028", "\ud7ff", "é", "𝕏", NUMBER,
    f'"{NUMBER}"', f"_{NUMBER}", "9" * 400, '"' + "x" * 500 + '"',
]  # fmt: skip


def _documents() -> st.SearchStrategy[str]:
    """Documents that fit the graph."""
    text = st.text("abc019ÿ中", max_size=8).map(literal.String)
    day = st.dates().map(lambda one: literal.String(one.isoformat()))
    anything = st.sampled_from(
        [
            literal.Object([]),
            literal.String("x"),
            literal.Int(1),
            literal.Null,
        ]
    )
    return from_schema(
        build_schema()._schema,
        custom_scalars={
            "_Any": anything, "Date": day, "DateTime": day, "Yuan": text,
            "_FieldSet": text, "link__Import": text,
        },
    )  # fmt: skip


@st.composite
def _mangled(draw, documents: st.SearchStrategy[str]) -> str:
    """A document after some accidents."""
    text = draw(documents)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        upto = min(len(text), at + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(_PIECES))
        text = draw(
            st.sampled_from(
                [
                    text[:at] + text[upto:],
                    text[:at] + piece + text[at:],
                    text[:at] + piece + text[upto:],
                    text[:upto] + text[at:upto] * 20 + text[upto:],
                    text[:at],
                    text.replace("id", piece, 1),
                ]
            )
        )
    return text


_VARIABLES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(max_size=5) | st.just(NUMBER),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["a", "by", "id", NUMBER]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@dataclass
class Report:
    """What came of fuzzing."""

    ends: Counter = field(default_factory=Counter)
    improper: list[str] = field(default_factory=list)
    slowest: float = 0.0
    busy: float = 0.0

    @property
    def sent(self) -> int:
        """How many documents."""
        return sum(self.ends.values())

    def table(self) -> Table:
        """Write the report."""
        table = Table("kind", "ended", "times")
        for (kind, status, code), times in sorted(self.ends.items()):
            table.add_row(kind, f"{status} {code}".strip(), f"{times:,}")
        table.caption = (
            f"{self.sent:,} documents, improper = {len(self.improper)}, slowest "
            f"{self.slowest * 1000:.0f} ms, loop busy {self.busy * 1000:.0f} ms"
            + "".join(f"\n{one}" for one in self.improper[:5])
        )
        return table


class _Fuzzing:
    def __init__(self, target: Target, runner: asyncio.Runner) -> None:
        self._target = target
        self._runner = runner
        self._tokens = cycle(target.tokens.values())
        self.report = Report()

    def ask(self, kind: str, text: str, variables: object) -> None:
        """Send a document, and judge the answer."""
        more = {"variables": variables} if isinstance(variables, dict) else {}
        answer: Answer = self._runner.run(self._send(text, more))
        found = judge(_ATTACK, [answer])
        report = self.report
        report.ends[kind, answer.status, answer.code] += 1
        report.slowest = max(report.slowest, answer.seconds)
        report.improper += [f"{wrong}: {text[:300]!r}" for wrong in found.improper]
        if answer.status == 200:
            json.loads(answer.body)

    async def _send(self, text: str, more: dict) -> Answer:
        while True:
            sent = asking(next(self._tokens), text, **more)
            answer = await send(self._target.port, sent)
            if answer.status != 429:
                return answer
            await asyncio.sleep(0.2)


def fuzz(target: Target, examples: int) -> Report:
    """Send documents, half of them mangled.

    Args:
        target: The hub.
        examples: How many documents.
    """
    documents = _documents()
    with asyncio.Runner() as runner:
        fuzzing = _Fuzzing(target, runner)

        @settings(
            max_examples=max(examples // 2, 1),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(documents, _mangled(documents), _VARIABLES)
        def send_both(good: str, bad: str, variables: object) -> None:
            fuzzing.ask("good", good, None)
            fuzzing.ask("mangled", bad, variables)

        runner.run(figures(target.port))
        send_both()
        report = fuzzing.report
        report.busy = runner.run(figures(target.port))["hub_event_loop_busy_seconds"]
    if report.busy > MOST_BUSY:
        report.improper.append(f"the loop worked for {report.busy:.3f} s at a stretch")
    if not target.is_alive():
        report.improper.append("the hub has ended")
    return report
