"""Earthquake early warning, from seismometers to phones and TVs."""
