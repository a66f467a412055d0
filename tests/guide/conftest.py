"""The way of the guide, walked once for all tests."""

from __future__ import annotations

import json
import re
import signal
import time
from typing import NamedTuple

import pytest

from deploy.demo.directory import Directory
from tests.demo.terminal import Terminal
from tests.guide.blocks import GUIDES, Block, blocks_of
from tests.guide.walking import Checkout, Shell
from tests.peers.kept import Missing
from tests.provinces import in_node

_LIMIT = 30


class Walked(NamedTuple):
    """What came of each block, and how to ask the hub again."""

    printed: list[tuple[Block, str]]
    shell: Shell
    look: str

    def asked_until(self, wanted) -> dict:
        """Ask again what the guide asks, until the answer is so; tell it."""
        end = time.monotonic() + _LIMIT
        while True:
            told = json.loads(self.shell.paste(self.look))
            if wanted(told):
                return told
            assert time.monotonic() < end, told
            time.sleep(0.2)


@pytest.fixture(scope="session")
def walked(tmp_path_factory):
    place = tmp_path_factory.mktemp("guide")
    checkout = Checkout(place)
    demo = Terminal(checkout.demo, "--size", "60", "--provinces", "51")
    shell = Shell(checkout.place)
    try:
        checkout.wait()
        yield _walk(shell, demo)
    finally:
        shell.close()
        demo.process.send_signal(signal.SIGTERM)
        demo.wait()
        checkout.close()
        Directory(checkout.demo).forget()


def _walk(shell: Shell, demo: Terminal) -> Walked:  # noqa: C901  # one branch a kind of block
    try:
        modules = in_node.modules()
    except Missing:
        modules = None  # its test tells so
    walked = Walked([], shell, "")
    blocks = blocks_of(GUIDES[0])
    for place, block in enumerate(blocks):
        printed = ""
        if block.file:
            shell.write(block.file, block.text)
        elif block.info == "sh terminal":
            demo.wait_for("Ctrl-C stops everything.")
            shell.uses(
                "8080", re.search(r"127\.0\.0\.1:(\d+)/graphql", demo.written)[1]
            )
        elif block.text.startswith("npm install"):
            if modules:
                (shell.at / "node_modules").symlink_to(modules)
        elif block.info == "sh" and "curl" in block.text:
            walked = walked._replace(look=block.text)
            shown = json.loads(blocks[place + 1].text)
            printed = json.dumps(walked.asked_until(lambda told, so=shown: told == so))
        elif block.info == "sh" and (modules or "50" not in block.text):
            printed = shell.paste(block.text)
        walked.printed.append((block, printed))
    return walked
