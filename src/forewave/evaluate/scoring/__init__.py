"""Scoring: what was issued, beside the catalogue and what every station observed."""
