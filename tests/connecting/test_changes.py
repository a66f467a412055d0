"""What held × what is to hold → what is to be done; the decider, by itself."""

from __future__ import annotations

import pytest

from hub.connecting.changes import Change, Content, Kind, changes
from hub.connecting.stating import stated
from schema.records.keys import ProvinceCode
from tests.connectors.conftest import settings_for

GD, SC = ProvinceCode("44"), ProvinceCode("51")
URL = "http://127.0.0.1:1/"


def content(*, files=None, secrets=None, resting=False, **more):
    settings = settings_for(more.pop("url", URL), **more)
    return Content(settings, files or {}, secrets or {}, resting)


def one(old, new):
    (found,) = changes({GD: old}, {GD: new})
    assert (found.province, found.kind) == (GD, Kind.CHANGED)
    return found.what, found.same


def test_who_stays_as_they_are_are_left_in_peace():
    assert changes({}, {}) == []
    assert changes({GD: content()}, {GD: content()}) == []


def test_who_comes_and_who_goes():
    here, other = content(), content(code="51")
    assert changes({}, {SC: other, GD: here}) == [
        Change(GD, Kind.ADDED),
        Change(SC, Kind.ADDED),
    ]
    assert changes({GD: here, SC: other}, {SC: other}) == [Change(GD, Kind.REMOVED)]


@pytest.mark.parametrize(
    ("more", "what", "same"),
    [
        ({"url": "http://127.0.0.1:2/"}, ("url",), False),
        ({"deadline": "3s"}, ("deadline",), True),
        ({"retry": {"attempts": 3}}, ("retry.attempts",), True),
        ({"kinds": ("WORKER",)}, ("kinds",), False),
        ({"contract_version": "1.0"}, ("contract_version",), False),
        ({"bearer_env": "OTHER", "name_en": "GD"}, ("name_en", "bearer_env"), True),
        ({"paused": True}, ("paused",), True),
        ({"resting": True}, ("paused",), True),
        ({"secrets": {"TOKEN": "2"}}, ("secrets.TOKEN:value",), True),
        ({"files": {"mapping_file": "2"}}, ("mapping_file:content",), False),
        ({"files": {"ca_file": "2"}}, ("ca_file:content",), True),
    ],
)
def test_what_is_different_is_named_and_whether_it_is_still_the_same_system(
    more, what, same
):
    old = content(
        files=dict.fromkeys(more.get("files", ()), "1"),
        secrets=dict.fromkeys(more.get("secrets", ()), "1"),
    )
    assert one(old, content(**more)) == (what, same)


def test_an_operators_pause_stands_above_the_file_and_changes_nothing_where_it_rests():
    assert content(resting=True).effective.paused
    assert not content(resting=True).settings.paused
    assert (
        changes({GD: content(paused=True)}, {GD: content(paused=True, resting=True)})
        == []
    )


def test_two_processes_with_the_same_files_state_the_same(tmp_path):
    told = []
    for place in (tmp_path / "a", tmp_path / "b"):
        settings = settings_for(
            "https://gd.example/",
            ca_file=place / "provinces" / "ca.pem",
            secrets={
                "TOKEN": {"command": ["vault", "get", "-a"], "every": "1m"},
                "OTHER": {"file": str(place / "provinces" / "other")},
            },
        )
        base = place / "provinces"
        told.append(stated(settings, {"ca_file": "d1"}, ("start",), base=base))
    assert told[0] == told[1]
    assert 'ca_file = "ca.pem"' in told[0].body
    assert 'command = ["vault", "get", "-a"]' in told[0].body, "in its order"
    assert str(tmp_path) not in told[0].body
    other = stated(settings, {"ca_file": "d2"}, ("start",), base=base)
    assert other.digest != told[0].digest
