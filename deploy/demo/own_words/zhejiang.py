"""Value: how Zhejiang writes: JSON of a platform, moments in milliseconds, money in fen.

Beside it: ``deploy/demo/mappings/33.toml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from deploy.demo.own_words.words import fen, milliseconds, numbered, sheet
from deploy.demo.province import codes, tables
from deploy.demo.province.rules import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from deploy.demo.own_words.words import Said

SEX: Final = {"MALE": "M", "FEMALE": "F", "OTHER": "X"}
HOUSEHOLD: Final = numbered(codes.HouseholdKind, "HJ")
STATE: Final = numbered(codes.MembershipState, "HY")
ACT: Final = numbered(codes.CaseAct, "AJ")
REASON: Final = {code: f"E{number}" for number, code in enumerate(REASONS, 4001)}


def _day(value: date) -> str:
    return value.isoformat()


def _yes(value: bool) -> str:  # noqa: FBT001  # it is written, not switched
    return "Y" if value else "N"


def _ledger(aids: Sequence[dict[str, Any]]) -> list[dict[str, object]]:
    return [
        {
            "xiangMu": aid["programme"],
            "qiJian": aid["period"],
            "jinEFen": aid["amount"] and fen(aid["amount"]),
            "faFangRiQi": aid["given_on"],
            "faFangDanWei": aid["given_by"],
        }
        for aid in aids
    ]


_SAME: Final[Mapping[str, Said]] = {
    "renYuanId": "worker",
    "jiLuId": "id",
    "gengXinShiJian": ("as_of", milliseconds),
}

SHEETS: Final = (
    sheet(tables.WORKER, "/v2/renyuan/chaxun", {
        "renYuanId": "local_id", "gengXinShiJian": ("as_of", milliseconds),
        "xingMing": "name", "xingBie": ("sex", SEX), "chuShengRiQi": ("birth_date", _day),
        "xueLi": "education", "huJiQuHua": "household_division",
        "huJiLeiXing": ("household_kind", HOUSEHOLD),
        "juZhuQuHua": "residence_division", "shouJi": "phone",
    }),
    sheet(tables.MEMBERSHIP, "/v2/huiji/chaxun", {
        **_SAME, "huiYuanZhengHao": "membership_no", "gongHuiDaiMa": "union_code",
        "gongHuiMingCheng": "union_name", "gongHuiQuHua": "union_division",
        "gongHuiLeiBie": ("organisation_kind", numbered(codes.OrganisationKind, "GH")),
        "huiJiZhuangTai": ("state", STATE),
        "ruHuiQuDao": ("join_channel", numbered(codes.JoinChannel, "QD")),
        "chuCiRuHui": ("joined_on", _day), "qiRi": ("since", _day),
        "zhiRi": ("until", _day), "yuanTouRuHui": ("source_enrolled", _yes),
        "paiQianFang": ("dispatch_side", numbered(codes.DispatchSide, "PQ")),
        "hangYe": ("sector", numbered(codes.Sector, "H")),
        "baDaQunTi": ("occupation_group", numbered(codes.OccupationGroup, "Q")),
        "jiJieXing": ("seasonal", _yes), "zhuanChuDengJi": ("registered_out_on", _day),
        "zhuanRuDengJi": ("registered_in_on", _day),
        "duiFangSheng": "counterpart_province",
    }),
    sheet(tables.RIGHTS_CASE, "/v2/weiquan/chaxun", {
        **_SAME, "anHao": "case_no", "anYou": ("matter", numbered(codes.CaseMatter, "AY")),
        "zhuangTai": ("status", numbered(codes.CaseStatus, "ZT")),
        "shouCiJieDai": ("first_touch_on", _day), "shouLiRi": ("accepted_on", _day),
        "qiXian": ("due_on", _day), "jieAnRi": ("closed_on", _day), "jieGuo": "result",
        "zhuBanDaiMa": "lead_union_code", "zhuBanMingCheng": "lead_union_name",
        "zhuBanSheng": "lead_province", "danWeiDaiMa": "employer_code",
        "danWeiMingCheng": "employer_name", "gongZuoDi": "workplace_division",
        "sheJiRenShu": "workers_involved", "biaoDiFen": ("amount", fen),
        "lvSeTongDao": ("green_channel", _yes), "neiRong": "summary",
    }),
    sheet(tables.SKILL, "/v2/jineng/chaxun", {
        **_SAME, "zhiYeDaiMa": "occupation_code", "zhiYeMingCheng": "occupation_name",
        "dengJi": ("level", numbered(codes.SkillLevel, "J")),
        "zhengShuHao": "certificate_no", "faZhengJiGou": "issuer",
        "faZhengRi": ("issued_on", _day), "youXiaoQi": ("valid_until", _day),
    }),
    sheet(tables.TRAINING, "/v2/peixun/chaxun", {
        **_SAME, "keCheng": "course", "jiGou": "provider", "xueShi": "hours",
        "kaiShi": ("started_on", _day), "jieShu": ("finished_on", _day),
        "heGe": ("passed", _yes), "zhengShuHao": "certificate_no",
        "buTie": ("subsidised", _yes),
    }),
    sheet(tables.EMPLOYMENT, "/v2/jiuye/chaxun", {
        **_SAME, "danWeiDaiMa": "employer_code", "danWeiMingCheng": "employer_name",
        "danWeiQuHua": "employer_division", "gongZuoDi": "workplace_division",
        "yongGongDaiMa": "user_unit_code", "yongGongMingCheng": "user_unit_name",
        "hangYe": ("sector", numbered(codes.Sector, "H")), "gangWei": "position",
        "xingShi": ("form", numbered(codes.EmploymentForm, "XS")),
        "ruZhi": ("started_on", _day), "liZhi": ("ended_on", _day),
        "heTongBeiAn": "contract_no",
    }),
    sheet(tables.HARDSHIP_FILE, "/v2/kunnan/chaxun", {
        **_SAME, "jiaTing": "household_key",
        "zhuangTai": ("status", numbered(codes.HardshipStatus, "K")),
        "leiBie": "category", "jianDang": ("opened_on", _day),
        "jianDangDanWei": "opened_by", "xiaoDang": ("closed_on", _day),
        "renJunShouRuFen": ("income_per_head", fen), "renKou": "household_size",
        "jiHua": "plan", "mingXi": ("aids", _ledger),
    }),
)  # fmt: skip
