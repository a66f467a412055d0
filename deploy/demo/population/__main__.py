"""The command: write the made-up population of the demo, or its links alone."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.demo.failure import DemoFailed, not_writable
from deploy.demo.population.building import DEFAULT_SEED, DEFAULT_SIZE, build
from deploy.demo.population.links import links, write_links

if TYPE_CHECKING:
    from collections.abc import Sequence


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo.population", description=__doc__
    )
    add = parser.add_argument
    add("--size", type=int, default=DEFAULT_SIZE, help="how many workers")
    add("--seed", type=int, default=DEFAULT_SEED, help="the same seed, the same people")
    add(
        "--out",
        type=Path,
        required=True,
        help="directory to write; with --links-only, the CSV file",
    )
    add("--links-only", action="store_true", help="only the links, no databases")
    add("--limit", type=int, help="with --links-only: how many links at most")
    return parser.parse_args(words)  # fmt: skip


def _show(done: int, size: int) -> None:
    sys.stderr.write(f"\r{done:>9,} / {size:,}")
    sys.stderr.flush()


def _links_only(wanted: argparse.Namespace) -> int:
    file: Path = wanted.out
    partial = file.with_name(f".{file.name}.partial-{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as out:
            found = links(wanted.size, wanted.seed, limit=wanted.limit)
            number = write_links(out, found)
        partial.rename(file)
    except OSError as error:
        raise not_writable(file, error) from error
    finally:
        partial.unlink(missing_ok=True)
    return number


def main(words: Sequence[str] | None = None) -> None:
    """Write what was asked for, and tell how many links it has."""
    wanted = _arguments(words)
    try:
        if wanted.links_only:
            number = _links_only(wanted)
        else:
            number = build(wanted.out, wanted.size, wanted.seed, progress=_show).links
            sys.stderr.write("\n")
    except DemoFailed as failed:
        sys.stderr.write(f"{failed}\n")
        raise SystemExit(2) from None
    sys.stdout.write(f"{number} links in {wanted.out}\n")


if __name__ == "__main__":
    main()
