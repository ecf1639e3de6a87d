"""Signals that are not earthquakes: faults of a station, and other motion of the ground."""
