"""Value: how Shandong writes: tables of the 1990s in pinyin, codes in two digits.

Beside it: ``deploy/demo/mappings/37.toml``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from deploy.demo.own_words.words import local, numbered, packed, sheet
from deploy.demo.province import codes, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

SEX: Final = {"MALE": "1", "FEMALE": "2", "OTHER": "9"}
HOUSEHOLD: Final = {"RURAL": "1", "CONVERTED": "2", "URBAN": "3", "OTHER": "9"}
#: By tens: applied, in, on the way, kept, gone.
STATE: Final = {
    "APPLIED": "00", "ACTIVE": "10", "LANDED_FALLBACK": "11", "RETAINED": "12",
    "OUT_REGISTERED": "20", "IN_TRANSIT": "21", "IN_REGISTERED": "22",
    "TRANSFERRED": "30", "WITHDRAWN": "40", "EXPELLED": "41", "OTHER": "99",
}  # fmt: skip
LEVEL: Final = {
    "SENIOR_TECHNICIAN": "1", "TECHNICIAN": "2", "ADVANCED": "3",
    "INTERMEDIATE": "4", "PRIMARY": "5", "OTHER": "9",
}  # fmt: skip
STATUS: Final = {"OPEN": "1", "LIFTED": "2", "CLOSED": "3", "OTHER": "9"}


def _yes(value: bool) -> str:  # noqa: FBT001  # it is written, not switched
    return "1" if value else "0"


def _ledger(aids: Sequence[dict[str, Any]]) -> str:
    return json.dumps(
        [
            {
                "XM": aid["programme"],
                "QJ": aid["period"],
                "JE": aid["amount"],
                "FFRQ": aid["given_on"] and aid["given_on"].replace("-", ""),
                "FFDW": aid["given_by"],
            }
            for aid in aids
        ],
        ensure_ascii=False,
    )


SHEETS: Final = (
    sheet(tables.WORKER, "GH_ZGXX", {
        "ZGBH": "local_id", "GXSJ": ("as_of", local), "XM": "name",
        "XB": ("sex", SEX), "CSRQ": ("birth_date", packed), "WHCD": "education",
        "HJXZQH": "household_division", "HJXZ": ("household_kind", HOUSEHOLD),
        "JZXZQH": "residence_division", "LXDH": "phone",
    }),
    sheet(tables.MEMBERSHIP, "GH_HYXX", {
        "ZGBH": "worker", "HYXXBH": "id", "GXSJ": ("as_of", local),
        "HYZH": "membership_no", "GHDM": "union_code", "GHMC": "union_name",
        "GHXZQH": "union_division",
        "GHLB": ("organisation_kind", numbered(codes.OrganisationKind)),
        "HYZT": ("state", STATE),
        "RHFS": ("join_channel", numbered(codes.JoinChannel)),
        "CCRHRQ": ("joined_on", packed), "KSRQ": ("since", packed),
        "JSRQ": ("until", packed), "YTRH": ("source_enrolled", _yes),
        "PQF": ("dispatch_side", numbered(codes.DispatchSide)),
        "HY": ("sector", numbered(codes.Sector)),
        "BDQT": ("occupation_group", numbered(codes.OccupationGroup)),
        "JJX": ("seasonal", _yes), "ZCDJRQ": ("registered_out_on", packed),
        "ZRDJRQ": ("registered_in_on", packed), "DFSF": "counterpart_province",
    }),
    sheet(tables.RIGHTS_CASE, "WQ_AJXX", {
        "ZGBH": "worker", "AJXXBH": "id", "GXSJ": ("as_of", local),
        "AJBH": "case_no", "AY": ("matter", numbered(codes.CaseMatter)),
        "AJZT": ("status", numbered(codes.CaseStatus)),
        "SCJDRQ": ("first_touch_on", packed), "SLRQ": ("accepted_on", packed),
        "QXRQ": ("due_on", packed), "JARQ": ("closed_on", packed), "JG": "result",
        "ZBGHDM": "lead_union_code", "ZBGHMC": "lead_union_name",
        "ZBSF": "lead_province", "YRDWDM": "employer_code",
        "YRDWMC": "employer_name", "GZDXZQH": "workplace_division",
        "SJRS": "workers_involved", "BDJE": "amount",
        "LSTD": ("green_channel", _yes), "AJNR": "summary",
    }),
    sheet(tables.SKILL, "JN_ZSXX", {
        "ZGBH": "worker", "ZSXXBH": "id", "GXSJ": ("as_of", local),
        "ZYDM": "occupation_code", "ZYMC": "occupation_name", "JNDJ": ("level", LEVEL),
        "ZSBH": "certificate_no", "FZJG": "issuer", "FZRQ": ("issued_on", packed),
        "YXQZ": ("valid_until", packed),
    }),
    sheet(tables.TRAINING, "JN_PXXX", {
        "ZGBH": "worker", "PXXXBH": "id", "GXSJ": ("as_of", local), "KCMC": "course",
        "PXJG": "provider", "XS": "hours", "KSRQ": ("started_on", packed),
        "JSRQ": ("finished_on", packed), "SFHG": ("passed", _yes),
        "ZSBH": "certificate_no", "SFBT": ("subsidised", _yes),
    }),
    sheet(tables.EMPLOYMENT, "JY_JLXX", {
        "ZGBH": "worker", "JYXXBH": "id", "GXSJ": ("as_of", local),
        "YRDWDM": "employer_code", "YRDWMC": "employer_name",
        "YRDWXZQH": "employer_division", "GZDXZQH": "workplace_division",
        "YGDWDM": "user_unit_code", "YGDWMC": "user_unit_name",
        "HY": ("sector", numbered(codes.Sector)), "GW": "position",
        "YGXS": ("form", numbered(codes.EmploymentForm)),
        "RZRQ": ("started_on", packed), "LZRQ": ("ended_on", packed),
        "HTBABH": "contract_no",
    }),
    sheet(tables.HARDSHIP_FILE, "KN_DAXX", {
        "ZGBH": "worker", "DAXXBH": "id", "GXSJ": ("as_of", local),
        "JTBM": "household_key", "DAZT": ("status", STATUS), "KNLB": "category",
        "JDRQ": ("opened_on", packed), "JDDW": "opened_by",
        "XDRQ": ("closed_on", packed), "RJYSR": "income_per_head",
        "JTRK": "household_size", "BFJH": "plan", "BFMX": ("aids", _ledger),
    }),
)  # fmt: skip
