"""A province whose secret is no good cannot push; it keeps nobody from starting."""

from __future__ import annotations

import base64

from connectors.settings import ProvinceSettings
from hub.config.callback_secrets import callback_secrets

GOOD, NEXT = (f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
ENVIRONMENT = {"A": GOOD, "B": NEXT, "SHORT": "whsec_AAAA", "BARE": GOOD[6:]}


def province(code, first=None, second=None):
    return ProvinceSettings(
        code=code, name_zh="省", name_en="P", url="http://127.0.0.1:1/",
        callback_secret_env=first, callback_next_secret_env=second,
    )  # fmt: skip


def test_secrets_are_read_by_province_and_both_while_one_is_changed(caplog):
    found = callback_secrets(
        [
            province("44", "A"), province("51", "A", "B"), province("33"),
            province("35", "SHORT"), province("37", "BARE", "B"),
            province("42", "ABSENT"),
        ],
        ENVIRONMENT,
    )  # fmt: skip

    assert found == {
        "44": (bytes([1]) * 32,),
        "51": (bytes([1]) * 32, bytes([2]) * 32),
        "37": (bytes([2]) * 32,),
    }
    for code, name in (("35", "SHORT"), ("37", "BARE"), ("42", "ABSENT")):
        assert f"province={code}" in caplog.text
        assert name in caplog.text
    assert GOOD[6:] not in caplog.text
