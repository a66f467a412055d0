"""Value: the parties and deeds of the table of roles, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.records.case_powers import Deed, Party
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PARTIES: Final[Mapping[str, Bilingual]] = {
    Party.LEAD: Bilingual("主办工会", "lead"),
    Party.CO_HANDLER: Bilingual("协办工会", "co-handler"),
    Party.FOLLOWER: Bilingual("跟踪工会", "follower"),
    Party.ASKED: Bilingual("被商请主办的工会", "union that is asked to lead"),
    Party.SUPERIOR: Bilingual("上级工会", "union above"),
    Party.WORKER: Bilingual("职工本人", "worker"),
    Party.HOME_UNION: Bilingual("会籍所在工会", "home union"),
    Party.INFORMANT: Bilingual("劳动关系信息员", "labour-relations informant"),
    Party.STATISTICS: Bilingual("统计部门", "statistics office"),
    Party.OPERATOR: Bilingual("枢纽运行人员", "hub operator"),
    Party.INSPECTOR: Bilingual("督查、审计人员", "inspector or auditor"),
    Party.OUTSIDE_LAWYER: Bilingual("社会律师、志愿者", "outside lawyer or volunteer"),
}
DEEDS: Final[Mapping[str, Bilingual]] = {
    Deed.OPEN_CASE: Bilingual("立案", "opening a case"),
    Deed.REPORT_ARREARS: Bilingual("报告欠薪", "reporting arrears"),
    Deed.ANSWER_ROUTE: Bilingual("答复是否主办", "answering whether to lead"),
    Deed.RECORD_ACT: Bilingual("登记办案事项", "recording an act"),
    Deed.STATE_FACT: Bilingual("登记或更正期限事实", "stating or correcting a fact"),
    Deed.OPEN_SUB_CASE: Bilingual("设立子案", "opening a sub-case"),
    Deed.END_SUB_CASE: Bilingual("报告子案结果", "ending a sub-case"),
    Deed.ASSIGN_TASK: Bilingual("交办协办任务", "giving a task"),
    Deed.DELEGATE: Bilingual("委托其他工会协办", "delegating to another union"),
    Deed.DO_TASK: Bilingual("办理协办任务", "doing a task"),
    Deed.CLOSE_TASK: Bilingual("办结或再次交办任务", "closing a task or asking again"),
    Deed.ADD_DOCUMENT: Bilingual("补充材料", "adding a document"),
    Deed.HAND_OVER: Bilingual("移交主办", "handing the lead over"),
    Deed.REPORT_UP: Bilingual("上报上级工会", "reporting upwards"),
    Deed.TAKE_OVER: Bilingual("“上代下”", "taking the lead from below"),
    Deed.FOLLOW_UP: Bilingual("记录上级跟踪", "recording a follow-up from above"),
    Deed.CLOSE_CASE: Bilingual("办结案件", "closing the case"),
    Deed.WITHDRAW_CASE: Bilingual("撤回案件", "withdrawing the case"),
    Deed.SEARCH: Bilingual("检索案件", "searching for cases"),
    Deed.CHANGE_MEMBERSHIP: Bilingual("变更会籍", "changing a membership"),
}
NOTHING: Final = Bilingual("未担任角色", "none")


def listed(parties: Iterable[str]) -> Bilingual:
    """Name parties one after the other."""
    words = [PARTIES[party] for party in parties]
    if not words:
        return NOTHING
    return Bilingual(
        "、".join(one.zh for one in words), ", ".join(one.en for one in words)
    )
