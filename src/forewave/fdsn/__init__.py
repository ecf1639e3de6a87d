"""The client of FDSN data centres: stations of a region, an earthquake, its waveforms."""
