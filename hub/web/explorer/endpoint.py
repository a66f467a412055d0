"""Adapter: serves the explorer's page and its files.

The page holds nothing of the graph and of nobody: it is the same for all, and asks
``/graphql`` with the token that its reader enters. What it may load, and from where,
its Content-Security-Policy says: this hub, and nothing else.
"""

from __future__ import annotations

import secrets
from html import escape
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from hub.web import sentences
from hub.web.errors import Code
from hub.web.respond import bad, send_bytes, send_problems
from schema.records.purpose import PurposeOfUse

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

#: Where ``make explorer`` puts the bundle; the wheel contains it.
BUILT: Final = Path(__file__).parent / "built"

# Scripts: files of the hub. Styles: files of the hub, and the elements that the editor
# makes with this page's nonce. The editor places each line by a style attribute, and
# for those there is no nonce: hence the one 'unsafe-inline', which cannot run anything.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HTML: Final = "text/html"


def bundled(built: Path = BUILT) -> bool:
    """Tell whether there is a page to show."""
    return (built / "main.js").is_file()


class Explorer:
    """The ASGI application behind ``/explorer``."""

    def __init__(self, built: Path = BUILT) -> None:
        """Serve what is built.

        Args:
            built: Directory of the bundle; it may come to be while the hub runs.
        """
        here = files("hub.web.explorer")
        purposes = "".join(
            f'<option value="{escape(one)}">{escape(one)}</option>'
            for one in PurposeOfUse
        )
        page = here.joinpath("page.html").read_text("utf-8")
        self._page = Template(page).safe_substitute(purposes=purposes)
        self._absent = here.joinpath("absent.html").read_bytes()
        self._built = built
        self._files = StaticFiles(directory=built, check_dir=False)

    async def page(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the page, or what to do where it is not built."""
        if not bundled(self._built):
            status = HTTPStatus.SERVICE_UNAVAILABLE
            await send_bytes(send, status, _HTML, self._absent)
            return
        nonce = secrets.token_urlsafe(16)
        body = Template(self._page).substitute(nonce=nonce).encode()
        headers = (
            (b"content-security-policy", _POLICY.format(nonce=nonce).encode()),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-opener-policy", b"same-origin"),
        )
        await send_bytes(send, HTTPStatus.OK, _HTML, body, headers)

    async def file(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one file of the bundle; browsers ask each time whether it changed."""
        try:
            response = await self._files.get_response(
                scope["path_params"]["name"], scope
            )
        except HTTPException:
            await send_problems(scope, send, bad(Code.NOT_FOUND, sentences.NOT_FOUND))
            return
        response.headers["cache-control"] = "no-cache"
        await response(scope, receive, send)
