"""Made-up resident ID numbers of every kind that exists, and their spellings."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from hub.identity.divisions import existed_between
from hub.identity.resident_id import check_character

TODAY = date(2026, 6, 30)

_DIVISIONS = ("440106", "510723", "110105", "420102", "632124", "330206", "370102")
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def number(division="440106", born=date(1990, 1, 1), sequence=123):
    body = f"{division}{born:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def old_form(text):
    """The 15 digits that a number of the last century had before 1999."""
    assert text[6:8] == "19"
    return text[:6] + text[8:17]


def many(count, seed=1):
    """Distinct numbers of people born before 1999, always the same ones."""
    made = random.Random(seed)  # noqa: S311  # made-up people
    found = {}
    while len(found) < count:
        born = date(1955, 1, 1) + timedelta(days=made.randrange(16_000))
        division = made.choice(_DIVISIONS)
        if existed_between(division, born.year, TODAY.year):
            found[number(division, born, made.randrange(1, 996))] = None
    return list(found)


numbers = st.builds(
    number,
    st.sampled_from(_DIVISIONS).filter(lambda d: existed_between(d, 2010, 2026)),
    st.dates(date(1900, 1, 1), date(2010, 12, 31)),
    st.integers(0, 999),
)

_padding = st.text(st.sampled_from(" -\t\u3000\u00a0—–－\u200b\u2009"), max_size=2)


@st.composite
def spellings(draw, text):
    """Some way in which a person may write a number."""
    written = text
    if text[6:8] == "19" and draw(st.booleans()):
        written = old_form(text)
    wide = draw(st.lists(st.booleans(), min_size=18, max_size=18))
    characters = [
        each.translate(_FULL_WIDTH) if make_wide else each
        for each, make_wide in zip(written, wide, strict=False)
    ]
    if written[-1] == "X":
        characters[-1] = draw(st.sampled_from("xXｘＸⅩⅹ"))
    return draw(_padding) + "".join(each + draw(_padding) for each in characters)
