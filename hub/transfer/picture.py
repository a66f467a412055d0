"""Decider: the saga's state graph as a picture (Mermaid), drawn from the code itself.

GitHub shows Mermaid; what stands in the README is compared with this in a test.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal

from hub.transfer.states import STATES, Owner, Wait
from schema.records.refusal import Bilingual
from schema.records.transfer import ENDED, Basis, Step, TransferState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.transfer.model import Edge, Graph

Language = Literal["zh", "en"]

_OWNERS: Final = {
    Owner.OLD: Bilingual("转出工会", "old union"),
    Owner.NEW: Bilingual("转入工会", "new union"),
    Owner.HOME: Bilingual("已结束", "ended"),
}
_OF_RESIDENCE: Final = Bilingual("居住地工会", "union of residence")
_STEPS: Final = {
    Step.OPENED: Bilingual("发起", "opened"),
    Step.OUT_REGISTERED: Bilingual("出登记完成", "OUT registered"),
    Step.OUT_REFUSED: Bilingual("出登记被拒", "OUT refused"),
    Step.ACCEPTED: Bilingual("接收", "accepted"),
    Step.REJECTED: Bilingual("拒绝", "rejected"),
    Step.WITHDRAWN: Bilingual("撤回", "withdrawn"),
    Step.IN_REGISTERED: Bilingual("进登记完成", "IN registered"),
    Step.IN_REFUSED: Bilingual("进登记被拒", "IN refused"),
    Step.IN_CANCELLED: Bilingual("进登记已撤销", "IN cancelled"),
    Step.OUT_CANCELLED: Bilingual("出登记已撤销", "OUT cancelled"),
    Step.OUT_COMPLETED: Bilingual("出登记已配对", "OUT paired"),
    Step.LIMIT_PASSED: Bilingual("逾期", "limit passed"),
}
_BASES: Final = {
    Basis.REQUEST: Bilingual("（凭证申请）", " (request)"),
    Basis.OFFER: Bilingual("（转出提议）", " (offer)"),
    Basis.CLOSURE: Bilingual("（工会撤并）", " (closure)"),
    Basis.DUPLICATE: Bilingual("（重复会籍）", " (duplicate)"),
}
_HOME_MOVES: Final = Bilingual("，会籍转移", ", home moves")
_BETWEEN: Final = Bilingual("、", ", ")
_COLOURS: Final = (
    "classDef old fill:#fff3cd,stroke:#b58900,color:#333",
    "classDef moved fill:#d5f0dc,stroke:#2e7d32,color:#333",
)


def picture(graph: Graph, language: Language) -> str:
    """Draw a graph.

    Args:
        graph: What exploring the saga found.
        language: Of the words; names of states are those of the GraphQL interface.

    Returns:
        A Mermaid ``stateDiagram-v2``; yellow while the home is the old union, green
        when it is the new one.
    """

    def say(words: Bilingual) -> str:
        return words.zh if language == "zh" else words.en

    lines = ["stateDiagram-v2", *_COLOURS]
    lines += [f'state "{s} · {say(_owner_of(s))}" as {s}' for s in TransferState]
    lines += _ways(graph, say(_BETWEEN), language)
    lines += [f"{state} --> [*]" for state in TransferState if state in ENDED]
    lines += [
        f"class {state} {'moved' if STATES[state].home_moved else 'old'}"
        for state in TransferState
    ]
    return "\n    ".join(lines)


def _owner_of(state: TransferState) -> Bilingual:
    told = STATES[state]
    return _OF_RESIDENCE if told.wait is Wait.LANDING else _OWNERS[told.owner]


def _ways(graph: Graph, between: str, language: Language) -> Iterator[str]:
    """Draw one arrow for all that leads from one state to another."""
    labels: dict[tuple[TransferState | None, TransferState], list[str]]
    labels = defaultdict(list)
    for edge in sorted(graph.edges, key=_place):
        words = _words(edge, graph)
        labels[edge.start, edge.end].append(
            "".join(one.zh if language == "zh" else one.en for one in words)
        )
    for (start, end), written in labels.items():
        yield f"{start or '[*]'} --> {end} : {between.join(written)}"


def _words(edge: Edge, graph: Graph) -> Iterator[Bilingual]:
    """Say what leads along an edge; the bases too, where they decide whither."""
    yield _STEPS[edge.step]
    bases = graph.edges[edge]
    others = [
        graph.edges[other]
        for other in graph.edges
        if (other.start, other.step) == (edge.start, edge.step) and other != edge
    ]
    if others and all(bases.isdisjoint(other) for other in others):
        yield from (_BASES[basis] for basis in Basis if basis in bases)
    if edge.start and STATES[edge.start].home_moved != STATES[edge.end].home_moved:
        yield _HOME_MOVES


def _place(edge: Edge) -> tuple[int, int, int]:
    """Put ways in the order in which states and steps are declared."""
    states, steps = list(TransferState), list(Step)
    start = -1 if edge.start is None else states.index(edge.start)
    return start, states.index(edge.end), steps.index(edge.step)
