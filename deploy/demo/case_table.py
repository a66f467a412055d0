"""View: a rights case as tables in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from deploy.demo.table import new_table, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import Console


_HUB: Final = "hub.graphql"


class Flow(NamedTuple):
    """A case from its request to its end.

    Attributes:
        case: As the hub tells it at its end.
        routing: What the hub said before it was opened: who leads, and why.
        tasks: The co-handling task, as it was after each act.
        due: What was due while the case was open.
    """

    case: Mapping[str, Any]
    routing: Mapping[str, Any]
    tasks: Sequence[Mapping[str, Any]]
    due: Sequence[Mapping[str, Any]]


def show_case(
    console: Console,
    flow: Flow,
    names: Mapping[str, str],
    union_name: Callable[[str], str],
) -> None:
    """Show who leads and why, what happened, and what was due when, and why.

    Args:
        console: Where to.
        flow: The case.
        names: Chinese names of the provinces, by code.
        union_name: Gives the name of a union, by its code.
    """
    routing, task = flow.routing, flow.tasks[0]
    console.print(
        f"\n[bold]案件 Case {flow.case['no']}[/]  主办 lead: "
        f"{union_name(routing['lead'])} ({names[routing['leadProvince']]})"
    )
    for reason in routing["reasons"]:
        console.print(f"  [dim]{reason['rule']}[/] {reason['text']}")
    table = new_table("经过 Timeline")
    for heading in ("日 Day", "经过 Step", "何事 About", "工会 Union"):
        table.add_column(heading, overflow="fold")
    states = iter(flow.tasks)
    for line in flow.case["timeline"]["lines"]:
        table.add_row(line["on"], *_told(line, states, names, union_name))
    console.print(table)
    table = new_table("期限 Due dates")
    for heading in ("期限 What", "届满 Due", "理由 Why"):
        table.add_column(heading, overflow="fold")
    for name, limit in (
        ("签收 acknowledge", "acknowledgeBy"),
        ("答复 answer", "answerBy"),
    ):
        about = (
            f"{word('TaskKind', task['kind'], _HUB)} → {names[task['to']['province']]}"
        )
        table.add_row(f"任务{name} {task['no']}", task[limit], about)
    for one in flow.due:
        table.add_row(one["name"], one["dueOn"] or "", one["why"])
    console.print(table)


def _told(
    line: Mapping[str, Any],
    tasks: Iterator[Mapping[str, Any]],
    names: Mapping[str, str],
    union_name: Callable[[str], str],
) -> tuple[str, str, str]:
    """Tell a step of the hub, or what a province's file says."""
    told, change = line["milestone"], line["change"]
    if told is None:
        return (
            f"{names[change['province']]}案卷 file",
            word("CaseAct", change["act"], _HUB),
            union_name(change["union"]),
        )
    about = told["about"] or ""
    if told["step"] == "TASK":
        about = f"{about} {word('TaskState', next(tasks)['state'], _HUB)}"
    union = told["union"]
    return (
        word("CaseStep", told["step"], _HUB),
        about,
        union_name(union["union"]) if union else "",
    )
