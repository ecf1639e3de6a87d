"""Validation: replays scored against catalogues, with reports, a suite of cases and benchmarks."""
