"""What stands in an address stands there as a name, whatever it is."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.faults import ProvinceFault
from connectors.rest.addresses import followed, look_up, with_key
from connectors.rest.links import next_link
from connectors.rest.settings import EndpointSettings
from schema.records.told import FaultCode

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda key: key not in {".", ".."}
)


def asked(keys_in, keys, address="https://gd.example/v1/w"):
    endpoint = EndpointSettings(keys_in=keys_in, fields_parameter="f")
    return look_up(
        address,
        endpoint,
        parameter="id",
        keys=keys,
        columns=["A", "B"],
        paging={"p": 1},
    )


@given(key=KEYS)
def test_a_key_is_one_step_of_a_path(key):
    told = with_key("https://gd.example/v1/w/{key}/x", key)

    assert told.isascii()
    _, version, workers, name, last = urlsplit(told).path.split("/")
    assert (version, workers, unquote(name), last) == ("v1", "w", key, "x")
    assert not urlsplit(told).query


@given(keys=st.lists(KEYS, min_size=1))
def test_keys_in_a_query_are_values_and_nothing_else(keys):
    told = asked("query", keys)

    assert told.method == "GET"
    query = parse_qsl(urlsplit(told.address).query, keep_blank_values=True)
    assert query == [*(("id", key) for key in keys), ("f", "A,B"), ("p", "1")]


def test_keys_in_a_body_leave_the_address_alone():
    told = asked("body", ["a&b", "c"])

    assert (told.method, told.address) == ("POST", "https://gd.example/v1/w")
    assert told.body == b'{"id":["a&b","c"],"p":1,"f":["A","B"]}'


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_a_key_that_would_be_a_place_is_not_sent(key):
    with pytest.raises(ProvinceFault):
        with_key("https://gd.example/v1/{key}", key)


HERE = "https://gd.example:8443/v1/w?p=1"
STAYS = {
    "?p=2": "https://gd.example:8443/v1/w?p=2",
    "/v1/w?p=2#x": "https://gd.example:8443/v1/w?p=2",
    "https://gd.example:8443/v2": "https://gd.example:8443/v2",
}
LEAVES = [
    "https://elsewhere.example/v1", "http://gd.example:8443/v1", "//evil.example/",
    "https://gd.example:8443@evil.example/", "https://gd.example/v1", "file:///etc",
    "https://gd.example:8443/\n", "https://[", "/数据",
]  # fmt: skip


@pytest.mark.parametrize(("link", "address"), STAYS.items())
def test_a_link_on_the_same_machine_is_followed(link, address):
    assert followed(link, HERE) == address


@pytest.mark.parametrize("link", LEAVES)
def test_a_link_that_leads_away_is_not(link):
    if link.endswith("\n"):
        # What the parser of addresses strips cannot smuggle anything in.
        assert followed(link, HERE) == link.strip()
        return
    with pytest.raises(ProvinceFault) as raised:
        followed(link, HERE)
    assert raised.value.code is FaultCode.REDIRECTED


LINKS = {
    "": "",
    '<a>; rel="next"': "a",
    "<a>; rel=next": "a",
    '<x>; rel="prev", <b?c=1,2>; title="a, b"; rel="last next"': "b?c=1,2",
    '<a>; rel="nextish"': "",
    '<a>; title="rel=next"': "",
    "garbage": "",
    '<a>; REL="NEXT"': "a",
}


@pytest.mark.parametrize(("header", "link"), LINKS.items())
def test_the_next_page_of_a_link_header(header, link):
    assert next_link(header) == link
