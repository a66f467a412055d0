"""Settings of issuers: what could open a door by a slip is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from hub.access.settings import Algorithm, IssuerSettings, PolicySettings

GOOD = {
    "issuer": "https://login.example.org",
    "audience": "union-federation-hub",
    "jwks_url": "https://login.example.org/jwks",
    "provinces": ["44"],
    "scopes": ["worker:read"],
}


def issuer(**changes):
    values = {**GOOD, **changes}
    return IssuerSettings.model_validate(
        {name: value for name, value in values.items() if value is not None}
    )


def test_the_least_that_must_be_said_is_enough():
    one = issuer()
    assert one.algorithms == {Algorithm.EDDSA, Algorithm.ED25519, Algorithm.ES256}
    assert one.leeway == timedelta(seconds=30)
    assert one.speaks_for("44")
    assert not one.speaks_for("51")


def test_a_national_issuer_speaks_for_every_province():
    assert issuer(provinces=["*"]).speaks_for("63")


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"algorithms": []},
        {"provinces": []},
        {"provinces": ["440"]},
        {"provinces": ["４４"]},
        {"provinces": ["44", "*"]},
        {"scopes": []},
        {"scopes": ["worker:write"]},
        {"jwks_url": "http://login.example.org/jwks"},
        {"jwks_url": "file:///etc/passwd"},
        {"jwks_url": "https:///jwks"},
        {"jwks_file": "jwks.json"},
        {"jwks_url": None},
        {"audience": ""},
        {"issuer": ""},
        {"leeway": "6m"},
        {"leeway": "-1s"},
        {"leeway": 30},
        {"refresh_every": "0s"},
        {"jwks": "https://login.example.org/jwks"},
    ],
    ids=repr,
)
def test_a_slip_is_refused(changes):
    with pytest.raises(ValidationError):
        issuer(**changes)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9000/jwks", "http://localhost/jwks", "http://[::1]:1/jwks"],
    ids=["v4", "name", "v6"],
)
def test_keys_may_come_unprotected_from_this_machine_only(url):
    assert issuer(jwks_url=url).jwks_url == url


@pytest.mark.parametrize(
    "changes",
    [{"provinces": ["x"]}, {"jwks_url": "ftp://a/b"}, {"jwks_url": None}],
    ids=["provinces", "url", "no-keys"],
)
def test_a_slip_is_told_in_both_languages(changes):
    with pytest.raises(ValidationError) as caught:
        issuer(**changes)
    message = str(caught.value)
    assert any("一" <= character <= "鿿" for character in message)
    assert "must" in message or "give" in message


def test_settings_cannot_be_changed_afterwards():
    with pytest.raises(ValidationError):
        PolicySettings(directory="policies").directory = "other"
