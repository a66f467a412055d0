"""Itinerary: two revisions or two settings, compared in one run.

Both hubs run at the same time, and slices of load go to one and the other in turn:
what else the machine does falls on both alike, and the ratio can be trusted where
the times cannot.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from deploy.demo.failure import DemoFailed
from schema.records.refusal import Bilingual
from tests.bench.figures import Ratio, load_of, ratio_of
from tests.bench.ground import ROOT, Ground, Side
from tests.bench.plan import COMPARE_LABEL, alternating
from tests.bench.questions import QUESTIONS
from tests.bench.verdict import medians, of_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.bench.job import Slice
    from tests.bench.showing import Showing

_FIRST, _SECOND = "first", "second"


class Wishes(NamedTuple):
    """What is compared.

    Attributes:
        base: Revision of the first side; the work tree if empty.
        changed: Settings of the second side that differ, by dotted name.
        links: How many links both hold.
        slices: How many slices each side gets at each level.
        seconds: Of one slice.
        levels: How many requests under way at once.
        questions: Names of the questions.
    """

    base: str
    changed: Mapping[str, str]
    links: int
    slices: int
    seconds: float
    levels: tuple[int, ...]
    questions: tuple[str, ...]


class Compared(msgspec.Struct, frozen=True):
    """One measure of both sides.

    Attributes:
        name: What was measured.
        first: What the first side came to, in milliseconds.
        second: And the second.
        ratio: Second by first.
    """

    name: str
    first: float
    second: float
    ratio: Ratio


def compare(wishes: Wishes, directory: Path, showing: Showing) -> list[Compared]:
    """Compare two sides.

    Raises:
        DemoFailed: The revision is unknown, a side did not start, or one of them
            gave a wrong answer.
    """
    with ExitStack() as stack:
        root = ROOT
        if wishes.base:
            root = stack.enter_context(revision(wishes.base))
        sides = (
            Side(_FIRST, "compare_first", wishes.links, root),
            Side(_SECOND, "compare_second", wishes.links, ROOT, wishes.changed),
        )
        with showing.step("启动 start PostgreSQL and the stubs"):
            ground = Ground(directory, stack)
            ground.start_stubs()
        for side in sides:
            with showing.counting(f"填充 fill {side.name}: {side.links:,}") as tell:
                ground.fill(side, tell)
        with showing.step("启动两个枢纽 start both hubs"):
            for side in sides:
                ground.start_hub(side)
        steps = [
            step
            for question in wishes.questions
            for level in wishes.levels
            for step in alternating(
                (_FIRST, _SECOND),
                question,
                slices=wishes.slices,
                seconds=wishes.seconds,
                concurrency=level,
                label=COMPARE_LABEL,
            )
        ]
        warm = alternating(
            (_FIRST, _SECOND), wishes.questions[0], slices=2, seconds=0.5, label="warm"
        )
        every = [*warm, *steps]
        with showing.counting("测量 measure") as tell:
            slices = ground.measure(every, lambda done: tell(done, len(every)))
    for one in slices:
        if one.errors:
            raise _wrong_answer(one)
    return [
        compared
        for question in wishes.questions
        for level in wishes.levels
        for compared in _compared(slices, question, level)
    ]


def _compared(slices: Sequence[Slice], question: str, level: int) -> Iterator[Compared]:
    first, second = (
        of_label(
            slices, COMPARE_LABEL, question=question, concurrency=level, target=side
        )
        for side in (_FIRST, _SECOND)
    )
    workers = QUESTIONS[question].workers

    def cpu(side: Sequence[Slice]) -> list[float]:
        # A tick of the kernel's clock is 10 ms; a slice may be shorter than that.
        return [max(load_of([one], workers).cpu, 1e-9) for one in side]

    for name, values in (("p50", medians), ("CPU", cpu)):
        one, other = values(first), values(second)
        yield Compared(
            f"{question}, {level} at once: {name} (ms)",
            sum(one) / len(one) * 1e3,
            sum(other) / len(other) * 1e3,
            ratio_of(one, other),
        )


@contextmanager
def revision(name: str) -> Iterator[Path]:
    """Check a revision out beside the work tree, and remove it afterwards.

    Raises:
        DemoFailed: Git does not know it.
    """
    place = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    tree = place / "tree"
    git = shutil.which("git") or "git"
    made = subprocess.run(
        [git, "worktree", "add", "--detach", "--quiet", tree, name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        if made.returncode != 0:
            raise DemoFailed(
                Bilingual(
                    f"无法取出版本 {name}。", f"The revision {name} is not there."
                ),
                Bilingual(
                    "请用 git log 查看有哪些版本,例如 --base HEAD~1。",
                    "See git log for revisions, for example --base HEAD~1.",
                ),
                made.stderr,
            )
        yield tree
    finally:
        subprocess.run(
            [git, "worktree", "remove", "--force", tree],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        shutil.rmtree(place, ignore_errors=True)


def _wrong_answer(one: Slice) -> DemoFailed:
    side = one.step.target
    return DemoFailed(
        Bilingual(
            f"{side} 一方给出了 {one.errors} 个错误答复。",
            f"The {side} side gave {one.errors} wrong answers.",
        ),
        Bilingual(
            "比较已作废;请先改正该版本或设置。",
            "Nothing is compared; mend that revision or setting first.",
        ),
        one.error,
    )
