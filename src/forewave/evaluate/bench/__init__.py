"""Benchmarks: stations per core in real time, and time from the decisive packet to the alert."""
