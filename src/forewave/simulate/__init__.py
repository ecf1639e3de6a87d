"""Synthetic earthquakes, noise and disturbances, physical enough to test with."""
