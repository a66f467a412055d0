"""Callers to judge, and where the policy lies."""

from __future__ import annotations

from pathlib import Path

from hub.access.caller import Caller

POLICIES = Path(__file__).parents[2] / "deploy" / "policies"


def caller_with(scope, office="o-1", province="44"):
    scopes = frozenset(scope.split())
    return Caller("s-1", "https://login.example.org", office, province, scopes, 9e9)
