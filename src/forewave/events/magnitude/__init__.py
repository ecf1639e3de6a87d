"""Magnitude from peak amplitudes, and the line source of large earthquakes."""
