"""Parts of a hub's settings that runs of the whole hub have in common.

They are written as an operator writes them, and filled in by ``str.format``.
"""

from __future__ import annotations

from typing import Final

#: A few callers do the work of a country.
WIDE_OPEN: Final = """
[limits.callers.subject]
rate = 1_000_000
burst = 1_000_000
at_once = 100_000

[limits.callers.office]
rate = 1_000_000
burst = 1_000_000
at_once = 100_000
"""

#: Store, keys, policy, and who signs tokens: ``{policies}``, ``{issuer}``,
#: ``{audience}``, ``{jwks}`` and ``{scopes}``.
FOUNDATION: Final = """
[database]
url_env = "HUB_DATABASE_URL"

[worker_keys]
versions = [{{ version = 1, secret_env = "HUB_WORKER_KEY_1" }}]

[policy]
directory = {policies}

[[issuers]]
issuer = "{issuer}"
audience = "{audience}"
jwks_file = {jwks}
algorithms = ["ES256"]
provinces = ["*"]
scopes = {scopes}
"""
