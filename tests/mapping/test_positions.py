"""Where keys stand, compared with what Python's own reader finds there."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from connectors.mapping.positions import positions

TEXT = '''\
# first
a = 1 # "x = 2"
"b c" . d = """
e = 3
[f]
"""
'g"h' = [ # here
  { i = 1 }, # [j]
  "k = 1",
  [ 'l', { m.n = 2 } ],
]

[o . "p.q"]
r = { s = {}, t = [1, 2] }
[[u]]
v = \'\'\'
it''s''\'\'\'
[u.w]
x = 1
[[u]]
v = 2979-01-01 00:00:00
[[u.y]]
z = 1
'''


def paths(value, path=()):
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inside:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from paths(one, (*path, key))


def test_every_key_has_the_line_on_which_it_stands():
    told = tomllib.loads(TEXT)
    found = positions(TEXT)
    assert set(paths(told)) - set(found) == set()
    lines = {path: line for path, (line, _) in found.items()}
    assert lines["a",] == 2
    assert lines["b c", "d"] == 3
    assert lines['g"h', 0, "i"] == 8
    assert lines['g"h', 2, 1, "m", "n"] == 10
    assert found["o", "p.q", "r", "t", 1] == (14, 23)
    assert lines["u", 0, "v"] == 16
    assert lines["u", 0, "w", "x"] == 19
    assert lines["u", 1, "v"] == 21
    assert lines["u", 1, "y", 0, "z"] == 23


_KEYS = st.text("ab-_é\"\\.' [=", min_size=1, max_size=4)
_VALUES = st.recursive(
    st.integers() | st.text("ab\"\\'#=[]{},\n ", max_size=6) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)


def _text(value):
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, list):
        return "[" + ",\n".join(map(_text, value)) + " ]"
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_text(k)}={_text(v)}" for k, v in value.items()) + "}"
        )
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(
    st.dictionaries(_KEYS, _VALUES, max_size=4),
    st.dictionaries(_KEYS, _VALUES, max_size=3),
)
def test_every_key_of_any_file_is_found_where_it_stands(top, table):
    lines = [f"{_text(key)} = {_text(value)}" for key, value in top.items()]
    if "a" not in top:
        lines += [
            "[a]",
            *(f"{_text(key)} = {_text(value)}" for key, value in table.items()),
        ]
    text = "\n".join(lines)
    found = positions(text)
    told = tomllib.loads(text)
    assert set(paths(told)) - set(found) == set()
    rows = text.split("\n")
    for path, (line, place) in found.items():
        if isinstance(path[-1], str) and path != ("a",):
            assert rows[line - 1][place - 1 :].startswith(_text(path[-1]))
