"""Decider (pure): writes a first ``NN.toml`` of a province, to go with a first mapping."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.drafting.mapping_draft import FILL_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

#: By GB/T 2260.
PROVINCES: Final = {
    "11": ("北京", "Beijing"), "12": ("天津", "Tianjin"), "13": ("河北", "Hebei"),
    "14": ("山西", "Shanxi"), "15": ("内蒙古", "Inner Mongolia"), "21": ("辽宁", "Liaoning"),
    "22": ("吉林", "Jilin"), "23": ("黑龙江", "Heilongjiang"), "31": ("上海", "Shanghai"),
    "32": ("江苏", "Jiangsu"), "33": ("浙江", "Zhejiang"), "34": ("安徽", "Anhui"),
    "35": ("福建", "Fujian"), "36": ("江西", "Jiangxi"), "37": ("山东", "Shandong"),
    "41": ("河南", "Henan"), "42": ("湖北", "Hubei"), "43": ("湖南", "Hunan"),
    "44": ("广东", "Guangdong"), "45": ("广西", "Guangxi"), "46": ("海南", "Hainan"),
    "50": ("重庆", "Chongqing"), "51": ("四川", "Sichuan"), "52": ("贵州", "Guizhou"),
    "53": ("云南", "Yunnan"), "54": ("西藏", "Tibet"), "61": ("陕西", "Shaanxi"),
    "62": ("甘肃", "Gansu"), "63": ("青海", "Qinghai"), "64": ("宁夏", "Ningxia"),
    "65": ("新疆", "Xinjiang"), "66": ("兵团", "Xinjiang Production and Construction Corps"),
}  # fmt: skip
_TEXT: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,2000}")
#: Where an address is not known: none that anybody has.
_NOWHERE: Final = "https://fill-in.invalid/"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of how a province is spoken to.

    Attributes:
        kind: Which tongue, as ``kind`` of the settings has it.
        url: Its address; empty where there is none, or it is not known.
        bearer_env: Name of the variable with the bearer token, if it was named.
        bearer: Whether there has to be one.
        ca_file: Certificates that are trusted for it.
        mapping_file: The mapping, as the settings name it; empty without one.
        mapped: Whether it has to have the table of its kind, be it empty.
        own: The table of its kind, e.g. ``[rest]``, as TOML has it.
    """

    kind: str
    url: str = ""
    bearer_env: str = ""
    bearer: bool = False
    ca_file: str = ""
    mapping_file: str = ""
    mapped: bool = False
    own: tuple[tuple[str, Any], ...] = ()


def draft_settings(code: str, found: Found) -> str:
    """Write the settings of one province.

    Args:
        code: First two digits of its GB/T 2260 code.
        found: What is known of it.
    """
    zh, en = PROVINCES.get(code, (FILL_IN, FILL_IN))
    if found.bearer and not found.bearer_env:
        found = msgspec.structs.replace(found, bearer_env=f"HUB_BEARER_{code}")
    lines = [
        "# 由 province init 起草，请逐行核对 / Drafted by province init: check each line.",
        f"name_zh = {_value(zh)}",
        f"name_en = {_value(en)}",
        f"kind = {_value(found.kind)}",
    ]
    if found.kind in {"graphql", "rest"}:
        known = found.url.startswith(("https://", "http://")) and _sound(found.url)
        note = "" if known else f"  # {FILL_IN}: 请填网址 / fill in its address"
        lines.append(f"url = {_value(found.url if known else _NOWHERE)}{note}")
    lines += [
        f"{name} = {_value(value)}"
        for name in ("bearer_env", "ca_file", "mapping_file")
        if (value := getattr(found, name))
    ]
    if found.own or found.mapped:
        lines += ["", *_table(found.kind, _whole(code, dict(found.own)))]
    return "\n".join(lines) + "\n"


def _whole(code: str, own: dict[str, Any]) -> dict[str, Any]:
    """Add what a description never tells: names of secrets, and who we are there."""
    if "api_key_header" in own:
        own["api_key_env"] = f"HUB_API_KEY_{code}"
    if "oauth" in own:
        secret = {"client_id": FILL_IN, "client_secret_env": f"HUB_OAUTH_{code}"}
        own["oauth"] = {**own["oauth"], **secret}
    return own


def _table(name: str, told: dict[str, Any]) -> Iterator[str]:
    yield f"[{name}]"
    inner = {key: one for key, one in told.items() if isinstance(one, dict)}
    for key, one in told.items():
        if key not in inner and _sound(one):
            note = f"  # {FILL_IN}: 请填写 / fill in" if one == FILL_IN else ""
            yield f"{key} = {_value(one)}{note}"
    for key, one in inner.items():
        yield ""
        yield from _table(f"{name}.{key}", one)


def _sound(value: object) -> bool:
    return not isinstance(value, str) or _TEXT.fullmatch(value) is not None


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
