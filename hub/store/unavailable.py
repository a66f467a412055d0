"""Value: the store cannot answer just now."""

from __future__ import annotations

from schema.records.refusal import Bilingual, Refusal, Refused

STORE_UNAVAILABLE = Refusal(
    "STORE_UNAVAILABLE",
    "store",
    Bilingual(
        "枢纽数据库暂时无法使用，未作任何改动。",
        "The hub's database cannot be used just now; nothing was changed.",
    ),
    Bilingual(
        "请稍后重试；若持续出现，请运维人员检查 PostgreSQL。",
        "Try again in a moment; if it stays so, have the operator check PostgreSQL.",
    ),
)


class StoreUnavailable(Refused):
    """No connection in time, or it was lost, or the statement took too long.

    It is a refusal so that every edge can show it as it is.

    Attributes:
        reason: For the log: the kind of the error, without any data.
        lost: The connection was lost, so that another may do.
    """

    def __init__(self, reason: str, *, lost: bool = False) -> None:
        super().__init__(STORE_UNAVAILABLE)
        self.reason = reason
        self.lost = lost

    def __str__(self) -> str:
        """Say why, for the log."""
        return f"{super().__str__()} ({self.reason})"
