"""Value: how Hubei writes: sheets of an office, Chinese headings, codes in words.

Beside it: ``deploy/demo/mappings/42.toml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from deploy.demo.own_words.words import local, sheet
from deploy.demo.province import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from deploy.demo.own_words.words import Said

SEX: Final = {"MALE": "男", "FEMALE": "女", "OTHER": "其他"}
HOUSEHOLD: Final = {
    "RURAL": "农业", "CONVERTED": "农转非", "URBAN": "非农业", "OTHER": "其他",
}  # fmt: skip
STATE: Final = {
    "APPLIED": "已申请", "ACTIVE": "在籍", "OUT_REGISTERED": "已出登记",
    "IN_TRANSIT": "转移中", "IN_REGISTERED": "已进登记", "RETAINED": "保留会籍",
    "LANDED_FALLBACK": "挂靠", "TRANSFERRED": "已转出", "WITHDRAWN": "退会",
    "EXPELLED": "除名", "OTHER": "其他",
}  # fmt: skip
UNION: Final = {
    "NATIONAL": "全国总工会", "PROVINCE": "省总工会", "CITY": "市州总工会",
    "COUNTY": "县区总工会", "TOWNSHIP": "乡镇街道工会", "VILLAGE": "村社区工会",
    "GRASSROOTS": "基层工会", "JOINT_UNION": "联合基层工会",
    "UNION_FEDERATION": "工会联合会", "PROJECT_UNION": "项目工会",
    "INDUSTRY_UNION": "行业工会", "DEVELOPMENT_ZONE": "开发区工会",
    "OUT_OF_PROVINCE_STATION": "驻外工会", "OTHER": "其他",
}  # fmt: skip
CHANNEL: Final = {
    "ONLINE": "网上", "WINDOW": "窗口", "COLLECTIVE": "集体", "OTHER": "其他",
}  # fmt: skip
SIDE: Final = {"AGENCY": "派遣单位", "USER_UNIT": "用工单位", "OTHER": "其他"}
SECTOR: Final = {
    "DEVELOPMENT_ZONE": "开发区企业", "CONSTRUCTION": "建筑", "LOGISTICS": "物流",
    "DOMESTIC_SERVICE": "家政", "FARM_COOPERATIVE": "农业合作社",
    "LABOUR_DISPATCH": "劳务派遣", "CATERING": "餐饮", "MINING": "采矿",
    "MANUFACTURING": "制造", "OTHER": "其他",
}  # fmt: skip
GROUP: Final = {
    "TRUCK_DRIVER": "货车司机", "COURIER": "快递员", "NURSES_AIDE": "护工护理员",
    "DOMESTIC_WORKER": "家政服务员", "MALL_SHOP_ASSISTANT": "商场信息员",
    "ONLINE_ORDER_DELIVERY": "网约送餐员", "REAL_ESTATE_AGENT": "房产中介员",
    "SECURITY_GUARD": "保安员", "OTHER": "其他",
}  # fmt: skip
MATTER: Final = {
    "WAGE_ARREARS": "拖欠工资", "LABOUR_CONTRACT": "劳动合同", "DISMISSAL": "解除合同",
    "WORK_INJURY": "工伤", "OCCUPATIONAL_DISEASE": "职业病", "SOCIAL_INSURANCE": "社会保险",
    "SAFETY": "安全生产", "WOMEN_WORKERS": "女职工权益", "MEDIATION": "调解",
    "LEGAL_AID": "法律援助", "HARDSHIP_AID": "困难救助", "CONSULTATION": "咨询",
    "OTHER": "其他",
}  # fmt: skip
STATUS: Final = {
    "INTAKE": "已接待", "ACCEPTED": "已受理", "IN_MEDIATION": "调解中",
    "IN_ARBITRATION": "仲裁中", "IN_INSPECTION": "监察中", "IN_COURT": "诉讼中",
    "SETTLED": "已和解", "CLOSED": "已结案", "WITHDRAWN": "已撤回", "OTHER": "其他",
}  # fmt: skip
LEVEL: Final = {
    "SENIOR_TECHNICIAN": "高级技师", "TECHNICIAN": "技师", "ADVANCED": "高级工",
    "INTERMEDIATE": "中级工", "PRIMARY": "初级工", "OTHER": "其他",
}  # fmt: skip
FORM: Final = {
    "CONTRACT": "劳动合同", "DISPATCH": "劳务派遣", "DE_FACTO": "事实劳动关系",
    "PLATFORM": "平台用工", "SEASONAL": "季节工", "SELF_EMPLOYED": "自雇",
    "OTHER": "其他",
}  # fmt: skip
FILE: Final = {"OPEN": "在档", "LIFTED": "已脱困", "CLOSED": "已销档", "OTHER": "其他"}
ACT: Final = {
    "INTAKE": "接待", "ACCEPTANCE": "受理", "CONSULTATION_REPLY": "咨询答复",
    "MEDIATION": "调解", "ARBITRATION": "仲裁", "LAWSUIT": "诉讼",
    "INSPECTION_REFERRAL": "移送监察", "INJURY_APPLICATION": "工伤申请",
    "LEGAL_AID": "法律援助", "LIVING_AID": "生活救助", "SETTLEMENT": "和解",
    "HINT_LETTER": "提示函", "OPINION_LETTER": "意见书", "PROPOSAL_LETTER": "建议书",
    "OTHER": "其他",
}  # fmt: skip
#: What the hub asks to be written into the register.
ENTRY: Final = {
    "REGISTER_OUT": "出登记", "CANCEL_OUT": "撤销出登记", "REGISTER_IN": "进登记",
    "CANCEL_IN": "撤销进登记", "COMPLETE_OUT": "办结出登记",
}  # fmt: skip
ANSWER: Final = {"DONE": "已办", "REFUSED": "不予办理"}
REASON: Final = {
    "UNKNOWN_WORKER": "查无此人", "NOT_A_MEMBER": "无此证号", "OTHER_UNION": "在其他工会",
    "NOT_ACTIVE": "不在籍", "ALREADY_OUT": "已办出登记", "ALREADY_MEMBER": "已是会员",
    "UNKNOWN_UNION": "无此工会", "BARRED": "接转已终止", "KEY_REUSED": "编号重复",
}  # fmt: skip


def day(value: date) -> str:
    """Write a day as people do."""
    return f"{value.year}年{value.month}月{value.day}日"


def _yes(value: bool) -> str:  # noqa: FBT001  # it is written, not switched
    return "是" if value else "否"


def _ledger(aids: Sequence[Mapping[str, Any]]) -> str:
    return "；".join(
        "：".join(
            aid[name] or ""
            for name in ("programme", "period", "amount", "given_on", "given_by")
        )
        for aid in aids
    )


_SAME: Final[Mapping[str, Said]] = {
    "会员编号": "worker",
    "记录编号": "id",
    "更新时间": ("as_of", local),
}

SHEETS: Final = (
    sheet(tables.WORKER, "职工.csv", {
        "会员编号": "local_id", "更新时间": ("as_of", local), "姓名": "name",
        "性别": ("sex", SEX), "出生日期": ("birth_date", day), "学历": "education",
        "户籍地区划": "household_division", "户口性质": ("household_kind", HOUSEHOLD),
        "现住地区划": "residence_division", "手机号码": "phone",
    }, ""),
    sheet(tables.MEMBERSHIP, "会籍.csv", {
        **_SAME, "会员证号": "membership_no", "工会代码": "union_code",
        "工会名称": "union_name", "工会区划": "union_division",
        "工会类别": ("organisation_kind", UNION), "会籍状态": ("state", STATE),
        "入会渠道": ("join_channel", CHANNEL), "首次入会日期": ("joined_on", day),
        "起始日期": ("since", day), "终止日期": ("until", day),
        "源头入会": ("source_enrolled", _yes), "派遣入会方": ("dispatch_side", SIDE),
        "行业": ("sector", SECTOR), "八大群体": ("occupation_group", GROUP),
        "季节性": ("seasonal", _yes), "出登记日期": ("registered_out_on", day),
        "进登记日期": ("registered_in_on", day), "对方省份": "counterpart_province",
    }, ""),
    sheet(tables.RIGHTS_CASE, "维权案件.csv", {
        **_SAME, "案号": "case_no", "事由": ("matter", MATTER), "进展": ("status", STATUS),
        "首次接待日期": ("first_touch_on", day), "受理日期": ("accepted_on", day),
        "期限": ("due_on", day), "结案日期": ("closed_on", day), "处理结果": "result",
        "主办工会代码": "lead_union_code", "主办工会名称": "lead_union_name",
        "主办省份": "lead_province", "单位代码": "employer_code",
        "单位名称": "employer_name", "工作地区划": "workplace_division",
        "涉及人数": "workers_involved", "标的金额": "amount",
        "绿色通道": ("green_channel", _yes), "案情摘要": "summary",
    }, ""),
    sheet(tables.SKILL, "技能证书.csv", {
        **_SAME, "职业代码": "occupation_code", "职业名称": "occupation_name",
        "技能等级": ("level", LEVEL), "证书编号": "certificate_no", "发证机构": "issuer",
        "发证日期": ("issued_on", day), "有效期至": ("valid_until", day),
    }, ""),
    sheet(tables.TRAINING, "培训.csv", {
        **_SAME, "课程": "course", "培训机构": "provider", "学时": "hours",
        "开始日期": ("started_on", day), "结束日期": ("finished_on", day),
        "合格": ("passed", _yes), "证书编号": "certificate_no",
        "财政补贴": ("subsidised", _yes),
    }, ""),
    sheet(tables.EMPLOYMENT, "就业.csv", {
        **_SAME, "单位代码": "employer_code", "单位名称": "employer_name",
        "单位区划": "employer_division", "工作地区划": "workplace_division",
        "用工单位代码": "user_unit_code", "用工单位名称": "user_unit_name",
        "行业": ("sector", SECTOR), "岗位": "position", "用工形式": ("form", FORM),
        "入职日期": ("started_on", day), "离职日期": ("ended_on", day),
        "合同备案号": "contract_no",
    }, ""),
    sheet(tables.HARDSHIP_FILE, "困难职工.csv", {
        **_SAME, "家庭编号": "household_key", "档案状态": ("status", FILE),
        "困难类别": "category", "建档日期": ("opened_on", day), "建档单位": "opened_by",
        "销档日期": ("closed_on", day), "人均月收入": "income_per_head",
        "家庭人口": "household_size", "帮扶计划": "plan", "帮扶明细": ("aids", _ledger),
    }, ""),
)  # fmt: skip
