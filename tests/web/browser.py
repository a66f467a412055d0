"""A real browser, spoken to in its own protocol (CDP), with all that it did."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import shutil
from itertools import count

import aiohttp

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)


class Page:
    """One tab.

    Attributes:
        requests: Every address that was asked for.
        complaints: What the console told: errors, refused loads, exceptions.
    """

    def __init__(self, socket):
        self._socket = socket
        self._ids = count(1)
        self._waiting = {}
        self.requests = []
        self.complaints = []

    async def listen(self):
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                waiting = self._waiting.pop(told["id"])
                if not waiting.done():
                    waiting.set_result(told)
            else:
                self._note(told["method"], told["params"])

    def _note(self, method, told):
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(told["url"])
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(told["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"])[:500])
        elif method == "Runtime.consoleAPICalled" and told["type"] == "error":
            self.complaints.append(json.dumps(told["args"])[:500])

    async def send(self, method, **params):
        number = next(self._ids)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        told = await asyncio.wait_for(self._waiting[number], 30)
        assert "error" not in told, told
        return told["result"]

    async def run(self, script):
        """Run JavaScript; the value of its last expression, awaited."""
        told = await self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def until(self, script, within=30):
        """Wait until JavaScript says something that is true."""
        async with asyncio.timeout(within):
            while not (value := await self.run(f"Boolean({script})")):  # noqa: ASYNC110  # the page is another process
                await asyncio.sleep(0.05)
        return value

    async def text(self):
        # Monaco writes spaces that do not break.
        return (await self.run("document.body.innerText")).replace("\xa0", " ")

    async def picture(self, path):
        shot = await self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))


@contextlib.asynccontextmanager
async def browser(profile, *options):
    """Start Chromium with a profile directory of its own; yields an empty page."""
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-dev-shm-usage", "--disable-background-networking",
        "--remote-debugging-port=0", "--remote-allow-origins=*",
        "--window-size=1400,900", f"--user-data-dir={profile}", *options, "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        port = await asyncio.wait_for(_port(process), 30)
        # The rest of what it complains of is of no interest, but must be read.
        drain = asyncio.create_task(process.stderr.read())
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as response:
                tabs = await response.json()
            address = next(
                one["webSocketDebuggerUrl"] for one in tabs if one["type"] == "page"
            )
            async with session.ws_connect(address, max_msg_size=0) as socket:
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                for domain in ("Network", "Log", "Runtime", "Page"):
                    await page.send(f"{domain}.enable")
                yield page
                listening.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        with contextlib.suppress(UnboundLocalError):
            await drain


async def _port(process):
    async for line in process.stderr:
        if found := re.search(rb"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line):
            return int(found[1])
    raise AssertionError("chromium ended at once")
