"""Writes records as the province of ``own_words.mapping.toml`` keeps them: by hand, so
that the mapping is compared with something that knows nothing of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

_CODES = {
    "APPLIED": "10", "ACTIVE": "21", "OUT_REGISTERED": "30", "IN_TRANSIT": "31",
    "IN_REGISTERED": "32", "RETAINED": "40", "LANDED_FALLBACK": "41", "TRANSFERRED": "50",
    "WITHDRAWN": "60", "EXPELLED": "70", "OTHER": "??",
}  # fmt: skip


def _dense(day, nothing="99991231"):
    return nothing if day is None else f"{day:%Y%m%d}"


def _yes_no(flag):
    return None if flag is None else "是" if flag else "否"


def _wide(text):
    return (
        None
        if text is None
        else "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    )


def worker(one):
    return {
        "ZGBH": int(one.local_id), "GXSJ": int(one.as_of.timestamp() * 1000),
        "XM": f"{one.name}　", "XB": {"MALE": 1, "FEMALE": 2}.get(one.sex, 9),
        "CSRQ": f"{one.birth_date:%Y年%m月%d日}", "HJXZQH": f"{one.household_division}000000",
        "JZXZQH": one.residence_division and int(one.residence_division),
        "SJHM": _wide(one.phone) or "无", "SFZH": "never asked for",
    }  # fmt: skip


def membership(one, key):
    first, last = one.id.split("-")
    excel = one.joined_on and (one.joined_on - date(1899, 12, 30)).days
    return {
        "ZGBH": int(key), "GHBH": first, "XH": int(last), "更新日期": f"{one.as_of:%Y%m%d%H%M%S}",
        "会员证号": _wide(one.membership_no), "GHDM": f" {one.union_code} ",
        "工会名称（全称）": one.union_name, "GHXZQH": one.union_division[:6].ljust(12, "0"),
        "ZT": _CODES[one.state], "RHSJ": excel, "KSRQ": _dense(one.since), "JSRQ": _dense(one.until),
        "YTRH": _yes_no(one.source_enrolled),
        "DFSF": one.counterpart_province and f"{one.counterpart_province}/省",
    }  # fmt: skip


def hardship_file(one, key):
    aids = "；".join(f"{aid.programme}：{aid.amount}元" for aid in one.aids)
    return {
        "ZGBH": int(key), "DABH": one.id, "更新日期": f"{one.as_of:%Y%m%d%H%M%S}", "HBH": one.household_key,
        "RJSR": one.income_per_head and int(Decimal(one.income_per_head) * 100), "BFJL": aids,
    }  # fmt: skip
