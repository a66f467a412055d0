"""Value: what a look-up is refused for, in words, with the way to mend it."""

from __future__ import annotations

from schema.records.refusal import Bilingual, Refusal

#: Nothing was looked for: the purpose was not allowed to begin with.
PURPOSE_NOT_ALLOWED = "PURPOSE_NOT_ALLOWED"


def may_not_begin(rule: str) -> Refusal:
    """The caller may not ask for this purpose at all."""
    return Refusal(
        code="PURPOSE_NOT_ALLOWED",
        rule=rule,
        message=Bilingual(
            "您的授权范围不允许以此目的查询会员档案。",
            "Your token's scopes do not allow a look-up for this purpose.",
        ),
        remedy=Bilingual(
            "请改用与您职责相符的目的，或向签发机构申请相应的授权范围。",
            "Use the purpose that fits your duty, or ask your issuer for the scope.",
        ),
    )


def may_not_see(rule: str) -> Refusal:
    """The caller stands in no relation to the worker that opens the file."""
    return Refusal(
        code="NO_RELATION",
        rule=rule,
        message=Bilingual(
            "查无此人，或您所在的工会与该职工没有登记关系，不能查阅其档案。",
            "There is no such worker, or your union has no registered relation to them, "
            "so no file is opened.",
        ),
        remedy=Bilingual(
            "请由职工本人出示居民身份号码后以号码查询，或先由贵省登记该职工的关联。",
            "Look the worker up by the resident ID number that they present, "
            "or have your province register its link first.",
        ),
    )


def too_many(most: int, given: int) -> Refusal:
    """More workers than one request may ask for."""
    return Refusal(
        code="TOO_MANY_WORKERS",
        rule="limits.workers",
        message=Bilingual(
            f"一次最多查询 {most} 人，收到 {given} 人。",
            f"One request takes at most {most} workers; {given} were given.",
        ),
        remedy=Bilingual(
            f"请分批查询，每批不超过 {most} 人。",
            f"Split the list into batches of at most {most}.",
        ),
    )


def enumeration() -> Refusal:
    """Too many look-ups by number found nobody: they look like guessing."""
    return Refusal(
        code="ENUMERATION_SUSPECTED",
        rule="limits.enumeration",
        message=Bilingual(
            "您或您所在机构近期以号码查询多次未查到人，已暂停以号码查询，并已记入审计。",
            "Too many recent look-ups by number, by you or your office, found nobody. "
            "Look-ups by number are suspended, and the audit trail says so.",
        ),
        remedy=Bilingual(
            "请核对号码来源，稍后再试；如确需批量核对，请联系枢纽运维调整上限。",
            "Check where the numbers come from and try again later; for a check of many "
            "people, ask the hub's operators for another limit.",
        ),
    )
