"""Waveforms: miniSEED records and files, archives of them, and records joined to segments."""
