"""Intensity scales, one a file; SCALES is the table of them."""
