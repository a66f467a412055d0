"""Adapter: ``python -m connectors.filedrop``: the process that takes batches."""

from __future__ import annotations

from connectors.filedrop.child import run

if __name__ == "__main__":
    run()
