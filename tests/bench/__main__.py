"""The command: ``python -m tests.bench``, by itself or with a word for what is measured."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from deploy.demo.failure import DemoFailed
from tests.bench import casework, casework_report, moving, moving_report
from tests.bench import kinds as by_kind
from tests.bench.compare import Wishes, compare
from tests.bench.plan import FULL, QUICK
from tests.bench.questions import QUESTIONS
from tests.bench.report import as_json, comparison, show
from tests.bench.run import run
from tests.bench.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_DIRECTORY: Final = Path(".bench")
_STOPPED: Final = 130
_MISSED: Final = 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="try the benchmark itself, not the hub"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures here")
    parser.add_argument(
        "--dir", type=Path, default=_DIRECTORY, help="where data is kept between runs"
    )
    kinds = parser.add_subparsers(dest="kind")
    kinds.add_parser("transfers", help="members move between six real provinces")
    kinds.add_parser("cases", help="officers work on a hundred thousand open cases")
    kinds.add_parser("kinds", help="every kind of province; a million rows of its own")
    two = kinds.add_parser("compare", help="two revisions or settings, in turn")
    two.add_argument("--base", default="", metavar="REV", help="the first side")
    two.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        type=_setting,
        help="a setting of the second side, e.g. database.max_connections=4",
    )
    two.add_argument("--links", type=int, default=10_000)
    two.add_argument("--slices", type=int, default=16)
    two.add_argument("--seconds", type=float, default=1.0)
    two.add_argument("--at-once", type=int, action="append", metavar="N")
    two.add_argument("--question", action="append", choices=sorted(QUESTIONS))
    return parser


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError("write it as NAME=VALUE")
    return name, value


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop once; what follows while all is stopped changes nothing."""
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(words: Sequence[str] | None = None) -> int:
    """Measure; answers 1 if a target was missed."""
    parser = _parser()
    wanted = parser.parse_args(words)
    console = Console()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, _interrupt)
    try:
        if wanted.kind == "compare":
            if not (wanted.base or wanted.set):
                parser.error("compare needs --base REV or --set NAME=VALUE")
            return _compare(wanted, console)
        others = {"transfers": _transfers, "cases": _cases, "kinds": _kinds}
        return others.get(wanted.kind, _run)(wanted, console)
    except DemoFailed as failed:
        console.print(str(failed), markup=False)
        return _MISSED
    except KeyboardInterrupt:
        console.print("\n已停止,未留下任何进程。 Stopped; no process is left.")
        return _STOPPED


def _run(wanted: argparse.Namespace, console: Console) -> int:
    report = run(QUICK if wanted.quick else FULL, wanted.dir, Showing(console))
    show(report, console)
    if wanted.json:
        wanted.json.write_bytes(as_json(report))
    # A quick run measures next to nothing: only its answers can be wrong.
    judged = report.verdicts[:1] if wanted.quick else report.verdicts
    return 0 if all(one.good for one in judged) else _MISSED


def _transfers(wanted: argparse.Namespace, console: Console) -> int:
    plan = moving.QUICK if wanted.quick else moving.FULL
    moved = moving.measure_moving(plan, wanted.dir / "moving", Showing(console))
    verdicts = moving_report.judge(moved)
    moving_report.show(moved, verdicts, console)
    if wanted.json:
        wanted.json.write_bytes(as_json({"found": moved, "verdicts": verdicts}))
    # A quick run measures next to nothing: only promises can be broken.
    judged = verdicts[:2] if wanted.quick else verdicts
    return 0 if all(one.good for one in judged) else _MISSED


def _cases(wanted: argparse.Namespace, console: Console) -> int:
    plan = casework.QUICK if wanted.quick else casework.FULL
    found = casework.measure_casework(plan, wanted.dir, Showing(console))
    verdicts = casework_report.judge(found)
    casework_report.show(found, verdicts, console)
    if wanted.json:
        wanted.json.write_bytes(as_json({"found": found, "verdicts": verdicts}))
    # A quick run measures next to nothing: only answers can be wrong.
    judged = verdicts[:1] if wanted.quick else verdicts
    return 0 if all(one.good for one in judged) else _MISSED


def _kinds(wanted: argparse.Namespace, console: Console) -> int:
    plan = by_kind.QUICK if wanted.quick else by_kind.FULL
    found = by_kind.measure_kinds(plan, wanted.dir, Showing(console))
    verdicts = by_kind.judge(found)
    by_kind.show(found, verdicts, console)
    if wanted.json:
        wanted.json.write_bytes(as_json({"found": found, "verdicts": verdicts}))
    # A quick run measures next to nothing: that every answer is right, it asserts.
    return 0 if wanted.quick or all(one.good for one in verdicts) else _MISSED


def _compare(wanted: argparse.Namespace, console: Console) -> int:
    wishes = Wishes(
        base=wanted.base,
        changed=dict(wanted.set),
        links=wanted.links,
        slices=wanted.slices,
        seconds=wanted.seconds,
        levels=tuple(wanted.at_once or (1, 16)),
        questions=tuple(wanted.question or ("card", "file")),
    )
    found = compare(wishes, wanted.dir, Showing(console))
    first = wanted.base or "work tree"
    changed = " ".join(f"{name}={value}" for name, value in wanted.set)
    console.print(
        comparison(
            f"{first} → work tree {changed}".rstrip(),
            [
                (one.name, f"{one.first:.3f}", f"{one.second:.3f}", one.ratio)
                for one in found
            ],
        )
    )
    if wanted.json:
        wanted.json.write_bytes(as_json(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
