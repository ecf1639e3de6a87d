"""One detector per station: packets in, picks and amplitudes out."""
