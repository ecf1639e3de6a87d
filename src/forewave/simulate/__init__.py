"""Earthquakes that never were, physical enough to test with."""
