"""Value: how provinces call what we have: words by which a first mapping is guessed.

Chinese words as they stand in heads of files and comments of columns; initials of their
pinyin, as old systems name columns; our own English names are known besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.records.kinds import RecordKind

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Words that the name of a table or file has, by kind.
TABLES: Final[Mapping[RecordKind, str]] = {
    RecordKind.WORKER: "职工 人员 农民工 个人 基本信息 worker person people staff zg ry grxx zgxx ryxx jbxx",
    RecordKind.MEMBERSHIP: "会员 会籍 入会 member membership hy hyxx hj",
    RecordKind.RIGHTS_CASE: "案件 维权 case rights aj ajxx wq",
    RecordKind.SKILL: "技能 证书 资格 skill certificate jn jnzs zs",
    RecordKind.TRAINING: "培训 training course px pxxx",
    RecordKind.EMPLOYMENT: "就业 用工 合同 工作 employment job contract jy yg ht",
    RecordKind.HARDSHIP_FILE: "困难 帮扶 档案 hardship aid kn bf knda",
}

#: What a row is called by, whose it is, and how fresh it is.
KEY: Final = "职工编号 人员编号 个人编号 职工号 人员id zgbh rybh grbh ryid zgid worker_id person_id local_id worker"
ROW: Final = "编号 序号 主键 id bh xh xxbh pk"
AS_OF: Final = "更新时间 更新日期 修改时间 最后更新 数据时间 gxsj gxrq xgsj updated_at update_time modified as_of"
#: What else a parameter is called that takes a worker's key.
PARAMETER: Final = "key local_id"

#: Words of the fields, by their Python names; those that several kinds have, once.
FIELDS: Final[Mapping[str, str]] = {
    "name": "姓名 名字 xm",
    "sex": "性别 xb gender",
    "birth_date": "出生日期 出生年月 生日 csrq csny birthday dob",
    "education": "学历 文化程度 xl whcd",
    "household_division": "户籍地 户籍行政区划 户籍所在地 户籍区划 hjd hjxzqh hjqh",
    "household_kind": "户口性质 户籍性质 户口类别 hkxz hjxz",
    "residence_division": "居住地 现住地 现居住地区划 居住地行政区划 jzd jzxzqh xzd",
    "phone": "手机号 手机号码 联系电话 电话 sjh sjhm lxdh mobile telephone",
    "membership_no": "会员证号 会员号 会员编号 会员卡号 hyzh hyh hybh hykh",
    "union_code": "工会代码 工会统一社会信用代码 工会编码 ghdm ghxydm ghbm",
    "union_name": "工会名称 所在工会 工会全称 ghmc",
    "union_division": "工会行政区划 工会所在地 工会区划 ghxzqh ghqh",
    "organisation_kind": "工会类型 组织类型 ghlx zzlx",
    "state": "会籍状态 会员状态 状态 hjzt hyzt zt status",
    "join_channel": "入会渠道 入会方式 rhqd rhfs",
    "joined_on": "首次入会日期 入会日期 入会时间 rhrq rhsj join_date",
    "since": "开始日期 起始日期 转入日期 ksrq qsrq start_date",
    "until": "结束日期 终止日期 截止日期 jsrq zzrq end_date",
    "source_enrolled": "源头入会 ytrh",
    "dispatch_side": "派遣入会方 pqrhf",
    "sector": "行业 所属行业 hy hylb sshy industry",
    "occupation_group": "八大群体 职业群体 群体类别 bdqt qtlb",
    "seasonal": "季节性 季节工 jjx jjg",
    "registered_out_on": "转出登记日期 转出日期 出登记 zcrq zcdjrq",
    "registered_in_on": "转入登记日期 进登记 zrdjrq zrrq",
    "counterpart_province": "对方省份 对方省 dfsf dfs",
    "case_no": "案件编号 案号 案件号 ajbh ah",
    "matter": "案由 案件类型 诉求类型 ay ajlx",
    "status": "状态 办理状态 案件状态 zt blzt ajzt",
    "first_touch_on": "首次接触日期 首接日期 登记日期 sjrq djrq",
    "accepted_on": "受理日期 受理时间 slrq slsj",
    "due_on": "办理期限 到期日期 blqx dqrq",
    "closed_on": "结案日期 办结日期 销档日期 jarq bjrq",
    "result": "处理结果 办理结果 结果 cljg bljg",
    "lead_union_code": "主办工会代码 zbghdm",
    "lead_union_name": "主办工会 主办工会名称 zbgh zbghmc",
    "lead_province": "主办省 zbs",
    "employer_code": "单位统一社会信用代码 单位代码 用人单位代码 dwdm tyshxydm",
    "employer_name": "单位名称 用人单位 企业名称 用人单位名称 dwmc qymc yrdw",
    "employer_division": "单位行政区划 单位所在地 dwxzqh dwqh",
    "workplace_division": "工作地 工作地行政区划 用工地 gzd gzdxzqh",
    "workers_involved": "涉及人数 涉案人数 sjrs sars",
    "amount": "金额 涉案金额 申请金额 欠薪金额 je saje sqje",
    "green_channel": "绿色通道 lstd",
    "summary": "案情 案情摘要 诉求内容 aq aqzy",
    "occupation_code": "职业代码 工种代码 zydm gzdm",
    "occupation_name": "职业名称 工种 职业工种 zymc gz gzmc",
    "level": "技能等级 等级 jndj dj",
    "certificate_no": "证书编号 证书号 zsbh zsh",
    "issuer": "发证机关 发证机构 fzjg",
    "issued_on": "发证日期 发证时间 fzrq",
    "valid_until": "有效期至 有效期 yxqz yxq",
    "course": "培训项目 课程 培训课程 pxxm kc",
    "provider": "培训机构 培训单位 pxjg",
    "hours": "学时 课时 xs ks",
    "started_on": "开始日期 入职日期 起始日期 ksrq rzrq start_date",
    "finished_on": "结束日期 结业日期 jsrq jyrq",
    "passed": "是否合格 合格 sfhg hg",
    "subsidised": "是否补贴 补贴 sfbt bt",
    "user_unit_code": "用工单位代码 ygdwdm",
    "user_unit_name": "用工单位 用工单位名称 ygdw ygdwmc",
    "position": "岗位 职务 gw zw",
    "form": "用工形式 就业形式 ygxs jyxs",
    "ended_on": "离职日期 结束日期 lzrq jsrq",
    "contract_no": "合同编号 合同号 htbh hth",
    "household_key": "户编号 家庭编号 户号 hbh jtbh",
    "category": "困难类别 致困原因 困难类型 knlb zkyy",
    "opened_on": "建档日期 建档时间 jdrq",
    "opened_by": "建档工会 建档单位 jdgh jddw",
    "income_per_head": "人均收入 人均月收入 rjsr rjysr",
    "household_size": "家庭人数 家庭人口 jtrs jtrk",
    "plan": "帮扶计划 帮扶措施 bfjh bfcs",
    "aids": "帮扶记录 救助记录 bfjl jzjl",
}

#: What is never needed, and better not named in a mapping by mistake.
NEVER: Final = "身份证 身份证号 身份证号码 公民身份号码 sfz sfzh sfzhm gmsfhm zjhm idcard id_card id_number"

#: Code lists that a standard gives, by the name of ours: what a province probably has.
STANDARD: Final[Mapping[str, Mapping[str, str]]] = {
    # GB/T 2261.1
    "Sex": {"1": "MALE", "2": "FEMALE", "0": "OTHER", "9": "OTHER"},
}

#: What people write beside the codes of a list, by our list and by what is meant.
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "Sex": {"MALE": "男 男性 male m", "FEMALE": "女 女性 female f", "OTHER": "未知 未说明"},
    "HouseholdKind": {
        "RURAL": "农业 农村 农业户口", "CONVERTED": "农转非 转非", "OTHER": "其他",
        "URBAN": "非农业 非农 城镇 城市 非农业户口",
    },
    "OrganisationKind": {
        "GRASSROOTS": "基层工会 基层", "JOINT_UNION": "联合工会 联合基层工会",
        "UNION_FEDERATION": "工会联合会", "PROJECT_UNION": "项目工会",
        "INDUSTRY_UNION": "行业工会 产业工会", "OTHER": "其他",
    },
    "MembershipState": {
        "APPLIED": "申请 申请中 待审 待审核", "ACTIVE": "正常 有效 在册 在籍 在会",
        "OUT_REGISTERED": "转出登记 已登记转出", "IN_TRANSIT": "转接中 转会中 流转中 在途",
        "IN_REGISTERED": "转入登记 已登记转入", "RETAINED": "保留 保留会籍",
        "TRANSFERRED": "已转出 转出", "WITHDRAWN": "退会 已退会 注销",
        "EXPELLED": "除名 开除", "OTHER": "其他",
    },
    "JoinChannel": {
        "ONLINE": "网上 线上 在线 网上入会", "WINDOW": "窗口 现场 线下",
        "COLLECTIVE": "集体 集中 集中入会", "OTHER": "其他",
    },
    "DispatchSide": {"AGENCY": "派遣单位", "USER_UNIT": "用工单位", "OTHER": "其他"},
    "Sector": {
        "CONSTRUCTION": "建筑 建筑业", "LOGISTICS": "物流 运输 交通运输",
        "DOMESTIC_SERVICE": "家政 家政服务", "FARM_COOPERATIVE": "农业合作社 合作社",
        "LABOUR_DISPATCH": "劳务派遣", "CATERING": "餐饮 餐饮业", "MINING": "采矿 采矿业 煤矿",
        "MANUFACTURING": "制造 制造业", "DEVELOPMENT_ZONE": "开发区", "OTHER": "其他",
    },
    "OccupationGroup": {
        "TRUCK_DRIVER": "货车司机", "COURIER": "快递员", "NURSES_AIDE": "护工 护理员 护工护理员",
        "DOMESTIC_WORKER": "家政 家政服务员", "MALL_SHOP_ASSISTANT": "商场信息员",
        "ONLINE_ORDER_DELIVERY": "网约送餐员 送餐员 外卖员",
        "REAL_ESTATE_AGENT": "房产中介员 房产中介", "SECURITY_GUARD": "保安员 保安",
        "OTHER": "其他",
    },
    "CaseMatter": {
        "WAGE_ARREARS": "欠薪 拖欠工资 工资", "LABOUR_CONTRACT": "劳动合同",
        "DISMISSAL": "辞退 解除劳动合同 开除", "WORK_INJURY": "工伤",
        "OCCUPATIONAL_DISEASE": "职业病", "SOCIAL_INSURANCE": "社保 社会保险",
        "SAFETY": "安全生产 劳动安全", "WOMEN_WORKERS": "女职工 女职工权益",
        "MEDIATION": "调解", "LEGAL_AID": "法律援助", "HARDSHIP_AID": "困难帮扶 帮扶",
        "CONSULTATION": "咨询", "OTHER": "其他",
    },
    "CaseStatus": {
        "INTAKE": "登记 接访 已登记", "ACCEPTED": "受理 已受理", "IN_MEDIATION": "调解中 调解",
        "IN_ARBITRATION": "仲裁中 仲裁", "IN_INSPECTION": "监察中 劳动监察",
        "IN_COURT": "诉讼中 诉讼", "SETTLED": "和解 已和解 调解成功",
        "CLOSED": "结案 已结案 办结 已办结", "WITHDRAWN": "撤回 撤诉 已撤回", "OTHER": "其他",
    },
    "SkillLevel": {
        "SENIOR_TECHNICIAN": "高级技师 一级", "TECHNICIAN": "技师 二级",
        "ADVANCED": "高级工 高级 三级", "INTERMEDIATE": "中级工 中级 四级",
        "PRIMARY": "初级工 初级 五级", "OTHER": "其他",
    },
    "EmploymentForm": {
        "CONTRACT": "劳动合同 合同 合同工", "DISPATCH": "劳务派遣 派遣", "DE_FACTO": "事实劳动关系",
        "PLATFORM": "平台 平台用工", "SEASONAL": "季节工 季节性", "SELF_EMPLOYED": "个体 自雇",
        "OTHER": "其他",
    },
    "HardshipStatus": {
        "OPEN": "在档 建档 在册", "LIFTED": "脱困 解困 已脱困", "CLOSED": "销档 已销档 撤档",
        "OTHER": "其他",
    },
}  # fmt: skip
