"""Value: what ``credential verify`` says."""

from __future__ import annotations

from typing import Final

from hub.credential.claims import Reason
from hub.credential.offline import Standing
from schema.records.moving import CredentialState
from schema.records.refusal import Bilingual

STATES: Final[dict[CredentialState | Reason, Bilingual]] = {
    CredentialState.VALID: Bilingual(
        "会员证有效。", "The credential is genuine and valid."
    ),
    CredentialState.EXPIRED: Bilingual(
        "会员证是真的，但已过有效期。", "The credential is genuine, but has expired."
    ),
    CredentialState.REVOKED: Bilingual(
        "会员证已被撤销或被新证取代。",
        "The credential was revoked, or a newer one has taken its place.",
    ),
    CredentialState.REDEEMED: Bilingual(
        "会员证已用于一次接转。", "The credential has served a transfer."
    ),
    CredentialState.FORGED: Bilingual(
        "不是真的会员证：签名不符，或内容被改动、不完整。请重新扫描一次再下结论。",
        "This is no genuine credential: its signature does not hold, or it was changed or"
        " is not whole. Scan it once more before you conclude anything.",
    ),
    CredentialState.FOREIGN: Bilingual(
        "签发方或签名密钥不在所给公钥之中。枢纽可能已换钥：请取新的公钥文件再验。",
        "The issuer or the key that signed it is not among the keys given. The hub may"
        " have a new one: fetch its keys again, and verify once more.",
    ),
    Reason.NOT_YET: Bilingual(
        "签名有效，但签发时间在未来：请核对本机时钟。",
        "The signature holds, but it was issued in the future: check this machine's"
        " clock.",
    ),
}

UNCERTAIN: Final = Bilingual(
    "签名有效，未过期；是否已被撤销或使用过，尚不能断定。",
    "The signature holds and it has not expired; whether it was revoked or redeemed"
    " cannot be told.",
)

PRESENTATIONS: Final = {
    CredentialState.VALID: Bilingual(
        "出示凭据的签名有效，未过期；是否已使用、会员证本身是否有效，离线不能断定，"
        "请联网核验（verifyCredential）。",
        "The signature of the presentation holds and it has not expired; whether it was"
        " used, and what its credential is worth, cannot be told without a line: ask"
        " verifyCredential.",
    ),
    CredentialState.EXPIRED: Bilingual(
        "出示凭据是真的，但已过有效期；请持证人重新出示。",
        "The presentation is genuine, but has expired; have the holder make another.",
    ),
}

STANDINGS: Final = {
    Standing.FRESH: Bilingual(
        "状态列表是当前的。", "The status list is a current one."
    ),
    Standing.STALE: Bilingual(
        "状态列表已过期：请取新的再验。",
        "The status list is stale: fetch it again, and verify once more.",
    ),
    Standing.ABSENT: Bilingual(
        "未用状态列表（--status）。", "No status list was used (--status)."
    ),
    Standing.UNUSABLE: Bilingual(
        "所给状态列表不可用：签名不符，或不是本证所在的列表。",
        "The status list given cannot be used: its signature does not hold, or it is not"
        " the one that this credential is in.",
    ),
}
