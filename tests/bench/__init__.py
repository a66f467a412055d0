"""What a look-up costs: ``python -m tests.bench`` (see BENCHMARKS.md)."""
