"""Decider (pure): where the header ``Link`` of an answer says that the next page is."""

from __future__ import annotations

import re

#: One link of a header ``Link`` (RFC 8288), and its parameters.
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))', re.IGNORECASE)


def next_link(header: str) -> str:
    """Find the link to the next page in headers ``Link``; empty if there is none."""
    for found in _LINK.finditer(header):
        relation = _RELATION.search(found[2])
        names = (relation[1] or relation[2] or "") if relation else ""
        if "next" in names.lower().split():
            return found[1]
    return ""
