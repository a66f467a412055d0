"""The command: ``python -m tests.attacks`` prints the table; ``… fuzz`` fuzzes."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.attacks.fuzz import fuzz
from tests.attacks.ground import start
from tests.attacks.run import ATTACKS, run


def _table(found) -> Table:
    table = Table(
        "attack", "tried", "refused how", "slowest", "loop busy", "loop lag",
        "others waited", "improper",
    )  # fmt: skip
    for one in found:
        ends = ", ".join(
            f"{status or 'closed'} {code}".strip() + (f" ×{n}" if n > 1 else "")
            for (status, code), n in one.ends.most_common(4)
        )
        table.add_row(
            one.attack.name, str(one.tried), ends, f"{one.seconds * 1000:.0f} ms",
            f"{one.busy * 1000:.0f} ms", f"{one.lag * 1000:.0f} ms",
            f"{one.waited * 1000:.0f} ms",
            f"[red]{'; '.join(sorted(set(one.improper))[:3])}" if one.improper else "0",
        )  # fmt: skip
    return table


async def _attack(target, only: str) -> int:
    found = [await run(attack, target) for attack in ATTACKS if only in attack.name]
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(_table(found))
    improper = sum(len(one.improper) for one in found)
    console.print(
        f"{len(found)} attacks, {sum(one.tried for one in found):,} requests: "
        f"improper = {improper}; the loop worked for at most "
        f"{max(one.busy for one in found) * 1000:.0f} ms at a stretch"
    )
    return 1 if improper else 0


def main() -> int:
    """Run what the arguments name."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.attacks", description=__doc__
    )
    parser.add_argument("kind", nargs="?", choices=["table", "fuzz"], default="table")
    parser.add_argument("--only", default="", help="attacks whose name holds this")
    parser.add_argument("--examples", type=int, default=2000, help="documents to fuzz")
    wanted = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        target = start(directory, stack)
        if wanted.kind == "fuzz":
            report = fuzz(target, wanted.examples)
            Console().print(report.table())
            return 1 if report.improper else 0
        return asyncio.run(_attack(target, wanted.only))


if __name__ == "__main__":
    sys.exit(main())
