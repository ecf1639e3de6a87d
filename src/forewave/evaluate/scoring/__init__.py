"""Scoring: issued alerts compared with the catalogue and the motion that stations recorded."""
