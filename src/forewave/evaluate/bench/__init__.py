"""Benchmarks: stations per core, time from the decisive packet to the alert and to its last client.

`ingest`, `decide`, `fanout`, and from its figures the simulation `tree` of very many devices.
"""
