"""The command: show what a register holds, to compare it with others after a test.

``python -m deploy.demo.province register --acts FILE`` writes one JSON object a line
and reads only: it may run while the province is served, and after it was killed.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.demo.province.ledger import uri
from deploy.demo.province.rules import LEAVING, STANDING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROWS = """
SELECT r.membership_no, r.worker, r.id, r.union_code, r.state
FROM membership AS r WHERE r.membership_no IN (SELECT membership_no FROM entry)
ORDER BY r.membership_no, r.worker, r.id
"""
_ENTRIES = """
SELECT number, direction, transfer, membership_no, local_id, union_code,
  counterpart_union, counterpart_province, "on", state
FROM entry ORDER BY number
"""
_DONE = """
SELECT membership_no, transfer, act, count(*) AS times
FROM done GROUP BY membership_no, transfer, act
"""


def cards(acts: Path) -> Iterator[dict[str, Any]]:
    """Tell of each membership number that was moved how it stands in this register.

    Args:
        acts: The file that the province was served with as ``--acts``.

    Returns:
        For each number: ``home``, the unions where it is at home here (empty when it
        is not; two would be a mistake); ``leaving``, the union that it is leaving,
        where it is at home still; ``entries``, the OUT and IN entries in order; and
        ``done``, how often each act of each transfer was really done.
    """
    db = sqlite3.connect(uri(acts, "mode=ro"), uri=True)
    db.row_factory = sqlite3.Row
    try:
        db.execute("BEGIN")  # one moment for all that is read
        found: defaultdict[str, dict[str, Any]] = defaultdict(
            lambda: {"home": [], "leaving": [], "entries": [], "done": {}}
        )
        for row in db.execute(_ROWS):
            card = found[row["membership_no"]]
            if row["state"] in STANDING:
                card["home"].append(row["union_code"])
            elif row["state"] in LEAVING:
                card["leaving"].append(row["union_code"])
        for row in db.execute(_ENTRIES):
            found[row["membership_no"]]["entries"].append(dict(row))
        for row in db.execute(_DONE):
            done = found[row["membership_no"]]["done"]
            done.setdefault(row["transfer"], {})[row["act"]] = row["times"]
    finally:
        db.close()
    for number in sorted(found):
        yield {"membershipNo": number, **found[number]}


def main(words: Sequence[str]) -> None:
    """Write one line for each membership number that was moved."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.province register", description=__doc__
    )
    parser.add_argument(
        "--acts", required=True, type=Path, help="the file it is served with"
    )
    wanted = parser.parse_args(words)
    try:
        for card in cards(wanted.acts):
            sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    except sqlite3.Error:
        sys.stderr.write(
            f"无法读取 {wanted.acts}：请给出 --acts 所用的文件。\n"
            f"{wanted.acts} cannot be read: name the file that --acts was given.\n"
        )
        raise SystemExit(2) from None
