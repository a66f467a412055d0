"""Settings and mapping of an interface: what does not go together is told, with where."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.rest.settings import RestSettings
from connectors.settings import ProvinceSettings
from connectors.unusable import UnusableConnector
from schema.records.refusal import Refused
from tests.provinces.opened import registry_of
from tests.rest.foreign import mapping_text
from tests.rest.subjects import ENVIRON, interface, opened

URL = "http://127.0.0.1:9/api/"

WRONG = [
    ("api_key", {"api_key_header": "X-Key"}),
    ("header_name", {"api_key_header": "X Key\r\n", "api_key_env": "A"}),
    ("header_name", {"api_key_header": "Host", "api_key_env": "A"}),
    ("environment_variable", {"api_key_header": "X-Key", "api_key_env": "sk-1234"}),
    ("column_name", {"rows_at": "data..rows"}),
    ("cursor_place", {"paging": {"style": "cursor"}}),
    ("link_of_a_post", {"paging": {"style": "link"}}),
    ("plain_token_url", {
        "oauth": {
            "token_url": "http://gd.example/token", "client_id": "hub",
            "client_secret_env": "A",
        },
    }),
    ("acts_without_a_key", {"acts": {"paths": {"REGISTER_OUT": "/out"}}}),
    ("acts_without_a_key", {
        "acts": {"paths": {"REGISTER_OUT": "/out"}, "read_back": "/entries"},
    }),
    ("path", {"acts": {"paths": {"REGISTER_OUT": "/../out"}, "key_header": "K"}}),
    ("path", {"acts": {"paths": {"REGISTER_OUT": "/out?a=1"}, "key_header": "K"}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "told"), WRONG)
def test_what_cannot_be_is_told_in_both_languages(name, told):
    with pytest.raises(ValidationError) as raised:
        RestSettings(**told)
    (error,) = raised.value.errors()
    assert error["type"] == name
    assert error["ctx"]["zh"] != error["ctx"]["en"]
    assert "sk-1234" not in str(raised.value)


def test_a_kind_needs_its_table_and_no_other_has_a_use_for_it():
    told = {"code": "44", "name_zh": "广东", "name_en": "Guangdong", "url": URL}
    with pytest.raises(ValidationError, match="rest"):
        ProvinceSettings(**told, kind="rest", mapping_file="44.toml")
    with pytest.raises(ValidationError, match="mapping_file"):
        ProvinceSettings(**told, kind="rest", rest=interface(URL))
    with pytest.raises(ValidationError, match="rest"):
        ProvinceSettings(**told, rest=interface(URL))


UNFIT = {
    "a path that is none": ('source = "/v1/hy/query"', 'source = "hy"', "source"),
    "a key in no path": (
        'source = "/v1/hy/query"', 'source = "/v1/{key}/hy"', "source"
    ),
    "a path without its key": ("/v1/gr/{key}/px", "/v1/px", "source"),
    "an unknown setting": ('keys_in = "query"', 'key_in = "query"', "key_in"),
    "a wrong value": ('keys_in = "query"', 'keys_in = "form"', "keys_in"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "name"), UNFIT.values(), ids=UNFIT)
def test_a_mapping_that_does_not_fit_is_told_with_its_line(tmp_path, old, new, name):
    mapping = mapping_text()
    assert mapping.count(old) == 1
    line = mapping[: mapping.index(old)].count("\n") + 1
    with pytest.raises(Refused) as raised:
        opened(URL, tmp_path, mapping.replace(old, new))
    refusal = raised.value.refusal
    assert name in refusal.message.en or name in refusal.remedy.en
    told = int(refusal.message.en.split("line ")[1].split()[0])
    assert told in {line, line - 1}, "its line, or that of its table"
    assert "第" in refusal.message.zh


def test_acts_without_words_are_told(tmp_path):
    with pytest.raises(Refused, match="acts") as raised:
        opened(URL, tmp_path, mapping_text(acts=False))
    assert "[acts.command]" in raised.value.refusal.message.zh


async def test_links_and_bodies_are_told_of_one_kind_too(tmp_path):
    rest = {**interface(URL), "keys_in": "query", "paging": {"style": "link"}}
    mapping = mapping_text().replace('keys_in = "query"', 'keys_in = "body"')
    with pytest.raises(Refused, match="link"):
        opened(URL, tmp_path, mapping, interface_=rest)


async def test_the_registry_opens_it_and_a_broken_mapping_stops_nothing_else(tmp_path):
    settings, connector = opened(URL, tmp_path, mapping_text())
    await connector.close()
    broken = tmp_path / "broken.toml"
    broken.write_text("version = 1\n[kinds.WORKR]\n", "utf-8")
    other = settings.model_copy(update={"code": "45", "mapping_file": str(broken)})
    made = registry_of([settings, other], ENVIRON)
    assert made.get("44").capabilities == connector.capabilities
    assert isinstance(made.get("45").guard._connector, UnusableConnector)
    await made.close()
