"""View: the code lists of rights cases, each value in words."""

from __future__ import annotations

from typing import Any

from schema.graph.view import describe, enum
from schema.records import case, case_powers, clock, venue
from schema.records.rights_case import CaseMatter as Matter

CaseMatter: Any = enum(Matter)

CaseState: Any = describe(
    case.CaseState,
    "案件在工会之间所处的状态；任何时刻恰有一个主办工会。 Where a case stands between unions: exactly one of them leads, always.",
    {
        "ROUTED": "已转送，待其答复；受理工会暂为主办。 A union is asked to lead; who took the request in leads meanwhile.",
        "OPEN": "主办工会办理中。 The lead runs it.",
        "HANDING_OVER": "拟移交；对方接办之前仍由原工会主办。 Offered to another union; the lead leads until that one accepts.",
        "ESCALATED": "已报上级：被推诿或逾期，商请上级工会接手（上代下）。 After a no or a passed limit, the union above is asked to take the lead.",
        "CLOSED": "已办结。 Ended, with a result.",
        "WITHDRAWN": "职工撤回。 Ended: taken back.",
    },
)
CaseRoleName: Any = describe(
    case_powers.Role,
    "工会在案件中的角色。 What a union is in a case; it may be several.",
    {
        "LEAD": "主办：办理案件。 Runs the case.",
        "CO_HANDLER": "协办：办理交办的任务。 Does the tasks that it is given.",
        "FOLLOWER": "跟踪：只看进展、期限和结果。 Sees milestones, due dates and the result.",
    },
    name="CaseRoleName",
)
CaseParty: Any = describe(
    case_powers.Party,
    "您以何身份查看案件：角色表的各行。 As what you look at a case: the rows of the table of roles.",
    {
        "LEAD": "主办工会。 The lead.",
        "CO_HANDLER": "协办工会。 A co-handler.",
        "FOLLOWER": "跟踪工会。 A follower.",
        "ASKED": "被商请主办的工会。 The union that is asked to lead.",
        "SUPERIOR": "被商请接手的上级工会。 The union above that is asked to take the lead.",
        "WORKER": "职工本人。 The worker.",
        "HOME_UNION": "会籍所在工会（未担任角色）。 The home of the membership, as such.",
        "INFORMANT": "劳动关系信息员。 A labour-relations informant.",
        "STATISTICS": "统计部门。 Statistics.",
        "OPERATOR": "枢纽运行人员。 Who runs the hub.",
        "INSPECTOR": "督查、审计人员。 An inspector or auditor.",
        "OUTSIDE_LAWYER": "社会律师、志愿者。 A lawyer or volunteer from outside.",
    },
    name="CaseParty",
)
CaseFieldName: Any = describe(
    case_powers.CaseField,
    "案件中可见的内容：角色表的各列。 What can be seen of a case: the columns of the table of roles.",
    {
        "CASE_NO": "案号。 The number.",
        "MATTER": "事由（matter、green）。 What it is about.",
        "STATE": "状态（state、accepted、overdue）。 Where it stands.",
        "WORKERS": "职工在枢纽的名称（workers）。 The hub's names of the workers.",
        "ROLES": "各工会的角色（roles、lead、asked、below、fileProvince）。 Who is what.",
        "FIRST_TOUCH": "首次接待日（firstTouchOn）。 When any union first received the request.",
        "MILESTONES": "进展（milestones、timeline）。 What happened.",
        "DUE_DATES": "期限（dueOn、dueDates、facts）。 By when what must happen.",
        "RESULT": "结果（result）。 How it ended.",
        "SUB_CASES": "全部子案（subCases）；本工会承办的随任务可见。 All sub-cases; own ones are seen with own tasks.",
        "OWN_TASKS": "本工会的任务及其材料。 The tasks that one was given, with their documents.",
        "TASKS": "全部协办任务（tasks）。 All tasks.",
        "DOCUMENTS": "全部材料（documents），以名称和散列值。 All documents, by reference and hash.",
        "CONTENT": "案情、金额、用人单位：保存在省里。 What happened, the amount, the employer: kept in the province.",
        "ACCESS_LOG": "谁看过案卷：在审计记录中。 Who looked at the file: in the audit trail.",
        "COUNTS": "数目。 Numbers of cases.",
    },
    name="CaseFieldName",
)
CaseGround: Any = describe(
    case.Ground,
    "因何担任角色。 By what a union has its role.",
    {
        "INTAKE": "受理了请求。 It took the request in.",
        "ROUTING": "按地点和事由。 By the place and the matter.",
        "DEFAULT": "按规定默认。 By the default of the rules.",
        "HAND_OVER": "移交。 It was handed over.",
        "TAKING_OVER": "上代下。 The union above took it.",
        "DELEGATION": "交办任务或子案。 It was given a task or sub-case.",
        "TRANSFER": "会籍转入。 The membership moved there.",
        "SUPERIOR": "上级工会曾跟踪。 It stands above and has followed the matter up.",
    },
    name="CaseGround",
)
CaseAct: Any = describe(
    case.ActKind,
    "案件中的办理行为。 Typed acts of a case.",
    {
        "INTAKE": "受理请求。 The request was taken in.",
        "ACCEPTANCE": "接办。 It was accepted.",
        "CONSULTATION_REPLY": "答复咨询。 A question was answered.",
        "MEDIATION": "调解。 Mediation.",
        "ARBITRATION": "仲裁。 Arbitration.",
        "LAWSUIT": "诉讼。 A lawsuit.",
        "INSPECTION_REFERRAL": "移送劳动监察。 Referred to the labour inspection.",
        "INJURY_APPLICATION": "申请工伤认定。 Recognition of a work injury was applied for.",
        "LEGAL_AID": "法律援助。 Legal aid.",
        "LIVING_AID": "生活救助。 Living aid.",
        "SETTLEMENT": "和解。 A settlement.",
        "HINT_LETTER": "提示函（一函）。 A hint letter of the union's supervision.",
        "OPINION_LETTER": "意见书（两书）。 An opinion letter.",
        "PROPOSAL_LETTER": "建议书（两书）。 A proposal letter.",
        "OTHER": "其他。 Another.",
    },
    name="CaseAct",
)
CaseStep: Any = describe(
    case.Step,
    "案件中发生的事：各进展节点。 What can happen in a case: its milestones.",
    {
        "OPENED": "立案。 It was opened.",
        "ACCEPTED": "接办。 The lead was accepted.",
        "DECLINED": "退回。 It was declined.",
        "FORWARDED": "转送。 It was sent on.",
        "REPORTED_UP": "上报。 It was reported up.",
        "HAND_OVER_OFFERED": "拟移交。 The lead was offered to another union.",
        "HAND_OVER_RECALLED": "收回移交。 The offer was taken back.",
        "TAKEN_OVER": "上级接手（上代下）。 The union above took the lead.",
        "LEFT_BELOW": "上级留给下级。 The union above left the lead where it is.",
        "FOLLOWED_UP": "上级跟踪。 A union above followed it up.",
        "MEMBERSHIP_MOVED": "会籍转移。 The membership moved.",
        "ACT": "办理行为。 An act was recorded.",
        "FACT_STATED": "记录事实。 A fact was stated.",
        "FACT_CORRECTED": "更正事实。 A fact was corrected.",
        "DOCUMENT_ADDED": "补充材料。 A document was added.",
        "SUB_CASE_OPENED": "设立子案。 A sub-case was opened.",
        "SUB_CASE_ENDED": "子案结束。 A sub-case ended.",
        "TASK": "协办任务有变动。 A task moved.",
        "LIMIT_PASSED": "答复期限已过。 The limit of an answer passed.",
        "CLOCK_PASSED": "期限已过。 A limit passed.",
        "CLOSED": "办结。 It was closed.",
        "WITHDRAWN": "撤回。 It was taken back.",
    },
    name="CaseStep",
)
CaseOutcome: Any = describe(
    case.Outcome,
    "案件结果。 How a case ended.",
    {
        "FULFILLED": "诉求实现。 The claim was fulfilled.",
        "PARTLY_FULFILLED": "部分实现。 In part.",
        "SETTLED": "和解。 It was settled.",
        "NOT_FULFILLED": "未实现。 It was not.",
        "REPLIED": "已答复。 The question was answered.",
    },
    name="CaseOutcome",
)
SubCaseKind: Any = describe(
    case.SubCaseKind,
    "子案的种类。 What hangs on a case.",
    {
        "LEGAL_AID": "法律援助。 Legal aid.",
        "LIVING_AID": "生活救助。 Living aid.",
    },
)
ClockPhase: Any = describe(
    clock.Phase,
    "期限的计算。 What a clock does.",
    {
        "UNLIMITED": "目前没有法定期限。 The law sets no limit as yet.",
        "RUNNING": "计算中。 It runs.",
        "SUSPENDED": "中止。 It stands still.",
        "MET": "已办理。 What it waited for was done.",
    },
    name="ClockPhase",
)
ClockStanding: Any = describe(
    clock.Standing,
    "期限今日的情况。 How a clock stands today.",
    {
        "UNLIMITED": "没有期限。 There is no limit.",
        "RUNNING": "未到。 It runs.",
        "REMIND": "临近。 The day of the reminder is here.",
        "PASSED": "已过。 Its last day is over.",
        "OPEN": "已满，可以办理。 The days have passed: an act has become possible.",
        "SUSPENDED": "中止。 It stands still.",
        "MET": "已办理。 It was met.",
        "MET_LATE": "逾期办理。 It was met late.",
    },
    name="ClockStanding",
)
Forum: Any = describe(
    venue.Forum,
    "由谁裁处。 Who decides, where a law says which place is competent.",
    {
        "ARREARS": "欠薪报告。 A report of arrears.",
        "ARBITRATION": "劳动争议仲裁。 Labour arbitration.",
        "COURT": "法院。 A court.",
        "INSPECTION": "劳动保障监察。 The labour inspection.",
        "INJURY_RECOGNITION": "工伤认定。 Recognition of a work injury.",
        "LEGAL_AID": "法律援助机构。 Legal aid.",
        "MEDIATION": "调解组织。 Mediation.",
        "MEMBERSHIP": "会籍所在工会帮扶。 The union with the membership helps.",
        "REPLY": "被询问者答复。 Who was asked answers.",
    },
)
