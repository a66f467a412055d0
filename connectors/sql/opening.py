"""Adapter: makes the connector of a province's database from its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.mapped import load_mapping
from connectors.sql.connector import SqlConnector
from connectors.sql.database import Database
from connectors.sql.tongues import UnknownTongue, address
from schema.records.keys import ProvinceCode
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.port import Clock
    from connectors.settings import ProvinceSettings

_RULE = "province-database"


def open_sql(
    settings: ProvinceSettings, environ: Mapping[str, str], clock: Clock
) -> SqlConnector:
    """Make the connector; nothing is opened yet but the mapping file.

    Args:
        settings: The province, of the kind ``sql``.
        environ: The process environment, where the address is.
        clock: For the moments that are shown.

    Raises:
        Refused: The mapping cannot be used; the address is not there, or is none.
    """
    own = settings.sql
    if own is None:
        raise ValueError("settings of another kind")
    written = environ.get(own.url_env, "").strip()
    try:
        database = Database(
            address(written), own.connections, settings.connect_time_out.total_seconds()
        )
    except UnknownTongue as unknown:
        raise Refused(_refusal(settings.code, own.url_env, str(unknown))) from None
    return SqlConnector(
        ProvinceCode(settings.code),
        own,
        load_mapping(settings),
        database,
        clock,
        version=settings.contract_version,
    )


def _refusal(code: str, variable: str, why: str) -> Refusal:
    return Refusal(
        "DATABASE_ADDRESS_UNUSABLE",
        _RULE,
        Bilingual(
            f"省 {code}：环境变量 {variable} 中的数据库地址不能使用（{why}）。",
            f"Province {code}: the address of a database in {variable} cannot be used"
            f" ({why}).",
        ),
        Bilingual(
            "请写 SQLAlchemy 地址，例如 postgresql+psycopg://用户:口令@主机/库名；"
            "其他数据库须另装驱动。",
            "Write it as SQLAlchemy does, e.g."
            " postgresql+psycopg://user:password@host/database; other databases need"
            " their driver installed.",
        ),
    )
