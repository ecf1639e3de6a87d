"""FDSN web services 1.2: events of the catalogue, stations, and archived waveforms."""
