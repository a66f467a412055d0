"""A real hub for the programs of others, and what runs these."""

from __future__ import annotations

import pytest

from hub.store.migrate import upgrade
from tests.peers.ariadne import Ariadne
from tests.peers.kept import unless_missing
from tests.peers.node import Node
from tests.peers.standing import standing


@pytest.fixture(scope="session")
def everything(postgres, tmp_path_factory):
    url = postgres.ensure_database("peers")
    upgrade(url)
    with standing(tmp_path_factory.mktemp("peers"), url) as started:
        yield started


@pytest.fixture(scope="session")
def hub(everything):
    """The hub, as a process of its own."""
    return everything[0]


@pytest.fixture(scope="session")
def closed_hub(everything):
    """One that hides its graph."""
    return everything[1]


@pytest.fixture(scope="session")
def node(everything, tmp_path_factory):
    """Node, with the packages of ``package-lock.json``."""
    return unless_missing(Node, tmp_path_factory.mktemp("node"), everything[2])


@pytest.fixture(scope="session")
def ariadne(tmp_path_factory):
    """ariadne-codegen, with the packages of ``requirements-ariadne.txt``."""
    return unless_missing(Ariadne, tmp_path_factory.mktemp("ariadne"))
