"""One tracker per region: picks and amplitudes in, solutions out."""
