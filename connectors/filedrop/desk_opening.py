"""Adapter: makes what stands beside the batches of a drop folder, from its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.filedrop.act_words import ActWords
from connectors.filedrop.case_log import CaseLog
from connectors.filedrop.desk import Desk
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections import abc

    from connectors.filedrop.mirror import Mirror
    from connectors.filedrop.places import Places
    from connectors.filedrop.settings import FilesSettings
    from connectors.mapping.mapping import Mapping
    from schema.records.keys import ProvinceCode

_RULE = "province-mapping"


def open_desk(
    province: ProvinceCode, settings: FilesSettings, places: Places, mapping: Mapping
) -> Desk | None:
    """Make the desk; none if the province takes no acts.

    Raises:
        Refused: The mapping has no words for acts.
    """
    if settings.acts is None:
        return None
    if mapping.command is None or mapping.receipt is None:
        raise _wordless(province, "acts", "[acts.command] [acts.receipt]")
    if not mapping.command.columns.get("key") or not mapping.receipt.columns.get("key"):
        # By its key alone a row that comes back is known again.
        raise _wordless(province, "acts", "acts.command.key acts.receipt.key")
    words = ActWords(mapping.command, mapping.receipt)
    settle = settings.settle.total_seconds()
    return Desk(province, settings.acts, places, words, settle=settle)


def open_case_log(
    province: ProvinceCode, settings: FilesSettings, places: Places, mapping: Mapping
) -> CaseLog | None:
    """Make the log of case files; none if the province does not tell of them.

    Raises:
        Refused: The mapping has no words for changes.
    """
    if not settings.changes:
        return None
    if mapping.change is None:
        raise _wordless(province, "changes", "[changes]")
    settle = settings.settle.total_seconds()
    return CaseLog(province, places, mapping.change, settle)


def open_mirror(
    province: ProvinceCode,
    settings: FilesSettings,
    places: Places,
    environ: abc.Mapping[str, str],
) -> Mirror | None:
    """Make the mirror; none if the drop folder is here.

    Raises:
        Refused: The secret is not there, or is no private key.
    """
    sftp = settings.sftp
    if sftp is None:
        return None
    # Slow to import, and few drop folders are elsewhere.
    from connectors.filedrop.mirror import Mirror  # noqa: PLC0415
    from connectors.filedrop.sftp import (  # noqa: PLC0415
        is_private_key,
        is_public_key,
    )

    variable = sftp.password_env or sftp.key_env or ""
    secret = environ.get(variable, "").strip("\r\n")
    if not secret:
        raise _secretless(
            province, f"{variable} 未设置或为空。", f"{variable} is not set."
        )
    if sftp.key_env and not is_private_key(secret):
        raise _secretless(
            province,
            f"{variable} 的内容不是可用的私钥。",
            f"What {variable} holds is no private key that can be used.",
        )
    if not is_public_key(sftp.host_key):
        raise _secretless(
            province,
            "files.sftp.host_key 不是完整的公钥。",
            "files.sftp.host_key is no whole public key.",
            _HOST_KEY,
        )
    return Mirror(province, sftp, places, secret)


_SECRET = Bilingual(
    "请放入该省 SFTP 的口令，或 OpenSSH/PEM 格式、不带口令的私钥。",
    "Put the password of the province's SFTP server there, or a private key (OpenSSH or"
    " PEM) without a pass-phrase.",
)
_HOST_KEY = Bilingual(
    "请用 ssh-keyscan 取得整行公钥，并向对方核对指纹。",
    "Take the whole line with ssh-keyscan, and compare its fingerprint with the other"
    " side.",
)


def _secretless(
    province: ProvinceCode, zh: str, en: str, remedy: Bilingual = _SECRET
) -> Refused:
    return Refused(
        Refusal(
            "SFTP_KEY_UNUSABLE",
            "province-credentials",
            Bilingual(f"省 {province}：{zh}", f"Province {province}: {en}"),
            remedy,
        )
    )


def _wordless(province: ProvinceCode, setting: str, table: str) -> Refused:
    return Refused(
        Refusal(
            "MAPPING_WITHOUT_WORDS",
            _RULE,
            Bilingual(
                f"省 {province}：设置了 files.{setting}，映射文件却没有 {table}。",
                f"Province {province}: files.{setting} is set, and the mapping file has"
                f" no {table}.",
            ),
            Bilingual(
                f"请在映射文件中写 {table}，或去掉 files.{setting}。",
                f"Write {table} in the mapping file, or take files.{setting} out.",
            ),
        )
    )
