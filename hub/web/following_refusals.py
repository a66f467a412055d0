"""Value: why a question about rights cases is refused, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hub.web.moving_refusals import NO_ZONE, PAGE_SIZE
from schema.records.paging import MOST_ON_PAGE
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from datetime import datetime

NO_SCOPE: Final = Refusal(
    "SCOPE_MISSING",
    "scope.cases",
    Bilingual(
        "您的授权范围不允许查看维权案件。",
        "Your token's scopes do not allow looking at rights cases.",
    ),
    Bilingual(
        "请向签发机构申请 case:read 或 cases:write（本工会的案件）、audit:read（督查）"
        "或 self:read（职工本人）授权范围。",
        "Ask your issuer for the scope case:read or cases:write (cases of your unions),"
        " audit:read (inspection) or self:read (the worker).",
    ),
)
NO_SCOPE_TO_LIST: Final = Refusal(
    "SCOPE_MISSING",
    "scope.cases.list",
    Bilingual(
        "您的授权范围不允许列出维权案件。",
        "Your token's scopes do not allow listing rights cases.",
    ),
    Bilingual(
        "职工本人的案件请查 Worker.followedCases，或按案号查 case。",
        "Of the own cases ask Worker.followedCases, or case by its number.",
    ),
)
NOT_YOUR_OFFICE: Final = Refusal(
    "NOT_YOUR_OFFICE",
    "cases.office",
    Bilingual(
        "您只能查看自己的工会及其下级。",
        "You may look at your own union and those below it only.",
    ),
    Bilingual("请改填这些工会之一，或省略。", "Name one of these, or leave it out."),
)
NO_LINE: Final = Refusal(
    "CURSOR_INVALID",
    "cases.timeline.after",
    Bilingual(
        "参数 after 不是案件经过的游标。", "after is no cursor of the lines of a case."
    ),
    Bilingual(
        "请原样使用上一页的 endCursor，或者省略。",
        "Give the endCursor of the page before as it was, or leave it out.",
    ),
)


def of_page(first: int, *since: datetime | None) -> Refusal | None:
    """Say why a page of this size, from these moments, is not given."""
    if not 1 <= first <= MOST_ON_PAGE:
        return PAGE_SIZE
    if any(one is not None and one.tzinfo is None for one in since):
        return NO_ZONE
    return None
