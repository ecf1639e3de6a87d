"""One forecaster per region: solutions in, intensity and arrival at every place out."""
