"""Decider: a few workers whose files show what the hub is for. Nobody exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from deploy.demo.population.joining import HOME_STATES
from deploy.demo.population.links import links_of
from deploy.demo.population.telling import tell
from schema.records.membership import MembershipState
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.demo.population.life import Life
    from deploy.demo.population.world import World
    from schema.records.worker import WorkerRecord

#: How far to look for stories before doing without.
_FAR = 20_000


class Showcase(msgspec.Struct, frozen=True):
    """One worker worth looking up.

    Attributes:
        resident_id: A made-up number; it is kept in the demo's directory only.
        provinces: Which provinces have an open link, in the order of meeting.
        open_cases: How many different rights cases are open.
        story: Why it is worth a look.
    """

    resident_id: str
    provinces: tuple[str, ...]
    open_cases: int
    story: Bilingual

    def __repr__(self) -> str:
        """Show no number, made-up or not."""
        return f"Showcase(provinces={self.provinces!r}, story={self.story.en!r})"


def _names_differ(told: dict[str, WorkerRecord]) -> bool:
    return len({worker.name for worker in told.values()}) > 1


def _open(life: Life) -> int:
    return sum(case.ended is None for case in life.cases)


def _homes(life: Life) -> int:
    return sum(join.state in HOME_STATES for join in life.joins)


def _links(world: World, life: Life) -> list[str]:
    return [link.resident_id for link in links_of(world, life)]


#: Each story: what it is, and which life tells it.
_STORIES: tuple[tuple[Bilingual, Callable[[World, Life], bool]], ...] = (
    (
        Bilingual(
            "辗转四省以上，姓名写法不一，有未结案件",
            "four provinces or more, a name written in two ways, an open case",
        ),
        lambda world, life: (
            len(life.provinces) >= 4  # noqa: PLR2004
            and _open(life) > 0
            and _names_differ(tell(world, life))
        ),
    ),
    (
        Bilingual("会籍接转途中", "a membership in transit"),
        lambda _, life: any(j.state is MembershipState.IN_TRANSIT for j in life.joins),
    ),
    (
        Bilingual("两地都已入会，待归并", "joined at both ends: two homes to converge"),
        lambda _, life: _homes(life) > 1,
    ),
    (
        Bilingual(
            "案件由输入地主办、输出地跟踪，进展不一",
            "a case led by one province, followed by another that is behind",
        ),
        lambda _, life: any(c.follower and c.behind for c in life.cases),
    ),
    (
        Bilingual(
            "两省各有同一户困难档案", "one household's hardship file, kept twice"
        ),
        lambda _, life: (
            life.household is not None
            and len(life.household.told_in) > 1
            and all("HARDSHIP_FILE" in life.kinds(p) for p in life.household.told_in)
        ),
    ),
    (
        Bilingual(
            "一省仍记十五位旧号码", "one register still has the number of 15 digits"
        ),
        lambda world, life: len({len(n) for n in _links(world, life)}) > 1,
    ),
    (
        Bilingual("源头入会后外出务工", "joined at source at home, then left for work"),
        lambda _, life: (
            any(j.source_enrolled for j in life.joins) and len(life.joins) > 1
        ),
    ),
    (
        Bilingual("一份证书两省登记", "one certificate, told by two provinces"),
        lambda _, life: any(len(c.told_in) > 1 for c in life.certificates),
    ),
    (
        Bilingual("青海籍，三省", "registered in Qinghai, known in three provinces"),
        lambda _, life: life.home == "63" and len(life.provinces) == 3,  # noqa: PLR2004
    ),
    (
        Bilingual("只在一省", "known in one province only"),
        lambda _, life: len(life.provinces) == 1 and bool(life.joins),
    ),
)


def showcase(world: World, size: int) -> tuple[Showcase, ...]:
    """Find up to ten workers worth looking up, the richest story first.

    Args:
        world: Of the population.
        size: How many workers it has; fewer have fewer stories.
    """
    wanted = dict(enumerate(_STORIES))
    found: dict[int, Showcase] = {}
    for life in _lives(world, min(size, _FAR)):
        told = next((n for n, (_, fits) in wanted.items() if fits(world, life)), None)
        if told is not None:
            story, _ = wanted.pop(told)
            found[told] = Showcase(
                life.identity.resident_id, life.provinces, _open(life), story
            )
        if not wanted:
            break
    return tuple(found[place] for place in sorted(found))


def _lives(world: World, size: int) -> Iterator[Life]:
    """Go through the lives whose every link is open, so that all answer."""
    for index in range(size):
        life = world.life(index)
        if all(link.valid_to is None for link in links_of(world, life)):
            yield life
