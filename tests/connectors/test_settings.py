"""Settings of a province: what is wrong is told so that it can be mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from connectors.credentials import load
from connectors.settings import ProvinceSettings
from schema.records.refusal import Refused
from tests.provinces.certificates import Authority

GOOD = {
    "code": "44",
    "name_zh": "广东",
    "name_en": "Guangdong",
    "url": "https://hub.gd.example/graphql",
}


def settings(**more):
    return ProvinceSettings(**{**GOOD, **more})


def test_four_lines_are_enough():
    told = settings()
    assert told.deadline == timedelta(seconds=2)
    assert told.response_cap == 8 * 1024 * 1024
    assert len(told.kinds) == 7


def test_durations_are_written_with_their_unit():
    assert settings(deadline="500ms").deadline == timedelta(milliseconds=500)
    with pytest.raises(ValidationError, match="deadline"):
        settings(deadline=2)


WRONG = {
    "a code of one digit": ({"code": "4"}, "两位数字"),
    "a code without quotation marks": ({"code": 44}, "quotation marks"),
    "a code that is no division": ({"code": "99"}, "GB/T 2260"),
    "half an address": ({"url": "hub.gd.example"}, "网址要写全"),
    "a port that is none": ({"url": "https://a.example:99999/"}, "full address"),
    "a password in the address": ({"url": "https://a:b@c.example/"}, "bearer_env"),
    "plain http to elsewhere": ({"url": "http://c.example/"}, "plain_http = true"),
    "a deadline of nothing": ({"deadline": "0s"}, "0.01"),
    "a deadline of an hour": ({"deadline": "1h"}, "60.0"),
    "a token for its variable": ({"bearer_env": "eyJ0.x.y"}, "不要写令牌本身"),
    "a certificate without its key": ({"client_cert_file": "c"}, "client_key_file"),
    "a version that is none": ({"contract_version": "1"}, "主版本.次版本"),
    "a kind that is none": ({"kinds": ["PET"]}, "kinds"),
    "an unknown key": ({"dead_line": "1s"}, "dead_line"),
    "no attempts at all": ({"retry": {"attempts": 0}}, "retry.attempts"),
    "certificates without tls": (
        {"url": "http://127.0.0.1/", "ca_file": "c"},
        "https",
    ),
}


@pytest.mark.parametrize(("more", "words"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_with_its_place(more, words):
    with pytest.raises(ValidationError) as raised:
        settings(**more)
    assert words in str(raised.value)


def test_a_token_written_by_mistake_is_not_repeated():
    with pytest.raises(ValidationError) as raised:
        settings(bearer_env="eyJhbGciOi.secret.token")
    assert "secret" not in str(raised.value)


def test_http_is_allowed_on_this_machine_and_where_the_line_is_protected():
    assert settings(url="http://127.0.0.1:8001/graphql")
    assert settings(url="http://[::1]:8001/graphql")
    assert settings(url="http://10.0.0.7/graphql", plain_http=True)


def refused(told, environ):
    with pytest.raises(Refused) as raised:
        load(told, environ)
    return raised.value.refusal


@pytest.mark.parametrize("environ", [{}, {"TOKEN": " "}], ids=["unset", "empty"])
def test_a_variable_without_a_token_is_named(environ):
    refusal = refused(settings(bearer_env="TOKEN"), environ)
    assert refusal.code == "BEARER_NOT_SET"
    assert "44" in refusal.message.zh
    assert "TOKEN" in refusal.message.en


def test_a_token_that_would_break_a_header_is_refused_without_showing_it():
    refusal = refused(settings(bearer_env="TOKEN"), {"TOKEN": "abc\r\nX-Evil: 1"})
    assert refusal.code == "BEARER_UNUSABLE"
    assert "Evil" not in f"{refusal.message} {refusal.remedy}"


def test_credentials_never_show_the_token():
    credentials = load(settings(bearer_env="TOKEN"), {"TOKEN": "secret"})
    assert credentials.bearer == "secret"
    assert "secret" not in repr(credentials)


@pytest.mark.parametrize("text", [None, "no certificate"], ids=["missing", "not PEM"])
def test_a_certificate_file_that_cannot_be_used_is_told(tmp_path, text):
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    refusal = refused(settings(ca_file=file), {})
    assert refusal.code == "CERTIFICATE_UNUSABLE"
    assert "ca_file" in refusal.message.en


def test_a_key_of_another_pair_is_told(tmp_path):
    authority = Authority(tmp_path, "authority")
    certificate, _ = authority.issue("one")
    _, key = authority.issue("two")
    told = settings(client_cert_file=certificate, client_key_file=key)
    assert "client_cert_file" in refused(told, {}).message.en
