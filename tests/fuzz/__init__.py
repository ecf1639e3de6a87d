"""Fuzz tests: mutated inputs to every parser, which must refuse them with one clear error."""
