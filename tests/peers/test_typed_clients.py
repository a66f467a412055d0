"""Typed clients can be generated from the SDL, and work."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import schema
from tests.house.documents import blocks
from tests.peers.kept import HERE
from tests.peers.standing import NUMBER

SDL = Path(schema.__file__).with_name("hub.graphql")


def _shown(info, mark):
    """Give the file that the README shows: it must do as it stands."""
    (text,) = {
        one.text
        for one in blocks(info)
        if one.document == "README.md" and mark in one.text
    }
    return text


def test_ariadne_codegen_generates_a_client_that_looks_workers_up(ariadne, hub):
    for path in (SDL, HERE / "look_up.graphql", HERE / "typed_client.py"):
        shutil.copy(path, ariadne.directory)
    shown = _shown("toml", "[tool.ariadne-codegen]")
    (ariadne.directory / "pyproject.toml").write_text(shown, encoding="utf-8")
    ariadne.run("ariadne-codegen")
    told = {"url": hub.url, "token": hub.inflow, "number": NUMBER}
    answer = ariadne.run("python", "typed_client.py", told=json.dumps(told))

    assert json.loads(answer) == {
        "name": "刘琴",
        "state": "ACTIVE",
        "complete": False,
        "faults": ["51"],
    }


def test_graphql_codegen_generates_types_that_a_compiler_holds_programs_to(node):
    for path in (SDL, HERE / "look_up.graphql", HERE / "typed_client.ts"):
        shutil.copy(path, node.directory)
    file = node.directory / "codegen.json"
    file.write_text(_shown("json", '"preset": "client"'), encoding="utf-8")
    node.run("graphql-codegen", "--config", file)
    node.run(
        "tsc",
        *("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"),
        *("--module", "nodenext", "typed_client.ts"),
    )

    generated = node.directory / "hub-client" / "graphql.ts"
    assert "LookUpQuery" in generated.read_text("utf-8")
