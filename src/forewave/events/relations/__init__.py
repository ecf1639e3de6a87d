"""Magnitude relations, one paper a file; RELATIONS is the table of them."""
