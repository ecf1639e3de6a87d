"""The validation suite: all recorded and simulated cases in parallel, against goals."""
