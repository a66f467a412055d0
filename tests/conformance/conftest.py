"""The provinces on Node are those of the contract suite."""

from __future__ import annotations

from tests.contracts.conftest import node_provinces

__all__ = ["node_provinces"]
