"""Value: how each province of the demo speaks, and what an operator writes for that.

Most have a subgraph. One has an interface of REST, one a database, one delivers files; a
mapping file says what their words mean (``mappings/``), and the settings below are what
goes with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MAPPINGS: Final = Path(__file__).with_name("mappings")
SUBGRAPH: Final = "graphql"
FILES: Final = "files"
#: Whose own process answers the hub.
WITH_SERVER: Final = frozenset({SUBGRAPH, "rest"})

#: Zhejiang has a platform, Shandong a database, Hubei exports sheets.
OWN_WORDS: Final[Mapping[str, str]] = {"33": "rest", "37": "sql", "42": "files"}

#: What the secret is: the token of a subgraph, of an OAuth client, an address.
_SECRETS: Final = {SUBGRAPH: "BEARER", "rest": "REST", "sql": "SQL", "files": "FILES"}

_REST: Final = """\

[rest]
rows_at = "shuJu.lieBiao"
fields_parameter = "ziDuan"

[rest.oauth]
token_url = {token_url}
client_id = "union-hub"
client_secret_env = "{secret_env}"

[rest.paging]
style = "cursor"
parameter = "youBiao"
size_parameter = "meiYe"
size = 200
at = "shuJu.xiaYiYe"

[rest.acts]
key_header = "Idempotency-Key"
receipt_at = "shuJu"

[rest.acts.paths]
REGISTER_OUT = "/v2/dengji/zhuanchu"
CANCEL_OUT = "/v2/dengji/zhuanchu/chexiao"
REGISTER_IN = "/v2/dengji/zhuanru"
CANCEL_IN = "/v2/dengji/zhuanru/chexiao"
COMPLETE_OUT = "/v2/dengji/zhuanchu/banjie"

[rest.changes]
path = "/v2/anjuan/biandong"
rows_at = "shuJu.bianDong"
marks_at = "shuJu.shuiWei"
after_parameter = "youBiao"
first_parameter = "tiaoShu"
case_parameter = "anJuanHao"
seq_parameter = "houXu"
next_at = "shuJu.xiaYiYe"
more_at = "shuJu.haiYou"
"""
_SQL: Final = """\

[sql]
url_env = "{secret_env}"
inbox = "hub_inbox"
changes = "hub_log"
"""
_FILES: Final = """\

[files]
directory = {directory}
changes = true
settle = "200ms"

[files.acts]
format = "csv"
"""


def kind_of(code: str) -> str:
    """Tell how a province of the demo speaks."""
    return OWN_WORDS.get(code, SUBGRAPH)


def beside(database: Path, code: str) -> Path:
    """Tell where a province without a server keeps what the hub reads.

    Args:
        database: Its own data.
        code: Which province.
    """
    suffix = {"sql": ".own.sqlite", "files": ".files"}[kind_of(code)]
    return database.with_suffix(suffix)


def secret_env(code: str, kind: str) -> str:
    """Name the environment variable with what opens a province's system to the hub."""
    return f"HUB_{_SECRETS[kind]}_{code}"


def own_secrets(
    secrets: Mapping[str, str], databases: Mapping[str, Path]
) -> dict[str, str]:
    """Put what opens the provinces without a subgraph under the names of variables.

    Args:
        secrets: One for each province, by code.
        databases: Their own data, by code.
    """
    told = {}
    for code, secret in secrets.items():
        match kind_of(code):
            case "rest":
                told[secret_env(code, "rest")] = secret
            case "sql":
                file = beside(databases[code], code).resolve()
                told[secret_env(code, "sql")] = f"sqlite:///{file}"
            case _:
                pass  # of files, who may read the folder is enough
    return told


def own_settings(code: str, kind: str, where: str) -> tuple[str, str]:
    """Write what the settings of a province have by its kind.

    Args:
        code: Which province.
        kind: How it speaks.
        where: The address or folder that it told when it was ready.

    Returns:
        Lines, and the tables that come after all lines.
    """
    secret = secret_env(code, kind)
    if kind == SUBGRAPH:
        return f'url = {_text(where)}\nbearer_env = "{secret}"\n', ""
    lines = f"mapping_file = {_text(str(MAPPINGS / f'{code}.toml'))}\n"
    match kind:
        case "rest":
            token_url = _text(f"{where}/oauth/token")
            rest = _REST.format(token_url=token_url, secret_env=secret)
            return f"url = {_text(where)}\n{lines}", rest
        case "sql":
            return lines, _SQL.format(secret_env=secret)
        case _:
            soon = 'probe_every = "1s"  # a real office delivers once a night\n'
            return f"{lines}{soon}", _FILES.format(directory=_text(where))


def is_taken(folder: Path) -> bool:
    """Tell whether the hub has taken a batch out of a drop folder."""
    return (folder / ".hub" / "current.json").exists()


def _text(value: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
