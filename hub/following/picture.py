"""Decider: the state graph of cases as a picture (Mermaid), drawn from what was found.

What leaves a case in its state (acts, tasks, papers) is not drawn.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal

from hub.following.case_words import PARTIES
from hub.following.states import STATES
from schema.records.case import ENDED, CaseState
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from hub.following.model import Graph

Language = Literal["zh", "en"]

_ENDED: Final = Bilingual("已结束", "ended")
_EVENTS: Final = {
    "Opened": Bilingual("立案", "opened"),
    "Accepted": Bilingual("接办", "accepted"),
    "Declined": Bilingual("退回", "declined"),
    "Forwarded": Bilingual("转送", "forwarded"),
    "ReportedUp": Bilingual("上报", "reported up"),
    "HandOverOffered": Bilingual("移交", "hand-over offered"),
    "HandOverRecalled": Bilingual("收回移交", "taken back"),
    "TakenOver": Bilingual("上代下", "taken over"),
    "LeftBelow": Bilingual("留给下级", "left below"),
    "LimitPassed": Bilingual("逾期未答复", "no answer in time"),
    "ClockPassed": Bilingual("期限届满", "clock missed"),
    "Closed": Bilingual("办结", "closed"),
    "Withdrawn": Bilingual("撤回", "withdrawn"),
}
_BETWEEN: Final = Bilingual("、", ", ")
_COLOURS: Final = (
    "classDef waits fill:#fff3cd,stroke:#b58900,color:#333",
    "classDef runs fill:#d5f0dc,stroke:#2e7d32,color:#333",
)


def picture(graph: Graph, language: Language) -> str:
    """Draw a graph.

    Args:
        graph: What exploring the decider found.
        language: Of the words; names of states are those of the GraphQL interface.

    Returns:
        A Mermaid ``stateDiagram-v2``; yellow while a union is asked to lead.
    """

    def say(words: Bilingual) -> str:
        return words.zh if language == "zh" else words.en

    ways: dict[tuple[CaseState | None, CaseState], list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.start is not edge.end:
            ways[edge.start, edge.end].append(edge.event)
    lines = ["stateDiagram-v2", *_COLOURS]
    for state in CaseState:
        acts = STATES[state].acts
        who = say(_ENDED if acts is None else PARTIES[acts])
        lines.append(f'state "{state} · {who}" as {state}')
    for start in (None, *CaseState):
        for end in CaseState:
            if found := ways.get((start, end)):
                some = [say(w) for name, w in _EVENTS.items() if name in found]
                lines.append(f"{start or '[*]'} --> {end} : {say(_BETWEEN).join(some)}")
    lines += [f"{state} --> [*]" for state in CaseState if state in ENDED]
    lines += [
        f"class {state} {'waits' if STATES[state].wait else 'runs'}"
        for state in CaseState
    ]
    return "\n    ".join(lines)
