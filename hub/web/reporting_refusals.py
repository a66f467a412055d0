"""Value: why reports, figures and digests are not shown, and how to mend it."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

NO_SCOPE: Final = Refusal(
    "SCOPE_MISSING",
    "scope.cases.counting",
    Bilingual(
        "您的授权范围不允许查看。", "Your token's scopes do not allow looking at this."
    ),
    Bilingual(
        "请向签发机构申请 case:read、cases:write 或 audit:read（督查）授权范围。",
        "Ask your issuer for the scope case:read, cases:write or audit:read (inspection).",
    ),
)
NOT_YOUR_OFFICE: Final = Refusal(
    "NOT_YOUR_OFFICE",
    "cases.office",
    Bilingual(
        "您只能查看自己的工会及其下级。",
        "You may look at your own union and those below it only.",
    ),
    Bilingual("请改填这些工会之一。", "Name one of these."),
)
NOT_YOUR_CORRIDOR: Final = Refusal(
    "NOT_YOUR_CORRIDOR",
    "cooperation.corridor",
    Bilingual(
        "只有这两省的机构和督查可以查看两省之间的协作。",
        "How two provinces work together is shown to their offices and to inspection.",
    ),
    Bilingual("请改填包括本省的两省。", "Name two provinces, one of them your own."),
)
DAY_OUT_OF_RANGE: Final = Refusal(
    "DAY_OUT_OF_RANGE",
    "cooperation.period",
    Bilingual(
        "日期或者期间超出可以查询的范围，或者起止颠倒。",
        "This day or time cannot be asked about, or it ends before it begins.",
    ),
    Bilingual(
        "摘要：前后一年之内的一日；指标：1949-10-01 以后、先起后止的期间。",
        "A digest is of a day within a year from today; figures are of a time after"
        " 1949-10-01 that ends after it begins.",
    ),
)
ONE_OF_BOTH: Final = Refusal(
    "OFFICE_OR_CORRIDOR",
    "cooperation.question",
    Bilingual(
        "请填写工会（office）或者两省（corridor）之一。",
        "Name a union (office) or two provinces (corridor), and not both.",
    ),
    Bilingual("请只填其一。", "Give one of them."),
)
