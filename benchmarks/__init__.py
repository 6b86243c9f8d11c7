"""Figures about Ronda, each with its aim beside it: `python -m benchmarks`, or `make bench`."""
