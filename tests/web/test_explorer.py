from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from graphql import parse, validate

from deploy.explorer.__main__ import find_node
from hub.config.server import ServerSettings
from hub.web.explorer.endpoint import BUILT, Explorer
from schema.graph.build import build_schema
from tests.web.browser import CHROMIUM, browser
from tests.web.bundle import bundled
from tests.web.federation import federation

ROOT = Path(__file__).parents[2]
STARTS = sorted((ROOT / "deploy" / "explorer" / "src").glob("*.graphql"))

in_a_browser = pytest.mark.skipif(
    CHROMIUM is None or not (BUILT.exists() or find_node()),
    reason="the explorer in a real browser: needs chromium, and Node to bundle the page",
)


@pytest.fixture(scope="session")
def built():
    return bundled()


@pytest.fixture
async def explorer(ask_with):
    async with ask_with(server={"explorer": True}) as ask:
        yield ask


def directives(told):
    (policy,) = told.headers.getall("Content-Security-Policy")
    return dict(one.strip().partition(" ")[::2] for one in policy.split(";"))


async def called(app, **scope):
    """Call an ASGI application as a server would; status, headers and body."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        await asyncio.Event().wait()

    await app({"type": "http", "method": "GET", "headers": [], **scope}, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), sent[-1].get("body", b"")


async def test_it_is_there_only_where_the_settings_want_it(ask):
    assert ServerSettings().explorer is False
    assert (await ask(method="GET", path="/explorer")).status == 404


async def test_the_page_needs_no_token_and_holds_nothing_of_the_graph(explorer, built):  # noqa: ARG001
    told = await explorer(
        method="GET", path="/explorer", headers={"Authorization": None}
    )
    page = told.body.decode()

    assert told.status == 200
    assert told.kind == "text/html"
    assert "RIGHTS_PROTECTION" in page
    assert "欢迎" in page
    assert "Welcome" in page
    assert not re.search(r"https?://", page)


async def test_scripts_come_from_the_hub_and_none_stands_in_the_page(explorer, built):  # noqa: ARG001
    told = await explorer(method="GET", path="/explorer")
    policy = directives(told)

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in policy["style-src-elem"]
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    loose = [name for name, sources in policy.items() if "unsafe" in sources]
    assert loose == ["style-src-attr"]
    assert told.headers["X-Frame-Options"] == "DENY"
    assert told.headers["Referrer-Policy"] == "no-referrer"
    assert told.headers["Cache-Control"] == "no-store"
    assert re.findall(rb"<script(?![^>]* src=)", told.body) == []


async def test_every_page_has_a_nonce_of_its_own(explorer, built):  # noqa: ARG001
    nonces = set()
    for _ in range(3):
        told = await explorer(method="GET", path="/explorer")
        (nonce,) = re.findall(r'nonce="([\w-]{20,})"', told.body.decode())
        assert f"'nonce-{nonce}'" in directives(told)["style-src-elem"]
        nonces.add(nonce)

    assert len(nonces) == 3


async def test_where_it_is_not_built_the_page_says_how(tmp_path):
    status, headers, body = await called(Explorer(tmp_path / "built").page)

    assert status == 503
    assert headers[b"content-type"].startswith(b"text/html")
    assert body.decode().count("make explorer") == 2


async def test_other_answers_keep_the_strictest_policy(explorer):
    told = await explorer("{ hello }")

    assert directives(told)["default-src"] == "'none'"
    assert "script-src" not in directives(told)


@pytest.mark.parametrize(
    "name",
    [
        "absent.js",
        "..",
        "%2e%2e",
        "..%2fendpoint.py",
        "%00",
        "a%00b",
        "main.js/",
        "%ff",
    ],
)
async def test_what_is_not_of_the_bundle_is_not_there(explorer, name):
    told = await explorer(method="GET", path=f"/explorer/{name}")

    assert told.status == 404
    assert told.code == "NOT_FOUND"


async def test_a_file_is_sent_again_only_when_it_changed(tmp_path):
    (tmp_path / "main.js").write_text("true")
    explorer = Explorer(tmp_path)
    scope = {"path_params": {"name": "main.js"}, "path": "/explorer/main.js"}

    status, headers, _ = await called(explorer.file, **scope)
    again, _, body = await called(
        explorer.file, **{**scope, "headers": [(b"if-none-match", headers[b"etag"])]}
    )

    assert (status, again, body) == (200, 304, b"")
    assert headers[b"cache-control"] == b"no-cache"
    assert headers[b"content-type"].startswith(b"text/javascript")


async def test_only_get_and_head(explorer):
    assert (await explorer(method="POST", path="/explorer")).status == 405
    assert (await explorer(method="HEAD", path="/explorer")).body == b""


@pytest.mark.parametrize("start", STARTS, ids=lambda one: one.stem)
def test_each_starting_query_fits_the_graph(start):
    graph = build_schema()._schema

    assert validate(graph, parse(start.read_text("utf-8"))) == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with federation(tmp_path_factory.mktemp("explorer") / "demo") as running:
        yield running


@in_a_browser
@pytest.mark.slow
async def test_a_person_looks_a_worker_up_and_nothing_leaves_the_hub(
    demo, built, tmp_path  # noqa: ARG001
):  # fmt: skip
    async with browser(tmp_path / "profile") as page:
        await page.send("Page.navigate", url=demo.link)
        # The Docs are there: introspection went through with the token.
        await page.until("document.querySelector('.graphiql-execute-button')")
        await page.until("document.querySelectorAll('.mtk1').length > 5")
        await page.run("document.querySelector('.graphiql-execute-button').click()")
        await page.until("document.body.innerText.includes('completeness')")
        await page.until("document.body.innerText.includes('\"answered\"')")
        shown = await page.text()
        # The second tab is about cases, and is asked as it stands.
        await page.run(
            "[...document.querySelectorAll('.graphiql-tab-button')]"
            ".find((tab) => tab.innerText.includes('MyCases')).click()"
        )
        await page.until("document.body.innerText.includes('orderBy')")
        # GraphiQL finds out which operation a tab has a moment after it shows it.
        await asyncio.sleep(1)
        await page.run("document.querySelector('.graphiql-execute-button').click()")
        await page.until(r'/"edges":\s\[\]/.test(document.body.innerText)')
        # Subscriptions go by WebSocket: the policy lets them through to the hub.
        assert await page.run(
            "new Promise((tell) => {"
            " const to = `ws://${location.host}/graphql`;"
            " const socket = new WebSocket(to, 'graphql-transport-ws');"
            " socket.onopen = () => { socket.close(); tell(true) };"
            " socket.onerror = () => tell(false) })"
        )
        address = await page.run("location.href")
        stored = await page.run(
            "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        )

    assert demo.name in shown
    assert '"complete": true' in shown
    assert page.complaints == []
    outside = [
        one
        for one in page.requests
        if not one.startswith((f"{demo.url}/", f"{demo.url}/".replace("http", "ws")))
        and not one.startswith("data:")
    ]
    assert outside == []
    assert f"{demo.url}/graphql" in page.requests
    # The token is neither in the address nor on the machine: in this tab only.
    assert address == f"{demo.url}/explorer"
    assert not any(demo.token in one for one in page.requests[1:])
    assert stored.count(demo.token) == 1
    assert demo.number not in stored


@in_a_browser
@pytest.mark.slow
async def test_a_link_with_a_token_does_nothing_away_from_this_machine(
    demo, built, tmp_path  # noqa: ARG001
):  # fmt: skip
    far = demo.link.replace("127.0.0.1", "hub.example")
    rule = "--host-resolver-rules=MAP hub.example 127.0.0.1"
    async with browser(tmp_path / "profile", rule) as page:
        await page.send("Page.navigate", url=far)
        await page.until("document.readyState === 'complete' && location.hash === ''")
        assert "hub.example" in await page.run("location.href")
        assert await page.run("document.getElementById('token').value") == ""
        assert not await page.run("document.body.classList.contains('open')")


@in_a_browser
@pytest.mark.slow
async def test_leaving_forgets_the_token(demo, built, tmp_path):  # noqa: ARG001
    async with browser(tmp_path / "profile") as page:
        await page.send("Page.navigate", url=f"{demo.url}/explorer")
        await page.until("document.readyState === 'complete'")
        await page.run(
            f"document.getElementById('token').value = '{demo.token}';"
            "document.getElementById('entrance').requestSubmit()"
        )
        await page.until("document.querySelector('.graphiql-execute-button')")
        await page.run("document.getElementById('leave').click()")
        await page.until("!document.querySelector('.graphiql-execute-button')")
        left = await page.run(
            "JSON.stringify({...sessionStorage}) + document.body.innerHTML"
        )

    assert demo.token not in left
    assert quote(demo.token) not in left
