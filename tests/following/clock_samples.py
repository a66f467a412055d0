"""Clock facts for tests, and any that Hypothesis thinks of."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

from hypothesis import strategies as st

from hub.following.clock_rules import ClockRules
from schema.records.clock import CaseClock, ClockFact, ClockSetting
from schema.records.rights_case import CaseMatter

TEXT = files("hub.rules").joinpath("clocks.toml").read_text("utf-8")
RULES = ClockRules.load(TEXT.encode())
DISMISSAL = ClockSetting(matter=CaseMatter.DISMISSAL, province="44")
WAGES = ClockSetting(matter=CaseMatter.WAGE_ARREARS, province="44")
GREEN = ClockSetting(matter=CaseMatter.WAGE_ARREARS, province="44", green_channel=True)
TODAY = date(2026, 11, 22)


def day(text: str) -> date:
    """Read 2026-03-02, or 03-02 of that year."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def fact(kind: str, on: str, **more: object) -> ClockFact:
    given = {"id": f"{kind} {on}"} | more
    return ClockFact(kind=kind, on=day(on), **given)


def facts(told: str) -> list[ClockFact]:
    """Read ``right-known 2025-03-05, claim-made 2025-06-10 → 07-01``."""
    found = []
    for each in told.split(", "):
        kind, on, *named = each.split()
        more = {"names": day(named[1])} if named else {}
        found.append(fact(kind, on, **more))
    return found


def only(clocks: tuple[CaseClock, ...], name: str) -> CaseClock:
    (found,) = (clock for clock in clocks if clock.clock == name)
    return found


_FIRST = date(2023, 1, 1)
DAYS = st.integers(0, 1300).map(lambda n: _FIRST + timedelta(days=n))
SETTINGS = st.builds(
    ClockSetting,
    matter=st.sampled_from(CaseMatter),
    province=st.sampled_from(["44", "51"]),
    green_channel=st.booleans(),
)


@st.composite
def histories(draw: st.DrawFn) -> list[ClockFact]:
    """Any facts of a rights case, most of them of one clock."""
    kind = draw(st.sampled_from(sorted(RULES.kinds.values(), key=lambda k: k.name)))
    own = [name for name, _ in kind.turns()]
    names = draw(st.lists(st.sampled_from(own), max_size=7))
    names += draw(st.lists(st.sampled_from(sorted(RULES.facts)), max_size=3))
    found = []
    for n, name in enumerate([kind.starts[0], *names]):
        on = draw(DAYS)
        found.append(
            ClockFact(
                id=f"f{n}",
                kind=name,
                on=on,
                about=draw(st.sampled_from(["", "", "", "t1"])) if n else "",
                names=on + timedelta(days=draw(st.integers(0, 60))),
                days=draw(st.sampled_from([None, None, 3, 40])),
            )
        )
    return found
