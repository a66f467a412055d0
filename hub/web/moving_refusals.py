"""Value: why a question about memberships that move is refused, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.records.paging import MOST_ON_PAGE
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from datetime import datetime

NO_SCOPE: Final = Refusal(
    "SCOPE_MISSING",
    "scope.transfers",
    Bilingual(
        "您的授权范围不允许查看会籍转接。",
        "Your token's scopes do not allow looking at transfers.",
    ),
    Bilingual(
        "请向签发机构申请 transfers:write、worker:read 或 audit:read 授权范围。",
        "Ask your issuer for the scope transfers:write, worker:read or audit:read.",
    ),
)
NO_SCOPE_FOR_FILES: Final = Refusal(
    "SCOPE_MISSING",
    "scope.worker:read",
    Bilingual(
        "您的授权范围不允许查看转来会员的档案。",
        "Your token's scopes do not allow looking at the files of those who came.",
    ),
    Bilingual(
        "请向签发机构申请 worker:read 授权范围；只看转接请用 transfers。",
        "Ask your issuer for the scope worker:read; for the transfers alone ask"
        " transfers.",
    ),
)
NO_SCOPE_TO_PRESENT: Final = Refusal(
    "SCOPE_MISSING",
    "scope.credential",
    Bilingual(
        "您的授权范围不允许出示会员证。",
        "Your token's scopes do not allow presenting a credential.",
    ),
    Bilingual(
        "请向签发机构申请 self:read（持证人）或 transfers:write（工会窗口）。",
        "Ask your issuer for self:read (the holder) or transfers:write (a window).",
    ),
)
PAGE_SIZE: Final = Refusal(
    "PAGE_SIZE",
    "paging.first",
    Bilingual(
        f"first 须为 1 至 {MOST_ON_PAGE}。", f"first must be from 1 to {MOST_ON_PAGE}."
    ),
    Bilingual(
        "请改小 first，并以 endCursor 作为 after 续读。",
        "Ask for fewer, and go on with endCursor as after.",
    ),
)
NO_ZONE: Final = Refusal(
    "MOMENT_WITHOUT_ZONE",
    "paging.since",
    Bilingual(
        "since、changedSince 须写明时区。", "since and changedSince name a time zone."
    ),
    Bilingual(
        "请写如 2026-03-01T00:00:00+08:00。", "Write 2026-03-01T00:00:00+08:00, say."
    ),
)
DAY_TO_COME: Final = Refusal(
    "DAY_TO_COME",
    "history.as-of",
    Bilingual(
        "asOf 是将来的日子，会籍经历无从告知。",
        "asOf is a day to come: nobody knows yet where the member is at home then.",
    ),
    Bilingual(
        "请填写今天（北京时间）或以前的日子，或省略。",
        "Name today in China, or a day before it, or leave it out.",
    ),
)
CURSOR: Final = Refusal(
    "CURSOR_INVALID",
    "paging.after",
    Bilingual(
        "参数 after 不是此列表给出的游标。", "after is no cursor that this list gave."
    ),
    Bilingual(
        "请原样使用上一页的 endCursor，或省略 after。",
        "Use the endCursor of the page before as it was, or leave after out.",
    ),
)
NOT_YOUR_OFFICE: Final = Refusal(
    "NOT_YOUR_OFFICE",
    "transfers.office",
    Bilingual(
        "您只能查看自己的工会及其下级。",
        "You may look at your own union and those below it only.",
    ),
    Bilingual("请改填这些工会之一，或省略。", "Name one of these, or leave it out."),
)
UNKNOWN_BATCH: Final = Refusal(
    "UNKNOWN_BATCH",
    "transfers.batch",
    Bilingual("没有您可见的此批次。", "There is no such batch that you may see."),
    Bilingual(
        "请核对编号；上传的批次须先经 bulkTransfer 提交。",
        "Check the id; an uploaded batch must be submitted by bulkTransfer first.",
    ),
)


def of_page(first: int, since: datetime | None) -> Refusal | None:
    """Say why a page of this size, from this moment, is not given."""
    if not 1 <= first <= MOST_ON_PAGE:
        return PAGE_SIZE
    return NO_ZONE if since is not None and since.tzinfo is None else None
