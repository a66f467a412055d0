"""Typed clients can be generated from the SDL, and work."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import schema
from tests.peers.kept import HERE
from tests.peers.standing import NUMBER

SDL = Path(schema.__file__).with_name("hub.graphql")


def test_ariadne_codegen_generates_a_client_that_looks_workers_up(ariadne, hub):
    for name in ("look_up.graphql", "typed_client.py"):
        shutil.copy(HERE / name, ariadne.directory)
    (ariadne.directory / "pyproject.toml").write_text(
        "[tool.ariadne-codegen]\n"
        f"schema_path = {json.dumps(str(SDL))}\n"
        'queries_path = "look_up.graphql"\n'
        'target_package_name = "hub_client"\n',
        encoding="utf-8",
    )
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
    for name in ("look_up.graphql", "typed_client.ts"):
        shutil.copy(HERE / name, node.directory)
    configuration = {
        "schema": str(SDL),
        "documents": ["look_up.graphql"],
        "generates": {
            "hub-client/": {
                "preset": "client",
                "presetConfig": {"fragmentMasking": False},
            }
        },
        "config": {
            "scalars": {"Date": "string", "DateTime": "string", "Yuan": "string"}
        },
    }
    file = node.directory / "codegen.json"
    file.write_text(json.dumps(configuration), encoding="utf-8")
    node.run("graphql-codegen", "--config", file)
    node.run(
        "tsc",
        *("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"),
        *("--module", "nodenext", "typed_client.ts"),
    )

    generated = node.directory / "hub-client" / "graphql.ts"
    assert "LookUpQuery" in generated.read_text("utf-8")
