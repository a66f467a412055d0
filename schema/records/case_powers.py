"""Value: the rows and columns of the table of roles (RULEBOOK §3)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a labour union is in a case; it may be several."""

    #: 主办: runs it; by default the inflow-area union (002 §10).
    LEAD = "LEAD"
    #: 协办: has tasks; by default the outflow-area union (002 §10).
    CO_HANDLER = "CO_HANDLER"
    #: 跟踪: sees milestones, due dates and the result (000 §四.5).
    FOLLOWER = "FOLLOWER"


class Party(StrEnum):
    """Who stands to a case in some way: the rows of the table.

    The first three are the roles, by the same names.
    """

    LEAD = "LEAD"
    CO_HANDLER = "CO_HANDLER"
    FOLLOWER = "FOLLOWER"
    #: The union that is asked to lead: by routing or hand-over.
    ASKED = "ASKED"
    #: The union above the lead, or above the one that said no.
    SUPERIOR = "SUPERIOR"
    WORKER = "WORKER"
    #: The home of the membership, as such; as a rule it also follows the case.
    HOME_UNION = "HOME_UNION"
    #: 劳动关系信息员.
    INFORMANT = "INFORMANT"
    STATISTICS = "STATISTICS"
    #: Who runs the hub.
    OPERATOR = "OPERATOR"
    #: Inspector or auditor: for a limited time, and logged.
    INSPECTOR = "INSPECTOR"
    #: Lawyer or volunteer from outside: one task, with an expiry date.
    OUTSIDE_LAWYER = "OUTSIDE_LAWYER"


class Deed(StrEnum):
    """What can be done about a case: the table's columns of acts."""

    OPEN_CASE = "OPEN_CASE"
    REPORT_ARREARS = "REPORT_ARREARS"
    #: Say yes or no to leading it, or send it on, when asked.
    ANSWER_ROUTE = "ANSWER_ROUTE"
    #: Record a typed act (mediation, arbitration, 一函两书 …).
    RECORD_ACT = "RECORD_ACT"
    #: State a fact that a clock runs from, or correct one.
    STATE_FACT = "STATE_FACT"
    OPEN_SUB_CASE = "OPEN_SUB_CASE"
    #: Report how a sub-case ended: its own union does.
    END_SUB_CASE = "END_SUB_CASE"
    ASSIGN_TASK = "ASSIGN_TASK"
    #: Give a task to a union without a role, which makes it a co-handler.
    DELEGATE = "DELEGATE"
    #: Acknowledge, answer, extend or refuse an own task.
    DO_TASK = "DO_TASK"
    #: Close a task or ask again.
    CLOSE_TASK = "CLOSE_TASK"
    ADD_DOCUMENT = "ADD_DOCUMENT"
    #: Offer the lead to another union, and take the offer back.
    HAND_OVER = "HAND_OVER"
    #: Report upwards that it cannot be done here (上代下 then follows).
    REPORT_UP = "REPORT_UP"
    #: 上代下: take the lead, leave it below, or send it on; on a ground only.
    TAKE_OVER = "TAKE_OVER"
    #: Record that the matter was followed up from above (002 §5, §11).
    FOLLOW_UP = "FOLLOW_UP"
    CLOSE_CASE = "CLOSE_CASE"
    WITHDRAW_CASE = "WITHDRAW_CASE"
    #: Look for cases of people.
    SEARCH = "SEARCH"
    CHANGE_MEMBERSHIP = "CHANGE_MEMBERSHIP"


class CaseField(StrEnum):
    """What can be seen of a case: the table's columns of fields."""

    CASE_NO = "CASE_NO"
    MATTER = "MATTER"
    STATE = "STATE"
    #: The hub's pseudonyms of the workers.
    WORKERS = "WORKERS"
    ROLES = "ROLES"
    FIRST_TOUCH = "FIRST_TOUCH"
    MILESTONES = "MILESTONES"
    DUE_DATES = "DUE_DATES"
    RESULT = "RESULT"
    SUB_CASES = "SUB_CASES"
    #: The tasks that the one who looks was given, with their documents.
    OWN_TASKS = "OWN_TASKS"
    TASKS = "TASKS"
    DOCUMENTS = "DOCUMENTS"
    #: What happened, the amount, the employer: kept in the province.
    CONTENT = "CONTENT"
    #: Who looked at the file.
    ACCESS_LOG = "ACCESS_LOG"
    #: Numbers of cases, small ones suppressed.
    COUNTS = "COUNTS"
