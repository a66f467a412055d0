"""Itinerary: a rights case goes from the home union to the place of work, and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from deploy.demo import following
from deploy.demo.case_lines import lines
from deploy.demo.case_table import Flow, show_case
from deploy.demo.checking import case_differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from deploy.demo.choosing import Move
    from deploy.demo.following import Help
    from deploy.demo.looking_up import Door
    from deploy.demo.presenting import Running

#: What the province of the place writes into its file: act and fact. It pushes the first,
#: signed; the hub asks for the second.
_WRITTEN: Final = (
    ("MEDIATION", "mediation-requested"),
    ("ARBITRATION", "arbitration-applied"),
)
#: The clocks that run from them.
_CLOCKS: Final = {"mediation", "arbitration-acceptance"}


class CaseStory:
    """Shows how a case follows the worker; also checks it against the province's file.

    Args:
        running: The demo.
        console: Where to.
        names: Chinese names of the provinces, by code.
    """

    def __init__(
        self, running: Running, console: Console, names: Mapping[str, str]
    ) -> None:
        self._running = running
        self._console = console
        self._names = names

    def invite(self, move: Move) -> None:
        """Show what to paste, so that a case is opened, taken over and worked on.

        Args:
            move: Of somebody with a home in one province and work in the other.
        """
        wanted = self._help(move)
        home, place = (self._running.door(code) for code in _provinces(wanted))
        lead = following.route(home, wanted)["lead"]
        files = self._running.cases[wanted.place_province]
        told = lines(home, place, wanted, files, lead)
        old, new = (self._names[code] for code in _provinces(wanted))
        for zh, en, line in (
            (f"\n权益案件。{old}一方实时跟踪（另开一个终端）。",
             "A rights case. The home union's side follows live, in another terminal:",
             told.events),
            ("以下各行依次粘贴到同一终端。",
             "The following go into one shell, in this order:", told.tokens),
            (f"{old}受理，枢纽定由哪家工会主办。",
             "The home union takes it in; the hub says who leads:", told.open),
            (f"{new}接办，并请{old}取证。",
             "The union of the place accepts, and asks for evidence:", told.take),
            (f"{new}把仲裁申请记入本省案卷，枢纽随即得知，期限起算。",
             "The province writes into its own file; the hub hears of it, a clock runs:",
             told.change),
            (f"{new}的案件与交办的任务。", "Cases and tasks of the place:",
             told.place_lists),
            (f"{old}的案件与待办的任务。", "Cases and tasks of the home union:",
             told.home_lists),
        ):  # fmt: skip
            self._say(f"{zh} {en}\n{line}")

    def check(self, move: Move, *, shown: bool = True) -> bool:
        """Work on a case from its request to its end, and compare.

        Args:
            move: As ``invite`` takes it.
            shown: Whether all that happened is shown, or only whether it agrees.

        Returns:
            Whether the hub tells what was done and what the province's file says.
        """
        wanted = self._help(move)
        home, place = (self._running.door(code) for code in _provinces(wanted))
        files = self._running.cases[wanted.place_province]
        routing = following.route(home, wanted)
        no = following.opened(home, wanted)["no"]
        # An officer may act for several unions of a case: a home union joins it as soon
        # as a register knows of it, and may be of the same office.
        lead = routing["lead"]
        following.act(place, "acceptCase", no, by=lead)
        tasks = self._helped(home, place, no, wanted, lead)
        seqs = [following.written(files, no, lead, act, fact) for act, fact in _WRITTEN]
        status = following.pushed(files, self._running.port, no, seqs[0])
        due = following.running(place, no, _CLOCKS)["dueDates"]
        case = following.act(
            place, "closeCase", no, outcome="FULFILLED", on=following.today(),
            document=following.paper(f"{no}/agreement"), by=lead,
        )  # fmt: skip
        if shown:
            flow = Flow(case, routing, tasks, due)
            show_case(self._console, flow, self._names, self._running.unions.name)
        found = case_differences(case, wanted, status, following.in_file(files, no))
        verdict = "[red]✗[/]" if found else "[green]✓[/]"
        old, new = (self._names[code] for code in _provinces(wanted))
        kind = self._running.provinces[wanted.place_province].kind
        self._console.print(f"{verdict} 案件 case  {old} → {new}  [dim]{kind}[/]")
        for difference in found:
            self._console.print(f"     {difference}", markup=False)
        if shown and not found:
            self._console.print(
                f"案件经过与{new}的案卷一致。 The case agrees with the province's own file."
            )
        return not found

    def _helped(
        self, home: Door, place: Door, no: str, wanted: Help, lead: str
    ) -> list[dict[str, Any]]:
        """Have the home union help, and tell the task as it was after each act."""
        case = following.act(
            place, "assignTask", no, kind="COLLECT_EVIDENCE", toUnion=wanted.home,
            by=lead,
        )  # fmt: skip
        told = [case["tasks"][0]]
        papers = [following.paper(f"{no}/evidence-1")]
        for door, name, given in (
            (home, "acknowledgeTask", {"by": wanted.home}),
            (home, "answerTask", {"by": wanted.home, "documents": papers}),
            (place, "closeTask", {"by": lead}),
        ):
            case = following.act(door, name, no, task=told[0]["no"], **given)
            told.append(case["tasks"][0])
        return told

    def _help(self, move: Move) -> Help:
        return following.Help(
            local_id=move.local_id,
            home=move.from_union,
            home_province=move.from_province,
            place=self._running.unions.division(move.to_union),
            place_province=move.to_province,
        )

    def _say(self, text: str) -> None:
        """Print as it is: a line that shall be pasted must not be wrapped."""
        self._console.print(text, markup=False, soft_wrap=True)


def _provinces(wanted: Help) -> tuple[str, str]:
    return wanted.home_province, wanted.place_province
