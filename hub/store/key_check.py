"""Adapter: are the secrets those that the stored pseudonyms were made with?

A mistyped secret does no visible harm at first: every worker is simply unknown,
and whoever is registered again gets a second worker id. So the store knows each
chain of secrets by a fingerprint, and a hub with another one does not start.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from hub.identity.worker_key import Pseudonyms
    from hub.store.pool import Pool

_REMEMBER: Final = """
INSERT INTO key_fingerprint (key_version, fingerprint)
SELECT key_version, fingerprint
FROM unnest(%s::smallint[], %s::bytea[]) AS new (key_version, fingerprint)
ON CONFLICT (key_version) DO NOTHING
"""
_KNOWN: Final = "SELECT key_version, fingerprint FROM key_fingerprint"

WRONG_WORKER_KEY = Refusal(
    "WRONG_WORKER_KEY",
    "worker-keys",
    Bilingual(
        "密钥版本 {versions} 与数据库中的假名不符：用它们会查不到任何人，并产生重复登记。",
        "Key version {versions} is not the one that the stored pseudonyms were made"
        " with: it would find nobody, and register everybody twice.",
    ),
    Bilingual(
        "请检查 [worker_keys] 中的算法、版本顺序和环境变量中的密钥；切勿修改已用过的密钥,"
        "更换密钥请新增版本。",
        "Check the algorithm and the order of versions in [worker_keys], and the"
        " secrets in the environment. Never change a secret that was used: add a"
        " version instead.",
    ),
)


async def confirm_keys(pool: Pool, pseudonyms: Pseudonyms) -> None:
    """Check the secrets against the store; remember versions that are new to it.

    Call it once, before the first look-up or registration.

    Raises:
        Refused: A version is another one than before (``WRONG_WORKER_KEY``).
        StoreUnavailable: The database cannot be asked now.
    """
    ours = pseudonyms.fingerprints()
    async with pool.connection() as connection, connection.transaction():
        known = await connection.execute(_KNOWN)
        stored: dict[int, bytes] = dict(await known.fetchall())
        wrong = [
            version
            for version, fingerprint in ours.items()
            if version in stored
            and not hmac.compare_digest(fingerprint, stored[version])
        ]
        if wrong:
            named = WRONG_WORKER_KEY.message.format(versions=", ".join(map(str, wrong)))
            raise Refused(
                Refusal(
                    WRONG_WORKER_KEY.code,
                    WRONG_WORKER_KEY.rule,
                    named,
                    WRONG_WORKER_KEY.remedy,
                )
            )
        if ours.keys() - stored.keys():
            await connection.execute(_REMEMBER, [list(ours), list(ours.values())])
