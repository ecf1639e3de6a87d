"""Facilities after an earthquake: lists of them, probable damage, and in which order to inspect."""
