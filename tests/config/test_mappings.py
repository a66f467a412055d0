"""Mappings are checked with the settings: each mistake with its line, and whose it is."""

from __future__ import annotations

import logging

import pytest

from hub.config.load import load, load_province
from hub.config.mistakes import BadSettings
from tests.config.test_settings import GOOD, SECRETS
from tests.mapping.samples import HERE
from tests.provinces.opened import registry_of

WRONG = """version = 1
[kinds.WORKER]
source = "people"
key = "id"
[kinds.WORKER.fields]
nane = "xm"
sex = { column = "xb", codes = "sexx" }
"""
REST = """
name_zh = "浙江"
name_en = "Zhejiang"
kind = "rest"
url = "https://zj.example/api"
mapping_file = "{}"
[rest]
"""


@pytest.fixture
def hub(tmp_path):
    (tmp_path / "provinces").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "hub.toml").write_text(GOOD, "utf-8")

    def write(code, mapping, place="mappings/{}.toml"):
        name = place.format(code)
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(mapping, "utf-8")
        text = REST.format(f"../{name}")
        (tmp_path / "provinces" / f"{code}.toml").write_text(text, "utf-8")
        return tmp_path

    return write


def sound():
    return (HERE / "reference.mapping.toml").read_text("utf-8")


def mistakes(place, **more):
    with pytest.raises(BadSettings) as found:
        load(place / "hub.toml", SECRETS, **more)
    return found.value.mistakes


def test_every_mistake_of_every_mapping_is_told_at_once_with_line_and_province(hub):
    hub("33", WRONG)
    place = hub("34", "version = 1\n[kinds")
    told = mistakes(place, mappings=True)
    lines = {one.file.removeprefix(str(place / "provinces" / "..")) for one in told}
    assert lines == {
        "/mappings/33.toml:6:1",
        "/mappings/33.toml:7:24",
        "/mappings/34.toml:2:1",
    }
    assert all(one.message.en.startswith("Province 3") for one in told)
    assert "省 33（浙江）" in told[0].message.zh
    assert told[0].remedy.en == "Did you mean name?"


def test_settings_and_mapping_that_do_not_go_together_are_told(hub):
    place = hub("33", sound())
    (told,) = mistakes(place, mappings=True)
    assert "does not go with keys_in" in told.message.en
    assert "33" in told.message.en


def test_a_schema_of_ones_own_is_held_to_its_mapping_too(hub):
    place = hub("33", sound().replace('source = "', 'source = "no-field-', 1))
    file = place / "provinces" / "33.toml"
    text = file.read_text("utf-8").replace('"rest"', '"graphql"')
    file.write_text(text.replace("[rest]", "[graphql]"), "utf-8")
    told = mistakes(place, mappings=True)
    assert all("33" in one.message.en for one in told)


def test_a_hub_starts_with_a_wrong_mapping_and_says_whose_and_where(hub, caplog):
    place = hub("33", WRONG)
    settings = load(place / "hub.toml", SECRETS)
    with caplog.at_level(logging.ERROR):
        registry_of(settings.provinces, SECRETS)
    logged = "\n".join(caplog.messages)
    assert "province=33 33.toml:6:1: kinds.WORKER.fields.nane" in logged
    assert "33.toml:7:24" in logged


def test_one_province_is_held_to_its_mapping(hub):
    place = hub("33", WRONG)
    with pytest.raises(BadSettings) as found:
        load_province(place / "provinces" / "33.toml", SECRETS)
    assert len(found.value.mistakes) == 2


def test_a_mapping_may_lie_beside_the_settings_under_its_own_ending(hub):
    place = hub("33", WRONG, "provinces/{}.mapping.toml")
    assert [one.code for one in load(place / "hub.toml", SECRETS).provinces] == ["33"]


def test_a_mapping_that_is_taken_for_settings_is_told_as_one(hub):
    place = hub("33", WRONG)
    (place / "provinces" / "34.toml").write_text(sound(), "utf-8")
    (told,) = mistakes(place)
    assert told.file.endswith("34.toml")
    assert "mapping" in told.message.en
    assert "34.mapping.toml" in told.remedy.zh
