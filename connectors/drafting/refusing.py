"""Value: what is said where no names can be read."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual, Refusal

RULE: Final = "province-init"
NOT_READABLE: Final = Refusal(
    "DESCRIPTION_NOT_READABLE",
    RULE,
    Bilingual("读不出列名。", "No names of columns can be read from it."),
    Bilingual(
        "files 要 CSV（UTF-8 或 GB18030）、JSON 行或 XLSX，首行为列名；rest 要 OpenAPI 3"
        " 或 Swagger 2（JSON 或 YAML）；graphql 要内省结果（JSON）或服务网址。",
        "files needs CSV (UTF-8 or GB18030), JSON lines or XLSX with names in the first"
        " row, rest an OpenAPI 3 or Swagger 2 document (JSON or YAML), graphql the result"
        " of an introspection (JSON) or the address of the service.",
    ),
)


def of_file(name: str) -> Refusal:
    """Say the same of one file among others."""
    return Refusal(
        NOT_READABLE.code,
        RULE,
        Bilingual(
            f"读不出 {name} 的列名。", f"No names of columns can be read from {name}."
        ),
        NOT_READABLE.remedy,
    )
