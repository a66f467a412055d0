"""Adapter: how fast a file of links is imported, by the command that operators use."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.demo.processes import Children
from tests.bench.ground import ROOT, Side
from tests.bench.people import local_key, provinces_of, resident_id, workers_of
from tests.bench.verdict import Imported

if TYPE_CHECKING:
    from tests.bench.ground import Ground


def write_file(file: Path, links: int) -> None:
    """Write a CSV file that holds so many links."""
    with file.open("w", encoding="utf-8") as out:
        out.write("resident_id,province,local_key,kinds,valid_from,valid_to\n")
        for number in range(workers_of(links)):
            person = resident_id(number)
            for province in provinces_of(number):
                key = local_key(province, number)
                out.write(f"{person},{province},{key},WORKER|MEMBERSHIP,2016-03-01,\n")


def measure_import(ground: Ground, links: int) -> Imported:
    """Import into an empty database; the file is deleted afterwards.

    Raises:
        deploy.demo.failure.DemoFailed: The import failed.
    """
    side = Side("import", "links_import", links)
    ground.database(side.database, fresh=True)
    settings = ground.settings(side)
    file = settings.with_name("links.csv")
    try:
        write_file(file, links)
        with Children(settings.parent) as children:
            start = time.monotonic()
            child = children.start(
                "import",
                [
                    sys.executable, "-m", "hub", "links", "import", file,
                    "--config", settings,
                ],
                env=ground.environment(side),
                cwd=ROOT,
            )  # fmt: skip
            rss = 0
            while child.process.poll() is None:
                rss = max(rss, _peak(child.process.pid))
                time.sleep(0.02)
            seconds = time.monotonic() - start
            if child.process.returncode != 0:
                raise child.stopped()
    finally:
        file.unlink(missing_ok=True)
    return Imported(links, seconds, rss)


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
